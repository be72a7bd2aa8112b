"""What does a refusal leave to be done that comes after a temporary registration?

The owner drives with new plates and a permit; the old ones lie here, and papers say that the vehicle is registered.
"""

from __future__ import annotations

from app.domain.annotations import AnnotationKind
from app.domain.custody import AWAY, ItemState
from app.domain.items import NEW_PLATES, OLD_PLATES, ItemKind
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.stages import Stage
from app.models import Case, Item
from app.usecases.counted_things import plates_out

_OF_THE_OLD_REGISTRATION = OLD_PLATES | {ItemKind.REG_CERT}
_SAYS_REGISTERED = frozenset({AnnotationKind.REGISTERED, AnnotationKind.REGISTERED_PL_EN, AnnotationKind.NUMBER_KEPT})


def waits_for_plates(case: Case, item: Item) -> bool:
    """Whether `item`, of the old registration, stays here: its owner has the new plates, or has appealed.

    Nobody has two sets of plates for one vehicle (PRD art. 71 ust. 1, art. 74 ust. 5).
    """
    if case.stage != Stage.REFUSED.value or item.kind not in _OF_THE_OLD_REGISTRATION or item.is_stray:
        return False
    appealed = any(appeal.outcome is None for appeal in case.appeals)
    return plates_out(case) > 0 or (appealed and any(one.kind in NEW_PLATES for one in case.items))


def may_be_struck_out(item: Item) -> bool:
    """Whether what stands on `item` can be struck out: it is here, or its owner shows it after the refusal."""
    refused = item.case is not None and item.case.stage == Stage.REFUSED.value
    return item.state is ItemState.IN_OFFICE or (refused and item.state is ItemState.WITH_PARTY)


def annotations_standing(case: Case, *, shown: bool = False) -> list[tuple[Item, AnnotationKind]]:
    """Return what stands on the things here that the vehicle was registered, though that was refused in the end.

    `shown`: instead what stands on those that are with the owner, who can show them.
    """
    if case.stage != Stage.REFUSED.value:
        return []
    state = ItemState.WITH_PARTY if shown else ItemState.IN_OFFICE
    there = [item for item in case.items if item.state is state]
    return [(item, kind) for item in there for kind in item.annotations if kind in _SAYS_REGISTERED]


def fields_after_temporary_registration(case: Case) -> dict[str, str]:
    """Return the fields of a refusal that say what becomes of permit and plates; empty where none are out."""
    numbers = dict.fromkeys(item.label for item in case.items if item.kind in NEW_PLATES and item.state in AWAY)
    if not numbers:
        return {}
    plates = f"tablice rejestracyjne {', '.join(numbers)}"
    permit = case.permit
    both = f"pozwolenie czasowe {permit.number} i {plates}" if permit and case.edition == SEKAP else plates
    return {"comes_back": both}
