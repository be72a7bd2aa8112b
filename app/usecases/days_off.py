"""The calendar of the office: the statutory days off with what the office wrote into it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.holidays import Calendar, DayKind
from app.models import DayOff


def office_calendar(session: Session) -> Calendar:
    """Return the calendar by which the office counts today."""
    names: dict[DayKind, dict[dt.date, str]] = {kind: {} for kind in DayKind}
    for change in session.scalars(sa.select(DayOff)):
        names[change.kind][change.day] = change.name
    return Calendar(
        extra=names[DayKind.BY_LAW], removed=frozenset(names[DayKind.WORKING]), closed=names[DayKind.CLOSED]
    )
