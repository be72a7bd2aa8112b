"""An appeal against a decision: it came, it was forwarded with the file, it ended (KPA art. 127–138)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.appeals import (
    BY_THE_APPEAL_AUTHORITY,
    FORWARDING,
    FORWARDING_TERM,
    WITHOUT_FORCE,
    AppealOutcome,
    final_after,
)
from app.domain.correspondence import APPEALABLE
from app.domain.deadlines import APPEAL, Way, due_date, is_kept
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer
from app.models import Appeal, AppealEvent, Case, Deadline, DeadlineEvent, Decision, authored
from app.usecases.addressees import served_last_on
from app.usecases.days_off import office_calendar
from app.usecases.record import record
from app.usecases.whose_case import claim

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lodged:
    """How and when an appeal reached the office; `posted_on` counts for what Poczta Polska carried."""

    way: Way
    received_on: dt.date
    posted_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How and on which day an appeal ended; `remark` may name the decision of the appeal authority."""

    outcome: AppealOutcome
    on: dt.date
    remark: str = ""


def open_appeal(case: Case, decision: Decision | None = None) -> Appeal | None:
    """Return the appeal of `case` (or against `decision` alone) that has not ended yet."""
    return next(
        (one for one in case.appeals if one.outcome is None and decision in {None, one.decision}),
        None,
    )


def is_repealed(case: Case, decision: Decision) -> bool:
    """Whether an appeal has ended so that `decision` is no more."""
    return any(one.decision is decision and one.outcome in WITHOUT_FORCE for one in case.appeals)


def may_be_appealed(case: Case, decision: Decision) -> bool:
    """Whether an appeal against `decision` can be written down: a party was served with it, and none is open.

    One that comes late, or after a waiver, is written down too: whether it is admitted is not for the office to say.
    """
    if is_repealed(case, decision) or open_appeal(case, decision) is not None:
        return False
    return decision.kind in APPEALABLE and served_last_on(decision.letter) is not None


def forwarding_term(case: Case) -> Deadline | None:
    """Return the term in which the appeal of `case` has to be forwarded, while it runs."""
    return next((term for term in case.deadlines if term.kind == FORWARDING_TERM and term.ended_at is None), None)


def record_appeal(
    session: Session, case: Case, version: int, number: int, came: Lodged, *, act: Act, doer: Doer
) -> Appeal:
    """Write down that an appeal against the decision in the letter `number` of `case` reached the office.

    In time, it keeps the decision from becoming final. From then on the office has seven days to forward it.

    Raises what `claim` raises, ConditionMissing (`appeal-impossible`), BadInput (`appeal-day`, `appeal-posted`).
    """
    claim(case, version, act=act, doer=doer)
    decision = next((one for one in case.decisions if one.letter.seq == number), None)
    if decision is None or not may_be_appealed(case, decision):
        raise ConditionMissing("appeal-impossible")
    if not decision.issued_on <= came.received_on <= act.today:
        raise BadInput("appeal-day")
    posted_on = came.posted_on if came.way is Way.DESIGNATED_OPERATOR else None
    if posted_on is not None and not decision.issued_on <= posted_on <= came.received_on:
        raise BadInput("appeal-posted")
    term_end = _term_end(session, decision)
    appeal = Appeal(
        decision=decision,
        way=came.way,
        posted_on=posted_on,
        received_on=came.received_on,
        term_end=term_end,
        late=not is_kept(term_end, came.way, arrived=came.received_on, posted=posted_on),
    )
    _add_event(appeal, "received", came.received_on, act)
    case.appeals.append(appeal)
    if not appeal.late:
        decision.final_on = None
    _start_forwarding(session, case, came.received_on, act)
    case.changed_at = act.at
    details = {"letter": number, "on": came.received_on.isoformat(), "late": appeal.late}
    record(session, f"case:{case.id}", "appeal-recorded", details, act=act)
    return appeal


def forward_appeal(
    session: Session, case: Case, version: int, number: int, on: dt.date, *, act: Act, doer: Doer
) -> Appeal:
    """Write down that the appeal against the decision in the letter `number` went to the appeal authority on `on`.

    Raises what `claim` raises, ConditionMissing (`appeal-not-here`), BadInput (`appeal-day`).
    """
    claim(case, version, act=act, doer=doer)
    appeal = _open(case, number)
    if appeal is None or appeal.forwarded_on is not None:
        raise ConditionMissing("appeal-not-here")
    if not appeal.received_on <= on <= act.today:
        raise BadInput("appeal-day")
    appeal.forwarded_on = on
    _add_event(appeal, "forwarded", on, act)
    _end_forwarding(case, act)
    case.changed_at = act.at
    details = {"letter": number, "on": on.isoformat()}
    record(session, f"case:{case.id}", "appeal-forwarded", details, act=act)
    return appeal


def end_appeal(session: Session, case: Case, version: int, number: int, end: Ended, *, act: Act, doer: Doer) -> Appeal:
    """Write down how the appeal against the decision in the letter `number` ended on `on`; the decision follows.

    Raises what `claim` raises, ConditionMissing (`appeal-over`, `appeal-not-forwarded`, `appeal-gone`), BadInput
    (`appeal-day`).
    """
    claim(case, version, act=act, doer=doer)
    appeal = _open(case, number)
    if appeal is None:
        raise ConditionMissing("appeal-over")
    outcome, on = end.outcome, end.on
    if outcome in BY_THE_APPEAL_AUTHORITY and appeal.forwarded_on is None:
        raise ConditionMissing("appeal-not-forwarded")
    if outcome is AppealOutcome.CORRECTED and appeal.forwarded_on is not None:
        raise ConditionMissing("appeal-gone")
    if not (appeal.forwarded_on or appeal.received_on) <= on <= act.today:
        raise BadInput("appeal-day")
    appeal.outcome, appeal.ended_on = outcome, on
    appeal.decision.final_on = final_after(outcome, on, appeal.term_end, late=appeal.late)
    _add_event(appeal, outcome.value, on, act, end.remark.strip())
    _end_forwarding(case, act)
    case.changed_at = act.at
    details = {"letter": number, "on": on.isoformat(), "outcome": outcome.value}
    record(session, f"case:{case.id}", "appeal-ended", details, act=act)
    return appeal


def _term_end(session: Session, decision: Decision) -> dt.date:
    """Return the last day of an appeal against `decision` for the parties that were served with it so far."""
    if decision.final_on is not None:
        return decision.final_on - _ONE_DAY
    served = served_last_on(decision.letter)
    assert served is not None  # noqa: S101 - `may_be_appealed` says so
    return due_date(served, APPEAL, office_calendar(session))


def _open(case: Case, number: int) -> Appeal | None:
    return next((one for one in case.appeals if one.outcome is None and one.decision.letter.seq == number), None)


def _add_event(appeal: Appeal, kind: str, on: dt.date, act: Act, remark: str = "") -> None:
    appeal.events.append(AppealEvent(kind=kind, on=on, remark=remark or None, **authored(act)))


def _start_forwarding(session: Session, case: Case, received_on: dt.date, act: Act) -> None:
    term = Deadline(kind=FORWARDING_TERM, law="KPA art. 133", length=FORWARDING.length, unit=FORWARDING.unit.value)
    term.events.append(DeadlineEvent(kind="started", on=received_on, law="KPA art. 133", at=act.at))
    term.due_on = due_date(received_on, FORWARDING, office_calendar(session))
    case.deadlines.append(term)


def _end_forwarding(case: Case, act: Act) -> None:
    term = forwarding_term(case)
    if term is not None:
        term.ended_at = act.at
