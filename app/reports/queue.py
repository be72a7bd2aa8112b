"""What waits for a clerk: the tabs of "Moja praca" with their counts, and the rows of one tab by urgency."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES, ProcedureName, Stage
from app.models import Case

CAP = 1000
PAGE = 25

# Plain columns: reading them needs nothing of what mapped classes need.
_CASE = Case.__table__.c
_ENDED = sorted(stage.value for stage in SETTLED_STAGES)
_OPEN = sorted(stage.value for stage in Stage if stage not in SETTLED_STAGES)
_FIRST = [Stage.RECEIVED.value, Stage.VERIFICATION.value]
_WORKED = sorted(stage.value for stage in Stage if stage not in SETTLED_STAGES | SIDE_STAGES)


class Tab(enum.StrEnum):
    """The lists of "Moja praca"."""

    MINE = "mine"
    NEW = "new"
    VERIFICATION = "verification"
    DESCRIBE = "describe"
    SIGNATURE = "signature"
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list: what it is, and by when."""

    id: int
    sign: str
    procedure: str
    stage: str
    applicant_name: str
    plate: str | None
    vehicle_label: str | None
    received_on: dt.date
    due_on: dt.date | None
    signature_settled: bool
    mine: bool
    free: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """Which cases a tab holds: those that meet `conditions` at one of `stages`; the count and the list ask no other.

    `by_stage`: an index leads with the conditions and the stage, so that each stage is read by itself in the order of
    its due days. Asked for all stages at once, both databases rather walk through every due day of the office.
    """

    conditions: tuple[sa.ColumnElement[bool], ...]
    stages: list[str]
    by_stage: bool = True

    @property
    def where(self) -> tuple[sa.ColumnElement[bool], ...]:
        """The whole condition."""
        # Written out: codes are ours, and a list of parameters is put into the text anew at each execution.
        written: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{Stage(stage).value}'") for stage in self.stages]
        return (*self.conditions, _CASE.stage.in_(written))

    @property
    def parts(self) -> list[tuple[sa.ColumnElement[bool], ...]]:
        """The conditions of each part that is read by itself."""
        return [(*self.conditions, _CASE.stage == stage) for stage in self.stages] if self.by_stage else [self.where]


def _question(tab: Tab) -> _Question:
    """Return what `tab` asks, of the parameters `user_id` and `today`."""
    mine = (_CASE.clerk_id == sa.bindparam("user_id"),)
    match tab:
        case Tab.MINE:
            return _Question(mine, _OPEN)
        case Tab.NEW:
            return _Question((_CASE.clerk_id.is_(None),), [Stage.RECEIVED.value])
        case Tab.VERIFICATION:
            return _Question(mine, [Stage.VERIFICATION.value])
        case Tab.DESCRIBE:
            return _Question((_CASE.procedure == ProcedureName.UNDESCRIBED.value,), _FIRST)
        case Tab.SIGNATURE:
            return _Question((_CASE.signature_settled.is_(False),), _WORKED, by_stage=False)
        case Tab.LATE:
            return _Question((_CASE.due_on < sa.bindparam("today"),), _FIRST)
        case Tab.DONE:
            return _Question(mine, _ENDED)


@cache
def _counts() -> sa.Select[Any]:
    """Return the statement that counts every tab; put together once."""
    return sa.select(
        *(
            sa.select(sa.func.count())
            .select_from(
                sa.select(sa.literal(1))
                .select_from(Case.__table__)
                .where(*_question(tab).where)
                .limit(CAP + 1)
                .subquery()
            )
            .scalar_subquery()
            .label(tab.value)
            for tab in Tab
        )
    )


def counts(session: Session, user_id: int, today: dt.date) -> dict[Tab, int]:
    """Return how many cases each tab holds, counted to CAP + 1 at most, in one statement."""
    found = session.execute(_counts(), {"user_id": user_id, "today": today}).one()
    return {tab: int(count) for tab, count in zip(Tab, found, strict=True)}


def rows(
    session: Session, tab: Tab, user_id: int, today: dt.date, after: tuple[dt.date, int] | None = None
) -> tuple[list[Row], tuple[dt.date, int] | None]:
    """Return the next PAGE rows of `tab`, the most urgent first, and where the following page begins."""
    further: list[sa.ColumnElement[bool]] = [_CASE.due_on.is_not(None)]
    if after is not None:
        further.append(sa.tuple_(_CASE.due_on, _CASE.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    firsts = [
        sa.select(_CASE.id).where(*part, *further).order_by(_CASE.due_on, _CASE.id).limit(PAGE + 1).subquery()
        for part in _question(tab).parts
    ]
    query = sa.select(
        _CASE.id, _CASE.sign, _CASE.procedure, _CASE.stage, _CASE.applicant_name, _CASE.plate, _CASE.vehicle_label,
        _CASE.received_on, _CASE.due_on, _CASE.signature_settled, _CASE.clerk_id,
    ).where(_CASE.id.in_(sa.union_all(*(sa.select(first.c.id) for first in firsts))))  # fmt: skip
    values = {"user_id": user_id, "today": today}
    found = session.execute(query.order_by(_CASE.due_on, _CASE.id).limit(PAGE + 1), values).all()
    shown = [
        Row(
            id=row.id,
            sign=row.sign,
            procedure=row.procedure,
            stage=row.stage,
            applicant_name=row.applicant_name,
            plate=row.plate,
            vehicle_label=row.vehicle_label,
            received_on=row.received_on,
            due_on=row.due_on,
            signature_settled=row.signature_settled,
            mine=row.clerk_id == user_id,
            free=row.clerk_id is None,
        )
        for row in found[:PAGE]
    ]
    last = shown[-1] if len(found) > PAGE else None
    return shown, (last.due_on, last.id) if last is not None and last.due_on is not None else None


def neighbours(tab: Tab, user_id: int, today: dt.date, place: tuple[dt.date, int]) -> tuple[sa.Select[Any], ...]:
    """Return the questions for the signs of the cases before and after `place` (due day, id) in `tab`."""
    found = []
    here = sa.tuple_(sa.literal(place[0]), sa.literal(place[1]))
    for before in (True, False):
        there = sa.tuple_(_CASE.due_on, _CASE.id)
        order = (_CASE.due_on.desc(), _CASE.id.desc()) if before else (_CASE.due_on, _CASE.id)
        parts = [
            sa.select(_CASE.sign, _CASE.due_on, _CASE.id)
            .where(*part, there < here if before else there > here)
            .order_by(*order)
            .limit(1)
            .subquery()
            for part in _question(tab).parts
        ]
        all_parts = sa.union_all(*(sa.select(part) for part in parts)).subquery()
        outer = (all_parts.c.due_on.desc(), all_parts.c.id.desc()) if before else (all_parts.c.due_on, all_parts.c.id)
        found.append(sa.select(all_parts.c.sign).order_by(*outer).limit(1).params(user_id=user_id, today=today))
    return tuple(found)
