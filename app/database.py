"""How connections to SQLite and PostgreSQL are opened, so that both keep the same promises."""

from __future__ import annotations

import sqlite3
from typing import Any

import pysqlite3
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

WRITING = "okienko_writing"
BUSY_MS = 5_000

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
        "pool_pre_ping": True,
        "pool_recycle": 300,
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        },
    }


def prepare(engine: Engine) -> None:
    """Hook `engine` so that SQLite is durable, checks foreign keys, and takes the write lock before a writer reads.

    Raises:
        RuntimeError: at the first connection, when the SQLite library has the WAL-reset bug.
    """
    if engine.dialect.name != "sqlite":
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
            "cell_size_check=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
