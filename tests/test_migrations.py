"""Whether migrations make exactly the schema of the models, both ways, and whether history is untouchable."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import DBAPIError

from app.database import engine_options, prepare
from app.extensions import db
from app.models import Base
from app.models.base import UtcDateTime
from tests.databases import Cluster, migrating, writing

HISTORY = (
    "announcement",
    "appeal_event",
    "audit_event",
    "audit_seal",
    "case_step",
    "daily_report",
    "deadline_event",
    "determination",
    "document_verdict",
    "handover",
    "letter_text",
    "note",
    "service_event",
    "verification",
)
VERSIONS = sorted(path.stem for path in Path("migrations/versions").glob("*.py"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.clone("template0") as url:
        yield url


def _described(engine: sa.Engine) -> dict[str, Any]:
    """Everything that the database knows about its tables, in a form that can be compared."""
    inspector = sa.inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        found[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], _default(column["default"]))
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"], str(key["options"]))
                for key in inspector.get_foreign_keys(table)
            ),
            "unique": sorted((key["name"], key["column_names"]) for key in inspector.get_unique_constraints(table)),
            "checks": sorted((key["name"], key["sqltext"]) for key in inspector.get_check_constraints(table)),
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"]) for index in inspector.get_indexes(table)
            ),
        }
    return found


def _default(text: str | None) -> str | None:
    # Flask-AppBuilder asks its sequences itself; they have the names that a serial column gives them.
    return None if text and text.startswith("nextval(") else text


def _triggers(connection: sa.Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return set(connection.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))


def test_the_migrations_make_the_schema_of_the_models(empty: str) -> None:
    with migrating(empty):
        with writing(db.engine) as connection:
            Base.metadata.create_all(connection)
        wanted = _described(db.engine)
        with writing(db.engine) as connection:
            Base.metadata.drop_all(connection)

        upgrade()

        assert _described(db.engine) == wanted
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []


def test_each_migration_goes_down_again_and_leaves_nothing(empty: str) -> None:
    with migrating(empty):
        stages = []
        for version in VERSIONS:
            stages.append(_described(db.engine))
            upgrade(revision=version[:4])
        with db.engine.connect() as connection:
            assert _triggers(connection)

        for before in reversed(stages):
            downgrade(revision="-1")
            assert _described(db.engine) == before

        with db.engine.connect() as connection:
            assert _triggers(connection) == set()
        assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty: str) -> None:
    with migrating(empty):
        upgrade(revision="0005")
        before = _described(db.engine)
        with writing(db.engine) as connection:
            connection.exec_driver_sql("CREATE TABLE audit_seal (in_the_way INTEGER)")

        with pytest.raises(DBAPIError):
            upgrade()
        with writing(db.engine) as connection:
            connection.exec_driver_sql("DROP TABLE audit_seal")

        assert _described(db.engine) == before
        upgrade()


def test_lists_taken_in_before_scopes_were_kept_speak_of_nobody_and_go_down_without_a_double(empty: str) -> None:
    columns = "issuer_key, issuer_name, number, this_update, next_update, sha256, added_at"
    moments = ("2026-11-02", "2026-11-09", "2026-11-02")
    with migrating(empty):
        upgrade(revision="0019")
        with writing(db.engine) as connection:
            row = f"VALUES ('k', 'CN=CA', '1', '{moments[0]}', '{moments[1]}', 'a', '{moments[2]}')"
            connection.exec_driver_sql(f"INSERT INTO revocation_list ({columns}) {row}")
            connection.exec_driver_sql(f"INSERT INTO revoked_serial VALUES (1, '77', '{moments[0]}', NULL)")

        upgrade()

        with writing(db.engine) as connection:
            assert connection.execute(sa.text("SELECT users, authorities FROM revocation_list")).all() == [(0, 0)]
            twin = row.replace("'a'", "'b'").replace(")", ", true, true)")
            connection.exec_driver_sql(f"INSERT INTO revocation_list ({columns}, users, authorities) {twin}")
            connection.exec_driver_sql(f"INSERT INTO revoked_serial VALUES (2, '77', '{moments[0]}', NULL)")

        downgrade(revision="0019")

        with db.engine.connect() as connection:
            assert connection.scalars(sa.text("SELECT sha256 FROM revocation_list")).all() == ["b"]
            assert connection.scalars(sa.text("SELECT list_id FROM revoked_serial")).all() == [2]


def test_what_the_office_had_made_off_closes_the_office_and_moves_no_term(empty: str) -> None:
    with migrating(empty):
        upgrade(revision="0030")
        with writing(db.engine) as connection:
            connection.exec_driver_sql("INSERT INTO day_off (day, name, off) VALUES ('2026-12-28', 'Remont', true)")
            connection.exec_driver_sql("INSERT INTO day_off (day, name, off) VALUES ('2026-12-24', 'Wigilia', false)")

        upgrade()

        with db.engine.connect() as connection:
            kinds = connection.execute(sa.text("SELECT kind, name FROM day_off ORDER BY day")).all()
            assert kinds == [("working", "Wigilia"), ("closed", "Remont")]
        downgrade(revision="0030")
        with db.engine.connect() as connection:
            off = connection.execute(sa.text("SELECT name FROM day_off WHERE off")).all()
            assert off == [("Remont",)]


def test_a_thing_that_was_here_before_its_day_was_kept_came_when_its_chain_says(empty: str) -> None:
    chains = {
        1: ("in_office", (("expected", 1), ("received", 2), ("mistaken", 3), ("received", 4), ("stored", 5))),
        2: ("with_party", (("made", 6), ("handed_out", 7))),
        3: ("expected", (("expected", 1), ("received", 2), ("mistaken", 3))),
        4: ("called_off", (("received", 2), ("mistaken", 3), ("called_off", 3))),
    }
    with migrating(empty):
        upgrade(revision="0026")
        with writing(db.engine) as connection:
            for item, (state, chain) in chains.items():
                connection.exec_driver_sql(
                    "INSERT INTO item (id, number, kind, label, fate, state, compared, invalidated, returned) "
                    f"VALUES ({item}, {item}, 'PLATE', '', 'destroyed', '{state}', false, false, false)"
                )
                for seq, (movement, day) in enumerate(chain, 1):
                    connection.exec_driver_sql(
                        "INSERT INTO handover (id, item_id, seq, movement, state, at, actor_kind, actor_name) VALUES "
                        f"({item * 10 + seq}, {item}, {seq}, '{movement}', '{state}', '2026-11-0{day}', 'staff', 'A')"
                    )

        upgrade()

        with db.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT id, came_at FROM item ORDER BY id"))
            came = {item: at and str(at)[:10] for item, at in rows}
        assert came == {1: "2026-11-04", 2: "2026-11-06", 3: None, 4: None}
        downgrade(revision="0026")
        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM handover")) == 13


def test_the_names_of_migrations_are_a_list_one_can_read() -> None:
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in VERSIONS)
    assert [int(name[:4]) for name in VERSIONS] == list(range(1, len(VERSIONS) + 1))


def _something(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0]
    if isinstance(column.type, UtcDateTime):
        return dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    if isinstance(column.type, sa.JSON):
        return {}
    return {int: 1, str: "x", bytes: b"", bool: True, dt.date: dt.date(2026, 11, 2)}[column.type.python_type]


def _one_row(connection: sa.Connection, table_name: str) -> None:
    """Put one row into a table of history, without the rows that it points to."""
    table = Base.metadata.tables[table_name]
    values = {column.name: _something(column) for column in table.columns}
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.execute(table.insert().values(values))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("table", HISTORY)
def test_the_database_refuses_to_change_history(database: str, table: str) -> None:
    plain = sa.create_engine(database)
    with writing(plain) as connection:
        _one_row(connection, table)
    plain.dispose()
    engine = sa.create_engine(database, **engine_options(database))
    prepare(engine)
    attacks = [f"UPDATE {table} SET id = 2", f"DELETE FROM {table}"]
    if engine.dialect.name == "postgresql":
        attacks.append(f"TRUNCATE {table} CASCADE")
    else:
        attacks.append(f"REPLACE INTO {table} SELECT * FROM {table}")

    for attack in attacks:
        with pytest.raises(DBAPIError, match="history only grows"), writing(engine) as connection:
            connection.execute(sa.text(attack))

    with engine.connect() as connection:
        assert connection.scalar(sa.text(f"SELECT id FROM {table}")) == 1
    engine.dispose()


CHANGES = {
    **dict.fromkeys(("blocks", "details", "address"), "'[1]'"),
    **dict.fromkeys(("title", "legal_basis", "addressee", "kind", "author_name", "pdf_sha256"), "'other'"),
    **dict.fromkeys(("case_id", "seq"), "2"),
    "state": "'leaving'",
}
"""What a letter says, and what one would write over it."""


def test_the_database_refuses_to_change_what_a_sent_letter_says_or_to_delete_it(database: str) -> None:
    plain = sa.create_engine(database)
    with writing(plain) as connection:
        _one_row(connection, "letter")
    engine = sa.create_engine(database, **engine_options(database))
    prepare(engine)
    postgresql = engine.dialect.name == "postgresql"
    for before in ("title = 'changed before it left'", "state = 'sent'"):
        with writing(engine) as connection:
            connection.execute(sa.text(f"UPDATE letter SET {before}"))
    more = ["DELETE FROM letter"] + ([] if postgresql else ["REPLACE INTO letter SELECT * FROM letter"])

    for attack in [f"UPDATE letter SET {column} = {value}" for column, value in CHANGES.items()] + more:
        with pytest.raises(DBAPIError, match="history only grows"), writing(engine) as connection:
            connection.execute(sa.text(attack))

    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE letter SET stopped_because = 'x'"))  # this says nothing to its addressee
        assert connection.scalar(sa.text("SELECT title FROM letter")) == "changed before it left"
    plain.dispose()
    engine.dispose()


def test_an_unknown_value_of_an_enumeration_is_refused_by_the_database(database: str) -> None:
    engine = sa.create_engine(database)

    with engine.connect() as connection, pytest.raises(DBAPIError, match="ck_job_jobstate"):
        connection.execute(
            sa.text(
                "INSERT INTO job (kind, subject_id, key, state, tries, due_at, created_at)"
                " VALUES ('x', 1, 'k', 'asleep', 0, '2026-11-02', '2026-11-02')"
            )
        )
    engine.dispose()
