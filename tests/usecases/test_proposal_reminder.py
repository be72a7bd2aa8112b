"""The owner who does not answer a proposal is reminded by the system: in the mailbox, once for each version."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.domain.delivery import Arrangement, Method
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, Email, Message
from app.outbox.case_sweepers import remind_of_proposals
from app.transaction import one_transaction
from app.usecases.agreements import propose_handover
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound


def registered(signers, **sender: object) -> Work:
    work = Work(send(signers.sign(application_files()), **sender).case_id)
    work.take()
    work.accept_all()
    work.write("summon_originals")
    if sender:
        work.open_letter()
    work.receive_all()
    work.register_temporarily()
    return work


def propose(work: Work, method: Method) -> dt.date:
    methods = {item.number: method for item in work.case.items if item.is_owed}
    terms = Arrangement(methods=methods, address="ul. Testowa 1\n42-200 Częstochowa")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)
    return work.case.proposals[-1].due_on


def sweep(work: Work, day: dt.date) -> list[int]:
    """The system's hour on `day`. Returns of which versions there was a reminder so far."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    for _twice in range(2):
        remind_of_proposals(equipment(), noon)
    db.session.rollback()
    sent = sa.select(Message.data).where(Message.case_id == work.case_id, Message.kind == "reminder")
    return [data["version"] for data in db.session.scalars(sent.order_by(Message.id))]


def emails() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Email)) or 0


def test_a_proposal_that_nobody_answered_in_time_is_brought_to_mind_once_and_a_new_one_again(office, signers):
    work = registered(signers, sender=by_mailbox(a_citizen()))
    due = propose(work, Method.POST)
    letters, told = len(work.case.letters), emails()

    assert sweep(work, due) == []
    assert sweep(work, due + dt.timedelta(days=1)) == [1]

    assert work.case.proposals[-1].reminded_at is not None
    last = work.case.steps[-1]
    assert (last.step, last.actor_kind, last.to_stage) == ("remind", "system", "agreeing_handover")
    assert len(work.case.letters) == letters
    assert emails() == told + 1
    work.days = (due - work.start.date()).days + 2
    again = propose(work, Method.IN_PERSON)
    assert sweep(work, again) == [1]
    assert sweep(work, again + dt.timedelta(days=1)) == [1, 2]
    work.days = (again - work.start.date()).days + 2
    work.accept()
    assert sweep(work, again + dt.timedelta(days=60)) == [1, 2]
    sound()


def test_whoever_has_no_mailbox_is_reminded_by_the_letter_of_a_clerk_and_not_by_the_system(office, signers):
    work = registered(signers)
    due = propose(work, Method.POST)

    assert sweep(work, due + dt.timedelta(days=5)) == []

    assert work.case.proposals[-1].reminded_at is None
    assert work.case.steps[-1].step != "remind"
