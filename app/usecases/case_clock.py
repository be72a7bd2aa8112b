"""The clock of a case (KPA art. 35) as a ledger: it stops and goes on with its stages, and by acts of a clerk.

Each event names the paper that brought it about, where there is one.
"""

from __future__ import annotations

import datetime as dt

from app.domain.acts import Act
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
    office_day,
)
from app.domain.holidays import STATUTORY, Calendar
from app.domain.procedures.stages import (
    CLOCK_STARTS,
    CLOCK_STOPS,
    SETTLED_STAGES,
    UNDECIDED_STAGES,
    Stage,
    clock_reason,
)
from app.models import Case, CaseStep, Consignment, Deadline, DeadlineEvent, Letter, Package, Proposal, ProposalState

SETTLING_TERM = "settling"
COMPLICATING = "deem_complicated"
"""The step by which a case gets the term of a complicated one."""

Cause = Letter | Package | Consignment | Proposal | None
"""The paper that brought an event of a clock about."""

_WORKED_ON = UNDECIDED_STAGES | {Stage.RECEIVED}
_AGREEING = frozenset({Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY})


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


def waits_because(case: Case) -> StopReason | None:
    """Return why the clock of `case` stands by itself where the case is now; `None` where it runs.

    While the office owes the answer to a counter-proposal, nobody else is waited for (KPA art. 35 § 5).
    """
    stage = Stage(case.stage)
    newest = case.proposals[-1] if stage in _AGREEING and case.proposals else None
    if newest is not None and newest.state is ProposalState.PROPOSED and not newest.by_office:
        return None
    return clock_reason(stage)


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


def keep_clock(case: Case, act: Act, calendar: Calendar, *, step: CaseStep | None = None, cause: Cause = None) -> None:
    """Write into the ledger what the `step` just taken and the stage do to the clock, and the new due day."""
    term = settling_term(case)
    if term is None or not term.events:
        return
    after, known, ended_at = Stage(case.stage), len(term.events), term.ended_at
    if step is not None:
        _act_by_hand(term, step, act, cause)
    stood, stands = clock_of(term).standing, waits_because(case)
    over = {one for one in stood if one not in STOPS_BY_HAND and one is not stands}
    if after not in _WORKED_ON:
        over |= STOPS_BY_HAND.intersection(stood)
    for reason in stood:
        if reason in over and term.ended_at is None:
            _write(term, ClockEventKind.RESTARTED, act, reason, cause)
    if stands is not None and stands not in stood:
        # What was over and is opened again did not count meanwhile.
        _write(
            term, ClockEventKind.STOPPED, act, stands, cause, on=office_day(term.ended_at) if term.ended_at else None
        )
    if stands is None and term.ended_at is not None and after not in SETTLED_STAGES:
        _write(term, ClockEventKind.STOPPED, act, StopReason.UNDER_APPEAL, cause, on=office_day(term.ended_at))
        _write(term, ClockEventKind.RESTARTED, act, StopReason.UNDER_APPEAL, cause)
    term.ended_at = (term.ended_at or act.at) if after in SETTLED_STAGES else None
    if len(term.events) > known or term.ended_at != ended_at:
        _reckon_anew(case, term, act, calendar)


def extend_term(case: Case, letter: Letter, until: dt.date, act: Act, calendar: Calendar) -> None:
    """Move the due day of `case` to `until`, of which `letter` tells the party (KPA art. 36 § 1)."""
    term = settling_term(case)
    if term is None:
        return
    _write(term, ClockEventKind.EXTENDED, act, cause=letter, law="KPA art. 36 § 1", until=until)
    _reckon_anew(case, term, act, calendar)


def _act_by_hand(term: Deadline, step: CaseStep, act: Act, cause: Cause) -> None:
    """Write what a clerk did to the clock by `step`, by which law and in which words."""
    if reason := CLOCK_STOPS.get(step.step):
        _write(term, ClockEventKind.STOPPED, act, reason, cause, step=step)
    for reason in clock_of(term).standing:
        if reason in CLOCK_STARTS.get(step.step, ()):
            _write(term, ClockEventKind.RESTARTED, act, reason, cause, step=step)
    if step.step == COMPLICATING:
        _write(term, ClockEventKind.COMPLICATED, act, None, cause, step=step)


def _reckon_anew(case: Case, term: Deadline, act: Act, calendar: Calendar) -> None:
    seen = clock_of(term).reckon(act.today, calendar)
    term.stands = not seen.running and term.ended_at is None
    term.due_on = case.due_on = seen.due


def _write(
    term: Deadline,
    kind: ClockEventKind,
    act: Act,
    reason: StopReason | None = None,
    cause: Cause = None,
    *,
    on: dt.date | None = None,
    until: dt.date | None = None,
    law: str = "KPA art. 35 § 5",
    step: CaseStep | None = None,
) -> None:
    term.events.append(
        DeadlineEvent(
            kind=kind.value,
            # A machine whose clock was set back makes no ledger that cannot be.
            on=max(on or act.today, term.events[-1].on),
            law=step.law if step else law,
            reason=reason.value if reason else None,
            until=until,
            words=step.reason if step else None,
            letter=cause if isinstance(cause, Letter) else None,
            package=cause if isinstance(cause, Package) else None,
            consignment=cause if isinstance(cause, Consignment) else None,
            proposal=cause if isinstance(cause, Proposal) else None,
            at=act.at,
        )
    )
