"""What does the clock of a case (KPA art. 35) say? When the case is due, whether it runs, and what holds it."""

from __future__ import annotations

import datetime as dt

from app.domain.deadlines import (
    COMPLEX_CASE,
    STOPS_BY_HAND,
    Clock,
    ClockEvent,
    ClockEventKind,
    Reckoning,
    StopReason,
    Term,
    Unit,
)
from app.domain.holidays import STATUTORY, Calendar
from app.models import Case, Deadline

SETTLING_TERM = "settling"


def settling_term(case: Case) -> Deadline | None:
    """Return the term in which `case` has to be settled, or `None` where it has none."""
    return next((term for term in case.deadlines if term.kind == SETTLING_TERM), None)


def clock_of(term: Deadline) -> Clock:
    """Return the clock that the events of `term` make."""
    lengths = {
        ClockEventKind.STARTED.value: Term(term.length, Unit(term.unit)),
        ClockEventKind.COMPLICATED.value: COMPLEX_CASE,
    }
    return Clock(
        tuple(
            ClockEvent(
                ClockEventKind(event.kind),
                event.on,
                term=lengths.get(event.kind),
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


def stops_by_hand(case: Case) -> frozenset[StopReason]:
    """Return which suspension and which delay of `case` goes on that a clerk wrote down."""
    term = settling_term(case)
    return frozenset(clock_of(term).standing) & STOPS_BY_HAND if term and term.events else frozenset()


def may_be_complicated(case: Case, today: dt.date) -> bool:
    """Return whether `case` has one month, which has not passed, and no other day was announced (KPA art. 35 § 3)."""
    term = settling_term(case)
    if term is None or term.ended_at is not None or term.due_on is None or term.due_on < today:
        return False
    return not {event.kind for event in term.events} & {ClockEventKind.COMPLICATED, ClockEventKind.EXTENDED}
