"""The post loses a parcel, or a letter: what was in it is given once more, or somebody says why not."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.delivery import Method
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import Fate, ItemKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.models import Case, Consignment, Letter, ParcelOutcome
from app.reports.waiting import Came, came
from app.transaction import one_transaction
from app.usecases.counted_things import lost_things
from app.usecases.parcel_outcome import record_parcel
from app.usecases.replace_lost import may_be_replaced, replace_lost, write_off_lost
from app.usecases.send_again import came_back, send_again
from app.usecases.serve_letter import note_paper_service, post_letter
from app.views.office.calling import came_in
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_conditional_registration import imported, refused_and_posted
from tests.usecases.test_registration import announce, up_to_decision

BLANK = {
    ItemKind.TEMPORARY_PERMIT: "PC 7654321", ItemKind.REGISTRATION_CERTIFICATE: "DR/BAA 7654321",
    ItemKind.CONTROL_STICKER: "N 7654321", ItemKind.NEW_VEHICLE_CARD: "KP 7654321",
}  # fmt: skip


@pytest.fixture
def work(office, signers) -> Work:
    return Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)


@pytest.fixture
def posted(work) -> Work:
    """All that goes with the temporary registration is on its way by post."""
    up_to_decision(work)
    work.agree(Method.POST)
    work.post("(00) 7 5900773 1 51200062 1")
    work.later(20)
    return work


def certificate_posted(work: Work) -> None:
    """The vehicle is registered, and the permanent certificate is on its way by post; the case is closed."""
    up_to_decision(work)
    work.agree(Method.IN_PERSON)
    work.give()
    announce(work)
    work.receive()
    work.register()
    work.agree(Method.POST)
    work.post()
    assert work.case.stage == "closed"
    work.later(20)


def ends(work: Work, outcome: ParcelOutcome, **days: dt.date) -> None:
    parcel = work.case.consignments[-1]
    with one_transaction() as session:
        again = session.get_one(Consignment, parcel.id)
        record_parcel(session, again, outcome, work.act().today, act=work.act(work.desk), place="A-1", **days)


def replace(work: Work, number: int, label: str = "") -> int:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        return replace_lost(session, case, case.version, [number], label, act=work.act())[0].number


def write_off(work: Work, number: int, reason: str) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        write_off_lost(session, case, case.version, [number], reason, act=work.act())


def settle_all(work: Work) -> None:
    """What the office made is made again; what the owner had brought is not."""
    for item in lost_things(work.case):
        if may_be_replaced(work.case, item):
            replace(work, item.number, BLANK.get(item.kind, ""))
        else:
            write_off(work, item.number, "właściciel ma drugi egzemplarz")


def called(work: Work) -> tuple[Came | None, Came | None]:
    """What Moja praca and the case file say of the case."""
    today = work.act().today
    return came(db.session(), work.case.clerk_id, today).get(work.case_id), came_in(work.case, today)


def test_what_the_post_lost_is_made_again_and_goes_out_anew(posted):
    work = posted
    ends(work, ParcelOutcome.LOST)
    lost = {item.kind for item in lost_things(work.case)}
    assert lost >= {ItemKind.TEMPORARY_PERMIT, ItemKind.NEW_PLATE, ItemKind.DECISION}
    assert work.case.stage == "handed_over"
    assert called(work) == (Came.LOST, Came.LOST)
    sound()

    settle_all(work)

    assert work.case.stage == "agreeing_handover"
    assert called(work)[0] is not Came.LOST
    assert work.case.permit.number == BLANK[ItemKind.TEMPORARY_PERMIT]
    work.agree(Method.IN_PERSON)
    work.give()
    assert work.case.stage == "handed_over"
    assert work.things()["NEW_PLATE"] == {"written_off", "with_party"}
    announce(work)
    work.receive()
    work.register()
    work.give()
    work.put_away()
    work.step("archive")
    assert work.case.stage == "archived"
    sound()


def test_a_case_is_not_archived_before_somebody_says_what_comes_instead(work):
    certificate_posted(work)
    ends(work, ParcelOutcome.LOST)
    work.put_away()
    with pytest.raises(ConditionMissing):
        work.step("archive")
    with pytest.raises(BadInput, match="reason-missing"):
        write_off(work, lost_things(work.case)[0].number, " ")

    for item in lost_things(work.case):
        write_off(work, item.number, "właściciel zgłosił utratę i wnosi o wtórnik")

    work.step("archive")
    assert work.case.stage == "archived"
    sound()


def test_the_permanent_certificate_that_got_lost_opens_the_closed_case(work):
    certificate_posted(work)
    ends(work, ParcelOutcome.LOST)

    settle_all(work)

    assert work.case.stage == "permanent_ready"
    assert work.case.certificate_order.number == BLANK[ItemKind.REGISTRATION_CERTIFICATE]
    work.agree(Method.IN_PERSON)
    work.give()
    assert work.case.stage == "closed"
    sound()


def test_a_permit_that_got_lost_need_not_be_brought_back_but_the_one_instead_of_it(posted):
    work = posted
    ends(work, ParcelOutcome.LOST)
    assert work.facts().permit_returned

    settle_all(work)

    assert not work.facts().permit_returned


def test_what_turns_up_after_it_was_replaced_goes_to_nobody(posted):
    work = posted
    ends(work, ParcelOutcome.LOST)
    plates = [item.number for item in lost_things(work.case) if item.kind is ItemKind.NEW_PLATE]
    replace(work, plates[0])
    ends(work, ParcelOutcome.UNKNOWN_ADDRESSEE)

    found = {item.number: item for item in work.case.items}
    assert found[plates[0]].fate is Fate.DESTROYED
    assert not found[plates[0]].is_owed
    assert found[plates[1]].is_owed
    assert work.case.consignments[-1].outcome is ParcelOutcome.UNKNOWN_ADDRESSEE
    sound()


def test_what_turns_up_when_all_was_given_anew_leaves_the_case_where_it_is(work):
    up_to_decision(work)
    work.agree(Method.POST, OWNERSHIP=Method.IN_PERSON)
    work.give()
    work.post()
    work.later(20)
    ends(work, ParcelOutcome.LOST)
    settle_all(work)
    work.agree(Method.IN_PERSON)
    work.give()
    work.later(5)

    with one_transaction() as session:
        found = next(
            one for one in session.get_one(Case, work.case_id).consignments if one.outcome is ParcelOutcome.LOST
        )
        record_parcel(session, found, ParcelOutcome.UNCLAIMED, work.act().today, act=work.act(work.desk), place="A-1")

    assert work.case.stage == "handed_over"
    assert work.things()["NEW_PLATE"] == {"in_office", "with_party"}
    assert work.facts().owed == 0
    work.put_away()
    assert work.things()["NEW_PLATE"] == {"destroyed", "with_party"}
    sound()


def test_a_lost_parcel_that_was_delivered_after_all_is_delivered(posted):
    work = posted
    ends(work, ParcelOutcome.LOST)
    with pytest.raises(ConditionMissing, match="parcel-settled"):
        ends(work, ParcelOutcome.LOST)

    ends(work, ParcelOutcome.DELIVERED)

    assert lost_things(work.case) == []
    assert work.case.decisions[-1].letter.service.served_on == work.act().today
    with pytest.raises(ConditionMissing, match="parcel-settled"):
        ends(work, ParcelOutcome.UNCLAIMED)
    sound()


def test_only_what_the_office_made_is_made_again_each_blank_once(posted):
    work = posted
    ends(work, ParcelOutcome.LOST)
    lost = {item.kind: item.number for item in lost_things(work.case)}
    with pytest.raises(BadInput, match="label-missing"):
        replace(work, lost[ItemKind.TEMPORARY_PERMIT])
    with pytest.raises(BadInput, match="permit-number-unreadable"):
        replace(work, lost[ItemKind.TEMPORARY_PERMIT], "siedem")
    with pytest.raises(ConditionMissing, match="label-used"):
        replace(work, lost[ItemKind.TEMPORARY_PERMIT], "PC 1234567")

    replace(work, lost[ItemKind.TEMPORARY_PERMIT], "PC 7654321")

    with pytest.raises(ConditionMissing, match="not-lost"):
        replace(work, lost[ItemKind.TEMPORARY_PERMIT], "PC 7654322")


def test_what_a_party_had_brought_cannot_be_made_again(work):
    work.gather()
    work.withdraw()
    work.write("discontinue", reasons="wniosek cofnięto")
    work.open_letter()
    work.send_back()
    work.post()
    ends(work, ParcelOutcome.LOST)
    brought = lost_things(work.case)[0]

    with pytest.raises(ConditionMissing, match="not-replaceable"):
        replace(work, brought.number)


@pytest.mark.parametrize("outcome", [ParcelOutcome.UNCLAIMED, ParcelOutcome.LOST])
def test_what_does_not_reach_its_owner_after_a_late_refusal_leaves_the_case_closed(office, signers, outcome):
    work = imported(signers)
    refused_and_posted(work)
    work.step("close")
    work.later(1)

    work.parcel_ends(outcome)

    assert work.case.stage == "closed"
    lost = lost_things(work.case)
    assert bool(lost) is (outcome is ParcelOutcome.LOST)
    assert not any(may_be_replaced(work.case, item) for item in lost)
    sound()


@pytest.mark.parametrize("outcome", [ParcelOutcome.REFUSED, ParcelOutcome.UNCLAIMED])
def test_a_decision_in_a_parcel_that_nobody_took_is_served_as_the_law_says(posted, outcome):
    work = posted
    first = work.act().today - dt.timedelta(days=17)
    days = {"first": first, "second": first + dt.timedelta(days=7)} if outcome is ParcelOutcome.UNCLAIMED else {}

    ends(work, outcome, **days)

    service = work.case.decisions[-1].letter.service
    assert service.outcome.value == outcome.value
    assert service.arrived_on == work.case.consignments[-1].on
    assert service.served_on == (first + dt.timedelta(days=14) if days else work.act().today)
    assert [event.kind for event in service.events] == [
        *(["first_notice", "second_notice"] if days else []), outcome.value,
    ]  # fmt: skip
    assert work.things()["DECISION"] == {"in_file"}
    work.agree(Method.IN_PERSON)
    work.give()
    assert work.things()["DECISION"] == {"in_file"}
    assert work.case.decisions[-1].letter.service.served_on == service.served_on
    sound()


def test_a_decision_in_a_parcel_that_nobody_claimed_is_not_served_without_both_notices(posted):
    work = posted
    first = work.act().today - dt.timedelta(days=17)
    for days, code in (
        ({"first": first}, "second-notice-missing"),
        ({"second": first}, "notice-missing"),
        ({"first": first, "second": first + dt.timedelta(days=6)}, "second-notice-too-early"),
        ({"first": first + dt.timedelta(days=5), "second": first + dt.timedelta(days=12)}, "notice-still-runs"),
        ({"first": first - dt.timedelta(days=9), "second": first}, "notice-too-early"),
    ):
        with pytest.raises(BadInput, match=code):
            ends(work, ParcelOutcome.UNCLAIMED, **days)

    ends(work, ParcelOutcome.UNCLAIMED)

    assert work.case.decisions[-1].letter.service is None


def test_a_letter_that_got_lost_serves_nobody_and_goes_again(office, signers):
    work = Work(send(signers.sign(application_files())).case_id)
    work.take()
    work.accept_all()
    summons = work.write("summon_originals")
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, summons.id), "RR473124829PL", act=work.act(work.desk))
    work.later(30)
    with one_transaction() as session:
        letter = session.get_one(Letter, summons.id)
        note_paper_service(session, letter, "lost", work.act().today, act=work.act(work.desk))
    letter = db.session.get_one(Letter, summons.id)
    assert letter.summons.due_on is None
    assert came_back(letter)
    assert called(work) == (Came.LETTER, Came.LETTER)

    with one_transaction() as session:
        letter = session.get_one(Letter, summons.id)
        address = ["ul. Testowa 1", "42-200 Częstochowa"]
        send_again(session, letter, letter.case.version, address, act=work.act(), doer=Doer.CLERK)

    assert not came_back(db.session.get_one(Letter, summons.id))
    assert called(work) == (None, None)
    sound()
