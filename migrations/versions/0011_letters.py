"""Letters, their service, summonses with their demands, and edited texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str, length: int = 32) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("step", sa.String(48)),
        sa.Column("state", _one_of("letterstate", "leaving", "sent", "taken_back", "stopped"), nullable=False),
        sa.Column("way", _one_of("letterway", "mailbox", "post", "with_items"), nullable=False),
        sa.Column("needs_receipt", sa.Boolean(), nullable=False),
        sa.Column("addressee", sa.String(200), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(250), nullable=False),
        sa.Column("legal_basis", sa.String(250), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("author_id", BigKey),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.Column("stopped_because", sa.String(48)),
        sa.Column("message_id", BigKey),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["stored_file.sha256"]),
        sa.UniqueConstraint("case_id", "seq"),
        sa.UniqueConstraint("message_id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_letter_sent_at_id", "letter", ["sent_at", "id"])
    op.create_index("ix_letter_state_leaves_at", "letter", ["state", "leaves_at"])

    op.create_table(
        "service",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("letter_id", BigKey, nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("served_on", sa.Date()),
        sa.Column(
            "outcome",
            _one_of("serviceoutcome", "collected", "deemed", "delivered", "refused", "unclaimed", "unknown_addressee"),
        ),
        sa.Column("tracking", sa.String(40)),
        sa.Column("receipt_id", BigKey),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("letter_id"),
    )
    op.create_index("ix_service_served_on_arrived_on_id", "service", ["served_on", "arrived_on", "id"])
    op.create_index("ix_service_tracking", "service", ["tracking"])

    op.create_table(
        "service_event",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("service_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_service_event_service_id", "service_event", ["service_id"])

    op.create_table(
        "summons",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("letter_id", BigKey, nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("met_at", sa.DateTime(timezone=True)),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("letter_id"),
    )
    op.create_index("ix_summons_case_id", "summons", ["case_id"])
    op.create_index("ix_summons_due_on_id", "summons", ["due_on", "id"])

    op.create_table(
        "demand",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("summons_id", BigKey, nullable=False),
        sa.Column("kind", _one_of("demandkind", "thing", "document", "defect"), nullable=False),
        sa.Column("subject", sa.String(48), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("item_id", BigKey),
        sa.Column("met_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["summons_id"], ["summons.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_demand_item_id", "demand", ["item_id"])
    op.create_index("ix_demand_summons_id", "demand", ["summons_id"])

    op.create_table(
        "letter_text",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("edition", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.UniqueConstraint("kind", "edition", "version"),
    )


def downgrade() -> None:
    op.drop_table("letter_text")
    op.drop_table("demand")
    op.drop_table("summons")
    op.drop_table("service_event")
    op.drop_table("service")
    op.drop_table("letter")
