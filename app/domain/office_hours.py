"""When can a visit begin? The hours of the office, cut into slots.

Hours are those of the clock on the wall (Europe/Warsaw); slots are moments in UTC. No slot lies on a Sunday, a
day off or one on which the office is closed; a Saturday has slots where the office says that it is open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.acts import OFFICE_ZONE
from app.domain.errors import BadInput
from app.domain.holidays import STATUTORY, Calendar

WEEKDAYS = ("pn", "wt", "śr", "cz", "pt", "so", "nd")
"""How the setting writes the days, Monday first."""

MONDAY_TO_FRIDAY = range(5)
"""The days of an office that offers no times of visits, and so says nowhere when it is open."""

_DAY = re.compile(rf"({'|'.join(WEEKDAYS)})\s+(\d{{1,2}})(?::(\d\d))?\s*[-–]\s*(\d{{1,2}})(?::(\d\d))?")
_MINUTES = re.compile(r"(\d{1,3})\s*min")
_CAPACITY = re.compile(r"\d{1,3}", re.ASCII)
_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the office is open, how long a slot is, and how many visits may begin in one (`capacity`).

    `weekdays`: for each day (0 is Monday) from which to which minute of the day.
    """

    weekdays: Mapping[int, tuple[int, int]]
    slot_minutes: int
    capacity: int

    def __post_init__(self) -> None:
        """Freeze the days, and refuse hours in which nobody could come.

        Raises:
            BadInput: `hours-empty`; `hours-slot` (a slot that no day has room for); `hours-capacity`; `hours-order`
                (open after it is closed).
        """
        object.__setattr__(self, "weekdays", MappingProxyType(dict(self.weekdays)))
        if not self.weekdays:
            raise BadInput("hours-empty")
        for weekday, (opens, closes) in self.weekdays.items():
            if not 0 <= opens < closes <= _A_DAY:
                raise BadInput("hours-order", day=WEEKDAYS[weekday])
        if not 1 <= self.slot_minutes <= max(closes - opens for opens, closes in self.weekdays.values()):
            raise BadInput("hours-slot", minutes=self.slot_minutes)
        if self.capacity < 1:
            raise BadInput("hours-capacity")


def parse_office_hours(text: str) -> OfficeHours:
    """Read hours from a setting such as `pn 8-16:30, wt 8-16, śr 8-16; 15 min; 2`.

    Days with their hours, the length of a slot, and how many visits may begin in one.

    Raises:
        BadInput: `hours-parts` (not three parts); `hours-day` (a day that cannot be read, with its text); `hours-twice`
            (a day named twice); `hours-slot`; `hours-capacity`; and what `OfficeHours` raises.
    """
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3:
        raise BadInput("hours-parts")
    weekdays: dict[int, tuple[int, int]] = {}
    for written in filter(None, (day.strip() for day in parts[0].split(","))):
        weekday, hours = _day(written)
        if weekday in weekdays:
            raise BadInput("hours-twice", day=WEEKDAYS[weekday])
        weekdays[weekday] = hours
    minutes = _MINUTES.fullmatch(parts[1])
    if minutes is None:
        raise BadInput("hours-slot", minutes=parts[1])
    if not _CAPACITY.fullmatch(parts[2]):
        raise BadInput("hours-capacity")
    return OfficeHours(weekdays, int(minutes.group(1)), int(parts[2]))


def _day(written: str) -> tuple[int, tuple[int, int]]:
    found = _DAY.fullmatch(written.casefold())
    if found is None:
        raise BadInput("hours-day", day=written)
    name, *numbers = found.groups()
    from_hour, from_minute, to_hour, to_minute = (int(number or 0) for number in numbers)
    if from_minute > 59 or to_minute > 59:
        raise BadInput("hours-day", day=written)
    return WEEKDAYS.index(name), (60 * from_hour + from_minute, 60 * to_hour + to_minute)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time at which a visit can begin (aware, UTC), when it ends, and how many visits it has room for still."""

    begins: dt.datetime
    ends: dt.datetime
    free: int


def slots(
    hours: OfficeHours,
    first_day: dt.date,
    days: int,
    taken: Mapping[dt.datetime, int],
    *,
    calendar: Calendar = STATUTORY,
    not_before: dt.datetime | None = None,
) -> tuple[Slot, ...]:
    """Return the slots with room of `days` calendar days from `first_day` on, in order.

    Args:
        hours: When the office is open.
        first_day: The first day in the office.
        days: How many calendar days are looked at.
        taken: How many visits begin in a slot already, by its (aware) beginning.
        calendar: The days off, and those on which the office is closed.
        not_before: No slot begins before this (aware) moment.
    """
    found = []
    for day in (first_day + dt.timedelta(days=number) for number in range(days)):
        opens, closes = hours.weekdays.get(day.weekday(), (0, 0))
        if calendar.is_closed(day):
            continue
        for minute in range(opens, closes - hours.slot_minutes + 1, hours.slot_minutes):
            begins = _moment(day, minute)
            free = hours.capacity - taken.get(begins, 0)
            if free > 0 and (not_before is None or begins >= not_before):
                found.append(Slot(begins, begins + dt.timedelta(minutes=hours.slot_minutes), free))
    return tuple(found)


def last_open_day(weekdays: Collection[int], calendar: Calendar, first: dt.date, last: dt.date) -> dt.date | None:
    """Return the last day from `first` to `last` on which an office is open that opens on `weekdays` (0 is Monday)."""
    day = last
    while day >= first:
        if day.weekday() in weekdays and not calendar.is_closed(day):
            return day
        day -= dt.timedelta(days=1)
    return None


def _moment(day: dt.date, minute: int) -> dt.datetime:
    """Return the moment at which the clock on the wall shows `minute` on `day`, in UTC."""
    wall = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), OFFICE_ZONE)
    return wall.astimezone(dt.UTC)
