"""When can somebody come to collect things? The office's hours without the visits that are agreed or proposed."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.domain.acts import Act
from app.domain.deadlines import office_day
from app.domain.errors import BadInput
from app.domain.holidays import Calendar
from app.domain.office_hours import Slot, parse_office_hours, slots
from app.equipment import Equipment
from app.models import BINDING, Carriage, Case, Direction, Proposal, ProposalState
from app.models.statements import dialect_of
from app.usecases.case_facts import newest_proposal
from app.usecases.days_off import office_calendar

DAYS = 15
"""Calendar days from tomorrow on up to which a visit can be chosen: what is ready should not wait longer."""
_HOLDING = (ProposalState.PROPOSED, ProposalState.ACCEPTED)
_A_DAY = dt.timedelta(days=1)
_WAIT = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("turn", type_=sa.BigInteger)))


def free_slots(
    session: Session, case: Case | None = None, *, equipment: Equipment, act: Act, calendar: Calendar | None = None
) -> tuple[Slot, ...]:
    """Return the times at which a visit can begin, a whole working day ahead; none where the office offers no times.

    `case`: whose own visit takes no place, since a new one would stand in its stead. `calendar`: the days off, where
    they were read already.

    Raises what `parse_office_hours` raises for a setting that nobody can read.
    """
    written = equipment.office.slots.strip()
    if not written:
        return ()
    calendar = calendar or office_calendar(session)
    first = _first_day(act.today, calendar)
    days = (_last_day(act.today) - first).days + 1
    return slots(parse_office_hours(written), first, days, _taken(session, act.at, case), calendar=calendar)


def check_offer(session: Session, case: Case, begins: dt.datetime, *, equipment: Equipment, act: Act) -> None:
    """Let a visit of `case` be proposed that begins at `begins`: one of `free_slots`. See `check_visit`.

    Raises BadInput: `slot-passed`, `slot-not-offered`, `slot-full`.
    """
    check_visit(session, case, begins, equipment=equipment, act=act)
    if not _first_day(act.today, office_calendar(session)) <= office_day(begins) <= _last_day(act.today):
        raise BadInput("slot-not-offered")


def check_visit(session: Session, case: Case, begins: dt.datetime, *, equipment: Equipment, act: Act) -> None:
    """Let a visit of `case` be agreed that begins at `begins`: in the office's hours, ahead, and with room.

    Until the transaction ends nobody else is let in for the same time, so that two cannot both take the last place.

    Raises BadInput: `slot-passed`, `slot-not-offered`, `slot-full`.
    """
    if begins <= act.at:
        raise BadInput("slot-passed")
    written, calendar = equipment.office.slots.strip(), office_calendar(session)
    hours = parse_office_hours(written) if written else None
    if hours is None or not _is_among(begins, slots(hours, office_day(begins), 1, {}, calendar=calendar)):
        raise BadInput("slot-not-offered")
    _wait_for_turn(session, begins)
    taken = _taken(session, act.at, case)
    if not _is_among(begins, slots(hours, office_day(begins), 1, taken, calendar=calendar)):
        raise BadInput("slot-full")


def closed_visit(case: Case, calendar: Calendar) -> dt.datetime | None:
    """Return the visit of the newest version if the office is closed on its day since, and nobody has come yet."""
    newest = newest_proposal(case)
    if newest is None or newest.slot is None or not calendar.is_closed(office_day(newest.slot)):
        return None
    return None if _somebody_came(case, newest) else newest.slot


def is_visit_missed(case: Case, today: dt.date) -> bool:
    """Return whether the day of the visit that is agreed has passed, and nobody came."""
    newest = newest_proposal(case)
    if newest is None or newest.slot is None or newest.state not in BINDING or office_day(newest.slot) >= today:
        return False
    return not _somebody_came(case, newest)


def _first_day(today: dt.date, calendar: Calendar) -> dt.date:
    """Return the first day of a visit: a working day lies before it on which the other side can answer."""
    return calendar.next_working_day(today + _A_DAY) + _A_DAY


def _last_day(today: dt.date) -> dt.date:
    return today + DAYS * _A_DAY


def _somebody_came(case: Case, newest: Proposal) -> bool:
    here = (Direction.OUT, Carriage.IN_PERSON)
    return any((one.direction, one.carriage) == here and one.at >= newest.at for one in case.consignments)


def _is_among(begins: dt.datetime, found: tuple[Slot, ...]) -> bool:
    return any(slot.begins == begins for slot in found)


def _taken(session: Session, since: dt.datetime, case: Case | None) -> dict[dt.datetime, int]:
    """Return how many visits begin at each moment from `since` on; only the newest version of a case holds a place."""
    later = aliased(Proposal)
    newer = sa.exists().where(later.case_id == Proposal.case_id, later.version > Proposal.version)
    holding = (
        sa.select(Proposal.slot, sa.func.count())
        .where(Proposal.slot >= since, Proposal.state.in_(_HOLDING), ~newer)
        .group_by(Proposal.slot)
    )
    if case is not None:
        holding = holding.where(Proposal.case_id != case.id)
    return {begins: count for begins, count in session.execute(holding) if begins is not None}


def _wait_for_turn(session: Session, begins: dt.datetime) -> None:
    """On PostgreSQL, wait for whoever takes a place at the same time; on SQLite the writer is alone anyway."""
    if dialect_of(session) == "postgresql":
        name = f"visit:{begins.astimezone(dt.UTC).isoformat()}"
        turn = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(_WAIT, {"turn": turn})
