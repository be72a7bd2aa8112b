"""What SQLAlchemy says differently for each database, or without types; and inserts that cost no unit of work.

What a transaction only leaves behind goes out where it ends, all of it at once (`leave`, `leave_rows`): PostgreSQL is
asked once and not for each statement. The order of what is left is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

Row = Mapping[str, Any]
_LEFT = "okienko_left"
_T = TypeVar("_T")


def dialect_of(session: Session) -> str:
    """Return the name of the session's database: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def add_rows_by(session: Session, kind: type[Any], rows: Sequence[Row], column: str) -> dict[Any, int]:
    """Insert `rows` of `kind`, by column, in one go and return their ids by the value of `column`.

    What they refer to must have been flushed before.
    """
    if not rows:
        return {}
    done = session.execute(_returning(_table(kind), column), [dict(row) for row in rows])
    return {value: id_ for id_, value in done}


def add_row(session: Session, kind: type[Any], row: Row) -> int:
    """Insert `row` of `kind`, by column, and return its id. What it refers to must have been flushed before."""
    done = session.execute(_plain(_table(kind)), dict(row))
    return cast("int", cast("CursorResult[Any]", done).inserted_primary_key[0])  # type: ignore[index]


def leave(session: Session, statement: sa.Executable, parameters: Any = None) -> None:
    """Execute `statement` where the transaction ends. For what nobody reads before, and whose answer nobody needs."""
    of_transaction(session, _LEFT, list[tuple[sa.Executable, Any]]).append((statement, parameters))


def leave_rows(session: Session, kind: type[Any], *rows: Row) -> None:
    """Insert `rows` of `kind`, by column, where the transaction ends. For rows that nobody reads before."""
    if rows:
        leave(session, _without_key(_table(kind)), _parameters(rows))


def leave_missing(session: Session, kind: type[Any], *rows: Row, unique: str) -> None:
    """Insert where the transaction ends those of `rows` whose `unique` column is not taken then."""
    if rows:
        leave(session, _missing(dialect_of(session), _table(kind), unique), _parameters(rows))


@sa.event.listens_for(Session, "before_commit")
def write_left(session: Session) -> None:
    """Execute now what was left to the end of the transaction.

    Raises:
        DBAPIError: as each statement by itself would.
    """
    if _LEFT not in session.info or not (left := of_transaction(session, _LEFT, list[tuple[sa.Executable, Any]])):
        return
    del session.info[_LEFT]
    session.flush()
    connection = session.connection()
    with _at_once(connection):
        for statement, parameters in left:
            connection.execute(statement, parameters).close()


def of_transaction(session: Session, name: str, make: Callable[[], _T]) -> _T:
    """Return what the open transaction keeps in `session.info` under `name`; at first what `make` gives.

    What another transaction kept, which was broken off, is forgotten.
    """
    transaction = session.connection().get_transaction()
    known, kept = session.info.get(name, (None, None))
    if known is not transaction:
        kept = make()
        session.info[name] = (transaction, kept)
    return cast("_T", kept)


@contextmanager
def _at_once(connection: sa.Connection) -> Iterator[None]:
    """Send what the block executes without waiting for each answer, where the driver can; errors come at its end."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise sa.exc.DBAPIError.instance(None, None, error, psycopg.Error, dialect=connection.dialect) from error


def columns_of(one: object) -> Row:
    """Return what is known of `one`, a new object that no session knows, as a row for `add_row`."""
    known = ((attr.columns[0].key, one.__dict__.get(attr.key)) for attr in sa.inspect(type(one)).column_attrs)
    return {key: value for key, value in known if value is not None}


def add_missing(session: Session, kind: type[Any], rows: Sequence[Row], *, unique: str | None = None) -> None:
    """Insert those of `rows` whose `unique` column (or whatever is unique) is not taken; the others are there."""
    if rows:
        session.execute(_missing(dialect_of(session), _table(kind), unique), _parameters(rows))


def add_once(session: Session, kind: type[Any], row: Row, *, unique: str) -> int | None:
    """Insert `row` and return its id, or `None` where its `unique` column is taken already."""
    statement = _once(dialect_of(session), _table(kind), unique)
    return session.execute(statement, dict(row)).scalar_one_or_none()


def changed_rows(done: sa.Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return done.rowcount if isinstance(done, CursorResult) else 0


def insert_in(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what happens on a conflict, in the words of the database `dialect`."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


def _parameters(rows: Sequence[Row]) -> dict[str, Any] | list[dict[str, Any]]:
    """Return `rows` as SQLAlchemy takes them; one alone goes the shorter way."""
    return dict(rows[0]) if len(rows) == 1 else [dict(row) for row in rows]


def _table(kind: type[Any]) -> sa.Table:
    return cast("sa.Table", kind.__table__)


# Built once: SQLAlchemy takes longer to put a statement together than to send it.


@cache
def _plain(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@cache
def _without_key(table: sa.Table) -> sa.Insert:
    """An INSERT that asks for nothing in return."""
    return sa.insert(table).inline()


@cache
def _returning(table: sa.Table, column: str) -> ReturningInsert[int, Any]:
    return sa.insert(table).returning(table.c.id, table.c[column])


@cache
def _missing(dialect: str, table: sa.Table, unique: str | None) -> sqlite.Insert | postgresql.Insert:
    return insert_in(dialect, table).on_conflict_do_nothing(index_elements=[unique] if unique else None).inline()


@cache
def _once(dialect: str, table: sa.Table, unique: str) -> ReturningInsert[int]:
    return _missing(dialect, table, unique).returning(table.c.id)
