"""The post lost what the office had sent: another one is made instead, or a clerk says why none comes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.blanks import label_as_printed, permit_as_printed
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import NEW_PLATES, Fate, ItemKind
from app.domain.procedures.stages import SIDE_STAGES, Doer, Stage
from app.models import Case, Item, Permit, authored
from app.usecases.items import items_of, new_item
from app.usecases.parcel_outcome import give_anew, is_granted
from app.usecases.record import record
from app.usecases.whose_case import claim

NUMBERED: Mapping[ItemKind, Callable[[str], str]] = MappingProxyType(
    {
        ItemKind.TEMPORARY_PERMIT: permit_as_printed,
        ItemKind.CONTROL_STICKER: label_as_printed,
        ItemKind.LEGALISATION_STICKERS: label_as_printed,
        ItemKind.REGISTRATION_CERTIFICATE: label_as_printed,
        ItemKind.NEW_VEHICLE_CARD: label_as_printed,
    }
)
"""What is made anew on a blank with a number of its own, and how that is written."""
REPLACEABLE = frozenset(NUMBERED) | NEW_PLATES | {ItemKind.DECISION}
"""What the office made, and can make again. Plates bear the same number, a decision is printed once more."""


def may_be_replaced(case: Case, lost: Item) -> bool:
    """Return whether the office makes another one instead of `lost`; where the case ended aside, only a decision."""
    stage = Stage(case.stage)
    aside = stage in SIDE_STAGES or (stage is Stage.CLOSED and not is_granted(case))
    return lost.kind in REPLACEABLE and (lost.kind is ItemKind.DECISION or not aside)


def replace_lost(
    session: Session, case: Case, version: int, numbers: Collection[int], label: str, *, act: Act
) -> list[Item]:
    """Make others instead of the lost things of these `numbers`; `label` is that of a new blank, where one is needed.

    A case that had gone on stands before the handing over again. What was replaced goes to nobody, if it turns up.

    Raises what `claim` and `items_of` raise, and:
        BadInput: `nothing-ticked`, `label-missing`, `label-unreadable`, `permit-number-unreadable`.
        ConditionMissing: `not-lost`, `not-replaceable`, `label-used`, also where one blank was to be for two.
    """
    things = _lost(session, case, version, numbers, act)
    made = [_replace(session, case, lost, label, act) for lost in things]
    give_anew(session, case, act=act)
    case.changed_at = act.at
    details = {"items": [one.number for one in things], "instead": [one.number for one in made]}
    record(session, f"case:{case.id}", "lost-items-replaced", details, act=act)
    return made


def _replace(session: Session, case: Case, lost: Item, label: str, act: Act) -> Item:
    if not may_be_replaced(case, lost):
        raise ConditionMissing("not-replaceable")
    printed = _printed(session, lost.kind, label) if lost.kind in NUMBERED else lost.label
    made = new_item(session, case, lost.kind, Movement.MADE, act=act, label=printed)
    lost.move(Movement.REPLACED, authored(act), remark=printed)
    lost.fate = _if_it_turns_up(lost.kind)
    if lost.kind is ItemKind.TEMPORARY_PERMIT and case.permit is not None:
        case.permit.number = printed
    elif lost.kind is ItemKind.REGISTRATION_CERTIFICATE and case.certificate_order is not None:
        case.certificate_order.number = printed
    session.flush()
    return made


def write_off_lost(
    session: Session, case: Case, version: int, numbers: Collection[int], reason: str, *, act: Act
) -> list[Item]:
    """Write down why nothing comes instead of the lost things of these `numbers`.

    Raises what `claim` and `items_of` raise, BadInput (`nothing-ticked`, `reason-missing`), ConditionMissing
    (`not-lost`).
    """
    said = reason.strip()[:300]
    if not said:
        raise BadInput("reason-missing")
    things = _lost(session, case, version, numbers, act)
    for lost in things:
        lost.move(Movement.WRITTEN_OFF, authored(act), remark=said)
    case.changed_at = act.at
    details = {"items": [one.number for one in things], "reason": said}
    record(session, f"case:{case.id}", "lost-items-written-off", details, act=act)
    return things


def _lost(session: Session, case: Case, version: int, numbers: Collection[int], act: Act) -> list[Item]:
    claim(case, version, act=act, doer=Doer.CLERK)
    things = items_of(session, case, numbers)
    if not things:
        raise BadInput("nothing-ticked")
    if any(item.state is not ItemState.LOST for item in things):
        raise ConditionMissing("not-lost")
    return things


def _printed(session: Session, kind: ItemKind, label: str) -> str:
    if not label.strip():
        raise BadInput("label-missing")
    printed = NUMBERED[kind](label)
    if not printed:
        raise BadInput("permit-number-unreadable" if kind is ItemKind.TEMPORARY_PERMIT else "label-unreadable")
    used = sa.exists().where(Item.kind == kind, Item.label == printed, Item.state != ItemState.FORWARDED)
    if session.scalar(sa.select(sa.or_(used, sa.exists().where(Permit.number == printed)))):
        raise ConditionMissing("label-used")
    return printed


def _if_it_turns_up(kind: ItemKind) -> Fate:
    if kind in NEW_PLATES:
        return Fate.DESTROYED
    return Fate.IN_FILE if kind is ItemKind.DECISION else Fate.INVALIDATED_AND_KEPT
