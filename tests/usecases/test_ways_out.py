"""Cases that end beside the line, by the verbs: refused, withdrawn; what came goes back, what was made is destroyed."""

from __future__ import annotations

import pytest

from app.domain.custody import ItemState, Movement
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ITEM_KINDS, Fate, ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.models import Carriage, Case, Item, Letter, ParcelOutcome, PlateNumber, PlateState
from app.transaction import one_transaction
from app.usecases.agreements import send_back
from app.usecases.compare_item import accept_discrepancies
from app.usecases.may_leave import may_leave
from app.usecases.receive_items import Envelope, Extra, receive_items
from app.usecases.serve_letter import note_paper_service, post_letter
from app.usecases.waive_appeal import waive_appeal
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound


@pytest.fixture
def work(office, signers) -> Work:
    citizen = a_citizen()
    sender = by_mailbox(citizen)
    return Work(send(signers.sign(application_files()), sender=sender).case_id)


def refused(work: Work) -> None:
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="art. 73 ust. 1e ustawy")
    assert work.case.stage == "refused"
    work.open_letter()


def wait_until_final(work: Work) -> None:
    (decision,) = work.case.decisions
    work.later((decision.final_on - work.act().today).days)


def test_a_refusal_becomes_final_what_came_goes_back_and_the_case_is_closed(work):
    work.gather()
    work.make_ready()
    refused(work)
    with pytest.raises(Refused, match="decision-final"):
        work.step("close")
    wait_until_final(work)
    with pytest.raises(Refused, match="nothing-owed"):
        work.step("close")

    work.give()
    work.step("close")
    work.put_away()
    work.step("archive")

    assert work.case.stage == "archived"
    assert work.things() == {
        "OWNERSHIP": {"with_party"}, "REG_CERT": {"with_party"}, "PLATE": {"with_party"},
        "INSPECTION": {"with_party"}, "NEW_PLATE": {"destroyed"}, "TEMPORARY_PERMIT": {"destroyed"},
        "CONTROL_STICKER": {"destroyed"},
    }  # fmt: skip
    assert db.session.query(PlateNumber).one().state is PlateState.RETIRED
    sound()


def waive(work: Work) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        waive_appeal(session, case, case.version, case.letters[-1].seq, act=work.act(), doer=Doer.CLERK)


def test_a_decision_whose_appeal_is_waived_is_final_at_once(work):
    work.gather()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="art. 73 ust. 1e ustawy")
    with pytest.raises(Refused, match="appeal-not-open"):
        waive(work)
    work.open_letter()
    work.give()

    waive(work)

    assert work.case.decisions[0].final_on == work.act().today
    with pytest.raises(Refused, match="appeal-not-open"):
        waive(work)
    work.step("close")
    sound()


def test_the_day_before_it_is_final_a_refused_case_is_not_closed(work):
    work.gather()
    refused(work)
    work.give()
    wait_until_final(work)
    work.later(-1)

    with pytest.raises(Refused, match="decision-final"):
        work.step("close")


def test_what_comes_back_from_the_post_after_the_end_is_kept_and_goes_out_anew(work):
    work.gather()
    refused(work)
    wait_until_final(work)
    owed = {item.number for item in work.case.items if item.is_owed}
    work.send_back()
    work.post()
    work.step("close")
    work.later(20)

    work.parcel_ends(ParcelOutcome.UNCLAIMED)

    assert work.case.stage == "closed"
    assert work.facts().owed == len(owed)
    sound()
    with pytest.raises(Refused, match="every-item-settled"):
        work.step("archive")
    with pytest.raises(Refused, match="something-to-post"):
        work.post()
    work.later(1)
    work.send_back()
    work.post()
    work.parcel_ends()
    work.step("archive")
    sound()


def test_who_comes_before_the_parcel_leaves_gets_what_it_would_have_held(work):
    work.gather()
    refused(work)
    work.send_back()

    work.give()

    with pytest.raises(Refused, match="something-to-post"):
        work.post()
    assert work.facts().owed == 0
    sound()


def stray(work: Work, kind: ItemKind = ItemKind.OTHER) -> None:
    """While originals are awaited, something comes along that nobody asked for: keys, or what is named."""
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive()
    post = Envelope(carriage=Carriage.POST)
    with one_transaction() as session:
        case, keys = session.get_one(Case, work.case_id), [Extra(kind, "klucze")]
        receive_items(session, case, post, [], act=work.act(work.desk), extra=keys, place="A-1")
    work.compare_all()


