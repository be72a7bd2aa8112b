"""What waits for a clerk: the tabs of "Moja praca" with their counts, and the rows of one tab by urgency."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.custody import ItemState
from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES, ProcedureName, Stage
from app.models import Case, Item

CAP = 1000
PAGE = 25

# Plain columns: reading them needs nothing of what mapped classes need.
_CASE = Case.__table__.c
_ENDED = sorted(stage.value for stage in SETTLED_STAGES)
_OPEN = sorted(stage.value for stage in Stage if stage not in SETTLED_STAGES)
_UNARCHIVED = sorted(stage.value for stage in SETTLED_STAGES if stage is not Stage.ARCHIVED)
_FIRST = [Stage.RECEIVED.value, Stage.VERIFICATION.value]
_SUMMONED = [Stage.AWAITING_ORIGINALS.value, Stage.AWAITING_REMEDY.value]
_AGREEING = [Stage.AGREEING_HANDOVER.value, Stage.PERMANENT_READY.value]
_ITEM = Item.__table__.c
_SOMETHING_CAME = (
    sa.exists()
    .where(
        _ITEM.case_id == _CASE.id,
        _ITEM.state.in_([sa.literal_column(f"'{state.value}'") for state in (ItemState.IN_OFFICE, ItemState.IN_POST)]),
    )
    .correlate(Case.__table__)
)
_WORKED = sorted(stage.value for stage in Stage if stage not in SETTLED_STAGES | SIDE_STAGES)


class Tab(enum.StrEnum):
    """The lists of "Moja praca"."""

    MINE = "mine"
    NEW = "new"
    VERIFICATION = "verification"
    SUMMONED = "summoned"
    ON_THE_WAY = "on-the-way"
    DECISION = "decision"
    AGREEMENT = "agreement"
    DESCRIBE = "describe"
    SIGNATURE = "signature"
    LATE = "late"
    DONE = "done"


OWN = frozenset({Tab.MINE, Tab.VERIFICATION, Tab.SUMMONED, Tab.ON_THE_WAY, Tab.DECISION, Tab.AGREEMENT})
"""Tabs of a clerk's own cases that are not archived: each is a part of MINE."""


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
    stands: bool
    """Whether its legal clock stands, because somebody else has to act."""
    mine: bool
    free: bool

    @property
    def ended(self) -> bool:
        """Whether its legal clock has ended; there may still be things to see to until it is archived."""
        return self.stage in _ENDED


@dataclass(frozen=True, slots=True)
class _Part:
    """Cases of one rank: that of a running clock is 0, of one that has ended 1, of one that stands 2, archived 3."""

    rank: int
    conditions: tuple[sa.ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """Which cases a tab holds: those that meet `conditions` at one of `stages`; the count and the list ask no other.

    An index leads with the conditions, the stage and whether the clock stands, so that each stage is read by itself in
    the order of its due days, and what stands in it by itself again.
    Asked for all stages at once, both databases rather walk through every due day of the office.
    Cases whose clock runs come first, then those that have ended, then those whose clock stands.
    """

    conditions: tuple[sa.ColumnElement[bool], ...]
    stages: list[str]
    led_by: tuple[sa.ColumnElement[Any], ...] = ()
    """Columns that are null in every row. PostgreSQL reads an index in its order only if they stand in the order."""

    @property
    def where(self) -> tuple[sa.ColumnElement[bool], ...]:
        """The whole condition."""
        # Written out: codes are ours, and a list of parameters is put into the text anew at each execution.
        written: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{Stage(stage).value}'") for stage in self.stages]
        return (*self.conditions, _CASE.stage.in_(written))

    @property
    def parts(self) -> list[_Part]:
        """Each part that is read by itself, with its rank. Where a case has ended, no clock stands."""
        return [
            _Part(_rank(stage, stands=stands), (*self.conditions, _CASE.stage == stage, _CASE.clock_stands.is_(stands)))
            for stage in self.stages
            for stands in ((False,) if stage in _ENDED else (False, True))
        ]


def _question(tab: Tab) -> _Question:
    """Return what `tab` asks, of the parameters `user_id` and `today`."""
    mine = (_CASE.clerk_id == sa.bindparam("user_id"),)
    match tab:
        case Tab.MINE:
            return _Question(mine, [*_OPEN, *_UNARCHIVED])
        case Tab.NEW:
            return _Question((_CASE.clerk_id.is_(None),), [Stage.RECEIVED.value], (_CASE.clerk_id,))
        case Tab.VERIFICATION:
            return _Question(mine, [Stage.VERIFICATION.value])
        case Tab.SUMMONED:
            return _Question((*mine, sa.not_(_SOMETHING_CAME)), _SUMMONED)
        case Tab.ON_THE_WAY:
            return _Question((*mine, _SOMETHING_CAME), _SUMMONED)
        case Tab.DECISION:
            return _Question(mine, [Stage.ORIGINALS_COMPLETE.value])
        case Tab.AGREEMENT:
            return _Question(mine, _AGREEING)
        case Tab.DESCRIBE:
            return _Question((_CASE.procedure == ProcedureName.UNDESCRIBED.value,), _FIRST)
        case Tab.SIGNATURE:
            return _Question((_CASE.signature_settled.is_(False),), _WORKED)
        case Tab.LATE:
            return _Question((_CASE.due_on < sa.bindparam("today"), _CASE.clock_stands.is_(False)), _OPEN)
        case Tab.DONE:
            return _Question(mine, _ENDED)


@cache
def _counts() -> sa.Select[Any]:
    """Return the statement that counts every tab by itself, to CAP + 1 at most; put together once."""
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
    """Return how many cases each tab holds, CAP + 1 at most, in one statement."""
    found = session.execute(_counts(), {"user_id": user_id, "today": today}).one()
    return dict(zip(Tab, map(int, found), strict=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the row with this due day and id, among the rows of this rank."""

    rank: int
    due_on: dt.date
    id: int


def rows(
    session: Session, tab: Tab, user_id: int, today: dt.date, after: Place | None = None, *, first: Collection[int] = ()
) -> tuple[list[Row], Place | None]:
    """Return the next PAGE rows of `tab`, the most urgent first, and where the following page begins.

    Urgent is a running clock with few days left; then comes what has ended and is not archived, then clocks that
    stand, and at last what is archived. The cases `first` are left out: something came in them, and `chosen` reads
    them.
    """
    question = _question(tab)
    firsts = []
    for part in question.parts:
        further: list[sa.ColumnElement[bool]] = [_CASE.due_on.is_not(None)]
        if after is not None and part.rank < after.rank:
            continue
        if after is not None and part.rank == after.rank:
            further.append(
                sa.tuple_(_CASE.due_on, _CASE.id) > sa.tuple_(sa.literal(after.due_on), sa.literal(after.id))
            )
        if first:
            further.append(_CASE.id.not_in(first))
        found = sa.select(_CASE.id).where(*part.conditions, *further).order_by(*question.led_by, _CASE.due_on, _CASE.id)
        firsts.append(sa.select(found.limit(PAGE + 1).subquery().c.id))
    if not firsts:
        return [], None
    query = _READ.where(_CASE.id.in_(sa.union_all(*firsts))).order_by(_RANK, _CASE.due_on, _CASE.id)
    values = {"user_id": user_id, "today": today}
    read = [_row(found, user_id) for found in session.execute(query.limit(PAGE + 1), values)]
    last = read[PAGE - 1] if len(read) > PAGE else None
    if last is None or last.due_on is None:
        return read[:PAGE], None
    return read[:PAGE], Place(_rank(last.stage, stands=last.stands), last.due_on, last.id)


def _rank(stage: str, *, stands: bool) -> int:
    if stage == Stage.ARCHIVED.value:
        return 3
    return 2 if stands else int(stage in _ENDED)


_RANK = sa.case(
    (_CASE.clock_stands, 2),
    else_=sa.case({stage.value: _rank(stage.value, stands=False) for stage in Stage}, value=_CASE.stage),
)


def chosen(session: Session, tab: Tab, user_id: int, today: dt.date, ids: Collection[int]) -> list[Row]:
    """Return those of the cases `ids` that `tab` holds, the most urgent first."""
    if not ids:
        return []
    query = _READ.where(*_question(tab).where, _CASE.id.in_(ids)).order_by(_CASE.due_on, _CASE.id)
    return [_row(found, user_id) for found in session.execute(query, {"user_id": user_id, "today": today})]


_READ = sa.select(
    _CASE.id, _CASE.sign, _CASE.procedure, _CASE.stage, _CASE.applicant_name, _CASE.plate, _CASE.vehicle_label,
    _CASE.received_on, _CASE.due_on, _CASE.signature_settled, _CASE.clock_stands, _CASE.clerk_id,
)  # fmt: skip


def _row(found: Any, user_id: int) -> Row:
    return Row(
        id=found.id,
        sign=found.sign,
        procedure=found.procedure,
        stage=found.stage,
        applicant_name=found.applicant_name,
        plate=found.plate,
        vehicle_label=found.vehicle_label,
        received_on=found.received_on,
        due_on=found.due_on,
        signature_settled=found.signature_settled,
        stands=found.clock_stands,
        mine=found.clerk_id == user_id,
        free=found.clerk_id is None,
    )


def neighbours(tab: Tab, user_id: int, today: dt.date, place: tuple[dt.date, int]) -> tuple[sa.Select[Any], ...]:
    """Return the questions for the signs of the cases before and after `place` (due day, id) in `tab`."""
    question, found = _question(tab), []
    here = sa.tuple_(sa.literal(place[0]), sa.literal(place[1]))
    for before in (True, False):
        there = sa.tuple_(_CASE.due_on, _CASE.id)
        led = (*question.led_by, _CASE.due_on, _CASE.id)
        order = [column.desc() for column in led] if before else led
        parts = [
            sa.select(_CASE.sign, _CASE.due_on, _CASE.id)
            .where(*part.conditions, there < here if before else there > here)
            .order_by(*order)
            .limit(1)
            .subquery()
            for part in question.parts
        ]
        all_parts = sa.union_all(*(sa.select(part) for part in parts)).subquery()
        outer = (all_parts.c.due_on.desc(), all_parts.c.id.desc()) if before else (all_parts.c.due_on, all_parts.c.id)
        found.append(sa.select(all_parts.c.sign).order_by(*outer).limit(1).params(user_id=user_id, today=today))
    return tuple(found)
