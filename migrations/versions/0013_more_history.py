"""The history of the procedures only grows, too.

A later migration that rebuilds one of these tables in batch mode on SQLite must make its triggers again.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HISTORY = ("determination", "document_verdict", "handover", "letter_text", "note", "service_event")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'history only grows: {table}'); END"
                )
        return
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in HISTORY:
        for suffix in ("update", "delete") if sqlite else ("change", "truncate"):
            op.execute(
                f"DROP TRIGGER {table}_no_{suffix}" if sqlite else f"DROP TRIGGER {table}_no_{suffix} ON {table}"
            )
