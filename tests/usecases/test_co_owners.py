"""Cases of several parties, by the verbs: each gets every letter that binds, and terms end when the last one's does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import APPEAL, Way, due_date
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.domain.summonses import summons_due, summons_term
from app.epackages import application as form
from app.extensions import db
from app.house import equipment
from app.models import Case, Citizen, Letter, LetterState, LetterWay
from app.reports.posting import letters_to_post
from app.transaction import one_transaction
from app.usecases.appeals import Ended, Lodged, end_appeal, record_appeal
from app.usecases.days_off import office_calendar
from app.usecases.letter_fields import LetterDraft
from app.usecases.prepare_letter import prepare_letter, sketch_letter, take_back_letter
from app.usecases.send_again import send_again
from app.usecases.serve_letter import note_paper_service, post_letter
from tests.factories import PESEL, application_files, send
from tests.letters.reading import text_of
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

HERS = "02070803628"  # test data
HOME = form.Address("ul. Testowa", "1", "", "42-200", "Częstochowa", "Polska")
AWAY = form.Address("ul. Inna", "2", "5", "42-202", "Częstochowa", "Polska")
ANNA = form.Party(form.PartyKind.PERSON, "Anna Testowa", pesel=HERS, address=AWAY)
EWA = form.Party(form.PartyKind.PERSON, "Ewa Pełnomocna", pesel="80022912340", address=AWAY)
TRACKING = "00759007731512000621"

Opens = Callable[..., Work]


@pytest.fixture
def opened(office, signers) -> Opens:
    """Opens a case of Jan and whoever else; the mailbox belongs to the holder of a PESEL, or to nobody known."""

    def open_(pesel: str | None = PESEL, **more: object) -> Work:
        citizen = a_citizen()
        if pesel is not None:
            with one_transaction() as session:
                session.get_one(Citizen, citizen).pesel_digest = equipment().ring.digest(pesel)
        files = application_files(**{"co_owners": (ANNA,), **more})
        return Work(send(signers.sign(files), sender=by_mailbox(citizen)).case_id)

    return open_


def words_of(letter: Letter) -> str:
    return " ".join(text_of(equipment().store.read(letter.pdf_sha256)).replace("\xa0", " ").split())


def found_wanting(work: Work) -> None:
    work.take()
    work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
    work.write("summon_remedy")


def refused(work: Work) -> None:
    work.gather()
    serve_copy(work)
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="art. 73 ust. 1e ustawy")


def serve_copy(work: Work, outcome: str = "delivered") -> Letter:
    """The post takes the newest copy away and says the same day what became of it."""
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        post_letter(session, letter, TRACKING, act=work.act(work.desk))
        note_paper_service(session, letter, outcome, work.act().today, act=work.act(work.desk))
    return db.session.get_one(Letter, letter.id)


def test_a_summons_goes_to_every_party_with_one_number_and_names_them_all(opened):
    work = opened()

    found_wanting(work)

    first, copy = work.case.letters
    assert [(one.addressee, one.way, one.state) for one in (first, copy)] == [
        ("Jan Testowy", LetterWay.MAILBOX, LetterState.SENT),
        ("Anna Testowa", LetterWay.POST, LetterState.SENT),
    ]
    assert first.number == copy.number == f"{work.case.sign}/1"
    assert copy.address == ["ul. Inna 2/5", "42-202 Częstochowa"]
    assert [one.id for one in letters_to_post(db.session())] == [copy.id]
    for letter in (first, copy):
        said = words_of(letter)
        assert "Adresat wezwania: Jan Testowy i Anna Testowa, w charakterze stron postępowania" in said
        assert "Szanowni Państwo," in said
        assert "Otrzymują: 1. Jan Testowy 2. Anna Testowa 3. a/a" in said
    assert "ul. Inna 2/5" in words_of(copy)
    assert "ul. Inna 2/5" not in words_of(first)
    sound()


def test_a_summons_has_expired_only_when_the_term_of_the_last_party_served_has_passed(opened):
    work = opened()
    found_wanting(work)
    work.open_letter()
    own = work.case.letters[0].summons.due_on
    work.later(30)

    assert own is not None
    assert own < work.act().today
    assert not work.facts().summons_expired

    serve_copy(work)
    last = work.case.letters[0].summons.due_on
    assert last == summons_due(work.act().today, summons_term(7), office_calendar(db.session()))
    work.later((last - work.act().today).days)
    assert not work.facts().summons_expired
    work.later(1)
    assert work.facts().summons_expired


def test_what_one_party_brings_in_meets_the_summons_for_all(opened):
    work = opened()
    work.gather()

    assert work.case.letters[0].summons.met_at is not None
    assert work.case.letters[1].summons is None


def test_a_decision_is_final_when_the_last_party_can_no_longer_appeal(opened):
    work = opened()
    refused(work)
    work.open_letter()
    work.later(20)

    assert work.case.decisions[0].final_on is None

    serve_copy(work)
    own = due_date(work.act().today, APPEAL, office_calendar(db.session()))
    assert work.case.decisions[0].final_on == own + dt.timedelta(days=1)


def test_an_appeal_that_comes_before_the_last_party_was_served_keeps_the_decision_from_becoming_final(opened):
    work = opened()
    refused(work)
    number = work.open_letter().seq
    work.later(5)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        came = Lodged(Way.IN_PERSON, work.act().today, party=case.parties[0].id)
        record_appeal(session, case, case.version, number, came, act=work.act(), doer=Doer.CLERK)

    copy = serve_copy(work)

    (decision,), (appeal,) = work.case.decisions, work.case.appeals
    assert (decision.final_on, appeal.late) == (None, False)
    assert appeal.term_end == due_date(copy.service.served_on, APPEAL, office_calendar(db.session()))


def test_a_decision_that_was_repealed_does_not_become_final_with_a_later_service(opened):
    work = opened()
    refused(work)
    number = work.open_letter().seq
    with one_transaction() as session:
        case, today = session.get_one(Case, work.case_id), work.act().today
        came = Lodged(Way.IN_PERSON, today, party=case.parties[0].id)
        record_appeal(session, case, case.version, number, came, act=work.act(), doer=Doer.CLERK)
        granted = Ended(AppealOutcome.CORRECTED, today)
        end_appeal(session, case, case.version, 1, granted, act=work.act(), doer=Doer.CLERK)

    serve_copy(work)

    assert work.case.decisions[0].final_on is None


def test_a_copy_whose_addressee_is_unknown_keeps_the_decision_from_becoming_final(opened):
    work = opened()
    refused(work)
    work.open_letter()

    serve_copy(work, "unknown_addressee")

    assert work.case.decisions[0].final_on is None


def test_a_decision_names_all_parties_with_their_addresses(opened):
    work = opened()
    refused(work)

    said = words_of(work.case.letters[-1])

    assert (
        "Strony: Jan Testowy, ul. Testowa 1, 42-200 Częstochowa; Anna Testowa, ul. Inna 2/5, 42-202 Częstochowa."
        in said
    )


def test_a_decision_that_goes_with_the_things_is_served_on_the_co_owner_by_post_and_names_her_as_one(opened):
    work = opened(co_owners=(form.Party(form.PartyKind.PERSON, "Anna Testowa", pesel=HERS, address=HOME),))
    work.gather()
    serve_copy(work)

    work.register_temporarily()

    first, copy = work.case.letters[-2:]
    assert (first.way, copy.way) == (LetterWay.WITH_ITEMS, LetterWay.POST)
    said = words_of(first)
    assert "Strony: Jan Testowy i Anna Testowa, ul. Testowa 1, 42-200 Częstochowa." in said
    assert "Współwłaściciel Anna Testowa" in said
    assert "Część B" in said
    assert "Część B" not in words_of(copy)
    assert len([item for item in work.case.items if item.kind == "DECISION"]) == 1
    assert len(work.case.decisions) == 1


def test_a_case_is_not_archived_before_the_co_owner_was_served(opened):
    work = opened()
    refused(work)
    work.open_letter()

    assert work.facts().acknowledgements_awaited == 1

    serve_copy(work)
    assert work.facts().acknowledgements_awaited == 0


def test_where_there_is_a_proxy_letters_go_to_the_proxy_alone_and_not_into_the_owners_mailbox(opened):
    work = opened(proxy=EWA)
    found_wanting(work)

    (letter,) = work.case.letters

    assert (letter.addressee, letter.way) == ("Ewa Pełnomocna", LetterWay.POST)
    assert "w charakterze pełnomocnika strony" in words_of(letter)


def test_a_decision_names_the_parties_and_their_proxy(opened):
    work = opened(proxy=EWA)
    work.take()
    draft = LetterDraft(kind="refusal_decision", reasons="art. 73 ust. 1e ustawy")

    letter = sketch_letter(db.session(), work.case, draft, equipment=equipment(), act=work.act(), doer=Doer.CLERK)

    assert letter.addressee == "Ewa Pełnomocna"
    assert letter.blocks[0]["text"].replace("\xa0", " ") == (
        "Strony: Jan Testowy, ul. Testowa 1, 42-200 Częstochowa; "
        "Anna Testowa, ul. Inna 2/5, 42-202 Częstochowa (pełnomocnik: Ewa Pełnomocna)."
    )


def test_the_co_owner_who_applied_reads_in_her_mailbox_and_the_owner_gets_paper(opened):
    work = opened(pesel=HERS)

    found_wanting(work)

    assert [(one.addressee, one.way) for one in work.case.letters] == [
        ("Anna Testowa", LetterWay.MAILBOX),
        ("Jan Testowy", LetterWay.POST),
    ]


def test_a_mailbox_whose_holder_is_not_known_in_the_case_is_the_first_partys(opened):
    work = opened(pesel=None)

    found_wanting(work)

    assert work.case.letters[0].way is LetterWay.MAILBOX


def test_what_binds_nobody_goes_to_the_one_who_asked(opened):
    work = opened()
    work.take()
    draft = LetterDraft(kind="answer", subject="Odpowiedź", reasons="Opłata wynosi 66,50 zł.")
    with one_transaction() as session:
        case = work.case
        letter = prepare_letter(
            session, case, case.version, draft, equipment=equipment(), act=work.act(), doer=Doer.CLERK
        )
        session.flush()
        number = letter.id

    work.leave(number)

    assert [one.addressee for one in work.case.letters] == ["Jan Testowy"]


def test_a_letter_that_is_taken_back_leaves_no_copies(opened):
    work = opened()
    work.take()
    work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
    letter_id = work.prepare("summon_remedy")
    with one_transaction() as session:
        take_back_letter(session, session.get_one(Letter, letter_id), act=work.act(), doer=Doer.CLERK)

    work.leave(letter_id)

    assert [one.state for one in work.case.letters] == [LetterState.TAKEN_BACK]


def test_the_party_whom_the_application_names_to_receive_the_letters_gets_them_for_all(opened):
    work = opened()
    work.take()
    work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
    work.determine(DeterminationCode.ONE_RECEIVES, "pkt 7 wniosku: anna  testowa")

    letter = work.write("summon_remedy")

    assert [(one.addressee, one.way) for one in work.case.letters] == [("Anna Testowa", LetterWay.POST)]
    assert "Otrzymują: 1. Anna Testowa 2. a/a" in words_of(letter)


def test_nobody_outside_the_case_is_named_to_receive_the_letters(opened):
    work = opened()
    work.take()

    with pytest.raises(Refused, match="party-unknown"):
        work.determine(DeterminationCode.ONE_RECEIVES, "Piotr Obcy")


def sent_again(work: Work, letter: Letter, *address: str) -> Letter:
    with one_transaction() as session:
        back = session.get_one(Letter, letter.id)
        return send_again(session, back, back.case.version, address, act=work.act(), doer=Doer.CLERK)


def test_a_letter_that_came_back_goes_to_another_address_and_its_service_there_counts(opened):
    work = opened()
    refused(work)
    work.open_letter()
    back = serve_copy(work, "unknown_addressee")

    again = sent_again(work, back, "ul. Nowa 3", "42-200 Częstochowa")

    assert (again.addressee, again.address, again.number) == (
        "Anna Testowa", ["ul. Nowa 3", "42-200 Częstochowa"], back.number,
    )  # fmt: skip
    assert again.pdf_sha256 == back.pdf_sha256
    work.later(3)
    serve_copy(work)
    own = due_date(work.act().today, APPEAL, office_calendar(db.session()))
    assert work.case.decisions[0].final_on == own + dt.timedelta(days=1)
    sound()


def test_only_a_letter_that_came_back_goes_out_again_and_only_once(opened):
    work = opened()
    found_wanting(work)
    first, copy = work.case.letters
    for one in (first, copy):
        with pytest.raises(Refused, match="letter-not-back"):
            sent_again(work, one, "ul. Nowa 3")
    back = serve_copy(work, "unknown_addressee")
    with pytest.raises(Refused, match="delivery-address"):
        sent_again(work, back, " ")
    sent_again(work, back, "ul. Nowa 3")

    with pytest.raises(Refused, match="letter-not-back"):
        sent_again(work, back, "ul. Nowa 4")
