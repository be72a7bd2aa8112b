"""The ledger of a term names the paper behind each event, and a term says whether its clock stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

CAUSES = ("letter", "package", "consignment", "proposal")
STANDING = ("awaiting_remedy", "awaiting_originals", "agreeing_handover", "handed_over", "permanent_ready")


def upgrade() -> None:
    with op.batch_alter_table("deadline_event") as table:
        table.add_column(sa.Column("words", sa.Text()))
        for cause in CAUSES:
            table.add_column(sa.Column(f"{cause}_id", BigKey))
            table.create_foreign_key(_name(cause), cause, [f"{cause}_id"], ["id"], ondelete="RESTRICT")
    op.add_column("deadline", sa.Column("stands", sa.Boolean(), nullable=False, server_default=sa.false()))
    stages = ", ".join(map(repr, STANDING))
    op.execute(
        f"UPDATE deadline SET stands = true WHERE kind = 'settling' AND ended_at IS NULL"  # noqa: S608  words of this file
        f" AND case_id IN (SELECT id FROM case_file WHERE stage IN ({stages}))"
    )
    where = sa.text("stands")
    op.create_index("ix_deadline_stands", "deadline", ["case_id"], sqlite_where=where, postgresql_where=where)
    op.add_column("permit", sa.Column("last_warned_for", sa.Date()))


def downgrade() -> None:
    op.drop_column("permit", "last_warned_for")
    op.drop_index("ix_deadline_stands", "deadline")
    op.drop_column("deadline", "stands")
    with op.batch_alter_table("deadline_event") as table:
        for cause in CAUSES:
            table.drop_constraint(_name(cause), type_="foreignkey")
            table.drop_column(f"{cause}_id")
        table.drop_column("words")


def _name(cause: str) -> str:
    return op.f(f"fk_deadline_event_{cause}_id")
