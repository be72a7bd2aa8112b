"""The office changes its calendar: what was due by a day moves, and who was to come on it is asked anew.

Law: KPA art. 57 § 4: a term that would end on a day off by statute ends on the next day that is neither that nor a
Saturday. A day on which the office closes by itself moves no term; nobody can come on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import OFFICE_ZONE, Act
from app.domain.appeals import FORWARDING, FORWARDING_TERM
from app.domain.correspondence import APPEALABLE
from app.domain.deadlines import APPEAL, due_date
from app.domain.delivery import answer_due
from app.domain.errors import BadInput
from app.domain.holidays import STATUTORY, Calendar, DayKind
from app.domain.other_offices import ANSWER_TERM, NOTICE_TERM, due_after_working_days
from app.domain.summonses import summons_due, summons_term
from app.models import (
    DayOff,
    Deadline,
    Decision,
    Letter,
    LetterWay,
    Proposal,
    ProposalState,
    Service,
    Summons,
)
from app.usecases.addressees import served_all_on
from app.usecases.agreements import AGREEING, as_proposed
from app.usecases.case_clock import SETTLING_TERM, clock_of
from app.usecases.days_off import office_calendar
from app.usecases.free_slots import closed_visit
from app.usecases.record import record
from app.usecases.serve_letter import deemed_day

_REACH = dt.timedelta(days=21)
"""No shift past days off is longer; what is due earlier or later than this after the day does not move."""
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayChange:
    """What `day` shall be: off by law or closed by the office, under a `name`, or a working day."""

    day: dt.date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A day that moves: of the case `sign`, `what` it is the day of (the keys of MOVED in its page).

    That of a `letter` is a forecast, the day on which it counts as served if nobody opens it. That of a `visit` has no
    `new` one: it has to be agreed anew.
    """

    sign: str
    what: str
    old: dt.date
    new: dt.date | None


def change_days_off(session: Session, change: DayChange, *, act: Act) -> tuple[Moved, ...]:
    """Make the day what `change` says, and move every running term that it touches. Returns what moved.

    Raises BadInput: `day-name-missing`, `day-off-already`, `day-struck`, `day-works-already`, `weekend-stays-off`.
    """
    before = office_calendar(session)
    after = _changed(before, change)
    _write_down(session, change)
    moves = list(_moves(session, change.day, before, after, act.today))
    for row, moved in moves:
        _move(row, moved)
    all_moved = (*(moved for _, moved in moves), *_visits(session, change.day, before, after))
    details = {
        "day": change.day.isoformat(), "kind": change.kind.value,
        "name": change.name.strip(), "moved": len(all_moved),
    }  # fmt: skip
    record(session, "office", "calendar-changed", details, act=act)
    return all_moved


def preview_days_off(session: Session, change: DayChange, *, act: Act) -> tuple[Moved, ...]:
    """Return what `change_days_off` would move. Writes nothing; raises what that raises."""
    before = office_calendar(session)
    after = _changed(before, change)
    moves = _moves(session, change.day, before, after, act.today)
    return (*(moved for _, moved in moves), *_visits(session, change.day, before, after))


def _changed(calendar: Calendar, change: DayChange) -> Calendar:
    day, name = change.day, change.name.strip()
    statutory = STATUTORY.holiday(day) is not None
    extra = {one: said for one, said in calendar.extra.items() if one != day}
    closed = {one: said for one, said in calendar.closed.items() if one != day}
    if change.kind is DayKind.WORKING:
        if calendar.holiday(day) is None and day not in calendar.closed:
            raise BadInput("weekend-stays-off" if day.weekday() >= 5 else "day-works-already")
        return Calendar(extra, calendar.removed | ({day} if statutory else set()), closed)
    if not name:
        raise BadInput("day-name-missing")
    if change.kind is DayKind.BY_LAW:
        if calendar.is_day_off(day):
            raise BadInput("day-off-already")
        return Calendar(extra if statutory else extra | {day: name}, calendar.removed - {day}, closed)
    if calendar.is_closed(day) and day not in calendar.extra:
        raise BadInput("day-off-already")
    if day in calendar.removed:
        # A day has one entry, and without that of the new law its terms would move again.
        raise BadInput("day-struck")
    return Calendar(extra, calendar.removed, closed | {day: name})


def _write_down(session: Session, change: DayChange) -> None:
    """Keep only what differs from the statute: a change that restores it takes the earlier one away."""
    row = session.get(DayOff, change.day, with_for_update=True)
    by_statute = DayKind.WORKING if STATUTORY.holiday(change.day) is None else DayKind.BY_LAW
    if change.kind is by_statute:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(DayOff(day=change.day, name=change.name.strip()[:120], kind=change.kind))
    else:
        row.name, row.kind = change.name.strip()[:120], change.kind
    session.flush()


_Row = Deadline | Summons | Service | Proposal | Decision


