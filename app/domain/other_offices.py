"""By when is the office told that registered a vehicle last, and by when does it answer?

Law: the ordinance on the acts of registering authorities (Dz.U. 2022 poz. 1849, "CZYNN") annex 10: the office that
registers a vehicle tells the one that did so before, within five working days from the complete documents; that one
answers within five.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from app.domain.holidays import Calendar
from app.domain.identified import compact
from app.domain.vehicles import plate_prefix, plate_prefixes

NOTICE_TERM, ANSWER_TERM = "office-notice", "office-answer"
WORKING_DAYS = 5
LAW = "CZYNN zał. 10"


def due_after_working_days(start: dt.date, calendar: Calendar) -> dt.date:
    """Return the last of the five working days that follow `start`."""
    # Days off by law only: each office counts the other's days, and knows nothing of the days on which that one closes;
    # nor does an authority lengthen its own term by closing. A Saturday counts with them, as in KPA art. 57 § 4.
    day = start
    for _ in range(WORKING_DAYS):
        day = calendar.next_working_day(day + dt.timedelta(days=1))
    return day


def county_elsewhere(plate: str, own_prefixes: Collection[str]) -> tuple[str, str] | None:
    """Return the letters and the name of the county of another office that gave the number `plate`; else nothing."""
    prefix = plate_prefix(compact(plate))
    if prefix is None or prefix in own_prefixes:
        return None
    return prefix, plate_prefixes()[prefix]
