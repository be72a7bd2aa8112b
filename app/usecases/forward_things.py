"""The things of a case go to another authority together with a letter, and may come back with it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import LOST_BY_THE_POST, ItemState, Movement
from app.models import Carriage, Consignment, Item, Letter, ParcelOutcome, authored
from app.usecases.hand_out import outgoing
from app.usecases.items import items_of
from app.usecases.record import record

_MOVEMENTS = {ParcelOutcome.DELIVERED: Movement.FORWARDED, ParcelOutcome.LOST: Movement.LOST}
_UNDER_WAY = LOST_BY_THE_POST | {ItemState.FORWARDED}


def forward_things(session: Session, letter: Letter, tracking: str, *, act: Act) -> Consignment | None:
    """Let the things that `letter` names leave with it, to its addressee, under its number; nothing where it has none.

    To be called once it is written down that the letter was posted.
    """
    case = letter.case
    here = {item.number for item in case.items if item.state is ItemState.IN_OFFICE}
    items = items_of(session, case, here & set(letter.details.get("things", [])))
    if not items:
        return None
    parcel = outgoing(session, case, Carriage.POST, letter.addressee, act)
    parcel.address, parcel.carrier, parcel.tracking = list(letter.address), "Poczta Polska", tracking
    parcel.letter_id = letter.id
    for item in items:
        item.move(Movement.FORWARDED, authored(act), consignment=parcel, remark=letter.addressee)
    case.changed_at = act.at
    details = {"movement": Movement.FORWARDED.value, "items": [item.number for item in items], "remark": letter.number}
    record(session, f"case:{case.id}", "items-moved", details, act=act)
    return parcel


def settle_forwarded(
    session: Session, letter: Letter, outcome: ParcelOutcome, on: dt.date, *, act: Act, place: str = ""
) -> None:
    """Write down what became of the things that went with `letter`; what came back lies at `place`."""
    parcel = _parcel_of(session, letter)
    if parcel is None or parcel.outcome not in {None, ParcelOutcome.LOST}:
        return
    parcel.outcome, parcel.outcome_on = outcome, on
    movement = _MOVEMENTS.get(outcome, Movement.CAME_BACK)
    for item in {row.item_id: row.item for row in parcel.handovers if row.item.state in _UNDER_WAY}.values():
        if movement is not Movement.FORWARDED or item.state is not ItemState.FORWARDED:
            item.move(movement, authored(act), place=place.strip()[:60] or None, consignment=parcel)


def forwarded_with(session: Session, letter: Letter) -> list[Item]:
    """Return the things that went with `letter` to another authority."""
    parcel = _parcel_of(session, letter)
    return list({row.item_id: row.item for row in parcel.handovers}.values()) if parcel is not None else []


def _parcel_of(session: Session, letter: Letter) -> Consignment | None:
    return session.scalars(sa.select(Consignment).where(Consignment.letter_id == letter.id)).one_or_none()
