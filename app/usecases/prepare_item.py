"""A clerk gets ready what goes with the papers of a vehicle: the control sticker, the vehicle card, the stickers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.blanks import label_as_printed
from app.domain.custody import ItemState
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import ItemKind
from app.domain.procedures.editions import LAW_OF_2022, SEKAP
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.models import Case, Item
from app.usecases.move_items import make_item
from app.usecases.whose_case import claim

GIVEN_OUT: Mapping[str, tuple[ItemKind, ...]] = MappingProxyType(
    {
        SEKAP: (ItemKind.CONTROL_STICKER, ItemKind.LEGALISATION_STICKERS, ItemKind.NEW_VEHICLE_CARD),
        LAW_OF_2022: (ItemKind.LEGALISATION_STICKERS,),
    }
)
"""What an edition gives out beside plates, permit and certificate; stickers and cards ended on 2022-09-04."""
_NUMBERED = frozenset(kind for kinds in GIVEN_OUT.values() for kind in kinds)
STAGES = frozenset({Stage.ORIGINALS_COMPLETE, Stage.HANDED_OVER, Stage.PERMANENT_READY})


def kinds_to_prepare(case: Case) -> tuple[ItemKind, ...]:
    """Return what may be got ready for `case` and is not there yet."""
    if case.procedure != ProcedureName.REGISTRATION.value or Stage(case.stage) not in STAGES:
        return ()
    there = _there(case)
    return tuple(kind for kind in given_out(case) if kind not in there)


def given_out(case: Case) -> tuple[ItemKind, ...]:
    """Return what `case` gives out beside plates, permit and certificate.

    A vehicle whose card was handed in keeps it; a new one that was prepared all the same can be taken back.
    """
    cards = (item for item in case.items if item.kind is ItemKind.VEHICLE_CARD and item.came_at is not None)
    has_its_card = any(not (item.is_stray or item.is_replaced) for item in cards)
    needless = {ItemKind.NEW_VEHICLE_CARD} - _there(case) if has_its_card else set()
    return tuple(kind for kind in GIVEN_OUT[case.edition] if kind not in needless)


def _there(case: Case) -> set[ItemKind]:
    return {item.kind for item in case.items if item.state is not ItemState.FORWARDED}


def prepare_item(session: Session, case: Case, version: int, kind: ItemKind, label: str, *, act: Act) -> Item:
    """Get a thing of `kind` ready, with the number on it.

    Raises what `claim` raises, BadInput (`label-missing`, `label-unreadable`), ConditionMissing (`not-to-prepare`: the
    edition does not know it, it is there already, or it is not the time; `label-used`: another thing of the case, or
    one of this kind elsewhere, bears the number).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if kind not in kinds_to_prepare(case):
        raise ConditionMissing("not-to-prepare")
    if not label.strip():
        raise BadInput("label-missing")
    printed = label_as_printed(label)
    if not printed:
        raise BadInput("label-unreadable")
    if any(
        item.kind in _NUMBERED and item.label == printed and item.state is not ItemState.FORWARDED
        for item in case.items
    ):
        raise ConditionMissing("label-used")
    elsewhere = sa.select(Item.id).where(Item.kind == kind, Item.label == printed, Item.state != ItemState.FORWARDED)
    if session.scalar(elsewhere.limit(1)):
        raise ConditionMissing("label-used")
    return make_item(session, case, kind, printed, act=act)
