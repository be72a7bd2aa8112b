"""The orders in which the registers of the procedure are read, and why a registration number was retired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# name, table, columns
INDEXES = (
    ("ix_consignment_on_day_id", "consignment", ["on_day", "id"]),
    ("ix_decision_final_on_id", "decision", ["final_on", "id"]),
    ("ix_decision_kind_id", "decision", ["kind", "id"]),
    ("ix_item_kind_id", "item", ["kind", "id"]),
    ("ix_item_kind_label", "item", ["kind", "label"]),
    ("ix_item_place_id", "item", ["place", "id"]),
    ("ix_letter_kind_id", "letter", ["kind", "id"]),
    ("ix_proposal_due_on_id", "proposal", ["due_on", "id"]),
    ("ix_summons_kind_id", "summons", ["kind", "id"]),
    ("ix_summons_met_at_due_on_id", "summons", ["met_at", "due_on", "id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.add_column("plate_number", sa.Column("retired_because", sa.String(200)))


def downgrade() -> None:
    op.drop_column("plate_number", "retired_because")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
