"""A clerk compares a thing with its scan, or settles what is not as it should be with one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.custody import Movement
from app.domain.errors import BadInput
from app.models import Case, Discrepancy, Item, authored
from app.usecases.items import items_of
from app.usecases.record import record


def compare_item(
    session: Session,
    case: Case,
    number: int,
    differs: DiscrepancyKind | None = None,
    remark: str = "",
    *,
    act: Act,
) -> Item:
    """Write down that the thing `number` was compared with its scan, and in what it `differs`, if it does.

    Raises:
        BadInput: `item-unknown`; `reason-missing`: in what it differs has to be said.
        ConditionMissing: `movement-not-open`: it is not here.
    """
    if differs is not None and not remark.strip():
        raise BadInput("reason-missing")
    (item,) = items_of(session, case, [number])
    item.move(Movement.COMPARED, authored(act), remark=remark.strip())
    if differs is not None:
        item.discrepancies.append(Discrepancy(kind=differs, remark=remark.strip(), raised_at=act.at))
    case.changed_at = act.at
    details = {"item": number, "differs": differs.value if differs else None}
    record(session, f"case:{case.id}", "item-compared", details, act=act)
    return item


def accept_discrepancies(session: Session, case: Case, number: int, reason: str, *, act: Act) -> Item:
    """Take the thing `number` as it is, for the reason given. One that is missing is waited for no more.

    Raises BadInput: `item-unknown`, `reason-missing`, `no-discrepancy`.
    """
    if not reason.strip():
        raise BadInput("reason-missing")
    (item,) = items_of(session, case, [number])
    if not item.open_discrepancies:
        raise BadInput("no-discrepancy")
    for discrepancy in item.open_discrepancies:
        if discrepancy.kind is DiscrepancyKind.MISSING:
            item.move(Movement.CALLED_OFF, authored(act), remark=reason.strip())
        discrepancy.settled_at, discrepancy.settled_by = act.at, "accepted"
    case.changed_at = act.at
    record(session, f"case:{case.id}", "discrepancy-accepted", {"item": number, "reason": reason.strip()}, act=act)
    return item
