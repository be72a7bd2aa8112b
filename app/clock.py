"""The only reader of the clock."""

from __future__ import annotations

import datetime as dt

from app.domain.deadlines import office_day


def now() -> dt.datetime:
    """Return this moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return this day in the office."""
    return office_day(now())
