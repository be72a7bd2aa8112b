"""The clock of a case (KPA art. 35) as a ledger: it stops, goes on and ends with the stages that the case enters."""

from __future__ import annotations

import datetime as dt

from app.domain.acts import Act
from app.domain.deadlines import (
    Clock,
    ClockEvent,
    ClockEventKind,
    Reckoning,
    StopReason,
    Term,
    Unit,
    office_day,
)
from app.domain.holidays import STATUTORY, Calendar
from app.domain.procedures.stages import SETTLED_STAGES, Stage, clock_reason
from app.models import Case, Deadline, DeadlineEvent

SETTLING_TERM = "settling"


def settling_term(case: Case) -> Deadline | None:
    """Return the term in which `case` has to be settled, or `None` where it has none."""
    return next((term for term in case.deadlines if term.kind == SETTLING_TERM), None)


def clock_of(term: Deadline) -> Clock:
    """Return the clock that the events of `term` make."""
    return Clock(
        tuple(
            ClockEvent(
                ClockEventKind(event.kind),
                event.on,
                term=Term(term.length, Unit(term.unit)) if event.kind == ClockEventKind.STARTED else None,
                reason=StopReason(event.reason) if event.reason else None,
                until=event.until,
            )
            for event in term.events
        )
    )


def reckoning(case: Case, today: dt.date, calendar: Calendar = STATUTORY) -> Reckoning | None:
    """Return when `case` is due as seen on `today`, and why; `None` where it has no term."""
    term = settling_term(case)
    return clock_of(term).reckon(today, calendar) if term and term.events else None


def keep_clock(case: Case, before: Stage, act: Act, calendar: Calendar) -> None:
    """Write into the ledger of `case` what its move from the stage `before` does to the clock, and its new due day."""
    term = settling_term(case)
    after = Stage(case.stage)
    if term is None or before is after:
        return
    stood, stands = clock_reason(before), clock_reason(after)
    if stood is not stands:
        if stood is not None and term.ended_at is None:
            _write(term, ClockEventKind.RESTARTED, stood, act)
        if stands is not None:
            # What was over and is opened again did not count meanwhile.
            _write(term, ClockEventKind.STOPPED, stands, act, on=office_day(term.ended_at) if term.ended_at else None)
    if stands is None and term.ended_at is not None and after not in SETTLED_STAGES:
        _write(term, ClockEventKind.STOPPED, StopReason.UNDER_APPEAL, act, on=office_day(term.ended_at))
        _write(term, ClockEventKind.RESTARTED, StopReason.UNDER_APPEAL, act)
    term.ended_at = (term.ended_at or act.at) if after in SETTLED_STAGES else None
    term.due_on = case.due_on = clock_of(term).reckon(act.today, calendar).due


def extend_term(case: Case, until: dt.date, act: Act, calendar: Calendar) -> None:
    """Move the due day of `case` to `until`, of which the party is told (KPA art. 36 § 1)."""
    term = settling_term(case)
    if term is None:
        return
    term.events.append(
        DeadlineEvent(kind=ClockEventKind.EXTENDED.value, on=act.today, law="KPA art. 36 § 1", until=until, at=act.at)
    )
    term.due_on = case.due_on = clock_of(term).reckon(act.today, calendar).due


def _write(term: Deadline, kind: ClockEventKind, reason: StopReason, act: Act, *, on: dt.date | None = None) -> None:
    term.events.append(
        DeadlineEvent(kind=kind.value, on=on or act.today, law="KPA art. 35 § 5", reason=reason.value, at=act.at)
    )
