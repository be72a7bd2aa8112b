"""When can somebody come to collect things? The office's hours without the visits that are agreed or proposed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.holidays import Calendar
from app.domain.office_hours import Slot, parse_office_hours, slots
from app.equipment import Equipment
from app.models import Proposal, ProposalState
from app.usecases.days_off import office_calendar

DAYS = 15
"""Calendar days from tomorrow on in which a visit can be chosen: what is ready should not wait longer."""
_HOLDING = (ProposalState.PROPOSED, ProposalState.ACCEPTED)


def free_slots(
    session: Session, *, equipment: Equipment, act: Act, calendar: Calendar | None = None
) -> tuple[Slot, ...]:
    """Return the times from tomorrow on at which a visit can begin; none where the office offers no times.

    `calendar`: the days off, where they were read already.

    Raises what `parse_office_hours` raises for a setting that nobody can read.
    """
    written = equipment.office.slots.strip()
    if not written:
        return ()
    rows = session.execute(
        sa.select(Proposal.slot, sa.func.count())
        .where(Proposal.slot >= act.at, Proposal.state.in_(_HOLDING))
        .group_by(Proposal.slot)
    )
    taken = {begins: count for begins, count in rows if begins is not None}
    return slots(
        parse_office_hours(written),
        act.today + dt.timedelta(days=1),
        DAYS,
        taken,
        calendar=calendar or office_calendar(session),
    )
