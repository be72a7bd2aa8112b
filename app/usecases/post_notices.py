"""What the post leaves when it finds nobody at home, and when what nobody claims counts as served (KPA art. 44)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.domain.deadlines import SECOND_NOTICE, deemed_served, raw_end
from app.domain.errors import BadInput
from app.domain.holidays import Calendar
from app.models import Service

FIRST, SECOND = "first_notice", "second_notice"
NOTICES = frozenset({FIRST, SECOND})


def notices_left(service: Service) -> dict[str, dt.date]:
    """Return the days of `first_notice` and `second_notice` that the post left; a later entry corrects an earlier."""
    return {event.kind: event.on for event in service.events if event.kind in NOTICES}


def check_notice(left: Mapping[str, dt.date], kind: str, on: dt.date) -> None:
    """Refuse a notice that cannot have been left on the day `on` after those `left` (KPA art. 44 § 2-3).

    The second follows when nobody came in seven days after the first. A wrong day is corrected by a later entry.

    Raises BadInput: `notice-noted` (of that day already), `first-notice-missing`, `second-notice-too-early`.
    """
    if left.get(kind) == on:
        raise BadInput("notice-noted")
    after = {**left, kind: on}
    if FIRST not in after:
        raise BadInput("first-notice-missing")
    earliest = raw_end(after[FIRST], SECOND_NOTICE)
    if SECOND in after and after[SECOND] < earliest:
        raise BadInput("second-notice-too-early", day=f"{earliest:%d.%m.%Y}")


def second_notice(left: Mapping[str, dt.date], second: dt.date | None, on: dt.date) -> dt.date | None:
    """Return the day of the second notice of what came back on the day `on`, if it is not among those `left` yet.

    Raises BadInput: `second-notice-missing`, `second-notice-too-late`; what `check_notice` refuses.
    """
    noted = left.get(SECOND)
    second = second or noted
    if second is None:
        raise BadInput("second-notice-missing")
    if second > on:
        raise BadInput("second-notice-too-late")
    if second == noted:
        return None
    check_notice(left, SECOND, second)
    return second


def day_unclaimed(left: Mapping[str, dt.date], calendar: Calendar, today: dt.date) -> dt.date:
    """Return the day on which what nobody claims counts as served (KPA art. 44 § 4).

    Raises BadInput: `notice-missing`, `notice-still-runs`.
    """
    first = left.get(FIRST)
    if first is None:
        raise BadInput("notice-missing")
    day = deemed_served(first, calendar)
    if day >= today:
        raise BadInput("notice-still-runs", day=f"{day:%d.%m.%Y}")
    return day
