"""When does a term end, and why on that day?

Terms are counted as KPA art. 57 says, in calendar days of the office (Europe/Warsaw). The clock of a case (KPA art.
35) does not count the time in which the case waits for its party (art. 35 § 5), and an announced delay gives it a new
end (art. 36).
"""

from __future__ import annotations

import calendar as months
import datetime as dt
import enum
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.domain.acts import OFFICE_ZONE
from app.domain.holidays import STATUTORY, Calendar

_T = TypeVar("_T")
_ONE_DAY = dt.timedelta(days=1)
_STOPPED_BY = "KPA art. 35 § 5"


class Unit(enum.StrEnum):
    """What a term is measured in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in the sense of KPA art. 57."""

    length: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a term without length: it would end on the day that does not count."""
        if self.length < 1:
            raise ValueError("a term lasts at least one unit")


ORDINARY_CASE = Term(1, Unit.MONTH)
"""KPA art. 35 § 3: a case that needs an inquiry."""
COMPLEX_CASE = Term(2, Unit.MONTH)
"""KPA art. 35 § 3: a particularly complicated case."""
SHORTEST_REMEDY = Term(7, Unit.DAY)
"""KPA art. 64 § 2: the least that a summons to remedy must leave."""
APPEAL = Term(14, Unit.DAY)
"""KPA art. 129 § 2."""
COLLECTION_OF_A_LETTER = Term(14, Unit.DAY)
"""How long a letter waits in the mailbox (UDE art. 42; before: KPA art. 46 § 6) or at the post office (KPA art. 44)."""
SECOND_NOTICE = Term(7, Unit.DAY)
"""A letter that nobody opened is announced again after this."""
LEAST_AFTER_REMINDER = Term(7, Unit.DAY)
"""The office's own: so long can what was asked for be brought after its reminder reached the party."""
ANSWER_TO_A_PROPOSAL = Term(14, Unit.DAY)
"""The office's own term: how long a proposal of a delivery waits for an answer before the reminder."""
PERMIT_DAYS = 30
"""PRD art. 74 ust. 3: the longest validity of a temporary permit."""
PERMIT_EXTENSION_DAYS = 14
"""PRD art. 74 ust. 3: the one extension of a temporary permit."""


def office_day(moment: dt.datetime) -> dt.date:
    """Return the calendar day of `moment` in the office.

    Raises:
        ValueError: for a naive moment, which names no day.
    """
    if moment.tzinfo is None:
        raise ValueError("a naive moment belongs to no day")
    return moment.astimezone(OFFICE_ZONE).date()


def raw_end(start: dt.date, term: Term) -> dt.date:
    """Return the last day of `term` after the event of the day `start`, before any shift (KPA art. 57 §§ 1–3a).

    The day of the event does not count. Months end on the day of the same number, or on the last day of a month that
    has none.
    """
    match term.unit:
        case Unit.DAY:
            return start + dt.timedelta(days=term.length)
        case Unit.WEEK:
            return start + dt.timedelta(weeks=term.length)
        case Unit.MONTH:
            return _months_later(start, term.length)
        case Unit.YEAR:
            return _months_later(start, 12 * term.length)


def _months_later(start: dt.date, count: int) -> dt.date:
    years, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + years, month + 1
    return dt.date(year, month, min(start.day, months.monthrange(year, month)[1]))


def due_date(start: dt.date, term: Term, calendar: Calendar = STATUTORY) -> dt.date:
    """Return the last day of the term, shifted off Saturdays and days off (KPA art. 57 § 4)."""
    return calendar.next_working_day(raw_end(start, term))


def permit_valid_until(issued: dt.date, *, days: int = PERMIT_DAYS) -> dt.date:
    """Return the last day of a temporary permit. A validity is a state, not a term for an act: it is never shifted.

    Raises:
        ValueError: when `days` is more than the law allows (PRD art. 74 ust. 3).
    """
    if not 1 <= days <= PERMIT_DAYS:
        raise ValueError(f"a temporary permit lasts 1 to {PERMIT_DAYS} days")
    return issued + dt.timedelta(days=days)


def extended_permit(valid_until: dt.date) -> dt.date:
    """Return the last day of a permit after its one extension by 14 days (PRD art. 74 ust. 3); not shifted either."""
    return valid_until + dt.timedelta(days=PERMIT_EXTENSION_DAYS)


def deemed_served(arrived: dt.date, calendar: Calendar = STATUTORY, *, day_after: bool = False) -> dt.date:
    """Return the day on which a letter that nobody opened counts as served.

    The addressee has 14 days from the day it `arrived` in the mailbox; when the last one is a Saturday or a day off,
    until the next working day. Under KPA art. 46 § 6 (edition `sekap`) the letter is served with the end of that day;
    with `day_after`, under UDE art. 42 (edition `2022`), on the day that follows.
    """
    last = due_date(arrived, COLLECTION_OF_A_LETTER, calendar)
    return last + dt.timedelta(days=1) if day_after else last


