"""The clerk is warned once of a day that comes near: the end of a permit, the end of the term of a case.

A warning is a finding of the case; where the day moves, the next one warns again. To remind the party is no matter of
these: that is a letter, and a letter has an author.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.domain.acts import Act
from app.domain.deadlines import is_at_risk
from app.domain.holidays import Calendar
from app.domain.procedures.stages import SETTLED_STAGES
from app.models import Case, Deadline, Finding, Permit
from app.usecases.case_clock import SETTLING_TERM, reckoning

PERMIT_RUNS_OUT, PERMIT_ENDS = "permit-runs-out", "permit-ends"
CASE_AT_RISK = "case-at-risk"
PERMIT_WARNING, LAST_PERMIT_WARNING = dt.timedelta(days=7), dt.timedelta(days=3)
"""So long before its last day the clerk is told that a permit runs out, and told again."""
_LONGEST_RISK = dt.timedelta(days=20)
"""A fifth of the longest term that occurs, two months with an extension, and some days more."""
_SETTLED = sorted(stage.value for stage in SETTLED_STAGES)


def permits_to_warn_of(today: dt.date) -> sa.Select[int]:
    """Return the cases whose permit soon runs out, though the office is not done and its clerk does not know."""
    return (
        sa.select(Case.id)
        .join(Permit, Permit.case_id == Case.id)
        .where(Permit.valid_until.between(today, today + PERMIT_WARNING), Case.stage.not_in(_SETTLED))
        .where(
            sa.or_(
                Permit.warned_for.is_distinct_from(Permit.valid_until),
                sa.and_(
                    Permit.valid_until <= today + LAST_PERMIT_WARNING,
                    Permit.last_warned_for.is_distinct_from(Permit.valid_until),
                ),
            )
        )
    )


def warn_of_permit(case: Case, *, act: Act) -> bool:
    """Tell the clerk of `case` that its permit runs out. Returns whether that was news."""
    permit = case.permit
    if permit is None or permit.valid_until is None:
        return False
    near = permit.valid_until - act.today <= LAST_PERMIT_WARNING
    if permit.valid_until == (permit.last_warned_for if near else permit.warned_for):
        return False
    permit.warned_for = permit.valid_until
    permit.last_warned_for = permit.valid_until if near else permit.last_warned_for
    code, day = PERMIT_ENDS if near else PERMIT_RUNS_OUT, permit.valid_until.isoformat()
    case.findings.append(Finding(code=code, details={"number": permit.number, "date": day}, at=act.at))
    return True


def cases_perhaps_at_risk(today: dt.date) -> sa.Select[int]:
    """Return the cases whose running term ends soon, and whose clerk was not warned of that day."""
    told = sa.exists().where(
        Finding.case_id == Case.id,
        Finding.code == CASE_AT_RISK,
        Finding.details["date"].as_string() == sa.cast(Case.due_on, sa.String),
    )
    return (
        sa.select(Case.id)
        .join(Deadline, sa.and_(Deadline.case_id == Case.id, Deadline.kind == SETTLING_TERM))
        .where(Case.due_on.between(today, today + _LONGEST_RISK), Case.stage.not_in(_SETTLED))
        .where(Deadline.ended_at.is_(None), Case.clock_stands.is_(False), ~told)
    )


def is_risky(case: Case, today: dt.date, calendar: Calendar) -> bool:
    """Return whether little of the term of `case` is left, as seen on `today`."""
    seen = reckoning(case, today, calendar)
    return seen is not None and is_at_risk(case.received_on, seen, today)


def warn_of_risk(case: Case, calendar: Calendar, *, act: Act) -> bool:
    """Tell the clerk of `case` that little of its term is left. Returns whether that was news."""
    if case.due_on is None or not is_risky(case, act.today, calendar):
        return False
    day = case.due_on.isoformat()
    if any(one.code == CASE_AT_RISK and one.details.get("date") == day for one in case.findings):
        return False
    case.findings.append(Finding(code=CASE_AT_RISK, details={"date": day}, at=act.at))
    return True