@pytest.mark.parametrize("kind", [ItemKind.REG_CERT, ItemKind.PLATE, ItemKind.INSPECTION])
def test_what_nobody_asked_for_goes_back_whatever_it_is_and_stays_only_when_it_is_taken_into_the_case(work, kind):
    stray(work, kind)
    came = work.case.items[-1]
    work.send_back()
    work.post()
    assert work.case.items[-1].state is ItemState.IN_POST
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        receive_items(session, case, Envelope(carriage=Carriage.POST), [], act=work.act(work.desk),
                      extra=[Extra(kind, "drugi")], place="A-1")  # fmt: skip
    second = work.case.items[-1]
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        accept_discrepancies(session, case, case.version, second.number, "należy do sprawy", act=work.act())

    fates = {item.number: item.fate for item in work.case.items}
    assert fates[came.number] is Fate.TO_PARTY
    assert fates[second.number] is ITEM_KINDS[kind][0] is not Fate.TO_PARTY
    assert [item.number for item in work.case.items if may_leave(work.case, item)] == [came.number]
    sound()


def test_a_certificate_that_went_back_unasked_is_awaited_as_a_thing_of_its_own_once_a_summons_asks_for_it(work):
    work.take()
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        receive_items(session, case, Envelope(carriage=Carriage.POST), [], act=work.act(work.desk),
                      extra=[Extra(ItemKind.REG_CERT, "")], place="A-1")  # fmt: skip
    work.send_back()
    work.post()
    work.parcel_ends()
    work.accept_all()

    work.write("summon_originals")

    found = [item for item in work.case.items if item.kind is ItemKind.REG_CERT]
    assert [(item.state, item.fate) for item in found] == [
        (ItemState.WITH_PARTY, Fate.TO_PARTY), (ItemState.EXPECTED, Fate.INVALIDATED_AND_KEPT),
    ]  # fmt: skip
    sound()


def test_what_nobody_asked_for_goes_back_by_post_while_the_case_goes_on(work):
    stray(work)
    with pytest.raises(Refused, match="originals-in-order"):
        work.step("confirm_originals")
    needed = [item.number for item in work.case.items if item.kind is ItemKind.OWNERSHIP]
    with pytest.raises(Refused, match="item-not-owed"), one_transaction() as session:
        send_back(session, work.case, work.case.version, needed, "ul. 1", act=work.act(), doer=Doer.CLERK)

    work.send_back()
    work.post()

    work.step("confirm_originals")
    assert work.case.stage == "originals_complete"
    assert work.things()["OTHER"] == {"in_post"}
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    assert work.case.stage == "originals_complete"
    work.later(1)
    work.send_back()
    work.post()
    work.parcel_ends()
    assert work.things()["OTHER"] == {"with_party"}
    sound()


def test_what_is_accepted_into_the_case_does_not_go_back_any_more(work):
    stray(work)
    work.send_back()
    (number,) = [item.number for item in work.case.items if item.kind is ItemKind.OTHER]
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        accept_discrepancies(session, case, case.version, number, "potrzebne do oględzin", act=work.act())

    with pytest.raises(Refused, match="something-to-post"):
        work.post()
    assert work.things()["OTHER"] == {"in_office"}


def test_what_is_sent_back_is_no_agreement_about_what_the_office_gives(work):
    stray(work)
    work.send_back()
    work.post()
    work.step("confirm_originals")
    work.register_temporarily()

    assert not work.facts().agreement_accepted
    with pytest.raises(Refused, match="something-to-post"):
        work.post()
    with pytest.raises(Refused, match="something-to-hand-out"):
        work.give()


def test_a_withdrawn_application_is_discontinued(work):
    work.gather()
    work.withdraw()
    assert work.case.stage == "withdrawn"

    decision = work.write("discontinue", reasons="Cofnięcie jest skuteczne.")
    assert "art. 104, art. 105 § 2 i art. 107" in words_of(decision)
    assert "Cofnięcie jest skuteczne." in words_of(decision)
    assert work.case.stage == "discontinued"
    work.open_letter()
    wait_until_final(work)
    work.give()
    work.step("close")
    work.step("archive")

    assert set().union(*work.things().values()) == {"with_party"}
    sound()


