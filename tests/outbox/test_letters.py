"""A letter leaves once: broken off between store and commit, repeated, or begun by two workers at the same time."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from app.clock import now
from app.domain.acts import Act
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.models import AuditEvent, Email, Job, Letter, LetterState, Message, Service, Summons
from app.outbox import deliver
from app.outbox.worker import Worker
from app.transaction import one_transaction
from app.usecases.prepare_letter import SEND_LETTER, new_draft, prepare_letter
from app.usecases.send_letter import print_out
from tests.factories import Signers, an_office, application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound


@pytest.fixture
def leaving(house: Flask, authority, tmp_path) -> int:
    """A summons whose minute has passed. Returns its id."""
    with house.app_context():
        an_office(authority)
        citizen = a_citizen()
        sender = by_mailbox(citizen)
        work = Work(send(Signers(authority, tmp_path).sign(application_files()), sender=sender).case_id)
        work.take()
        work.accept_all()
        act = Act(work.clerk, now())
        with one_transaction() as session:
            case = session.get_one(type(work.case), work.case_id)
            letter = prepare_letter(
                session, case, case.version, new_draft(session, case, "summon_originals", act),
                equipment=house.extensions["equipment"], act=act, doer=Doer.CLERK, delay=0,
            )  # fmt: skip
            # Only this job is looked at: the others of the office are done.
            session.execute(sa.delete(Job).where(Job.kind != SEND_LETTER))
            session.execute(sa.delete(Email))
            return letter.id


def left_once(house: Flask, letter_id: int) -> None:
    with house.app_context():
        letter = db.session.get_one(Letter, letter_id)
        assert (letter.state, letter.case.stage) == (LetterState.SENT, "awaiting_originals")
        assert [step.step for step in letter.case.steps].count("summon_originals") == 1
        for kind in (Service, Summons, Email):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(kind)) == 1
        letters = sa.select(sa.func.count()).where(Message.kind == "letter")
        assert db.session.scalar(letters) == 1
        assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "letter-sent")) == 1
        sound()
        db.session.remove()


def test_what_is_broken_off_before_the_commit_has_not_left_and_leaves_once_later(house: Flask, leaving, monkeypatch):
    def killed(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deliver, "leave", killed)
        with pytest.raises(KeyboardInterrupt):
            Worker(house).run_once()
    with house.app_context():
        letter = db.session.get_one(Letter, leaving)
        assert (letter.state, letter.pdf_sha256, letter.case.stage) == (LetterState.LEAVING, None, "verification")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Email)) == 0
        # The lease of whoever was killed runs out.
        with one_transaction() as session:
            session.execute(sa.update(Job).values(lease=None, leased_until=None))

    Worker(house).run_once()

    left_once(house, leaving)


def test_a_job_that_runs_again_sends_nothing_again(house: Flask, leaving):
    with house.app_context():
        job = db.session.scalars(sa.select(Job).where(Job.kind == SEND_LETTER)).one()
        again = {"kind": job.kind, "subject_id": job.subject_id, "key": job.key}
    Worker(house).run_once()
    with house.app_context(), one_transaction() as session:
        session.add(Job(**again, due_at=now(), created_at=now()))

    Worker(house).run_once()

    left_once(house, leaving)


def test_two_who_print_the_same_letter_at_once_send_it_once(house: Flask, leaving):
    """As if a lease had run out while its holder still printed."""
    ready, faults = threading.Barrier(2), []

    def work() -> None:
        try:
            with house.app_context():
                tools, act = house.extensions["equipment"], Act(deliver.SYSTEM, now())
                printed = print_out(db.session(), db.session.get_one(Letter, leaving), equipment=tools, act=act)
                ready.wait(timeout=60)
                with one_transaction() as session:
                    deliver.leave(session, leaving, printed, act=act)
                db.session.remove()
        except Exception as fault:  # noqa: BLE001  a thread's fault is the test's
            faults.append(fault)

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert faults == []
    left_once(house, leaving)
