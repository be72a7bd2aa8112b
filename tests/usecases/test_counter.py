"""Nothing leaves the counter that the case still needs, and an envelope without a case is on record."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.custody import Movement
from app.domain.delivery import Method
from app.domain.errors import BadInput, ConditionMissing, Stale
from app.domain.items import ItemKind
from app.domain.procedures.stages import Stage
from app.models import AuditEvent, Carriage, Case, Consignment, LetterState
from app.transaction import one_transaction
from app.usecases.hand_out import hand_out, things_to_hand_out
from app.usecases.met_in_time import met_in_time
from app.usecases.receive_items import Envelope, Extra, receive_items
from app.usecases.register_arrival import register_arrival
from app.usecases.send_letter import stop_letter
from tests.factories import application_files, send
from tests.usecases.at_work import BOTH, Work, a_citizen, by_mailbox

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(office, signers) -> Work:
    citizen = a_citizen()
    sender = by_mailbox(citizen)
    return Work(send(signers.sign(application_files()), sender=sender).case_id)


def test_originals_stay_until_the_decision_and_what_nobody_asked_for_may_go_back(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.receive()
    assert things_to_hand_out(work.case) == []

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        envelope = Envelope(carriage=Carriage.IN_PERSON)
        receive_items(session, case, envelope, [], act=work.act(), extra=[Extra(ItemKind.OTHER, "klucze")])

    assert [item.label for item in things_to_hand_out(work.case)] == ["klucze"]


def test_an_envelope_without_a_case_gets_a_number_and_an_event(work):
    with pytest.raises(BadInput, match="contents-missing"), one_transaction() as session:
        register_arrival(session, Envelope(carriage=Carriage.POST), " ", act=work.act())

    with one_transaction() as session:
        number = register_arrival(session, Envelope(carriage=Carriage.POST), "dwie tablice", act=work.act()).number

    with one_transaction() as session:
        kept = session.scalars(sa.select(Consignment)).one()
        assert (kept.number, kept.case_id, kept.contents) == (number, None, "dwie tablice")
        actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.chain == "office")).all()
        assert actions[-1] == "arrival-registered"


def decided(work: Work, **agreed: Method) -> None:
    work.gather()
    work.register_temporarily()
    work.agree(**agreed)


def test_nothing_is_destroyed_filed_or_cut_before_the_decision(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive()
    plates = [item for item in work.case.items if item.kind is ItemKind.PLATE]

    for movement in (Movement.DESTROYED, Movement.FILED):
        with pytest.raises(ConditionMissing, match="decision-first"):
            work.move(plates, movement)

    with pytest.raises(ConditionMissing, match="decision-first"):
        work.invalidate()
    assert work.things()["PLATE"] == {"in_office"}
    assert not any(item.invalidated for item in work.case.items)


def test_who_hands_out_gives_exactly_what_stood_on_the_page(work):
    decided(work)
    case = work.case
    seen = [item.number for item in things_to_hand_out(case)]

    with pytest.raises(Stale), one_transaction() as session:
        hand_out(session, session.get_one(Case, work.case_id), seen[1:], "Jan Testowy", "dowód osobisty …123",
                 act=work.act(work.desk), doers=BOTH)  # fmt: skip

    assert [item.number for item in things_to_hand_out(work.case)] == seen


def test_the_permanent_certificate_waits_until_its_owner_was_told(work):
    decided(work)
    work.give()
    work.certificate_comes()

    assert things_to_hand_out(work.case) == []
    work.write("announce_certificate")
    assert [item.kind for item in things_to_hand_out(work.case)] == [ItemKind.REGISTRATION_CERTIFICATE]


def test_a_letter_whose_case_passed_to_another_clerk_does_not_leave(work):
    work.take()
    work.accept_all()
    letter_id = work.prepare("summon_originals")
    with one_transaction() as session:
        session.get_one(Case, work.case_id).clerk_id = work.desk.id

    letter = work.leave(letter_id)

    assert (letter.state, letter.stopped_because) == (LetterState.STOPPED, "clerk-changed")
    assert work.case.stage == Stage.VERIFICATION.value


def test_a_letter_that_cannot_be_printed_blocks_its_case_no_longer(work):
    work.take()
    work.accept_all()
    letter_id = work.prepare("summon_originals")

    with one_transaction() as session:
        stop_letter(session, letter_id, act=work.act())

    assert work.case.letters[-1].stopped_because == "letter-failed"
    assert work.write("summon_originals").state is LetterState.SENT


@pytest.mark.parametrize(
    ("carriage", "posted", "in_time"),
    [(Carriage.POST, 0, True), (Carriage.POST, 1, False), (Carriage.COURIER, 0, False), (Carriage.IN_PERSON, 0, False)],
)
def test_what_came_late_was_in_time_if_the_post_stamped_it_by_the_last_day(work, carriage, posted, in_time):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    due = work.case.letters[-1].summons.due_on
    work.later((due - work.act().today).days + 3)

    work.receive(carriage, posted_on=due + dt.timedelta(days=posted))

    assert met_in_time(work.case, work.case.letters[-1].summons) is in_time
