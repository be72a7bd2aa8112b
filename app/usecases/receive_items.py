"""The front desk registers an envelope or a visit: what came, in which condition, what was missing, where it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Condition, ItemState, Movement
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.errors import BadInput
from app.domain.folding import KeyKind, fold
from app.domain.identifiers import parse_tracking
from app.domain.items import NEW_PLATES, Fate, ItemKind
from app.models import Carriage, Case, Consignment, Demand, Direction, Discrepancy, Item, SearchKey, authored
from app.models.statements import add_missing
from app.usecases.case_facts import is_lost, is_registered
from app.usecases.items import items_of, new_item
from app.usecases.keep_clock import keep_clock
from app.usecases.number import next_number
from app.usecases.record import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How something came: `posted_on` is the day of the postmark; `person` the sender or who stood at the counter."""

    carriage: Carriage
    carrier: str = ""
    tracking: str = ""
    posted_on: dt.date | None = None
    person: str = ""
    identity_document: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An awaited thing that is here, by its number."""

    number: int
    condition: Condition = Condition.GOOD
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A thing that nobody asked for."""

    kind: ItemKind
    label: str = ""


def receive_items(
    session: Session,
    case: Case,
    envelope: Envelope,
    here: Sequence[Arrived],
    *,
    act: Act,
    missing: Sequence[int] = (),
    extra: Sequence[Extra] = (),
    place: str = "",
    consignment: Consignment | None = None,
) -> Consignment:
    """Register what came for `case`: `here` lies at `place` from now on; of `missing` the party will be asked again.

    `consignment` is given where the envelope was registered before anybody knew its case.

    Raises:
        BadInput: `item-unknown`, `nothing-received`, `posted-in-future`, and what `tracking_number` refuses.
        ConditionMissing: `movement-not-open`: one of the things is not awaited.
    """
    if not here and not extra and not missing:
        raise BadInput("nothing-received")
    consignment = consignment or new_arrival(session, envelope, act=act)
    consignment.case = case
    told = {one.number: one for one in here}
    for item in items_of(session, case, told):
        _receive(item, told[item.number], consignment, place, act)
    for item in items_of(session, case, missing):
        if item.state is ItemState.EXPECTED and not item.open_discrepancies:
            item.discrepancies.append(Discrepancy(kind=DiscrepancyKind.MISSING, raised_at=act.at))
    for one in extra:
        item = new_item(session, case, one.kind, Movement.RECEIVED, act=act, label=one.label, place=place or None)
        item.handovers[-1].consignment = consignment
        item.fate = Fate.TO_PARTY  # it goes back, unless a clerk takes it into the case
        item.discrepancies.append(Discrepancy(kind=DiscrepancyKind.NOT_ASKED_FOR, raised_at=act.at))
    session.flush()
    meet_demands(case, act)
    keep_clock(session, case, act, cause=consignment)
    if consignment.tracking:
        make_tracking_findable(session, case, consignment.tracking)
    case.changed_at = act.at
    record(
        session,
        f"case:{case.id}",
        "items-received",
        {"consignment": consignment.number, "items": sorted(told), "missing": sorted(missing), "extra": len(extra)},
        act=act,
    )
    return consignment


def new_arrival(session: Session, envelope: Envelope, *, act: Act, contents: str = "") -> Consignment:
    """Give what came its number in the register of incoming consignments (RPW).

    Raises BadInput: `posted-in-future`, and what `tracking_number` refuses.
    """
    if envelope.posted_on and envelope.posted_on > act.today:
        raise BadInput("posted-in-future")
    number = next_number(session, f"rpw:{act.today.year}")
    consignment = Consignment(
        number=f"RPW/{number}/{act.today.year}",
        direction=Direction.IN,
        carriage=envelope.carriage,
        on=act.today,
        at=act.at,
        carrier=envelope.carrier.strip()[:60] or None,
        tracking=tracking_number(envelope.tracking),
        posted_on=envelope.posted_on,
        person=envelope.person.strip()[:200] or None,
        address=[],
        identity_document=envelope.identity_document.strip()[:60] or None,
        contents=contents.strip()[:1000] or None,
        author_name=act.actor.name,
    )
    session.add(consignment)
    return consignment


def tracking_number(text: str) -> str | None:
    """Return a tracking number as it is kept, `None` for an empty one.

    Raises BadInput with the warning of `parse_tracking`: a wrong check digit is a typing mistake.
    """
    if not text.strip():
        return None
    parsed = parse_tracking(text)
    if parsed.warnings:
        raise BadInput(parsed.warnings[0])
    return parsed.value


def meet_demands(case: Case, act: Act) -> None:
    """Mark what the summonses of `case` asked for and what is here now, or lost."""
    for letter in case.letters:
        summons = letter.summons
        if summons is None or summons.met_at is not None:
            continue
        for demand in summons.demands:
            if demand.met_at is None and _is_here(case, demand):
                demand.met_at = act.at
        if all(demand.met_at for demand in summons.demands):
            summons.met_at = act.at


def make_tracking_findable(session: Session, case: Case, tracking: str) -> None:
    """Let `case` be found by the number of a parcel."""
    key = {"kind": KeyKind.TRACKING.value, "key": fold(tracking)[:80], "case_id": case.id}
    add_missing(session, SearchKey, [key])


def _receive(item: Item, told: Arrived, consignment: Consignment, place: str, act: Act) -> None:
    movement = Movement.CAME_BACK if item.state is ItemState.WITH_PARTY else Movement.RECEIVED
    item.move(movement, authored(act), place=place or None, consignment=consignment, remark=told.remark)
    for discrepancy in item.open_discrepancies:
        if discrepancy.kind is DiscrepancyKind.MISSING:
            discrepancy.settled_at, discrepancy.settled_by = act.at, "arrived"
    if told.condition is not Condition.GOOD:
        item.discrepancies.append(
            Discrepancy(kind=DiscrepancyKind.DAMAGED, remark=told.remark or None, raised_at=act.at)
        )


def _is_here(case: Case, demand: Demand) -> bool:
    item = next((one for one in case.items if one.id == demand.item_id), None)
    if item is None:
        return False
    if item.kind in NEW_PLATES and is_registered(case):
        return True  # once the documents are complete the plates need not come (CZYNN zał. 1 § 1 ust. 8)
    return item.state not in {ItemState.EXPECTED, ItemState.WITH_PARTY} or is_lost(case, item)
