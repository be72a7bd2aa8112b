"""The office that registered a vehicle last: which one it is, whether it was told, by when it has to be, and to answer.

The terms are kept as a ledger of the case, beside its clock; nothing in the case waits for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.deadlines import office_day
from app.domain.determinations import DeterminationCode
from app.domain.documents import IMPORTED
from app.domain.other_offices import (
    ANSWER_TERM,
    LAW,
    NOTICE_TERM,
    WORKING_DAYS,
    county_elsewhere,
    due_after_working_days,
)
from app.domain.procedures.stages import SIDE_STAGES, ProcedureName, Stage
from app.models import Case, Deadline, DeadlineEvent
from app.usecases.case_facts import answers_of_case, determinations
from app.usecases.days_off import office_calendar
from app.usecases.office_told import notice_sent


def complete_on(case: Case) -> dt.date | None:
    """Return the day on which everything was there, last; nothing while something is awaited."""
    days = [office_day(step.at) for step in case.steps if step.to_stage == Stage.ORIGINALS_COMPLETE.value]
    before = {Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS}
    return days[-1] if days and case.stage not in SIDE_STAGES | before else None


def last_county(case: Case, own_prefixes: Collection[str]) -> tuple[str, str] | None:
    """Return letters and name of the county of another office, by the number of the vehicle; nothing for ours."""
    if case.procedure != ProcedureName.REGISTRATION.value or answers_of_case(case).origin in IMPORTED:
        return None
    return county_elsewhere(case.plate or "", own_prefixes)


def running_term(case: Case, kind: str) -> Deadline | None:
    """Return the term of `kind` that runs in `case`: to tell the other office, or for its answer."""
    return next((one for one in reversed(case.deadlines) if one.kind == kind and one.ended_at is None), None)


def keep_office_terms(session: Session, case: Case, act: Act) -> None:
    """Begin or end the terms between the two offices, as `case` stands now."""
    found = determinations(case)
    named, answered = found.get(DeterminationCode.LAST_OFFICE), found.get(DeterminationCode.LAST_OFFICE_ANSWERED)
    told, complete = notice_sent(case, named), complete_on(case)
    to_tell = complete if named is not None and told is None else None
    reached = told.service.served_on if told is not None and told.service is not None else None
    silent = answered is None or (told is not None and answered.at < told.made_at)
    _keep(session, case, NOTICE_TERM, to_tell, act)
    _keep(session, case, ANSWER_TERM, reached if silent else None, act)


def _keep(session: Session, case: Case, kind: str, start: dt.date | None, act: Act) -> None:
    running = running_term(case, kind)
    if running is not None and (start is None or running.events[0].on != start):
        running.ended_at = act.at
        running = None
    if start is not None and running is None:
        term = Deadline(kind=kind, law=LAW, length=WORKING_DAYS, unit="workday")
        term.events.append(DeadlineEvent(kind="started", on=start, law=LAW, at=act.at))
        term.due_on = due_after_working_days(start, office_calendar(session))
        case.deadlines.append(term)
