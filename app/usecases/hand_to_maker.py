"""Worn plates that wait to be destroyed are handed over to their maker instead: of many cases at once, by a protocol.

Law: CZYNN (Dz.U. 2022 poz. 1849) annex 8, the register of returned plates.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput
from app.domain.items import PLATES, Fate
from app.models import Carriage, Case, Consignment, Direction, Item
from app.usecases.hand_out import outgoing
from app.usecases.may_leave import UNDER_WAY
from app.usecases.move_items import move_items
from app.usecases.record import record

MOST = 500
"""Plates on one protocol."""


def worn_plates(place: str = "") -> sa.Select[Item]:
    """Return the plates of decided cases that wait to be destroyed, on the shelf `place` only if one is named."""
    waiting = (
        sa.select(Item)
        .join(Item.case)
        .where(
            Item.state == ItemState.IN_OFFICE,
            Item.fate == Fate.DESTROYED,
            Item.kind.in_(PLATES),
            Case.stage.not_in([stage.value for stage in UNDER_WAY]),
        )
        .options(joinedload(Item.case))
        .order_by(Item.place, Item.label, Item.number)
    )
    return waiting.where(Item.place == place) if place else waiting


def protocols(most: int) -> sa.Select[Consignment]:
    """Return what was handed over to makers of plates, the newest first: no other consignment out is of no one case."""
    return (
        sa.select(Consignment)
        .where(Consignment.case_id.is_(None), Consignment.direction == Direction.OUT)
        .order_by(Consignment.id.desc())
        .limit(most)
    )


def hand_to_maker(session: Session, numbers: Iterable[int], maker: str, person: str, *, act: Act) -> Consignment:
    """Write down that the plates of these `numbers`, of whatever cases, went to `maker`, for whom `person` took them.

    Raises:
        BadInput: `maker-missing`, `person-missing`, `nothing-ticked`, `too-many-plates`, `plates-unknown`.
        ConditionMissing: what `move_items` raises.
    """
    wanted = set(numbers)
    if not maker.strip():
        raise BadInput("maker-missing")
    if not person.strip():
        raise BadInput("person-missing")
    if not wanted:
        raise BadInput("nothing-ticked")
    if len(wanted) > MOST:
        raise BadInput("too-many-plates", most=MOST)
    by_case: dict[int, set[int]] = {}
    for number, case_id in session.execute(sa.select(Item.number, Item.case_id).where(Item.number.in_(wanted))):
        if case_id is not None:
            by_case.setdefault(case_id, set()).add(number)
    if sum(map(len, by_case.values())) != len(wanted):
        raise BadInput("plates-unknown")
    visit = outgoing(session, None, Carriage.IN_PERSON, person, act)
    visit.address = [maker.strip()[:200]]
    for case_id, of_case in sorted(by_case.items()):
        move_items(session, session.get_one(Case, case_id), of_case, Movement.TO_MAKER, act=act, consignment=visit)
    details = {"consignment": visit.number, "count": len(wanted)}
    record(session, "office", "plates-to-maker", details, act=act)
    return visit