def _moves(
    session: Session, day: dt.date, before: Calendar, after: Calendar, today: dt.date
) -> Iterator[tuple[_Row, Moved]]:
    """Yield each row whose day moves. A day that is not what the old calendar gives was set by somebody, and stays."""
    near = (day, day + _REACH)
    terms = sa.select(Deadline).where(
        Deadline.kind == SETTLING_TERM, Deadline.ended_at.is_(None), Deadline.due_on.between(*near)
    )
    for term in session.scalars(terms.order_by(Deadline.due_on, Deadline.id)):
        clock = clock_of(term)
        new = clock.reckon(today, after).due
        if term.due_on is not None and clock.reckon(today, before).due != new:
            yield term, Moved(term.case.sign, "case", term.due_on, new)
    asked = sa.select(Summons).where(Summons.met_at.is_(None), Summons.due_on.between(*near))
    for summons in session.scalars(asked.order_by(Summons.due_on, Summons.id)):
        served = served_all_on(summons.letter)
        length = summons_term(summons.days)
        if served and summons.due_on and summons.due_on == summons_due(served, length, before):
            new = summons_due(served, length, after)
            if new != summons.due_on:
                yield summons, Moved(summons.letter.case.sign, "summons", summons.due_on, new)
    yield from _moves_between_authorities(session, near, before, after)
    yield from _moves_of_services(session, near, before, after, today)
    yield from _moves_of_answers(session, day, before, after, today)


_BETWEEN_AUTHORITIES: Mapping[str, Callable[[dt.date, Calendar], dt.date]] = {
    FORWARDING_TERM: lambda start, calendar: due_date(start, FORWARDING, calendar),
    NOTICE_TERM: due_after_working_days,
    ANSWER_TERM: due_after_working_days,
}


def _moves_between_authorities(
    session: Session, near: tuple[dt.date, dt.date], before: Calendar, after: Calendar
) -> Iterator[tuple[_Row, Moved]]:
    running = sa.select(Deadline).where(
        Deadline.kind.in_(_BETWEEN_AUTHORITIES), Deadline.ended_at.is_(None), Deadline.due_on.between(*near)
    )
    for term in session.scalars(running.order_by(Deadline.due_on, Deadline.id)):
        due = _BETWEEN_AUTHORITIES[term.kind]
        old, new = (due(term.events[0].on, calendar) for calendar in (before, after))
        if term.due_on == old != new:
            yield term, Moved(term.case.sign, term.kind, old, new)


def _moves_of_services(
    session: Session, near: tuple[dt.date, dt.date], before: Calendar, after: Calendar, today: dt.date
) -> Iterator[tuple[_Row, Moved]]:
    lying = (
        sa.select(Service)
        .join(Letter, Letter.id == Service.letter_id)
        .where(Service.served_on.is_(None), Letter.way == LetterWay.MAILBOX)
        .where(Service.arrived_on.between(near[0] - 2 * _REACH, near[1]))
    )
    for service in session.scalars(lying.order_by(Service.arrived_on, Service.id)):
        case = service.letter.case
        old, new = (deemed_day(case, service, calendar, today) for calendar in (before, after))
        if old != new:
            yield service, Moved(case.sign, "letter", old, new)
    appealable = sa.select(Decision).where(
        Decision.kind.in_(APPEALABLE), Decision.final_on.between(near[0] + _ONE_DAY, near[1] + _ONE_DAY)
    )
    for decision in session.scalars(appealable.order_by(Decision.final_on, Decision.id)):
        served = served_all_on(decision.letter)
        if served and decision.final_on == due_date(served, APPEAL, before) + _ONE_DAY:
            new = due_date(served, APPEAL, after) + _ONE_DAY
            if new != decision.final_on:
                yield decision, Moved(decision.case.sign, "appeal", decision.final_on, new)


def _moves_of_answers(
    session: Session, day: dt.date, before: Calendar, after: Calendar, today: dt.date
) -> Iterator[tuple[_Row, Moved]]:
    # An answer is due before the visit, so that its day moves backwards, too.
    near = (day - _REACH, day + _REACH)
    open_ones = sa.select(Proposal).where(Proposal.state == ProposalState.PROPOSED, Proposal.due_on.between(*near))
    for proposal in session.scalars(open_ones.order_by(Proposal.due_on, Proposal.id)):
        old, new = (answer_due(as_proposed(proposal), calendar) for calendar in (before, after))
        # Nobody hears of a day only when it is over.
        if proposal.due_on == old != new and new >= min(old, today):
            yield proposal, Moved(proposal.case.sign, "answer", old, new)


def _visits(session: Session, day: dt.date, before: Calendar, after: Calendar) -> Iterator[Moved]:
    """Yield the visits, proposed or agreed, to which nobody can come any more as the office is closed on `day`."""
    if before.is_closed(day):
        return
    begin, end = (dt.datetime.combine(one, dt.time(), OFFICE_ZONE) for one in (day, day + _ONE_DAY))
    found = sa.select(Proposal).where(Proposal.slot >= begin, Proposal.slot < end)
    for proposal in session.scalars(found.order_by(Proposal.slot, Proposal.id)):
        case = proposal.case
        if case.proposals[-1] is proposal and case.stage in AGREEING and closed_visit(case, after) is not None:
            yield Moved(case.sign, "visit", day, None)


def _move(row: _Row, moved: Moved) -> None:
    match row:
        case Deadline(kind=kind) if kind == SETTLING_TERM:
            row.due_on = row.case.due_on = moved.new
        case Proposal() if moved.new is not None:
            row.due_on = moved.new
        case Deadline() | Summons():
            row.due_on = moved.new
        case Decision():
            row.final_on = moved.new
        case Service():
            pass  # a forecast is not kept
