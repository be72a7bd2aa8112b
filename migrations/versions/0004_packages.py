"""Stored files, packages with members and verifications, trust anchors and revocation lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
    )

    op.create_table(
        "package",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("companion_sha256", sa.String(64)),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", _one_of("channel", "mailbox", "api", "import"), nullable=False),
        sa.Column("sender_key", sa.String(80), nullable=False),
        sa.Column("sender_name", sa.String(200), nullable=False),
        sa.Column("citizen_id", BigKey),
        sa.Column("platform_id", BigKey),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("state", _one_of("packagestate", "received", "accepted", "refused"), nullable=False),
        sa.Column("outcome", _one_of("outcome", "valid", "undecided", "invalid", "unreadable")),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("container", sa.String(12)),
        sa.Column("purpose", _one_of("purpose", "application", "supplement", "answer")),
        sa.Column("procedure", sa.String(24)),
        sa.Column("form_problem", sa.String(48)),
        sa.Column("case_id", BigKey),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("scanned", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["companion_sha256"], ["stored_file.sha256"]),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"]),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index(
        "uq_package_sha256_sender_key",
        "package",
        ["sha256", "sender_key"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )
    op.create_index("ix_package_case_id", "package", ["case_id"])
    op.create_index("ix_package_citizen_id_id", "package", ["citizen_id", "id"])
    op.create_index("ix_package_outcome_id", "package", ["outcome", "id"])
    op.create_index("ix_package_platform_id", "package", ["platform_id"])
    op.create_index("ix_package_received_at_id", "package", ["received_at", "id"])
    op.create_index("ix_package_state_id", "package", ["state", "id"])

    op.create_table(
        "package_member",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("package_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media", sa.String(100), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("package_id", "position"),
    )

    op.create_table(
        "verification",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("package_id", BigKey, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.String(20), nullable=False),
        sa.Column("outcome", _one_of("outcome", "valid", "undecided", "invalid", "unreadable"), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("revocation", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_verification_package_id", "verification", ["package_id"])

    op.create_table(
        "document",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("member_id", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["member_id"], ["package_member.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("case_id", "position"),
        sa.UniqueConstraint("member_id"),
        sa.UniqueConstraint("public_id"),
    )

    op.create_table(
        "number_series",
        sa.Column("series", sa.String(60), primary_key=True),
        sa.Column("last", sa.BigInteger(), nullable=False),
    )

    op.create_table(
        "trust_anchor",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(48), nullable=False),
        sa.Column("identity", sa.String(48), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("fingerprint", "purpose"),
    )

    op.create_table(
        "revocation_list",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("issuer_key", sa.String(64), nullable=False),
        sa.Column("issuer_name", sa.String(300), nullable=False),
        sa.Column("number", sa.String(50), nullable=False),
        sa.Column("this_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("issuer_key", "number"),
    )

    op.create_table(
        "revoked_serial",
        sa.Column("list_id", BigKey, nullable=False),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.ForeignKeyConstraint(["list_id"], ["revocation_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "serial"),
    )


def downgrade() -> None:
    op.drop_table("revoked_serial")
    op.drop_table("revocation_list")
    op.drop_table("trust_anchor")
    op.drop_table("number_series")
    op.drop_table("document")
    op.drop_table("verification")
    op.drop_table("package_member")
    op.drop_table("package")
    op.drop_table("stored_file")
