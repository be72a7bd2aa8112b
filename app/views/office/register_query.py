"""How is one page of a register read, at a cost that does not grow with the table?

By keyset: a page begins after (or ends before) a remembered place `(key, id)`, so the database walks an index on these
columns and stops after a page. Rows are counted only up to a cap, in the same statement.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Load, Session, joinedload

from app.models.base import UtcDateTime

CAP = 1000
PAGE_SIZES = (25, 50, 100)
LARGEST_ID = 2**63 - 1
# Made once: each new part of a statement has to be described anew for SQLAlchemy's cache.
_AT_MOST, _COUNT = sa.bindparam("at_most", type_=sa.Integer), sa.select(sa.func.count())
_NOTHING = "-"  # a key that is NULL; a written key is never a lone hyphen


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the rows stand, and which way; the primary key `id` decides between equals."""

    name: str
    key: InstrumentedAttribute[Any] | sa.Column[Any]
    id: InstrumentedAttribute[Any] | sa.Column[Any]
    descending: bool

    @property
    def by_id(self) -> bool:
        """Whether the rows stand by the primary key alone."""
        return self.key.key == self.id.key

    @property
    def nullable(self) -> bool:
        """Whether rows without a key may stand among the others."""
        return bool(self.key.expression.nullable)


@dataclass(frozen=True, slots=True)
class Place:
    """Between which rows a page begins or ends: the key and the id of the row beside it."""

    key: Any
    id: int


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, how many rows there are (at most CAP + 1), and whether more stand on either side."""

    rows: tuple[Any, ...]
    count: int
    before: Place | None
    after: Place | None


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of which columns a row of one order is made that is no object of a class; reading such takes half the time."""

    select: sa.Select[Any]
    make: Callable[[Sequence[Any]], Any]
    known: dict[bool, tuple[sa.Select[Any], sa.Select[Any], sa.Select[Any]]] = field(default_factory=dict)

    def counted(self, rows: sa.Select[Any], order: Order, *, ascending: bool) -> sa.Select[Any]:
        """Return the rows that meet the conditions of `rows`, in `order`, each with the capped count of all.

        All but the conditions is put together once per direction.
        """
        if ascending not in self.known:
            ranked, ids = _ranked(self.select, order, ascending=ascending), sa.select(order.id).limit(CAP + 1)
            self.known[ascending] = ranked, ids, _counted(ranked, ids)
        ranked, ids, whole = self.known[ascending]
        where = rows.whereclause
        return whole if where is None else _counted(ranked.where(where), ids.where(where))


def sketch_of(model: type[Any], names: Iterable[str], related: Mapping[str, Sequence[str]]) -> Sketch:
    """Return a sketch of `model`: its columns `names`, and those that `related` names of many-to-one relations."""
    own, tables = sorted(names), model.__table__
    columns = [tables.c[name] for name in own]
    parts = []
    for relation, wanted in related.items():
        there = getattr(model, relation).property
        other = there.mapper.local_table
        kind = namedtuple(relation, wanted)  # type: ignore[misc]  # noqa: PYI024  its fields are declared, not written
        parts.append((kind, len(columns), len(columns) + len(wanted)))
        columns += [*other.primary_key, *(other.c[name] for name in wanted)]
        tables = tables.outerjoin(other, there.primaryjoin)
    whole = namedtuple(model.__name__, [*own, *related])  # type: ignore[misc]  # noqa: PYI024  as above

    def make(values: Sequence[Any]) -> Any:
        there = (None if values[key] is None else kind(*values[key + 1 : last + 1]) for kind, key, last in parts)
        return whole(*values[: len(own)], *there)

    return Sketch(sa.select(*columns).select_from(tables), make)


def joined(model: type[Any], path: str, columns: Sequence[str] = ()) -> Load:
    """Return the option that reads the relation `path` of `model` (dotted) along, whole or only its `columns`."""
    option: Any = None
    for name in path.split("."):
        attribute = getattr(model, name)
        option = joinedload(attribute) if option is None else option.joinedload(attribute)
        model = attribute.property.mapper.class_
    whole: Load = option
    return whole.load_only(*(getattr(model, column) for column in columns)) if columns else whole


def python_type(column: InstrumentedAttribute[Any] | sa.Column[Any]) -> type:
    """Return the Python type of the values of `column`; a type of our own stands for the one that it is made of."""
    kind = column.expression.type
    found: type = (kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind).python_type
    return found


def write_place(place: Place) -> str:
    """Return `place` as it stands in an address: `<key>~<id>`."""
    key = place.key
    if key is None:
        written = _NOTHING
    elif isinstance(key, enum.Enum):
        written = str(key.value)
    elif isinstance(key, dt.date):  # a datetime is one
        written = key.isoformat()
    elif isinstance(key, bool):
        written = str(int(key))
    else:
        written = str(key)
    return f"{written}~{place.id}"


def read_place(text: str | None, order: Order) -> Place | None:
    """Return the place that `text` names, or None: whatever is not a place of `order` means the first page."""
    if not text or "\x00" in text or len(text) > 400:
        return None
    written, mark, number = text.rpartition("~")
    if not mark or not (number.isascii() and number.isdigit()) or len(number) > 19 or int(number) > LARGEST_ID:
        return None
    if order.by_id:
        return Place(int(number), int(number))
    try:
        key = _read_key(written, order)
    except (ValueError, OverflowError):
        return None
    return None if key is None and not order.nullable else Place(key, int(number))


