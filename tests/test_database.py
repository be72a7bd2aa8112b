"""Whether a connection to SQLite keeps the promises that the office makes, and a library that cannot is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import engine_options, has_wal_reset_bug, prepare


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_versions_that_can_lose_commits_are_known(version: tuple[int, int, int], *, bad: bool) -> None:
    assert has_wal_reset_bug(version) is bad


def test_no_database_is_opened_with_a_library_that_can_lose_commits(tmp_path: Path) -> None:
    """Python's own library mostly is one; where it is not, it opens."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'okienko.db'}")
    prepare(engine)

    if has_wal_reset_bug(sqlite3.sqlite_version_info):
        with pytest.raises(RuntimeError, match="can corrupt a database"):
            engine.connect()
        assert not list(tmp_path.glob("okienko.db?*")), "not even looked into in WAL mode"
    else:
        engine.connect().close()
    engine.dispose()


def test_each_connection_is_durable_and_checks_what_points_where(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okienko.db'}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare(engine)

    with engine.connect() as connection:
        said = {
            name: connection.scalar(sa.text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
        }
    engine.dispose()

    # synchronous=2 is FULL: a commit that was answered survives the loss of power.
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }
