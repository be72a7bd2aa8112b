"""Audit events and the seals over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("chain", sa.String(40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(45)),
        sa.Column("request_id", sa.String(40)),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("chain", "seq"),
    )
    op.create_index("ix_audit_event_action_id", "audit_event", ["action", "id"])
    op.create_index("ix_audit_event_actor_kind_actor_id_id", "audit_event", ["actor_kind", "actor_id", "id"])
    op.create_index("ix_audit_event_at_id", "audit_event", ["at", "id"])

    op.create_table(
        "audit_seal",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("first_event_id", BigKey, nullable=False),
        sa.Column("last_event_id", BigKey, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("previous_root", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal_id", BigKey, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], ondelete="RESTRICT"),
    )


def downgrade() -> None:
    op.drop_table("audit_seal")
    op.drop_table("audit_event")
