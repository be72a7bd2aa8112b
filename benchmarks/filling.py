"""How is an empty database filled with a million cases in minutes? Without indexes, and without waiting for a disk.

A crash leaves a database without its indexes, and a crash of the machine perhaps a broken file: here it is then filled
anew. An office gets its invented cases by `demo cases`, which does none of this.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from app.clock import now
from app.demo.bulk import CHUNK, Plan, learn, make_world, write_chunk
from app.demo.columns import COLUMNS
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.transaction import one_transaction
from config import from_environment
from tests.databases import bare_door, writing

_SAMPLES = 5
_NOTHING_IS_WAITED_FOR = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-524288", "threads=2")
_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN :tables AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = quote_ident(indexname)::regclass)"
    ),
}
"""Which indexes are no part of a constraint, and how each is made."""


def fill(rows: int, seed: int) -> None:
    """Write `rows` invented cases into the office that the environment names, which has none yet."""
    app = bare_door(from_environment())
    sent = app.test_cli_runner().invoke(args=["demo", "cases", str(_SAMPLES), "--seed", str(seed)])
    if sent.exit_code:
        raise RuntimeError(sent.output)
    with app.app_context():
        plan = Plan(rows - _SAMPLES, seed, now())
        with one_transaction() as session:
            world = make_world(session, plan, equipment=equipment(), act=Act(SYSTEM, now()))
        db.session.remove()
        with without_indexes(db.engine):
            begun, written = time.monotonic(), 0
            for first in plan.chunks:
                with one_transaction() as session:
                    written += write_chunk(session, plan, first, world)
                done, seconds = min(first + CHUNK, plan.cases), time.monotonic() - begun
                print(f"{done:,} of {plan.cases:,} cases, {written / seconds:,.0f} rows a second", flush=True)
            db.session.remove()
        with one_transaction() as session:
            learn(session)
        db.engine.dispose()


@contextmanager
def without_indexes(engine: Engine) -> Iterator[None]:
    """Fill without indexes and without waiting for the disk; make the indexes afterwards."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        sa.event.listen(engine, "connect", _hurry)
    with writing(engine) as connection:
        asked = sa.text(_INDEXES[engine.dialect.name]).bindparams(sa.bindparam("tables", expanding=True))
        indexes = connection.execute(asked, {"tables": list(COLUMNS)}).all()
        for name, _ in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    with writing(engine) as connection:
        _make(connection, [how for _, how in indexes])
    if engine.dialect.name == "sqlite":
        sa.event.remove(engine, "connect", _hurry)


def _hurry(connection: object, _record: object) -> None:
    for pragma in _NOTHING_IS_WAITED_FOR:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  SQLite's own connection


def _make(connection: Connection, statements: list[str]) -> None:
    begun = time.monotonic()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
    for statement in statements:
        connection.exec_driver_sql(statement)
    print(f"{len(statements)} indexes in {time.monotonic() - begun:.0f} seconds", flush=True)


if __name__ == "__main__":
    fill(int(sys.argv[1]), int(sys.argv[2]))