class Way(enum.StrEnum):
    """How something of a party reached the office, as far as the keeping of a term depends on it."""

    ELECTRONIC = "electronic"
    DESIGNATED_OPERATOR = "designated_operator"
    COURIER = "courier"
    IN_PERSON = "in_person"


def is_kept(due: dt.date, way: Way, *, arrived: dt.date, posted: dt.date | None = None) -> bool:
    """Return whether an act of a party was in time (KPA art. 57 § 5).

    What the designated operator (Poczta Polska) carries counts from the day it was `posted`, anything else from the
    day it `arrived`. An electronic letter arrives on the day its proof of receipt names.
    """
    if way is Way.DESIGNATED_OPERATOR and posted is not None:
        return posted <= due
    return arrived <= due


class StopReason(enum.StrEnum):
    """Why the clock of a case stands (KPA art. 35 § 5)."""

    AWAITING_REMEDY = "awaiting-remedy"
    AWAITING_ORIGINALS = "awaiting-originals"
    AWAITING_AGREEMENT = "awaiting-agreement"
    AWAITING_PARTY = "awaiting-party"
    SUSPENDED = "suspended"
    OUTSIDE_THE_OFFICE = "outside-the-office"
    UNDER_APPEAL = "under-appeal"
    IN_THE_POST = "in-the-post"
    DELAY_BY_PARTY = "delay-by-party"
    DELAY_ELSEWHERE = "delay-elsewhere"


DELAYS = frozenset({StopReason.DELAY_BY_PARTY, StopReason.DELAY_ELSEWHERE})
"""Delays that a clerk writes down; the others come with the stage of the case."""
STOPS_BY_HAND = DELAYS | {StopReason.SUSPENDED}
"""What stops a clock, and lets it go on, by an act of its own."""


class ClockEventKind(enum.StrEnum):
    """What happened to the clock of a case."""

    STARTED = "started"
    STOPPED = "stopped"
    RESTARTED = "restarted"
    COMPLICATED = "complicated"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event, on the office's calendar day `day`; made by the functions below."""

    kind: ClockEventKind
    day: dt.date
    term: Term | None = None
    reason: StopReason | None = None
    until: dt.date | None = None


def started(day: dt.date, term: Term = ORDINARY_CASE) -> ClockEvent:
    """The request was delivered on `day` (KPA art. 61 §§ 3, 3a)."""
    return ClockEvent(ClockEventKind.STARTED, day, term=term)


def stopped(day: dt.date, reason: StopReason) -> ClockEvent:
    """From the day after `day` the case waits for somebody outside; `day` itself still counts."""
    return ClockEvent(ClockEventKind.STOPPED, day, reason=reason)


def restarted(day: dt.date, reason: StopReason | None = None) -> ClockEvent:
    """What the case waited for under `reason` came on `day`, which counts again; without a reason every stop ends."""
    return ClockEvent(ClockEventKind.RESTARTED, day, reason=reason)


def complicated(day: dt.date, term: Term = COMPLEX_CASE) -> ClockEvent:
    """On `day` the case was found particularly complicated, so that it has `term` from its start (KPA art. 35 § 3)."""
    return ClockEvent(ClockEventKind.COMPLICATED, day, term=term)


def extended(day: dt.date, until: dt.date) -> ClockEvent:
    """The party was told on `day` that the case will be settled by `until` (KPA art. 36)."""
    return ClockEvent(ClockEventKind.EXTENDED, day, until=until)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer to "why this date?": what happened, by which law, and which date that gives.

    `code` is `started`, `stopped` (with `reason`, `since`, `days`), `still-stopped` (the same, not ended),
    `complicated`, `extended`, `saturday`, `sunday`, `holiday` (with `holiday`, its code) or `due`. `events` are the
    places in the clock of the events that the line tells of.
    """

    code: str
    law: str
    date: dt.date
    reason: StopReason | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    days: int | None = None
    term: Term | None = None
    holiday: str | None = None
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The due date of a case with its reasons. While the clock stands: what it would be if it went on today."""

    due: dt.date
    running: bool
    stopped_days: int
    lines: tuple[Line, ...]


