"""Decisions, registration numbers, permits, ordered certificates and proposals of delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str, length: int = 32) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("letter_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(200), nullable=False),
        sa.Column("final_on", sa.Date()),
        sa.Column("waived_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("letter_id"),
    )
    op.create_index("ix_decision_case_id", "decision", ["case_id"])
    op.create_index("ix_decision_issued_on_id", "decision", ["issued_on", "id"])

    op.create_table(
        "plate_number",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("plates", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("platestate", "in_stock", "assigned", "retired"), nullable=False),
        sa.Column("case_id", BigKey),
        sa.Column("assigned_at", sa.DateTime(timezone=True)),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_plate_number_case_id", "plate_number", ["case_id"])
    op.create_index("ix_plate_number_state_kind_id", "plate_number", ["state", "kind", "id"])

    op.create_table(
        "permit",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("extended_at", sa.DateTime(timezone=True)),
        sa.Column("warned_for", sa.Date()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_permit_valid_until_id", "permit", ["valid_until", "id"])

    op.create_table(
        "certificate_order",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(30)),
        sa.Column("arrived_on", sa.Date()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id"),
        sa.UniqueConstraint("number"),
    )

    op.create_table(
        "proposal",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_office", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            _one_of("proposalstate", "proposed", "accepted", "countered", "replaced", "set_by_office"),
            nullable=False,
        ),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True)),
        sa.Column("collector", sa.String(200)),
        sa.Column("remark", sa.Text()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id", "version"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_proposal_slot", "proposal", ["slot"])
    op.create_index("ix_proposal_state_due_on", "proposal", ["state", "due_on"])


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("certificate_order")
    op.drop_table("permit")
    op.drop_table("plate_number")
    op.drop_table("decision")
