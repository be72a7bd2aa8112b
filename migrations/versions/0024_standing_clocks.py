"""Whether the clock of a case stands is a column of the case: its lists are read by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_LEADING = (("stage",), ("signature_settled", "stage"), ("clerk_id", "stage"), ("procedure", "stage"))


def upgrade() -> None:
    op.add_column("case_file", sa.Column("clock_stands", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE case_file SET clock_stands = true WHERE id IN (SELECT case_id FROM deadline WHERE stands)")
    op.drop_index("ix_deadline_stands", "deadline")
    op.drop_column("deadline", "stands")
    for columns in _LEADING:
        _replace(columns, ("due_on", "id"), ("clock_stands", "due_on", "id"))
    where = sa.text("clock_stands")
    op.create_index("ix_case_file_clock_stands", "case_file", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_case_file_clock_stands", "case_file")
    for columns in _LEADING:
        _replace(columns, ("clock_stands", "due_on", "id"), ("due_on", "id"))
    op.add_column("deadline", sa.Column("stands", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE deadline SET stands = true "
        "WHERE kind = 'settling' AND case_id IN (SELECT id FROM case_file WHERE clock_stands)"
    )
    where = sa.text("stands")
    op.create_index("ix_deadline_stands", "deadline", ["case_id"], sqlite_where=where, postgresql_where=where)
    op.drop_column("case_file", "clock_stands")


def _replace(leading: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> None:
    op.drop_index(f"ix_case_file_{'_'.join((*leading, *before))}", "case_file")
    op.create_index(f"ix_case_file_{'_'.join((*leading, *after))}", "case_file", [*leading, *after])
