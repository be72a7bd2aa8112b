"""Which days are days off by Polish statute, and on which others is the office closed?

Law: ustawa z dnia 18 stycznia 1951 r. o dniach wolnych od pracy, with its changes since 2000: Epiphany (6 January)
since 2011, Christmas Eve since 2025, and the single 12 November 2018. Saturdays are not days off by statute, but a
term does not end on one (KPA art. 57 § 4). No authority makes a day off by statute: on a day on which it closes by
itself nobody can come, and every term runs and ends.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

FIRST_YEAR = 2000
"""Rules before this year are not known here; no case of the office is older."""

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6

# fmt: off
# code                       month, day, first year, last year
_FIXED = (
    ("new-year",                 1,   1, FIRST_YEAR, None),
    ("epiphany",                 1,   6, 2011,       None),  # Dz.U. 2010 nr 224 poz. 1459
    ("labour-day",               5,   1, FIRST_YEAR, None),
    ("constitution-day",         5,   3, FIRST_YEAR, None),
    ("assumption",               8,  15, FIRST_YEAR, None),
    ("all-saints",              11,   1, FIRST_YEAR, None),
    ("independence-day",        11,  11, FIRST_YEAR, None),
    ("independence-centenary",  11,  12, 2018,       2018),  # Dz.U. 2018 poz. 2117
    ("christmas-eve",           12,  24, 2025,       None),  # Dz.U. 2024 poz. 1965
    ("christmas",               12,  25, FIRST_YEAR, None),
    ("second-christmas-day",    12,  26, FIRST_YEAR, None),
)
# code, days after Easter Sunday
_MOVABLE = (
    ("easter",          0),
    ("easter-monday",   1),
    ("pentecost",      49),
    ("corpus-christi", 60),
)
# fmt: on


def easter(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian `year` (the anonymous algorithm of 1876, by Meeus)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    quarter, remainder = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarter - moon - remainder) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache(maxsize=128)
def statutory_days_off(year: int) -> Mapping[dt.date, str]:
    """Return the days off of `year` other than ordinary Sundays, each with its code, in order.

    Raises:
        ValueError: for a year before 2000, whose rules are not in the table.
    """
    if year < FIRST_YEAR:
        raise ValueError(f"days off are known from {FIRST_YEAR} on, not for {year}")
    days = {
        dt.date(year, month, day): code
        for code, month, day, first, last in _FIXED
        if first <= year and (last is None or year <= last)
    }
    sunday = easter(year)
    for code, after in _MOVABLE:
        days.setdefault(sunday + after * _ONE_DAY, code)
    return MappingProxyType(dict(sorted(days.items())))


class DayKind(enum.StrEnum):
    """What a day is that differs from the statutes known here: off by a new law, closed by the office, or working."""

    BY_LAW = "by_law"
    CLOSED = "closed"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The statutory calendar with what the office wrote into it.

    `extra` are further days off by law with their names; `removed` are days that a new law made working days again.
    Removing a day that is a Sunday or a Saturday does not make it a working day. On the days of `closed` the office
    is closed by its own decision; they move no term.
    """

    extra: Mapping[dt.date, str] = field(default_factory=dict)
    removed: frozenset[dt.date] = frozenset()
    closed: Mapping[dt.date, str] = field(default_factory=dict)

    def holiday(self, day: dt.date) -> str | None:
        """Return the code (or the office's name) of the holiday that `day` is, `None` when it is none."""
        if day in self.extra:
            return self.extra[day]
        if day in self.removed:
            return None
        return statutory_days_off(day.year).get(day)

    def is_day_off(self, day: dt.date) -> bool:
        """Return whether `day` is off by statute: a Sunday or a holiday. A Saturday alone is not."""
        return day.weekday() == _SUNDAY or self.holiday(day) is not None

    def is_closed(self, day: dt.date) -> bool:
        """Return whether the office is closed on `day`, by statute or by its own decision, whatever its hours are."""
        return day in self.closed or self.is_day_off(day)

    def is_working_day(self, day: dt.date) -> bool:
        """Return whether a term may end on `day`: neither a day off by statute nor a Saturday (KPA art. 57 § 4)."""
        return day.weekday() != _SATURDAY and not self.is_day_off(day)

    def next_working_day(self, day: dt.date) -> dt.date:
        """Return `day` itself if it is a working day, else the first one after it."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def last_working_day_before(self, day: dt.date) -> dt.date:
        """Return the last working day that lies before `day`."""
        day -= _ONE_DAY
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day


STATUTORY = Calendar()
"""The calendar as the law has it, without changes by the office."""


def is_day_off(day: dt.date, calendar: Calendar = STATUTORY) -> bool:
    """Return whether `day` is a Sunday or a holiday by statute."""
    return calendar.is_day_off(day)


def next_working_day(day: dt.date, calendar: Calendar = STATUTORY) -> dt.date:
    """Return `day` itself if a term may end on it, else the first such day after it (KPA art. 57 § 4)."""
    return calendar.next_working_day(day)
