"""What the office does with things that are here: puts them on a shelf, invalidates, destroys, files, forwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Movement
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import PLATES, Fate, ItemKind, is_cut_before_filing
from app.domain.procedures.stages import ProcedureName, Stage
from app.models import Case, Consignment, Item, authored
from app.usecases.items import items_of, new_item
from app.usecases.keep_clock import keep_clock
from app.usecases.may_leave import UNDER_WAY
from app.usecases.record import record

MOVEMENTS: Mapping[Movement, frozenset[Fate]] = MappingProxyType(
    {
        Movement.STORED: frozenset(Fate),
        Movement.INVALIDATED: frozenset({Fate.INVALIDATED_AND_KEPT, Fate.RETURNED_ABROAD, Fate.LENT}),
        Movement.DESTROYED: frozenset({Fate.DESTROYED}),
        Movement.TO_MAKER: frozenset({Fate.DESTROYED}),
        Movement.FILED: frozenset({Fate.IN_FILE, Fate.INVALIDATED_AND_KEPT, Fate.LENT}),
        Movement.FORWARDED: frozenset(Fate),
    }
)
"""What may be done with a thing by its fate."""
FOR_GOOD = frozenset({Movement.DESTROYED, Movement.TO_MAKER, Movement.FILED, Movement.INVALIDATED})
"""What cannot be given back any more: only when the case is decided, or has ended."""


def move_items(
    session: Session,
    case: Case,
    numbers: Iterable[int],
    movement: Movement,
    *,
    act: Act,
    place: str = "",
    remark: str = "",
    consignment: Consignment | None = None,
) -> list[Item]:
    """Carry out `movement` with the things of these numbers, which go with `consignment`, if with any.

    Raises:
        BadInput: `nothing-ticked`, `item-unknown`, `movement-unknown`, `place-missing` (a shelf for what is stored),
            `reason-missing` (where it is forwarded).
        ConditionMissing: `decision-first`: what is destroyed, filed or cut cannot be given back as it was;
            `movement-not-open`: one of them is not here; `fate-forbids`: it has to go another way, a certificate that
            stays has to be invalidated before it is filed, or what is no plate was to go to the maker of plates.
    """
    fates = MOVEMENTS.get(movement)
    if fates is None:
        raise BadInput("movement-unknown")
    if movement is Movement.STORED and not place.strip():
        raise BadInput("place-missing")
    if movement is Movement.FORWARDED and not remark.strip():
        raise BadInput("reason-missing")
    if is_too_early(case, movement):
        raise ConditionMissing("decision-first")
    items = items_of(session, case, numbers)
    if not items:
        raise BadInput("nothing-ticked")
    for item in items:
        not_cut = movement is Movement.FILED and is_cut_before_filing(item.kind, item.fate) and not item.invalidated
        not_back = movement is Movement.FILED and item.fate is Fate.LENT and not item.is_back
        no_plate = movement is Movement.TO_MAKER and item.kind not in PLATES
        if item.fate not in fates or not_cut or not_back or no_plate:
            raise ConditionMissing("fate-forbids", item=item.number)
        item.move(
            movement,
            authored(act),
            place=place.strip()[:60] or None,
            consignment=consignment,
            remark=remark.strip(),
        )
    keep_clock(session, case, act)
    case.changed_at = act.at
    details = {"movement": movement.value, "items": [item.number for item in items], "remark": remark.strip()}
    record(session, f"case:{case.id}", "items-moved", details, act=act)
    return items


def is_too_early(case: Case, movement: Movement) -> bool:
    """Whether `movement` cannot be undone, and nothing in `case` is decided yet.

    The certificate of a vehicle that is deregistered is invalidated just before the decision (CZYNN annex 1 § 8).
    """
    stage = Stage(case.stage)
    if movement is Movement.INVALIDATED and case.procedure == ProcedureName.DEREGISTRATION.value:
        return stage in UNDER_WAY - {Stage.ORIGINALS_COMPLETE}
    return movement in FOR_GOOD and stage in UNDER_WAY


def make_item(session: Session, case: Case, kind: ItemKind, label: str, *, act: Act) -> Item:
    """Begin the chain of a thing that the office made or got for `case`: a sticker, a decision, a certificate."""
    item = new_item(session, case, kind, Movement.MADE, act=act, label=label)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "item-made", {"item": item.number, "kind": kind.value}, act=act)
    return item