def stands_at(work: Work, stage: str) -> None:
    """The case goes on to `stage`, with things of the party in the office."""
    work.take()
    if stage == "awaiting_remedy":
        came = [Extra(ItemKind.OWNERSHIP, "umowa"), Extra(ItemKind.REG_CERT, "")]
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            receive_items(session, case, Envelope(carriage=Carriage.POST), [], act=work.act(work.desk), extra=came,
                          place="A-1")  # fmt: skip
        work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
        work.open_letter(work.write("summon_remedy"))
    else:
        work.accept_all()
        work.open_letter(work.write("summon_originals"))
        work.receive(missing=[work.awaited()[-1].number] if stage == "awaiting_originals" else [])
        work.compare_all()
    if stage == "originals_complete":
        work.step("confirm_originals")
        work.make_ready()
    assert work.case.stage == stage


LATER = pytest.mark.parametrize("stage", ["awaiting_remedy", "awaiting_originals", "originals_complete"])


@LATER
def test_that_there_is_nothing_to_decide_may_turn_out_when_the_originals_are_there_and_they_go_back(work, stage):
    stands_at(work, stage)
    with pytest.raises(Refused, match="pointless"):
        work.write("discontinue", reasons="art. 105 § 1")
    work.determine(DeterminationCode.POINTLESS, "Pojazd zarejestrowano już w innej sprawie.")

    decision = work.write("discontinue", reasons="Nie ma przedmiotu rozstrzygnięcia.")

    assert (work.case.stage, "art. 105 § 1" in words_of(decision)) == ("discontinued", True)
    work.open_letter(decision)
    wait_until_final(work)
    with pytest.raises(Refused, match="nothing-owed"):
        work.step("close")
    work.send_back()
    work.post()
    work.parcel_ends()
    ends_in_the_archive(work, ItemState.WITH_PARTY)


@LATER
def test_another_authority_may_turn_out_to_be_competent_when_the_originals_are_there_and_they_go_along(work, stage):
    stands_at(work, stage)
    with pytest.raises(Refused, match="other-authority-named"):
        work.write("transfer", reasons="właściwość")
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")

    work.write("transfer", reasons="Właściciel mieszka w Kłobucku.")

    assert work.case.stage == "transferred"
    notice, cover = work.case.letters[-2:]
    assert cover.details["things"] == [item.number for item in work.case.items if is_the_partys(item)]
    assert "przekazujemy temu organowi to, co zostało złożone w urzędzie: " in words_of(notice)
    assert not any(may_leave(work.case, item) for item in work.case.items)
    work.open_letter(notice)
    with pytest.raises(Refused, match="nothing-owed"):
        work.step("close")
    with one_transaction() as session:
        letter = session.get_one(Letter, cover.id)
        post_letter(session, letter, "RR473124829PL", act=work.act(work.desk))
    work.later(2)
    with one_transaction() as session:
        letter = session.get_one(Letter, cover.id)
        note_paper_service(session, letter, "delivered", work.act().today, act=work.act(work.desk))
    ends_in_the_archive(work, ItemState.FORWARDED)


def ends_in_the_archive(work: Work, state: ItemState) -> None:
    """All that came is in this `state` or was never there; what the office had made is destroyed."""
    work.step("close")
    work.put_away()
    work.step("archive")
    came = [item for item in work.case.items if item.handovers[0].movement is not Movement.MADE]
    assert {item.state for item in came} <= {state, ItemState.CALLED_OFF}
    assert {item.state for item in work.case.items if item not in came} <= {ItemState.DESTROYED}
    sound()


def is_the_partys(item: Item) -> bool:
    return item.state is ItemState.IN_OFFICE and item.handovers[0].movement is not Movement.MADE


def words_of(letter: Letter) -> str:
    return " ".join([letter.legal_basis, *(block["text"] for block in letter.blocks)]).replace("\u00a0", " ")


def test_a_decision_to_discontinue_names_the_law_by_which_the_case_ends_and_the_clerks_reasons(work):
    work.take()
    work.determine(DeterminationCode.POINTLESS, "Pojazd zarejestrowano już w innej sprawie.")

    words = words_of(work.write("discontinue", reasons="Nie ma przedmiotu rozstrzygnięcia."))

    assert "art. 104, art. 105 § 1 i art. 107" in words
    assert "105 § 2" not in words
    assert "Pojazd zarejestrowano już w innej sprawie." in words
    assert "Nie ma przedmiotu rozstrzygnięcia." in words
