"""What is left to do with the things of a case that has ended, before it can be archived."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.custody import ItemState
from app.domain.items import Fate, is_back, is_owed
from app.models import Item

_ITEM = Item.__table__.c


class Left(enum.StrEnum):
    """What has to be done with the things of a case that has ended, before it can be archived; the first is named."""

    GIVE = "give"
    DESTROY = "destroy"
    FILE = "file"


def left(session: Session, cases: Collection[int]) -> Mapping[int, Left]:
    """Return what is left to do with the things of the cases with these ids; a case without any is not in it."""
    if not cases:
        return {}
    asked = sa.select(_ITEM.case_id, _ITEM.state, _ITEM.fate, _ITEM.returned, _ITEM.invalidated)
    found: dict[int, set[Left]] = {}
    for case_id, state, fate, returned, invalidated in session.execute(asked.where(_ITEM.case_id.in_(cases))):
        if state is ItemState.IN_OFFICE:
            back = is_back(fate, returned=returned, invalidated=invalidated)
            owed = is_owed(state, fate, back=back)
            what = Left.GIVE if owed else Left.DESTROY if fate is Fate.DESTROYED else Left.FILE
            found.setdefault(case_id, set()).add(what)
    return {case_id: next(what for what in Left if what in whats) for case_id, whats in found.items()}
