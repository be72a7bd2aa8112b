"""How does the clock of an invented case run? The term of KPA art. 35, with what stopped and what moved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.demo.columns import Batch, iso, text
from app.demo.histories import Taken, goes_by_post
from app.domain.deadlines import ORDINARY_CASE, StopReason, raw_end
from app.domain.holidays import STATUTORY
from app.domain.procedures.editions import SEKAP
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


def write_clock(
    batch: Batch, case_id: int, edition: str, arrived: dt.datetime, steps: Sequence[Taken], *, today: dt.date
) -> tuple[str, bool]:
    """Write the term of KPA art. 35 with what stopped it; return the day on which the case is due, and if it stands."""
    number, events = batch.take_id("deadline"), batch.rows["deadline_event"]
    received = arrived.date()
    events.append((
        number, "started", iso(received), "KPA art. 61 § 3a", None, text(arrived + dt.timedelta(seconds=3)), None,
    ))  # fmt: skip
    standing, since, stopped_days, ended = None, received, 0, None
    end = _month_later(received)
    names = [step.row.name for step in steps]
    for place, step in enumerate(steps):
        on = received + dt.timedelta(days=step.day)
        if step.row.name == "notify_delay":  # the clock runs then, and what it stood before is in the new day
            end, stopped_days = extended_until(on), 0
            at = text(moment(arrived, step.day))
            events.append((number, "extended", iso(on), "KPA art. 36 § 1", None, at, iso(end)))
        for day, reason in _waits(step, names[:place], names[place + 1 :], case_id, edition):
            if ended is not None or reason is standing:
                continue
            on, at = received + dt.timedelta(days=day), text(moment(arrived, day))
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
        ended,
    ))  # fmt: skip
    return due_on, standing is not None and ended is None


def _waits(
    step: Taken, before: Sequence[str], later: Sequence[str], case_id: int, edition: str
) -> Iterator[tuple[int, StopReason | None]]:
    """Yield from which day on a case waits for whom around a step, as `keep_clock` has it (`None`: for the office)."""
    reason = clock_reason(step.row.to)
    match step.row.name:
        case "confirm_originals":  # what was asked for came the day before
            yield step.day - 1, None
        case "announce_certificate":  # so did the certificate; the party is awaited with its permit, or by the decision
            yield step.day - 1, None
            yield step.day, reason if edition == SEKAP or "register_directly" in before else None
        case "register_temporarily" | "register_directly" | "deregister":
            yield step.day, None  # the office has to propose
        case "answer_handover" if goes_by_post(case_id, later):
            yield step.day, None
        case _:
            yield step.day, reason
