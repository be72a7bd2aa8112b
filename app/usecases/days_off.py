"""The calendar of the office: the statutory days off with what the office changed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.holidays import Calendar
from app.models import DayOff


def office_calendar(session: Session) -> Calendar:
    """Return the calendar by which the office counts today."""
    changes = session.scalars(sa.select(DayOff)).all()
    return Calendar(
        extra={change.day: change.name for change in changes if change.off},
        removed=frozenset(change.day for change in changes if not change.off),
    )
