"""How connections to SQLite and PostgreSQL are opened, so that both keep the same promises."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import Any, cast

import psycopg
import pysqlite3
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

WRITING = "okienko_writing"
BUSY_MS = 5_000
RESTED_SECONDS = 1.0
"""A connection that rested longer is asked whether it still lives: a request uses one several times in a row."""

# In WAL mode these versions can lose commits or corrupt the file ("WAL-reset" bug); 3.44.6 and 3.50.7 have the cure.
_FIRST_BAD, _FIRST_GOOD = (3, 7, 0), (3, 51, 3)
_CURED = ((3, 44, 6), (3, 50, 7))


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Return whether this SQLite version must not run in WAL mode."""
    cured = any(version[:2] == cure[:2] and version >= cure for cure in _CURED)
    return _FIRST_BAD <= version < _FIRST_GOOD and not cured


def engine_options(url: str, *, pool_size: int = 10) -> dict[str, Any]:
    """Return SQLAlchemy engine options for `url`: fixed SQLite, checked PostgreSQL connections, time limits."""
    if url.startswith("sqlite"):
        return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False}}
    return {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": 10,
        "pool_recycle": 300,
        "connect_args": {
            "connect_timeout": 5,
            # Compiling a statement, or sending workers for it, takes longer than any page's statement runs.
            "options": "-c jit=off -c max_parallel_workers_per_gather=0 -c statement_timeout=30000"
            " -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        },
    }


def prepare(engine: Engine) -> None:
    """Hook `engine` so that SQLite is durable, checks foreign keys, and takes the write lock before a writer reads.

    Raises:
        RuntimeError: at the first connection, when the SQLite library has the WAL-reset bug.
    """
    if engine.dialect.name != "sqlite":
        _watch(engine)
        _keep_plans(engine)
        return

    @sa.event.listens_for(engine, "connect")
    def _open(connection: sqlite3.Connection, _record: object) -> None:
        version = tuple(int(part) for part in connection.execute("select sqlite_version()").fetchone()[0].split("."))
        if has_wal_reset_bug((version[0], version[1], version[2])):
            raise RuntimeError(f"SQLite {version} can corrupt a database in WAL mode; install pysqlite3 >= 0.6.1")
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            # Without it a REPLACE takes a row away unseen by the triggers that guard history.
            "recursive_triggers=ON",
            "cell_size_check=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _watch(engine: Engine) -> None:
    """Have a connection that rested a while checked before it is used, and replaced where the server went away."""

    @sa.event.listens_for(engine, "checkin")
    def _rests(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["resting_since"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _lives(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get("resting_since")
        if since is not None and time.monotonic() - since > RESTED_SECONDS and not _answers(engine, connection):
            raise InvalidatePoolError


def _keep_plans(engine: Engine) -> None:
    """Have transactions that only read end with COMMIT: a ROLLBACK makes psycopg forget what was prepared.

    The server would plan every statement of every page anew, which for the larger ones takes it ten times as long as
    to execute them. Nothing can be written in such a transaction; PostgreSQL sees to it.
    """

    @sa.event.listens_for(engine, "begin")
    def _begins(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        _driver_of(connection).read_only = not writing

    @sa.event.listens_for(engine, "rollback")
    def _ends(connection: Connection) -> None:
        if connection.invalidated:
            return
        driver = _driver_of(connection)
        if driver.read_only and driver.info.transaction_status is TransactionStatus.INTRANS:
            # Where the connection is lost, the ROLLBACK that follows says so.
            with suppress(psycopg.Error):
                driver.commit()


def _driver_of(connection: Connection) -> psycopg.Connection:
    return cast("psycopg.Connection", connection.connection.driver_connection)


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
