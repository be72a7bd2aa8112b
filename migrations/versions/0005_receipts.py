"""Seals, receipts, and what the certification centre issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("fingerprint"),
    )

    op.create_table(
        "receipt",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("kind", _one_of("receiptkind", "upp", "upd"), nullable=False),
        sa.Column("package_id", BigKey),
        sa.Column("seal_id", BigKey, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_name", sa.String(200), nullable=False),
        sa.Column("xml_sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["stored_file.sha256"]),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["xml_sha256"], ["stored_file.sha256"]),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("package_id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_receipt_issued_at_id", "receipt", ["issued_at", "id"])
    op.create_index("ix_receipt_pdf_sha256", "receipt", ["pdf_sha256"])

    op.create_table(
        "centre_authority",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("key_sealed", sa.Text()),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
    )

    op.create_table(
        "centre_certificate",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("citizen_id", BigKey, nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revocation_reason", sa.String(32)),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("serial"),
    )
    op.create_index("ix_centre_certificate_citizen_id", "centre_certificate", ["citizen_id"])


def downgrade() -> None:
    op.drop_table("centre_certificate")
    op.drop_table("centre_authority")
    op.drop_table("receipt")
    op.drop_table("seal")
