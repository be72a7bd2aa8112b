"""Who works off the outbox: claims jobs under a lease, runs them, and sweeps up what was left."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import secrets
import threading
from collections.abc import Mapping

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.extensions import db
from app.models import Job, JobState
from app.outbox.channels import Undeliverable
from app.outbox.deliver import HANDLERS, Handler, LeaseLost, Work, hold
from app.outbox.leases import LEASE, MAX_TRIES, claimable, retry_after
from app.outbox.sweepers import Sweepers
from app.storage import StoreError
from app.transaction import one_transaction
from app.usecases.record import record

log = logging.getLogger(__name__)

_IDLE = 1.0
_AFTER_TROUBLE = 5.0

# Not the job's fault: it is tried until the office's own trouble is over, and never given up.
_OWN_TROUBLE = (Refused, StoreError, OperationalError, InterfaceError, PoolTimeout)


class Worker:
    """Works off the jobs in one door's database. Any number of workers, in any number of processes, may run."""

    def __init__(self, app: Flask, handlers: Mapping[str, Handler] = HANDLERS) -> None:
        """Work in the context of `app`; `handlers` says what each kind of job does."""
        self._app = app
        self._handlers = handlers
        self._stopping = threading.Event()
        self._sweepers = Sweepers()
        self._lease: str | None = None
        """Of the job in hand, or of one whose claim or end is in doubt since the database went away."""

    def run(self) -> None:
        """Work until stopped. Survives a database that is away for a while."""
        while not self._stopping.is_set():
            try:
                worked = self.run_once()
            except Exception:
                log.exception("the worker is in trouble, its database perhaps away")
                self._stopping.wait(_AFTER_TROUBLE)
            else:
                if not worked:
                    self._stopping.wait(_IDLE)

    def run_once(self) -> int:
        """Sweep if it is time to, and work off everything that is due. Returns how many jobs were run."""
        worked = 0
        with self._app.app_context():
            try:
                self._let_go()
                self._sweepers.sweep(self._equipment, now())
                while not self._stopping.is_set() and self._work_off_one():
                    worked += 1
            finally:
                db.session.remove()
        return worked

    def stop(self) -> None:
        """Ask `run` to end after the job in hand."""
        self._stopping.set()

    def give_back(self) -> None:
        """Let go of the job in hand, for a process that cannot wait for its end: another worker may begin it."""
        with self._app.app_context():
            self._let_go()

    def _let_go(self) -> None:
        if self._lease is None:
            return
        with one_transaction() as session:
            session.execute(sa.update(Job).where(Job.lease == self._lease).values(lease=None, leased_until=None))
        self._lease = None

    @property
    def _equipment(self) -> Equipment:
        tools: Equipment = self._app.extensions["equipment"]
        return tools

    def _work_off_one(self) -> bool:
        work = self._claim()
        if work is None:
            return False
        self._run(work)
        self._lease = None
        db.session.remove()
        return True

    def _claim(self) -> Work | None:
        """Take the job that is due longest, so that nobody else takes it until the lease is over."""
        at, lease = now(), secrets.token_hex(16)
        pick = sa.select(Job.id).where(claimable(at)).order_by(Job.due_at, Job.id).limit(1)
        # A look without a lock first: an idle worker must not hold up those who write.
        if db.session.scalar(pick) is None:
            db.session.rollback()
            return None
        with one_transaction() as session:
            # SQLite: the writer is alone from BEGIN IMMEDIATE on, and FOR UPDATE is left out of the statement.
            job_id = session.scalar(pick.with_for_update(skip_locked=True))
            if job_id is None:
                return None
            self._lease = lease
            claimed = session.execute(
                sa.update(Job)
                .where(Job.id == job_id)
                .values(lease=lease, leased_until=at + LEASE, tries=Job.tries + 1)
                .returning(Job.id, Job.kind, Job.subject_id, Job.tries)
            ).one()
        return Work(*claimed, lease=lease)

    def _run(self, work: Work) -> None:
        handler = self._handlers.get(work.kind)
        try:
            if handler is None:
                raise Undeliverable(f"nobody knows how to do {work.kind}")  # noqa: TRY301  one place decides about failures
            handler.run(work, self._equipment)
            with one_transaction() as session:
                session.execute(sa.delete(Job).where(Job.id == work.id, Job.lease == work.lease))
        except LeaseLost:
            log.warning("job %s (%s) was taken over by another worker", work.id, work.kind)
        except Exception as error:
            log.exception("job %s (%s) failed, try %s", work.id, work.kind, work.tries)
            db.session.rollback()
            self._put_off(work, handler, error)

    def _put_off(self, work: Work, handler: Handler | None, error: Exception) -> None:
        """Write down the failure: the job is due again later, or given up."""
        at, reason = now(), _reason(error)
        with contextlib.suppress(LeaseLost), one_transaction() as session:
            hold(session, work)
            if isinstance(error, Undeliverable) or (work.tries >= MAX_TRIES and not isinstance(error, _OWN_TROUBLE)):
                give_up(session, work, reason, handler, at)
                return
            session.execute(
                sa.update(Job)
                .where(Job.id == work.id)
                .values(
                    lease=None,
                    leased_until=None,
                    tries=min(work.tries, MAX_TRIES - 1),
                    due_at=at + retry_after(work.tries),
                    error=reason,
                )
            )


def give_up(session: Session, work: Work, reason: str, handler: Handler | None, at: dt.datetime) -> None:
    """Leave the job where a supervisor sees it, with an event in the audit trail."""
    session.execute(
        sa.update(Job).where(Job.id == work.id).values(state=JobState.DEAD, lease=None, leased_until=None, error=reason)
    )
    if handler is not None and handler.given_up is not None:
        handler.given_up(session, work, reason)
    record(
        session,
        "office",
        "job-given-up",
        {"job": work.id, "kind": work.kind, "subject": work.subject_id, "tries": work.tries},
        act=Act(SYSTEM, at),
    )


def _reason(error: Exception) -> str:
    """Return the error for the register of jobs, in one line; its values may be personal and stay out of long ones."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:300]
