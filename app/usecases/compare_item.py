"""A clerk compares things with their scans, or settles what is not as it should be with one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.custody import ItemState, Movement
from app.domain.delivery import Method
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import SIDE_STAGES, Doer, Stage
from app.models import Case, Discrepancy, Item, ProposalState, authored
from app.usecases.case_facts import newest_proposal
from app.usecases.items import fate_in, items_of
from app.usecases.keep_clock import keep_clock
from app.usecases.receive_items import meet_demands
from app.usecases.record import record
from app.usecases.whose_case import claim


def compare_item(
    session: Session,
    case: Case,
    version: int,
    number: int,
    *,
    act: Act,
    differs: DiscrepancyKind | None = None,
    remark: str = "",
) -> Item:
    """Write down that the thing `number` was compared with its scan, and in what it `differs`, if it does.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        BadInput: `item-unknown`; `reason-missing`: in what it differs has to be said.
        ConditionMissing: `movement-not-open`: it is not here.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if differs is not None and not remark.strip():
        raise BadInput("reason-missing")
    (item,) = items_of(session, case, [number])
    _compare(session, case, item, differs, remark.strip(), act=act)
    return item


def compare_rest(session: Session, case: Case, version: int, *, act: Act) -> list[Item]:
    """Write down that all things which are here and were not compared yet agree with their scans.

    Raises what `claim` raises, ConditionMissing (`nothing-to-compare`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    items = items_of(session, case, [item.number for item in case.items if is_to_compare(item)])
    if not items:
        raise ConditionMissing("nothing-to-compare")
    for item in items:
        _compare(session, case, item, None, "", act=act)
    return items


def is_to_compare(item: Item) -> bool:
    """Return whether `item` is here, was asked for and was not compared with its scan yet."""
    here = item.state is ItemState.IN_OFFICE and not item.compared
    return here and item.handovers[0].movement is Movement.EXPECTED


def _compare(
    session: Session, case: Case, item: Item, differs: DiscrepancyKind | None, remark: str, *, act: Act
) -> None:
    item.move(Movement.COMPARED, authored(act), remark=remark)
    if differs is not None:
        item.discrepancies.append(Discrepancy(kind=differs, remark=remark, raised_at=act.at))
    case.changed_at = act.at
    details = {"item": item.number, "differs": differs.value if differs else None}
    record(session, f"case:{case.id}", "item-compared", details, act=act)


def accept_discrepancies(session: Session, case: Case, version: int, number: int, reason: str, *, act: Act) -> Item:
    """Take the thing `number` as it is, for the reason given. One that is missing is waited for no more.

    Raises what `claim` raises, and BadInput: `item-unknown`, `reason-missing`, `no-discrepancy`.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if not reason.strip():
        raise BadInput("reason-missing")
    (item,) = items_of(session, case, [number])
    if not item.open_discrepancies:
        raise BadInput("no-discrepancy")
    if item.is_stray and Stage(case.stage) not in SIDE_STAGES - {Stage.WITHDRAWN}:
        item.fate = fate_in(case, item.kind)  # nothing stays in a case that was ended aside
    for discrepancy in item.open_discrepancies:
        discrepancy.settled_at, discrepancy.settled_by = act.at, "accepted"
    newest = newest_proposal(case)
    if newest is not None and newest.sends_back and item in newest.left(Method.POST):
        newest.state = ProposalState.REPLACED  # it stays now; what else waits to be posted is sent back anew
    if item.state is ItemState.EXPECTED:
        item.move(Movement.CALLED_OFF, authored(act), remark=reason.strip())
        meet_demands(case, act)
    keep_clock(session, case, act)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "discrepancy-accepted", {"item": number, "reason": reason.strip()}, act=act)
    return item
