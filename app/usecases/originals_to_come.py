"""Which originals and plates does a case need that nobody has brought, and that no summons asks for?"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.custody import Discrepancy, ItemState
from app.domain.items import ExpectedItem, ItemKind
from app.domain.procedures.stages import UNDECIDED_STAGES, Stage
from app.models import Case, Item

_HERE_OR_AWAITED = frozenset({ItemState.EXPECTED, ItemState.IN_OFFICE, ItemState.IN_FILE})


def not_asked_for(case: Case, called_for: Iterable[ExpectedItem]) -> list[ItemKind]:
    """Return which things of those `called_for` are not accounted for, each once; nothing once the case is decided."""
    if Stage(case.stage) not in UNDECIDED_STAGES:
        return []
    there = [item.kind for item in case.items if is_accounted_for(item)]
    left = []
    for one in called_for:
        if one.kind in there:
            there.remove(one.kind)
        else:
            left.append(one.kind)
    return left


def is_accounted_for(item: Item) -> bool:
    """Return whether a thing that the rules call for need not be asked for again: it is here, awaited or waived.

    Not the wrong thing that goes back, nor what nobody asked for and nobody took into the case.
    """
    if item.is_replaced or item.is_stray:
        return False
    return item.state in _HERE_OR_AWAITED or _is_waived(item)


def _is_waived(item: Item) -> bool:
    """Whether it did not come, and a clerk takes that as it is."""
    return item.state is ItemState.CALLED_OFF and any(
        one.kind is Discrepancy.MISSING and one.settled_by == "accepted" for one in item.discrepancies
    )
