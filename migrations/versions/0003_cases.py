"""Cases with their steps, parties, vehicles, deadlines, findings and search keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("sign", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("case_class", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(24), nullable=False),
        sa.Column("edition", sa.String(12), nullable=False),
        sa.Column("stage", sa.String(48), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("clerk_id", sa.Integer()),
        sa.Column("team_id", BigKey),
        sa.Column("citizen_id", BigKey),
        sa.Column("applicant_name", sa.String(200), nullable=False),
        sa.Column("plate", sa.String(16)),
        sa.Column("vin", sa.String(40)),
        sa.Column("vehicle_label", sa.String(160)),
        sa.Column("signature_settled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["clerk_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("sign"),
        sa.UniqueConstraint("unit", "case_class", "year", "number"),
    )
    op.create_index("ix_case_file_citizen_id_id", "case_file", ["citizen_id", "id"])
    op.create_index("ix_case_file_clerk_id_due_on_id", "case_file", ["clerk_id", "due_on", "id"])
    op.create_index("ix_case_file_clerk_id_id", "case_file", ["clerk_id", "id"])
    op.create_index("ix_case_file_clerk_id_stage_due_on_id", "case_file", ["clerk_id", "stage", "due_on", "id"])
    op.create_index("ix_case_file_due_on_id", "case_file", ["due_on", "id"])
    op.create_index("ix_case_file_opened_at_id", "case_file", ["opened_at", "id"])
    op.create_index("ix_case_file_procedure_id", "case_file", ["procedure", "id"])
    op.create_index("ix_case_file_procedure_stage_due_on_id", "case_file", ["procedure", "stage", "due_on", "id"])
    op.create_index(
        "ix_case_file_signature_settled_stage_due_on_id", "case_file", ["signature_settled", "stage", "due_on", "id"]
    )
    op.create_index("ix_case_file_stage_due_on_id", "case_file", ["stage", "due_on", "id"])
    op.create_index("ix_case_file_stage_id", "case_file", ["stage", "id"])
    op.create_index("ix_case_file_team_id", "case_file", ["team_id"])

    op.create_table(
        "case_step",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(48), nullable=False),
        sa.Column("from_stage", sa.String(48)),
        sa.Column("to_stage", sa.String(48), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("law", sa.String(120)),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id", "seq"),
    )

    op.create_table(
        "party",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("role", _one_of("partyrole", "owner", "co_owner", "proxy"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("pesel_sealed", sa.Text()),
        sa.Column("pesel_digest", sa.String(64)),
        sa.Column("regon", sa.String(14)),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(40)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_party_case_id", "party", ["case_id"])
    op.create_index("ix_party_pesel_digest", "party", ["pesel_digest"])

    op.create_table(
        "vehicle",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("vin", sa.String(40)),
        sa.Column("plate", sa.String(16)),
        sa.Column("kind", sa.String(80)),
        sa.Column("purpose", sa.String(80)),
        sa.Column("make", sa.String(80)),
        sa.Column("type", sa.String(80)),
        sa.Column("model", sa.String(80)),
        sa.Column("production_year", sa.Integer()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index("ix_vehicle_plate", "vehicle", ["plate"])
    op.create_index("ix_vehicle_vin", "vehicle", ["vin"])

    op.create_table(
        "deadline",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("law", sa.String(120), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(8), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_deadline_case_id", "deadline", ["case_id"])
    op.create_index("ix_deadline_due_on_id", "deadline", ["due_on", "id"])

    op.create_table(
        "deadline_event",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("deadline_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("law", sa.String(120)),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_deadline_event_deadline_id", "deadline_event", ["deadline_id"])

    op.create_table(
        "finding",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_finding_case_id", "finding", ["case_id"])

    op.create_table(
        "search_key",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "key", "case_id"),
    )
    op.create_index("ix_search_key_case_id", "search_key", ["case_id"])


def downgrade() -> None:
    op.drop_table("search_key")
    op.drop_table("finding")
    op.drop_table("deadline_event")
    op.drop_table("deadline")
    op.drop_table("vehicle")
    op.drop_table("party")
    op.drop_table("case_step")
    op.drop_table("case_file")
