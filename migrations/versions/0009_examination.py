"""Verdicts, determinations, fees and notes of a case; who has it open; days off; what the form answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str, length: int = 32) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "document_verdict",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("document_id", BigKey),
        sa.Column(
            "verdict",
            _one_of("verdict", "pending", "accepted", "not_applicable", "illegible", "wrong", "missing", "outdated"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_document_verdict_case_id_id", "document_verdict", ["case_id", "id"])

    op.create_table(
        "determination",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_determination_case_id_id", "determination", ["case_id", "id"])

    op.create_table(
        "fee",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("grosze", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(120), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True)),
        sa.Column("proof", sa.String(200)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id", "code"),
    )

    op.create_table(
        "note",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_note_case_id_id", "note", ["case_id", "id"])

    op.create_table(
        "presence",
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "user_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
    )

    op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
    )
    op.add_column("case_file", sa.Column("answers", sa.JSON()))
    op.add_column("case_file", sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.add_column("deadline_event", sa.Column("until_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("deadline_event", "until_on")
    op.drop_column("case_file", "changed_at")
    op.drop_column("case_file", "answers")
    op.drop_table("day_off")
    op.drop_table("presence")
    op.drop_table("note")
    op.drop_table("fee")
    op.drop_table("determination")
    op.drop_table("document_verdict")
