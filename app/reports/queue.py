"""What waits for a clerk: the tabs of "Moja praca" with their counts, and the rows of one tab by urgency."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES, ProcedureName, Stage
from app.models import Case

CAP = 1000
PAGE = 25

_ENDED = sorted(stage.value for stage in SETTLED_STAGES)
_OPEN = sorted(stage.value for stage in Stage if stage not in SETTLED_STAGES)
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


def _where(tab: Tab, user_id: int, today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition of a tab; the count and the list have no other."""
    mine = Case.clerk_id == user_id
    match tab:
        case Tab.MINE:
            return (mine, Case.stage.in_(_OPEN))
        case Tab.NEW:
            return (Case.stage == Stage.RECEIVED.value, Case.clerk_id.is_(None))
        case Tab.VERIFICATION:
            return (mine, Case.stage == Stage.VERIFICATION.value)
        case Tab.DESCRIBE:
            return (
                Case.procedure == ProcedureName.UNDESCRIBED.value,
                Case.stage.in_([Stage.RECEIVED.value, Stage.VERIFICATION.value]),
            )
        case Tab.SIGNATURE:
            return (Case.signature_settled.is_(False), Case.stage.in_(_WORKED))
        case Tab.LATE:
            return (Case.due_on < today, Case.stage.in_([Stage.RECEIVED.value, Stage.VERIFICATION.value]))
        case Tab.DONE:
            return (mine, Case.stage.in_(_ENDED))


def counts(session: Session, user_id: int, today: dt.date) -> dict[Tab, int]:
    """Return how many cases each tab holds, counted to CAP + 1 at most, in one statement."""
    columns = [
        sa.select(sa.func.count())
        .select_from(
            sa.select(sa.literal(1)).select_from(Case).where(*_where(tab, user_id, today)).limit(CAP + 1).subquery()
        )
        .scalar_subquery()
        .label(tab.value)
        for tab in Tab
    ]
    found = session.execute(sa.select(*columns)).one()._mapping  # noqa: SLF001  the public way to read by name
    return {tab: int(found[tab.value]) for tab in Tab}


def rows(
    session: Session, tab: Tab, user_id: int, today: dt.date, after: tuple[dt.date, int] | None = None
) -> tuple[list[Row], tuple[dt.date, int] | None]:
    """Return the next PAGE rows of `tab`, the most urgent first, and where the following page begins."""
    query = sa.select(
        Case.id, Case.sign, Case.procedure, Case.stage, Case.applicant_name, Case.plate, Case.vehicle_label,
        Case.received_on, Case.due_on, Case.signature_settled, Case.clerk_id,
    ).where(*_where(tab, user_id, today), Case.due_on.is_not(None))  # fmt: skip
    if after is not None:
        query = query.where(sa.tuple_(Case.due_on, Case.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    found = session.execute(query.order_by(Case.due_on, Case.id).limit(PAGE + 1)).all()
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
