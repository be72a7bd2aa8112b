"""The party says how and when what was asked for will come, so that the front desk knows the parcel by its number."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import SIDE_STAGES
from app.models import Announcement, Carriage, Case, Demand, Item, Letter, LetterState, authored
from app.usecases.receive_items import make_tracking_findable, tracking_number
from app.usecases.record import record


def announce_items(
    session: Session,
    case: Case,
    way: Carriage,
    *,
    act: Act,
    carrier: str = "",
    tracking: str = "",
    planned_on: dt.date | None = None,
) -> Announcement:
    """Write down how the awaited things of `case` will come. What was said before stays; the newest counts.

    Raises:
        ConditionMissing: `nothing-awaited`: the office waits for nothing.
        BadInput: `planned-in-past`, and what `tracking_number` refuses.
    """
    if not awaited_things(case):
        raise ConditionMissing("nothing-awaited")
    if planned_on is not None and planned_on < act.today:
        raise BadInput("planned-in-past")
    sent = way is not Carriage.IN_PERSON
    row = Announcement(
        way=way,
        carrier=(carrier.strip()[:60] or None) if way is Carriage.COURIER else None,
        tracking=tracking_number(tracking) if sent else None,
        planned_on=planned_on,
        **authored(act),
    )
    case.announcements.append(row)
    if row.tracking:
        make_tracking_findable(session, case, row.tracking)
    record(session, f"case:{case.id}", "items-announced", {"way": way.value}, act=act)
    return row


def awaited_things(case: Case) -> list[Item]:
    """Return what the party has to bring: what never came, and what a summons asks back; nothing in a closed case.

    What never came is awaited no more once the case has left the line of its steps.
    """
    if case.closed_at is not None:
        return []
    goes_on = case.stage not in SIDE_STAGES
    asked = {demand.item_id for letter in case.letters for demand in open_demands(letter)}
    return [
        item
        for item in case.items
        if (item.state is ItemState.EXPECTED and goes_on) or (item.state is ItemState.WITH_PARTY and item.id in asked)
    ]


def open_demands(letter: Letter) -> list[Demand]:
    """Return what `letter` asks for and what has not come yet; nothing of one that did not go out."""
    if letter.state is not LetterState.SENT or letter.summons is None:
        return []
    return [demand for demand in letter.summons.demands if demand.met_at is None]


def announced_since(case: Case, letter: Letter | None) -> Announcement | None:
    """Return what the party said last of how its things will come, if that was after `letter` went out."""
    if not case.announcements:
        return None
    newest = case.announcements[-1]
    if letter is not None and letter.sent_at is not None and newest.at < letter.sent_at:
        return None
    return newest
