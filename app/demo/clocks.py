"""How does the clock of an invented case run? The term of KPA art. 35, with what stopped and what moved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from app.demo.columns import Batch, iso, text
from app.demo.histories import Taken
from app.domain.deadlines import ORDINARY_CASE, raw_end
from app.domain.holidays import STATUTORY
from app.domain.procedures.stages import SETTLED_STAGES, clock_reason
from app.usecases.case_clock import SETTLING_TERM

LATEST = dt.timedelta(minutes=125)
"""How long after the hour of its arrival a case is worked on in a day, at most."""


def moment(arrived: dt.datetime, days: int) -> dt.datetime:
    """Return when a step is taken, `days` after the case came."""
    return arrived + dt.timedelta(days=days, minutes=30 * (days % 5) + 5)


def extended_until(today: dt.date) -> dt.date:
    """Return the day until which a case is put off of whose delay the party is told `today`."""
    return today + dt.timedelta(days=60)


@lru_cache(maxsize=4096)
def _month_later(received: dt.date) -> dt.date:
    return raw_end(received, ORDINARY_CASE)


@lru_cache(maxsize=4096)
def _due(end: dt.date) -> str:
    return STATUTORY.next_working_day(end).isoformat()


def write_clock(batch: Batch, case_id: int, arrived: dt.datetime, steps: Sequence[Taken], today: dt.date) -> str:
    """Write the term of KPA art. 35 with what stopped it; return the day on which the case is due."""
    number, events = batch.take_id("deadline"), batch.rows["deadline_event"]
    received = arrived.date()
    events.append((
        number, "started", iso(received), "KPA art. 61 § 3a", None, text(arrived + dt.timedelta(seconds=3)), None,
    ))  # fmt: skip
    standing, since, stopped_days, ended = None, received, 0, None
    end = _month_later(received)
    for step in steps:
        on = received + dt.timedelta(days=step.day)
        reason = clock_reason(step.row.to)
        if step.row.name == "notify_delay":  # the clock runs then, and what it stood before is in the new day
            end, stopped_days = extended_until(on), 0
            at = text(moment(arrived, step.day))
            events.append((number, "extended", iso(on), "KPA art. 36 § 1", None, at, iso(end)))
        if ended is None and reason is not standing:
            at = text(moment(arrived, step.day))
            if standing is not None:
                stopped_days += max(0, (on - since).days - 1)
                events.append((number, "restarted", iso(on), "KPA art. 35 § 5", standing.value, at, None))
            if reason is not None:
                events.append((number, "stopped", iso(on), "KPA art. 35 § 5", reason.value, at, None))
            standing, since = reason, on
        if ended is None and step.row.to in SETTLED_STAGES:
            ended = text(moment(arrived, step.day))
    if standing is not None:
        stopped_days += max(0, (today - since).days - 1)
    due_on = _due(end + dt.timedelta(days=stopped_days))
    batch.rows["deadline"].append((
        number, case_id, SETTLING_TERM, "KPA art. 35 § 3", ORDINARY_CASE.length, ORDINARY_CASE.unit.value, due_on,
        ended, int(standing is not None and ended is None),
    ))  # fmt: skip
    return due_on
