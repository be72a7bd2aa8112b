"""How migrations run: in one transaction on both databases, so that an interrupted upgrade leaves nothing half done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from app.database import WRITING
from app.extensions import db

# Two processes may start on an old database at once: one upgrades, the other waits and finds nothing to do.
_UPGRADE_LOCK = 5410


def _run(connection: Connection) -> None:
    options = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=db.metadata, transactional_ddl=True, **options)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            # Building an index over a million rows takes longer than a request may.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:5]}")


def _online() -> None:
    with db.engine.connect().execution_options(**{WRITING: True}) as connection:
        if connection.dialect.name != "sqlite":
            _run(connection)
            return
        # SQLite changes a table by copying and dropping it, which must not look like deleting what others point to.
        # The switch works outside a transaction only.
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            _run(connection)
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database: batch mode reads the tables that it changes.")
_online()
