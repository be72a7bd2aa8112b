"""A day off has a kind: by law, which moves terms (KPA art. 57 § 4), or closed by the office, which moves none.

What the office had entered differs from the statutes that the program knows, and so it closes the office. A day that a
new law made off is to be marked so: docs/operations.md, "Upgrade".
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CHECK = "ck_day_off_daykind"


def upgrade() -> None:
    op.add_column("day_off", sa.Column("kind", sa.String(32)))
    op.execute("UPDATE day_off SET kind = CASE WHEN off THEN 'closed' ELSE 'working' END")
    with op.batch_alter_table("day_off") as table:
        table.alter_column("kind", existing_type=sa.String(32), nullable=False)
        table.create_check_constraint(op.f(_CHECK), "kind IN ('by_law', 'closed', 'working')")
        table.drop_column("off")


def downgrade() -> None:
    """Each day off moves terms again."""
    op.add_column("day_off", sa.Column("off", sa.Boolean()))
    op.execute("UPDATE day_off SET off = (kind <> 'working')")
    with op.batch_alter_table("day_off") as table:
        table.alter_column("off", existing_type=sa.Boolean(), nullable=False)
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.drop_column("kind")
