"""Messages in mailboxes, e-mails and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("citizen_id", BigKey, nullable=False),
        sa.Column("folder", _one_of("folder", "drafts", "sent", "received"), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("package_id", BigKey),
        sa.Column("receipt_id", BigKey),
        sa.Column("case_id", BigKey),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("package_id", "folder", "kind"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_message_case_id", "message", ["case_id"])
    op.create_index("ix_message_citizen_id_folder_id", "message", ["citizen_id", "folder", "id"])

    op.create_table(
        "email",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("message_id", sa.String(120), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("template", sa.String(48), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", _one_of("deliverystate", "waiting", "sent", "failed"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_email_state_id", "email", ["state", "id"])

    op.create_table(
        "job",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("subject_id", BigKey, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("state", _one_of("jobstate", "ready", "dead"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_job_state_due_at", "job", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("job")
    op.drop_table("email")
    op.drop_table("message")
