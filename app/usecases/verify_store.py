"""Whether everything that the office promises about stored things is true now: the invariants I1 to I8.

I1  what was acknowledged has its row and its bytes, with equal digests
I2  the same package twice is one package, in one case
I3  one receipt per accepted package, and none for others
I4  each change of stage has one history row; the audit trail verifies
I5  no update was lost: series count without gaps
I6  no job is stuck past its lease
I7  bytes without a row lie in quarantine only; a row without bytes is an alarm
I8  a restart needs no handwork: whatever waits has a live job

What is promised of things, letters and terms, C1 to C9, stands in `verify_custody`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.models import (
    Case,
    CaseStep,
    DeliveryState,
    Email,
    Job,
    JobState,
    Letter,
    LetterState,
    NumberSeries,
    Package,
    PackageState,
    Receipt,
    StoredFile,
)
from app.storage import Missing, Store
from app.usecases.prepare_letter import SEND_LETTER
from app.usecases.verify_audit import begin_long_look, verify_audit
from app.usecases.verify_custody import verify_custody

_BATCH = 100
_YOUNG = dt.timedelta(hours=1)
"""Bytes may be this old before their row must be there: the transaction may still run."""
_OVERDUE = dt.timedelta(minutes=5)
_LONGEST_LEASE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise: which (`I1` … `I8`, `C1` … `C9`), about what, and in words."""

    invariant: str
    subject: str
    sentence: str


def verify_store(session: Session, store: Store, at: dt.datetime) -> list[Violation]:
    """Return what breaks the invariants at `at`; nothing, if all hold. Reads every kept byte, and writes nothing."""
    begin_long_look(session)
    checks: tuple[Callable[[], Iterator[Violation]], ...] = (
        lambda: _kept_bytes(session, store),
        lambda: _packages_once(session),
        lambda: _receipts(session),
        lambda: _steps(session),
        lambda: _trail(session),
        lambda: _series(session),
        lambda: _leases(session, at),
        lambda: _orphans(session, store, at),
        lambda: _live_jobs(session),
        lambda: itertools.starmap(Violation, verify_custody(session, at)),
    )
    return [violation for check in checks for violation in check()]


def _kept_bytes(session: Session, store: Store) -> Iterator[Violation]:
    """I1, I7: every row has its bytes, unchanged. In small batches: the database hears from us while files are read."""
    last = ""
    while True:
        rows = session.execute(
            sa.select(StoredFile.sha256, StoredFile.size)
            .where(StoredFile.sha256 > last)
            .order_by(StoredFile.sha256)
            .limit(_BATCH)
        ).all()
        for sha256, size in rows:
            last = sha256
            try:
                there = store.size(sha256)
            except Missing:
                invariant = "I1" if _is_package(session, sha256) else "I7"
                yield Violation(invariant, f"file {sha256}", "the row is there and its bytes are not")
                continue
            if there != size:
                yield Violation("I1", f"file {sha256}", f"{there} bytes are kept where the row says {size}")
            elif not store.verify(sha256):
                yield Violation("I1", f"file {sha256}", "the kept bytes were altered")
        if len(rows) < _BATCH:
            return


def _is_package(session: Session, sha256: str) -> bool:
    of_package = sa.or_(Package.sha256 == sha256, Package.companion_sha256 == sha256)
    return session.scalar(sa.select(Package.id).where(of_package).limit(1)) is not None


def _packages_once(session: Session) -> Iterator[Violation]:
    """I2: one package per bytes and sender, and an accepted one stands in a case."""
    twice = (
        sa.select(Package.sha256, Package.sender_key, sa.func.count())
        .where(Package.state != PackageState.REFUSED)
        .group_by(Package.sha256, Package.sender_key)
    )
    for sha256, sender, count in session.execute(twice.having(sa.func.count() > 1)):
        yield Violation("I2", f"file {sha256}", f"is {count} packages of the sender {sender}")
    lost = sa.select(Package.number).where(Package.state == PackageState.ACCEPTED, Package.case_id.is_(None))
    for number in session.scalars(lost):
        yield Violation("I2", f"package {number}", "was accepted and is in no case")


def _receipts(session: Session) -> Iterator[Violation]:
    """I3: a receipt for each accepted package, one, and for no other."""
    counted = (
        sa.select(Package.number, Package.state, sa.func.count(Receipt.id))
        .outerjoin(Receipt, Receipt.package_id == Package.id)
        .group_by(Package.id, Package.number, Package.state)
    )
    due = sa.case((Package.state == PackageState.ACCEPTED, 1), else_=0)
    for number, state, count in session.execute(counted.having(sa.func.count(Receipt.id) != due)):
        yield Violation("I3", f"package {number}", f"is {state.value} and has {count} receipts")


