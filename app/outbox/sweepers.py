"""What is put right from time to time: work without a job, jobs that kill, bytes without a row, the seal."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.extensions import db
from app.models import (
    DeliveryState,
    DistributionPoint,
    Email,
    Job,
    JobState,
    Letter,
    LetterState,
    Package,
    PackageState,
    Receipt,
    StoredFile,
)
from app.outbox.case_sweepers import (
    archive_what_is_over,
    count_on_standing_clocks,
    remind_of_proposals,
    serve_unopened_letters,
    warn_of_cases_at_risk,
    warn_of_permits,
)
from app.outbox.daily_reports import keep_daily_reports
from app.outbox.leases import MAX_TRIES
from app.outbox.post import SEND_EMAIL, post_job
from app.pki.outside import is_listed
from app.storage import Entry, StoreError
from app.transaction import one_transaction
from app.usecases.prepare_letter import SEND_LETTER
from app.usecases.published_lists import FETCH_LIST
from app.usecases.receive_package import SETTLE
from app.usecases.record import record
from app.usecases.seal_audit import seal_audit
from app.usecases.seals import seal_in_use
from app.usecases.throttle import sweep_throttle
from app.usecases.web_sessions import sweep_sessions

log = logging.getLogger(__name__)

_BATCH = 500
_YOUNG = dt.timedelta(hours=1)
"""Bytes may wait this long for the row that is still being written."""

_LATE = dt.timedelta(minutes=15)

Sweeper = Callable[[Equipment, dt.datetime], None]


@dataclass(slots=True)
class Sweepers:
    """The sweepers of one worker, each with its own period. All are safe to run in several workers at once."""

    _next: dict[str, dt.datetime] = field(default_factory=dict)

    def sweep(self, equipment: Equipment, at: dt.datetime) -> None:
        """Run what is due at `at`. One that fails does not keep the others from their work."""
        for sweeper, period in _PERIODS:
            name = sweeper.__name__
            due = self._next.get(name)
            # The second comparison: a clock that was set back must not stop the sweepers until it has caught up.
            if due is not None and at < due <= at + period:
                continue
            self._next[name] = at + period
            try:
                sweeper(equipment, at)
            except (Refused, StoreError) as trouble:
                log.warning("%s has to wait: %s", name, trouble)
            except SQLAlchemyError:
                raise
            except Exception:
                log.exception("%s failed", name)
            finally:
                db.session.rollback()


def post_lost_jobs(_equipment: Equipment, at: dt.datetime) -> None:
    """Give what waits its job again: the two are one commit, but hands reach into databases."""
    settled = sa.exists().where(Job.kind == SETTLE, Job.subject_id == Package.id)
    packages = sa.select(Package.id).where(Package.state == PackageState.RECEIVED, ~settled).limit(_BATCH)
    sent = sa.exists().where(Job.kind == SEND_EMAIL, Job.subject_id == Email.id)
    emails = sa.select(Email.id).where(Email.state == DeliveryState.WAITING, ~sent).limit(_BATCH)
    # A letter that waits for its minute has a job; one whose minute has long passed had better have one, too.
    leaving = sa.exists().where(Job.kind == SEND_LETTER, Job.subject_id == Letter.id)
    letters = sa.select(Letter.id).where(Letter.state == LetterState.LEAVING, Letter.leaves_at <= at, ~leaving)
    letters = letters.limit(_BATCH)
    if all(db.session.scalar(lost) is None for lost in (packages, emails, letters)):
        return
    act = Act(SYSTEM, at)
    with one_transaction() as session:
        for package_id in session.scalars(packages).all():
            post_job(session, SETTLE, package_id, key=f"{SETTLE}:{package_id}", act=act)
            log.error("package %s waited without a job", package_id)
        for email_id in session.scalars(emails).all():
            post_job(session, SEND_EMAIL, email_id, key=f"email:{email_id}", act=act)
            log.error("e-mail %s waited without a job", email_id)
        for letter_id in session.scalars(letters).all():
            post_job(session, SEND_LETTER, letter_id, key=f"{SEND_LETTER}:{letter_id}", act=act)
            log.error("letter %s waited without a job", letter_id)


def post_due_lists(equipment: Equipment, at: dt.datetime) -> None:
    """Have the revocation lists fetched whose turn it is, from the hosts that are listed."""
    hosts = equipment.settings.crl_hosts
    if not hosts:
        return
    due = sa.select(DistributionPoint.id, DistributionPoint.address).where(DistributionPoint.due_at <= at)
    ids = [point_id for point_id, address in db.session.execute(due) if is_listed(address, hosts)]
    if ids:
        with one_transaction() as session:
            for point_id in ids:
                post_job(session, FETCH_LIST, point_id, key=f"{FETCH_LIST}:{point_id}", act=Act(SYSTEM, at))


def give_up_deadly_jobs(_equipment: Equipment, at: dt.datetime) -> None:
    """Give up jobs whose last allowed try ended with the worker: they would end the next one too."""
    deadly = sa.and_(Job.state == JobState.READY, Job.tries >= MAX_TRIES, Job.leased_until <= at)
    if db.session.scalar(sa.select(Job.id).where(deadly).limit(1)) is None:
        return
    with one_transaction() as session:
        for job in session.scalars(sa.select(Job).where(deadly).with_for_update(skip_locked=True)).all():
            job.state, job.lease, job.leased_until = JobState.DEAD, None, None
            job.error = "the worker ended in the middle of each try"
            details = {"job": job.id, "kind": job.kind, "subject": job.subject_id, "tries": job.tries}
            record(session, "office", "job-given-up", details, act=Act(SYSTEM, at))


def tell_what_is_late(_equipment: Equipment, at: dt.datetime) -> None:
    """Say in the log what somebody has to look at: packages that wait too long, accepted ones without a receipt."""
    late = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Package)
        .where(Package.state == PackageState.RECEIVED, Package.received_at < at - _LATE)
    )
    if late:
        log.error("%s packages were received more than 15 minutes ago and are not settled", late)
    # Newest first: an old gap is found by `store verify`, which looks at all.
    newest = sa.select(Package.id, Package.state).order_by(Package.id.desc()).limit(_BATCH).subquery()
    bare = db.session.scalars(
        sa.select(newest.c.id).where(
            newest.c.state == PackageState.ACCEPTED, ~sa.exists().where(Receipt.package_id == newest.c.id)
        )
    ).all()
    if bare:
        log.error("packages accepted without a receipt: %s", bare)


def sweep_bytes(equipment: Equipment, at: dt.datetime) -> None:
    """Move bytes without a row to quarantine once they are an hour old, and bring back what got its row meanwhile."""
    store = equipment.store
    store.sweep_incoming(at - _YOUNG)
    old = (entry for entry in store.entries() if entry.changed_at < at - _YOUNG)
    for batch in _batches(old):
        for sha256 in {entry.sha256 for entry in batch} - _with_row([entry.sha256 for entry in batch]):
            if store.quarantine(sha256, unless_changed_since=at - _YOUNG):
                log.warning("bytes without a row went to quarantine: %s", sha256)
    # SQLite shows a transaction one moment only: what got its row while the bytes were moved shows in a new one.
    db.session.rollback()
    for sha256 in _with_row(list(store.quarantined())):
        if not store.exists(sha256) and store.restore(sha256):
            log.warning("bytes came back from quarantine, for they have a row: %s", sha256)


def seal_the_trail(equipment: Equipment, at: dt.datetime) -> None:
    """Seal the audit events since the last seal, if there is any."""
    act = Act(SYSTEM, at)
    with one_transaction() as session:
        seal_audit(session, seal_in_use(session, equipment=equipment, act=act), act=act)


def forget_log_ins(_equipment: Equipment, at: dt.datetime) -> None:
    """Drop sessions that ended a month ago and failed attempts that count no more."""
    with one_transaction() as session:
        sweep_sessions(session, at)
        sweep_throttle(session, at)


_PERIODS: tuple[tuple[Sweeper, dt.timedelta], ...] = (
    (post_lost_jobs, dt.timedelta(minutes=1)),
    (post_due_lists, dt.timedelta(minutes=1)),
    (give_up_deadly_jobs, dt.timedelta(minutes=1)),
    (tell_what_is_late, dt.timedelta(minutes=5)),
    (seal_the_trail, dt.timedelta(minutes=10)),
    (sweep_bytes, dt.timedelta(hours=1)),
    (forget_log_ins, dt.timedelta(hours=1)),
    (serve_unopened_letters, dt.timedelta(minutes=10)),
    (count_on_standing_clocks, dt.timedelta(hours=1)),
    (remind_of_proposals, dt.timedelta(hours=1)),
    (warn_of_permits, dt.timedelta(hours=1)),
    (warn_of_cases_at_risk, dt.timedelta(hours=1)),
    (archive_what_is_over, dt.timedelta(hours=1)),
    (keep_daily_reports, dt.timedelta(minutes=1)),
)


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while batch := list(itertools.islice(entries, _BATCH)):
        yield batch


def _with_row(names: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), _BATCH):
        part = names[start : start + _BATCH]
        found.update(db.session.scalars(sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(part))))
    return found
