"""Things leave the office: handed out at the counter against a signature, or posted as a parcel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Movement
from app.domain.delivery import Method
from app.domain.errors import BadInput, ConditionMissing, Stale
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer, Stage
from app.models import (
    Carriage,
    Case,
    Consignment,
    Direction,
    Folder,
    Item,
    Message,
    ServiceOutcome,
    authored,
)
from app.outbox.post import post_email
from app.usecases.after_refusal import annotations_standing
from app.usecases.case_facts import items_to_give, newest_agreement, newest_proposal
from app.usecases.items import items_of
from app.usecases.keep_clock import keep_clock
from app.usecases.may_leave import may_leave
from app.usecases.move_case import move_case
from app.usecases.number import next_number
from app.usecases.receive_items import make_tracking_findable, tracking_number
from app.usecases.record import record
from app.usecases.serve_with_things import serve_decisions

_HAND_OUT = {Stage.AGREEING_HANDOVER: "hand_out", Stage.PERMANENT_READY: "issue"}
_POST = {Stage.AGREEING_HANDOVER: "dispatch", Stage.PERMANENT_READY: "dispatch"}


def things_to_hand_out(case: Case) -> list[Item]:
    """Return what a person at the counter gets now: what was agreed so, or, where nothing is agreed, all owed."""
    if case.stage == Stage.AGREEING_HANDOVER.value:
        return items_to_give(newest_proposal(case), Method.IN_PERSON)
    # What the office sends back of itself is given to whoever comes for it before.
    posted = items_to_give(newest_agreement(case), Method.POST)
    return [item for item in case.items if may_leave(case, item) and item not in posted]


def has_expired(item: Item, today: dt.date) -> bool:
    """Whether `item` is a temporary permit whose last day has passed; nobody may drive with it (PRD art. 71 ust. 1)."""
    permit = item.case.permit if item.case is not None and item.kind is ItemKind.TEMPORARY_PERMIT else None
    return permit is not None and permit.valid_until is not None and permit.valid_until < today


def hand_out(
    session: Session,
    case: Case,
    numbers: Collection[int],
    person: str,
    identity_document: str,
    *,
    act: Act,
    doers: frozenset[Doer],
) -> Consignment:
    """Give the things of these `numbers`, all that `things_to_hand_out` names, to `person`, whose document was seen.

    A permit that has expired stays here unless its number is among them.

    Raises:
        Stale: `case-changed`: it is not those that go out now.
        BadInput: `person-missing`, `identity-missing`, `only-expired`: all that could go out has expired.
        ConditionMissing: `something-to-hand-out`; what `_refuse_annotated` refuses; what the procedure lacks.
    """
    if not person.strip():
        raise BadInput("person-missing")
    if not identity_document.strip():
        raise BadInput("identity-missing")
    waiting = things_to_hand_out(case)
    if not waiting:
        raise ConditionMissing("something-to-hand-out")
    items = _locked(session, case, [one for one in waiting if one.number in numbers or not has_expired(one, act.today)])
    if not items:
        raise BadInput("only-expired")
    expired = [item.number for item in items if has_expired(item, act.today)]
    if {item.number for item in items} != set(numbers):
        raise Stale("case-changed", sign=case.sign)
    _refuse_annotated(case, items)
    visit = outgoing(session, case, Carriage.IN_PERSON, person, act)
    if step := _HAND_OUT.get(Stage(case.stage)):
        move_case(session, case, step, act=act, doers=doers, cause=visit)
    visit.identity_document = identity_document.strip()[:60]
    for item in items:
        item.move(Movement.HANDED_OUT, authored(act), consignment=visit)
    session.flush()
    keep_clock(session, case, act, cause=visit)
    serve_decisions(case, items, act.today, ServiceOutcome.DELIVERED, act)
    details = {"consignment": visit.number, "items": [item.number for item in items]}
    if expired:
        details["expired"] = expired
    record(session, f"case:{case.id}", "items-handed-out", details, act=act)
    return visit


def post_parcel(
    session: Session,
    case: Case,
    person: str,
    address: Sequence[str],
    *,
    act: Act,
    doers: frozenset[Doer],
    tracking: str = "",
) -> Consignment:
    """Send what was agreed to be posted, as a registered parcel with acknowledgement, to `person` at `address`.

    What the office sends back of itself (`send_back`) is no handing over: it takes no step of the procedure.

    Raises:
        BadInput: `delivery-address`; what `tracking_number` refuses.
        ConditionMissing: `something-to-post`; what `_refuse_annotated` refuses; what the procedure lacks.
    """
    if not person.strip() or not [line for line in address if line.strip()]:
        raise BadInput("delivery-address")
    proposal = newest_proposal(case)
    step = None if proposal is not None and proposal.sends_back else _POST.get(Stage(case.stage))
    wanted = [item for item in items_to_give(proposal, Method.POST) if may_leave(case, item)]
    items = _locked(session, case, wanted)
    if not items:
        raise ConditionMissing("something-to-post")
    _refuse_annotated(case, items)
    parcel = outgoing(session, case, Carriage.POST, person, act)
    if step:
        move_case(session, case, step, act=act, doers=doers, cause=parcel)
    parcel.address = [line.strip()[:120] for line in address if line.strip()]
    parcel.carrier = "Poczta Polska"
    for item in items:
        item.move(Movement.POSTED, authored(act), consignment=parcel)
    keep_clock(session, case, act, cause=parcel)
    if tracking.strip():
        note_tracking(session, parcel, tracking, act=act)
    _tell(session, case, parcel, items, act)
    details = {"consignment": parcel.number, "items": [item.number for item in items]}
    record(session, f"case:{case.id}", "parcel-posted", details, act=act)
    return parcel


def _refuse_annotated(case: Case, items: Collection[Item]) -> None:
    """Raise ConditionMissing (`annotation-stands`) while one of `items` says that the vehicle is registered."""
    for item, _kind in annotations_standing(case):
        if item in items:
            raise ConditionMissing("annotation-stands", item=item.number)


def _tell(session: Session, case: Case, parcel: Consignment, items: Sequence[Item], act: Act) -> None:
    """Put word of a parcel that left into its owner's mailbox, if there is one."""
    if case.citizen is None:
        return
    session.flush()
    kinds = dict.fromkeys(item.kind.value for item in items)
    data = {"parcel": parcel.id, "kinds": list(kinds)}
    reader = case.citizen
    session.add(
        Message(citizen_id=reader.id, folder=Folder.RECEIVED, kind="parcel", data=data, case_id=case.id, at=act.at)
    )
    post_email(session, reader.email, "news", {}, reader.language, key=f"parcel:{parcel.number}", act=act)


def note_tracking(session: Session, parcel: Consignment, tracking: str, *, act: Act) -> Consignment:
    """Write down under which number a parcel travels. Raises what `tracking_number` refuses, `tracking-missing`."""
    number = tracking_number(tracking)
    if number is None:
        raise BadInput("tracking-missing")
    parcel.tracking = number
    if parcel.case is not None:
        make_tracking_findable(session, parcel.case, number)
        record(session, f"case:{parcel.case_id}", "tracking-noted", {"consignment": parcel.number}, act=act)
    return parcel


def _locked(session: Session, case: Case, items: Sequence[Item]) -> list[Item]:
    return items_of(session, case, [item.number for item in items])


def outgoing(session: Session, case: Case | None, carriage: Carriage, person: str, act: Act) -> Consignment:
    """Return a new consignment of `case`, or of several, that leaves the office today, with its number."""
    number = next_number(session, f"rpo:{act.today.year}")
    consignment = Consignment(
        number=f"RPO/{number}/{act.today.year}",
        direction=Direction.OUT,
        carriage=carriage,
        case=case,
        on=act.today,
        at=act.at,
        person=person.strip()[:200],
        address=[],
        author_name=act.actor.name,
    )
    session.add(consignment)
    return consignment