def is_at_risk(started_on: dt.date, seen: Reckoning, today: dt.date) -> bool:
    """Return whether the clock runs and at most a fifth of the term is left; what is overdue is beyond risk."""
    left = (seen.due - today).days
    return seen.running and 0 <= 5 * left <= (seen.due - started_on).days - seen.stopped_days


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a case: its events in the order in which they happened."""

    events: tuple[ClockEvent, ...]

    def __post_init__(self) -> None:
        """Refuse a history that cannot have happened.

        Raises:
            ValueError: when it does not begin with the one start, goes back in time, or restarts what does not stand.
        """
        _check_history(self.events)

    @property
    def standing(self) -> tuple[StopReason, ...]:
        """Why the clock stands, the oldest reason first; nothing where it runs."""
        return tuple(_check_history(self.events))

    def followed_by(self, event: ClockEvent) -> Clock:
        """Return this clock with one more event."""
        return Clock((*self.events, event))

    def reckon(self, today: dt.date, calendar: Calendar = STATUTORY) -> Reckoning:
        """Return when the case is due as seen on `today`, and why.

        Whole days between a stop and its restart are added to the end of the term; the days of the two events count
        for the office. The sum is shifted off Saturdays and days off at the very end, once.
        """
        return _reckon(self.events, today, calendar)


def _check_history(events: Sequence[ClockEvent]) -> dict[StopReason, None]:
    """Return what stands at the end of `events`; raises ValueError where they cannot have happened."""
    kinds = [event.kind for event in events]
    if kinds.count(ClockEventKind.STARTED) != 1 or kinds[0] is not ClockEventKind.STARTED:
        raise ValueError("a clock begins with its one start")
    if any(later.day < earlier.day for earlier, later in itertools.pairwise(events)):
        raise ValueError("a clock does not run backwards")
    standing: dict[StopReason, None] = {}
    for event in events:
        if event.kind is ClockEventKind.STOPPED:
            standing[_given(event.reason)] = None
        elif event.kind is ClockEventKind.RESTARTED:
            ended = [reason for reason in standing if event.reason in {None, reason}]
            if not ended:
                raise ValueError("only a clock that stands can go on")
            for reason in ended:
                del standing[reason]
    return standing


def _reckon(events: Sequence[ClockEvent], today: dt.date, calendar: Calendar) -> Reckoning:
    start = events[0]
    term = _given(start.term)
    end = raw_end(start.day, term)
    lines = [Line("started", "KPA art. 35 § 3", end, since=start.day, term=term, events=(0,))]
    standing: dict[StopReason, None] = {}
    why: StopReason | None = None
    since, stop, announced = start.day, 0, False
    total = 0

    def add_stop(code: str, until: dt.date, *ended_by: int) -> None:
        nonlocal end, total
        days = _whole_days_between(since, until)
        end += dt.timedelta(days=days)
        total += days
        if days or code == "still-stopped":
            first, last = since + _ONE_DAY, until - _ONE_DAY
            lines.append(
                Line(code, _STOPPED_BY, end, reason=why, since=first, until=last, days=days, events=(stop, *ended_by))
            )

    for place, event in enumerate(events[1:], 1):
        match event.kind:
            case ClockEventKind.STOPPED:
                if not standing:
                    since, why, stop = event.day, event.reason, place
                standing[_given(event.reason)] = None
            case ClockEventKind.RESTARTED:
                if event.reason is None:
                    standing.clear()
                else:
                    standing.pop(event.reason, None)
                if not standing:
                    add_stop("stopped", event.day, place)
            case ClockEventKind.COMPLICATED if not announced:
                longer = _given(event.term)
                end += raw_end(start.day, longer) - raw_end(start.day, term)
                term = longer
                lines.append(Line("complicated", "KPA art. 35 § 3", end, since=event.day, term=term, events=(place,)))
            case ClockEventKind.EXTENDED:
                if standing:
                    # What stood before the notice is in the date that the notice names; what stands on is counted anew.
                    add_stop("stopped", event.day)
                    since = event.day
                end, announced = _given(event.until), True
                lines.append(Line("extended", "KPA art. 36 § 1", end, since=event.day, events=(place,)))
    if standing:
        if why not in standing:
            why = next(iter(standing))
        add_stop("still-stopped", max(today, since))
    due = _shift(end, calendar, lines)
    lines.append(Line("due", "KPA art. 57", due))
    return Reckoning(due, running=not standing, stopped_days=total, lines=tuple(lines))


def _shift(end: dt.date, calendar: Calendar, lines: list[Line]) -> dt.date:
    """Move `end` to a working day, with a line for each day it could not stay on."""
    while not calendar.is_working_day(end):
        holiday = calendar.holiday(end)
        code = "holiday" if holiday is not None else "sunday" if end.weekday() == 6 else "saturday"
        lines.append(Line(code, "KPA art. 57 § 4", end, holiday=holiday))
        end += _ONE_DAY
    return end


def _whole_days_between(earlier: dt.date, later: dt.date) -> int:
    return max(0, (later - earlier).days - 1)


def _given(value: _T | None) -> _T:
    if value is None:
        raise ValueError("an event lacks what its kind needs")
    return value
