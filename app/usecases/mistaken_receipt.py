"""The front desk takes back that a thing was received: it was another one, or it never was in the envelope."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput, ConditionMissing
from app.models import Case, Discrepancy, Item, authored
from app.usecases.items import items_of
from app.usecases.keep_clock import keep_clock
from app.usecases.record import record


def may_be_mistaken(item: Item) -> bool:
    """Whether `item` was received from its party, is here, and nothing was done with it since but put on a shelf."""
    if item.state is not ItemState.IN_OFFICE:
        return False
    done = [row.movement for row in item.handovers if row.movement is not Movement.STORED]
    return bool(done) and done[-1] is Movement.RECEIVED


def take_back_receipt(session: Session, case: Case, number: int, reason: str, *, act: Act) -> Item:
    """Write down that the thing `number` was received by mistake, for the `reason` given.

    What was asked for is awaited again, and what it met of a summons is unmet; what nobody asked for is called off.

    Raises:
        BadInput: `item-unknown`, `reason-missing`.
        ConditionMissing: `receipt-stands`: it is not here, or something was done with it since.
    """
    if not reason.strip():
        raise BadInput("reason-missing")
    (item,) = items_of(session, case, [number])
    if not may_be_mistaken(item):
        raise ConditionMissing("receipt-stands", item=number)
    was_missing = any(one.kind is DiscrepancyKind.MISSING for one in item.discrepancies)
    item.move(Movement.MISTAKEN, authored(act), remark=reason.strip()[:500])
    if item.handovers[0].movement is Movement.EXPECTED:
        _await_again(case, item)
        if was_missing:
            item.discrepancies.append(Discrepancy(kind=DiscrepancyKind.MISSING, raised_at=act.at))
    else:
        item.move(Movement.CALLED_OFF, authored(act))
    keep_clock(session, case, act)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "receipt-mistaken", {"item": number, "reason": reason.strip()[:500]}, act=act)
    return item


def _await_again(case: Case, item: Item) -> None:
    """Let each summons that asked for `item` wait for it again."""
    for letter in case.letters:
        summons = letter.summons
        for demand in summons.demands if summons is not None else ():
            if demand.item_id == item.id:
                demand.met_at = demand.summons.met_at = None
