"""The clock of a case (KPA art. 35) is kept as a ledger: it stands while the case waits for others, else it runs.

Each event names the paper that brought it about, where there is one.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.deadlines import STOPS_BY_HAND, ClockEventKind, StopReason, office_day
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.procedures.conditions import permit_returned
from app.domain.procedures.stages import (
    CLOCK_STARTS,
    CLOCK_STOPS,
    SETTLED_STAGES,
    UNDECIDED_STAGES,
    Stage,
    clock_reason,
)
from app.models import (
    BINDING,
    Case,
    CaseStep,
    Consignment,
    Deadline,
    DeadlineEvent,
    Letter,
    Package,
    Proposal,
    ProposalState,
)
from app.usecases.case_clock import clock_of, settling_term
from app.usecases.case_facts import (
    certificate_has_arrived,
    determinations,
    is_registered,
    newest_proposal,
    papers_to_come,
    permit_is_back,
    policy_is_shown,
)
from app.usecases.days_off import office_calendar
from app.usecases.summons_in_force import summons_in_force

COMPLICATING = "deem_complicated"
"""The step by which a case gets the term of a complicated one."""

Cause = Letter | Package | Consignment | Proposal | None
"""The paper that brought an event of a clock about."""

_ENDS_IT = frozenset(
    {
        DeterminationCode.REFUSAL_REASONS,
        DeterminationCode.REGISTERS_REPORT,
        DeterminationCode.OTHER_AUTHORITY,
        DeterminationCode.POINTLESS,
    }
)
"""A clerk has determined that the case ends by a way out: the office has the next word."""
_WORKED_ON = UNDECIDED_STAGES | {Stage.RECEIVED}


def waits_because(case: Case) -> StopReason | None:
    """Return why the clock of `case` stands by itself where the case is now; `None` where it runs.

    Once those outside have done what was asked of them, or nothing of them matters any more, the days are the office's
    (KPA art. 35 § 5).
    """
    reason = clock_reason(Stage(case.stage))
    return None if reason is None or _office_is_next(case) or _ends_by_a_way_out(case) else reason


def _ends_by_a_way_out(case: Case) -> bool:
    """Whether a clerk has determined that; what was determined before the case was taken up again ends it no more."""
    found = [row.at for code, row in determinations(case).items() if code in _ENDS_IT]
    return bool(found) and not any(step.step == "resume" and step.at >= max(found) for step in case.steps)


def _office_is_next(case: Case) -> bool:
    stage = Stage(case.stage)
    match stage:
        case Stage.AWAITING_REMEDY | Stage.AWAITING_ORIGINALS:
            summons = summons_in_force(case)
            return summons is not None and summons.met_at is not None
        case Stage.AGREEING_HANDOVER:
            return _owes_word_or_parcel(case, or_proposal=True)
        case Stage.HANDED_OVER:
            return certificate_has_arrived(case)
        case Stage.PERMANENT_READY:
            return _owes_word_or_parcel(case, or_proposal=False) or (
                not is_registered(case) and not _party_owes_something(case)
            )
        case _:
            return False


def _owes_word_or_parcel(case: Case, *, or_proposal: bool) -> bool:
    """Whether the office owes an answer to the owner, or has to post what was agreed.

    With `or_proposal` it has to propose first; the certificate is called for, and needs no proposal.
    """
    newest = newest_proposal(case)
    if newest is None or newest.sends_back:
        return or_proposal
    if newest.state is ProposalState.PROPOSED:
        return not newest.by_office
    if newest.state not in BINDING:
        return or_proposal
    return bool(newest.left(Method.POST)) or (or_proposal and not newest.left(Method.IN_PERSON))


def _party_owes_something(case: Case) -> bool:
    """Whether a document has to come before the registration, or, where the edition asks, permit or policy."""
    if any(paper.away for paper in papers_to_come(case)):
        return True
    asked = any(permit_returned in step.needs for step in case.table.steps)
    return asked and not (permit_is_back(case) and policy_is_shown(case))


def keep_clock(session: Session, case: Case, act: Act, *, step: CaseStep | None = None, cause: Cause = None) -> None:
    """Write into the ledger what the `step` just taken, and what is here and agreed now, do to the clock of `case`."""
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
        reason = StopReason.UNDER_APPEAL if step is not None and step.step == "resume" else StopReason.IN_THE_POST
        _write(term, ClockEventKind.STOPPED, act, reason, cause, on=office_day(term.ended_at))
        _write(term, ClockEventKind.RESTARTED, act, reason, cause)
    term.ended_at = (term.ended_at or act.at) if after in SETTLED_STAGES else None
    if len(term.events) > known or term.ended_at != ended_at:
        _reckon_anew(session, case, term, act)


def extend_term(session: Session, case: Case, letter: Letter, until: dt.date, act: Act) -> None:
    """Move the due day of `case` to `until`, of which `letter` tells the party (KPA art. 36 § 1)."""
    term = settling_term(case)
    if term is None:
        return
    _write(term, ClockEventKind.EXTENDED, act, cause=letter, law="KPA art. 36 § 1", until=until)
    _reckon_anew(session, case, term, act)


def _act_by_hand(term: Deadline, step: CaseStep, act: Act, cause: Cause) -> None:
    """Write what a clerk did to the clock by `step`, by which law and in which words."""
    if reason := CLOCK_STOPS.get(step.step):
        _write(term, ClockEventKind.STOPPED, act, reason, cause, step=step)
    for reason in clock_of(term).standing:
        if reason in CLOCK_STARTS.get(step.step, ()):
            _write(term, ClockEventKind.RESTARTED, act, reason, cause, step=step)
    if step.step == COMPLICATING:
        _write(term, ClockEventKind.COMPLICATED, act, None, cause, step=step)


def _reckon_anew(session: Session, case: Case, term: Deadline, act: Act) -> None:
    seen = clock_of(term).reckon(act.today, office_calendar(session))
    case.clock_stands = not seen.running and term.ended_at is None
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
