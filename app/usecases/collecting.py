"""By when is the permanent certificate collected? On a day on which the office is open, while the permit is valid."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.deadlines import Term, Unit
from app.domain.office_hours import MONDAY_TO_FRIDAY, last_open_day, parse_office_hours
from app.domain.summonses import summons_due
from app.equipment import Equipment
from app.letters.texts import FieldValue
from app.letters.words import day_in_words
from app.models import Case, Letter
from app.usecases.days_off import office_calendar
from app.usecases.letter_fields import LetterDraft

ANNOUNCEMENT = "permit_return_summons"
"""The letter that says that the permanent certificate is here."""


def fields_of_collection(
    session: Session, case: Case, draft: LetterDraft, *, equipment: Equipment, act: Act
) -> dict[str, FieldValue]:
    """Return by when the letter with the permanent certificate asks to come; nothing in another letter.

    Nothing either where the permit has ended, or where the office is not open any more until then. A term in days that
    could not end before, though the letter were opened today, gives way to that day.
    """
    end = case.permit.valid_until if case.permit and draft.kind == ANNOUNCEMENT else None
    if end is None:
        return {}
    calendar, written = office_calendar(session), equipment.office.slots.strip()
    weekdays = parse_office_hours(written).weekdays if written else MONDAY_TO_FRIDAY
    day = last_open_day(weekdays, calendar, act.today, end)
    if day is None:
        return {}
    late = draft.days is not None and summons_due(act.today, Term(draft.days, Unit.DAY), calendar) > day
    return {"collect_by": day, **({"term": f"najpóźniej {day_in_words(day)}"} if late else {})}


def collected_by(session: Session, case: Case, draft: LetterDraft, *, equipment: Equipment, act: Act) -> dict[str, str]:
    """Return what a letter keeps of the day by which it asks to come, for the term that its service starts."""
    day = fields_of_collection(session, case, draft, equipment=equipment, act=act).get("collect_by")
    return {"collect_by": day.isoformat()} if isinstance(day, dt.date) else {}


def due_by(letter: Letter, due: dt.date, served_on: dt.date) -> dt.date:
    """Return when the term of a summons ends: on `due`, or the day that `letter` names, if it was served by then."""
    named = letter.details.get("collect_by")
    day = dt.date.fromisoformat(named) if named else due
    return min(due, day) if served_on <= day else due
