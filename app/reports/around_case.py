"""What is around a case: who else reads it, its neighbours in a list, other cases of its vehicle and person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.folding import KeyKind, fold
from app.models import Case, Party, Presence, SearchKey, Vehicle
from app.reports.queue import Tab, neighbours

SHOWN = 5
"""So many other cases of a vehicle or a person are named; the rest are counted."""
COUNTED = 50
"""So many of the rest at most: a company may have thousands."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A colleague who has the case open, and since when."""

    name: str
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """Another case that has something to do with this one."""

    sign: str
    procedure: str
    stage: str


@dataclass(slots=True)
class Around:
    """What is around a case."""

    readers: list[Reader] = field(default_factory=list)
    before: str | None = None
    after: str | None = None
    of_vehicle: list[Linked] = field(default_factory=list)
    of_person: list[Linked] = field(default_factory=list)
    further_of_vehicle: int = 0
    further_of_person: int = 0


def around_case(
    session: Session, case: Case, *, user_id: int, today: dt.date, since: dt.datetime, tab: Tab | None
) -> Around:
    """Return what is around `case` for the user, in one statement.

    Args:
        session: Where to ask.
        case: With its vehicle and parties loaded.
        user_id: Who asks, and is no reader for themselves.
        today: The day of the lists.
        since: Who opened the case after this moment counts as a reader.
        tab: The list in which the neighbours stand; none are looked for without it.
    """
    around = Around()
    for row in session.execute(sa.union_all(*_questions(case, user_id, today, since, tab))):
        match row.what:
            case "reader":
                around.readers.append(Reader(row.words, row.at))
            case "before":
                around.before = row.words
            case "after":
                around.after = row.words
            case "vehicle":
                around.of_vehicle.append(Linked(row.words, row.procedure, row.stage))
                around.further_of_vehicle = max(0, row.total - SHOWN)
            case _:
                around.of_person.append(Linked(row.words, row.procedure, row.stage))
                around.further_of_person = max(0, row.total - SHOWN)
    return around


def _questions(
    case: Case, user_id: int, today: dt.date, since: dt.datetime, tab: Tab | None
) -> Iterator[sa.Select[Any]]:
    name = User.first_name + sa.literal_column("' '") + User.last_name
    yield (
        _line("reader", name, at=Presence.seen_at)
        .join_from(Presence, User, User.id == Presence.user_id)
        .where(Presence.case_id == case.id, Presence.user_id != user_id, Presence.seen_at > since)
    )
    if tab is not None and case.due_on is not None:
        questions = neighbours(tab, user_id, today, (case.due_on, case.id))
        for what, question in zip(("before", "after"), questions, strict=True):
            yield _line(what, question.subquery().c.sign)
    vehicle = case.vehicle
    if vehicle is not None and (vehicle.vin or vehicle.plate):
        same = [
            column == value for column, value in ((Vehicle.vin, vehicle.vin), (Vehicle.plate, vehicle.plate)) if value
        ]
        yield _others("vehicle", case, sa.select(Vehicle.case_id).where(sa.or_(*same)))
    same_people: list[sa.Select[int]] = []
    if people := [party.pesel_digest for party in case.parties if party.pesel_digest]:
        same_people.append(sa.select(Party.case_id).where(Party.pesel_digest.in_(people)))
    if companies := [fold(party.regon)[:80] for party in case.parties if party.regon]:
        is_same = (SearchKey.kind == KeyKind.REGON.value, SearchKey.key.in_(companies))
        same_people.append(sa.select(SearchKey.case_id).where(*is_same))
    if same_people:
        yield _others("person", case, sa.union_all(*same_people) if same_people[1:] else same_people[0])


def _others(what: str, case: Case, ids: sa.Select[int] | sa.CompoundSelect[int]) -> sa.Select[Any]:
    newest = (
        sa.select(Case.id, Case.sign, Case.procedure, Case.stage)
        .where(Case.id.in_(ids), Case.id != case.id)
        .order_by(Case.id.desc())
        .limit(SHOWN + COUNTED)
        .subquery()
    ).c
    found = (
        sa.select(newest.sign, newest.procedure, newest.stage, sa.func.count().over().label("total"))
        .order_by(newest.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    return _line(what, found.c.sign, procedure=found.c.procedure, stage=found.c.stage, total=found.c.total)


def _line(
    what: str, words: Any, *, at: Any = None, procedure: Any = None, stage: Any = None, total: Any = None
) -> sa.Select[Any]:
    def or_none(column: Any, like: Any) -> Any:
        return column if column is not None else sa.cast(sa.null(), like.type)

    return sa.select(
        sa.literal_column(f"'{what}'", sa.String).label("what"),
        words.label("words"),
        or_none(at, Presence.__table__.c.seen_at).label("at"),
        or_none(procedure, Case.__table__.c.procedure).label("procedure"),
        or_none(stage, Case.__table__.c.stage).label("stage"),
        or_none(total, Case.__table__.c.version).label("total"),
    )