def _read_key(written: str, order: Order) -> Any:
    kind = order.key.expression.type
    if order.nullable and written == _NOTHING:
        return None
    python = python_type(order.key)
    if issubclass(python, dt.datetime):
        moment = dt.datetime.fromisoformat(written)
        if (moment.tzinfo is None) is isinstance(kind, UtcDateTime):
            raise ValueError("a moment of the other sort")
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment
    if issubclass(python, dt.date):
        return dt.date.fromisoformat(written)
    if issubclass(python, bool):
        return {"0": False, "1": True}[written] if written in ("0", "1") else None
    if issubclass(python, int):
        if len(written) > 19 or abs(int(written)) > LARGEST_ID:
            raise ValueError("a number that no column holds")
        return int(written)
    made: Any = python  # a text, or an enumeration by its value
    return made(written)


def read_page(
    session: Session,
    rows: sa.Select[Any],
    order: Order,
    *,
    size: int,
    after: Place | None = None,
    before: Place | None = None,
    sketch: Sketch | None = None,
) -> Page:
    """Return one page of `rows` (a select of one entity, filtered, not ordered), as objects or as `sketch` says.

    A page that would come out short at the beginning of the list is read from the beginning instead.
    """
    walk = partial(_walk, session, rows, order, size, sketch)
    if before is not None:
        found, count = walk(before, backward=True)
        if len(found) >= size:
            page = tuple(reversed(found[:size]))
            return Page(page, count, _place(page[0], order) if len(found) > size else None, _place(page[-1], order))
        after = None
    found, count = walk(after, backward=False)
    if after is not None and not found:
        after = None
        found, count = walk(None, backward=False)
    page = tuple(found[:size])
    return Page(
        page,
        count,
        _place(page[0], order) if after is not None else None,
        _place(page[-1], order) if len(found) > size else None,
    )


def _place(row: Any, order: Order) -> Place:
    return Place(getattr(row, order.key.key), getattr(row, order.id.key))


def _walk(  # noqa: PLR0917  always called by `read_page`
    session: Session,
    rows: sa.Select[Any],
    order: Order,
    size: int,
    sketch: Sketch | None,
    start: Place | None,
    *,
    backward: bool,
) -> tuple[list[Any], int]:
    """Return up to `size + 1` rows from `start` on, and the capped count of all."""
    ascending = order.descending is backward
    if sketch is not None:
        counted = sketch.counted(rows, order, ascending=ascending)
    else:
        ids = rows.with_only_columns(order.id).limit(CAP + 1)
        counted = _counted(_ranked(rows, order, ascending=ascending), ids)
    connection = session.connection()
    # The session would only look for objects in what a sketch reads.
    execute = session.execute if sketch is None else connection.execute
    nulls_last = connection.dialect.name == "postgresql"
    found: list[Any] = []
    count = 0
    for conditions in _stretches(order, start, ascending=ascending, nulls_greatest=nulls_last):
        # A statement that is the same each time is not put together anew.
        statement = counted.where(*conditions) if conditions else counted
        for row in execute(statement, {"at_most": size + 1 - len(found)}).all():
            found.append(sketch.make(row) if sketch is not None else row[0])
            count = row[-1]
        if len(found) > size:
            break
    return found, count


def _ranked(rows: sa.Select[Any], order: Order, *, ascending: bool) -> sa.Select[Any]:
    columns = (order.id,) if order.by_id else (order.key, order.id)
    return rows.order_by(*(column.asc() if ascending else column.desc() for column in columns)).limit(_AT_MOST)


def _counted(ranked: sa.Select[Any], ids: sa.Select[Any]) -> sa.Select[Any]:
    return ranked.add_columns(_COUNT.select_from(ids.subquery()).scalar_subquery())


def _stretches(
    order: Order, start: Place | None, *, ascending: bool, nulls_greatest: bool
) -> list[list[sa.ColumnElement[bool]]]:
    """Return the conditions of each stretch of the way from `start`; rows without a key are a stretch of their own.

    PostgreSQL holds NULL for the greatest value, SQLite for the smallest; each then walks its index as it stands.
    """
    if start is None:
        return [[]]
    beyond_id = order.id > start.id if ascending else order.id < start.id
    if order.by_id:
        return [[beyond_id]]
    nulls_ahead = order.nullable and nulls_greatest is ascending
    if start.key is None:
        stretch = [order.key.is_(None), beyond_id]
        return [stretch] if nulls_ahead else [stretch, [order.key.is_not(None)]]
    here, there = sa.tuple_(order.key, order.id), sa.tuple_(_bound(order, start.key), sa.literal(start.id))
    stretch = [here > there if ascending else here < there]
    return [stretch, [order.key.is_(None)]] if nulls_ahead else [stretch]


def _bound(order: Order, key: Any) -> sa.ColumnElement[Any]:
    return sa.literal(key, order.key.expression.type)
