"""Which customs or excise document has an owner yet to bring, for a vehicle that may be registered conditionally?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.custody import ItemState, Movement
from app.domain.documents import LATER_PAPERS, Requirement
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.models import Case, DocumentVerdict, Item


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that the case needs; `item` is the newest thing that is meant to be it, if there is one."""

    kind: ItemKind
    item: Item | None

    @property
    def away(self) -> bool:
        """Whether its owner has it; what was given back before it was compared comes once more."""
        if self.item is None or self.item.state is ItemState.EXPECTED:
            return True
        return self.item.state is ItemState.WITH_PARTY and not self.item.compared


def papers_needed(
    case: Case, needed: Sequence[Requirement], latest: Mapping[str, DocumentVerdict]
) -> list[tuple[Paper, Verdict]]:
    """Return the customs and excise documents among what `case` needs, each with its newest verdict."""
    found: list[tuple[Paper, Verdict]] = []
    for one in needed:
        verdict = latest[one.kind].verdict if one.kind in latest else Verdict.PENDING
        if one.kind in LATER_PAPERS and verdict is not Verdict.NOT_APPLICABLE:
            kind = ItemKind(one.kind.value)
            things = [i for i in case.items if i.kind is kind and not (i.is_stray or i.is_replaced)]
            found.append((Paper(kind, things[-1] if things else None), verdict))
    return found


def is_in_order(item: Item) -> bool:
    """Return whether `item` came and agrees, or a clerk waits for it no more."""
    if item.state is ItemState.CALLED_OFF:
        return True
    asked = item.handovers[0].movement is Movement.EXPECTED
    return item.state is not ItemState.EXPECTED and (item.compared or not asked) and not item.open_discrepancies


def was_settled_since(item: Item, at: dt.datetime) -> bool:
    """Return whether `item` was compared, or called off, at the moment `at` or later."""
    return any(row.at >= at for row in item.handovers if row.movement in {Movement.COMPARED, Movement.CALLED_OFF})
