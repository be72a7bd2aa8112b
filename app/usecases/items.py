"""How the things of a case come into being, and what every verb that moves them shares."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput
from app.domain.items import Fate, ItemKind, fate_of
from app.domain.procedures.stages import ProcedureName
from app.models import Case, Item, authored
from app.usecases.case_facts import answers_of_case, determinations
from app.usecases.number import next_number


def new_item(
    session: Session,
    case: Case,
    kind: ItemKind,
    movement: Movement,
    *,
    act: Act,
    label: str = "",
    place: str | None = None,
) -> Item:
    """Begin the chain of a thing of `case` with `movement`: expected, received or made."""
    item = Item(
        number=next_number(session, "item"),
        kind=kind,
        label=label.strip()[:120],
        fate=fate_in(case, kind),
    )
    item.move(movement, authored(act), place=place)
    case.items.append(item)
    return item


def fate_in(case: Case, kind: ItemKind) -> Fate:
    """Return whose a thing of `kind` is in the end, as `case` stands now."""
    return fate_of(
        kind,
        ProcedureName(case.procedure),
        case.edition,
        ground=answers_of_case(case).ground,
        number_kept=DeterminationCode.NUMBER_KEPT in determinations(case),
    )


def items_of(session: Session, case: Case, numbers: Iterable[int]) -> list[Item]:
    """Return the things of `case` with these numbers, locked until the transaction ends, in the order of the numbers.

    Raises:
        BadInput: `item-unknown`: one of them is not of this case.
    """
    wanted = sorted(set(numbers))
    found = session.scalars(
        sa.select(Item)
        .where(Item.case_id == case.id, Item.number.in_(wanted))
        .order_by(Item.number)
        .with_for_update()
        # Whoever waited for the lock decides by what is true now.
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(wanted):
        raise BadInput("item-unknown", sign=case.sign)
    return list(found)


def things_to_forward(case: Case) -> list[Item]:
    """Return what a party brought and the office holds: it goes to the competent authority with the application."""
    return [
        item
        for item in case.items
        if item.state is ItemState.IN_OFFICE and item.handovers[0].movement in {Movement.EXPECTED, Movement.RECEIVED}
    ]
