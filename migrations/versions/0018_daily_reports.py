"""The report of each working day is kept: one per day, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "daily_report",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("day", sa.Date(), nullable=False, unique=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["stored_file.sha256"]),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER daily_report_no_{verb.lower()} BEFORE {verb} ON daily_report "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: daily_report'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER daily_report_no_change BEFORE UPDATE OR DELETE ON daily_report "
        "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER daily_report_no_truncate BEFORE TRUNCATE ON daily_report "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows()"
    )


def downgrade() -> None:
    op.drop_table("daily_report")