def _steps(session: Session) -> Iterator[Violation]:
    """I4: steps are numbered from 1, each begins where the one before ended, and the last ended at the stage."""
    before = sa.func.lag(CaseStep.to_stage).over(partition_by=CaseStep.case_id, order_by=CaseStep.seq)
    place = sa.func.row_number().over(partition_by=CaseStep.case_id, order_by=CaseStep.seq)
    steps = sa.select(
        CaseStep.case_id, CaseStep.seq, CaseStep.from_stage, before.label("stood"), place.label("place")
    ).subquery()
    unlinked = sa.select(Case.sign, steps.c.seq).join(Case, Case.id == steps.c.case_id)
    broken = sa.or_(steps.c.seq != steps.c.place, steps.c.from_stage.is_distinct_from(steps.c.stood))
    for sign, seq in session.execute(unlinked.where(broken)):
        yield Violation("I4", f"case {sign}", f"step {seq} does not follow the step before it")
    last, later = aliased(CaseStep), aliased(CaseStep)
    ends = (
        sa.select(Case.sign, Case.stage, last.to_stage)
        .outerjoin(
            last,
            sa.and_(
                last.case_id == Case.id,
                ~sa.exists().where(later.case_id == last.case_id, later.seq > last.seq).correlate(last),
            ),
        )
        .where(last.to_stage.is_distinct_from(Case.stage))
    )
    for sign, stage, to_stage in session.execute(ends):
        yield Violation("I4", f"case {sign}", f"stands at {stage}, and its history ends at {to_stage or 'nothing'}")


def _trail(session: Session) -> Iterator[Violation]:
    """I4: chains and seals of the audit trail."""
    for broken in verify_audit(session):
        yield Violation("I4", f"audit {broken.chain}", broken.sentence)


def _series(session: Session) -> Iterator[Violation]:
    """I5: what two transactions count at once is counted twice, not once."""
    told = {row.series: row.last for row in session.execute(sa.select(NumberSeries.series, NumberSeries.last))}
    groups = sa.select(
        Case.unit, Case.case_class, Case.year, sa.func.count(), sa.func.min(Case.number), sa.func.max(Case.number)
    ).group_by(Case.unit, Case.case_class, Case.year)
    for unit, case_class, year, cases, first, last in session.execute(groups):
        series = f"case:{unit}:{case_class}:{year}"
        if first != 1 or cases != last:
            yield Violation("I5", series, f"has a gap: {cases} cases are numbered {first} to {last}")
        if told.get(series, 0) != last:
            yield Violation("I5", series, f"says {told.get(series, 0)}, and the last case is number {last}")
    for series, said in told.items():
        kind, _, year_text = series.partition(":")
        if kind == "package":
            of_year = Package.number.startswith(f"P-{year_text}-")
            packages = session.scalar(sa.select(sa.func.count()).select_from(Package).where(of_year))
            if packages != said:
                yield Violation("I5", series, f"says {said}, and {packages} packages are numbered in it")


def _leases(session: Session, at: dt.datetime) -> Iterator[Violation]:
    """I6: a lease ends, and somebody takes the job over."""
    stuck = sa.or_(
        sa.and_(Job.lease.is_not(None), Job.leased_until.is_(None)),
        Job.leased_until > at + _LONGEST_LEASE,
        Job.leased_until < at - _OVERDUE,
    )
    for job in session.scalars(sa.select(Job).where(Job.state == JobState.READY, stuck)):
        until = f"until {job.leased_until.isoformat()}" if job.leased_until else "for ever"
        yield Violation("I6", f"job {job.id}", f"{job.kind} is held {until}, and nobody takes it over")


def _orphans(session: Session, store: Store, at: dt.datetime) -> Iterator[Violation]:
    """I7: bytes that nobody knows lie aside."""
    old = (entry.sha256 for entry in store.entries() if entry.changed_at < at - _YOUNG)
    while batch := list(itertools.islice(old, _BATCH)):
        known = set(session.scalars(sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(batch))))
        for sha256 in batch:
            if sha256 not in known:
                yield Violation("I7", f"file {sha256}", "bytes without a row lie outside quarantine")


def _live_jobs(session: Session) -> Iterator[Violation]:
    """I8: what waits is worked on without anybody's help."""
    settling = sa.and_(Job.kind == "settle_package", Job.subject_id == Package.id)
    received = sa.select(Package.number, Job.state).outerjoin(Job, settling)
    received = received.where(Package.state == PackageState.RECEIVED, Job.state.is_distinct_from(JobState.READY))
    for number, state in session.execute(received):
        yield Violation(
            "I8", f"package {number}", "waits, and its job was given up" if state else "waits without a job"
        )
    sending = sa.and_(Job.kind == "send_email", Job.subject_id == Email.id)
    unsent = sa.select(Email.id).outerjoin(Job, sending)
    unsent = unsent.where(Email.state == DeliveryState.WAITING, Job.state.is_distinct_from(JobState.READY))
    for email_id in session.scalars(unsent):
        yield Violation("I8", f"e-mail {email_id}", "waits without a job")
    leaving = sa.and_(Job.kind == SEND_LETTER, Job.subject_id == Letter.id)
    kept = sa.select(Letter.id).outerjoin(Job, leaving)
    kept = kept.where(Letter.state == LetterState.LEAVING, Job.state.is_distinct_from(JobState.READY))
    for letter_id in session.scalars(kept):
        yield Violation("I8", f"letter {letter_id}", "is to leave, and has no job that sends it")
