"""A revocation list keeps of whose certificates it speaks; where issuers publish their lists is known.

The bytes of the lists taken in before were not kept, and with them their scope is lost. Whom they name stays
withdrawn; that they do not name somebody proves nothing until the list, or a newer one, is taken in again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for flag in ("users", "authorities"):
        op.add_column("revocation_list", sa.Column(flag, sa.Boolean()))
    op.execute("UPDATE revocation_list SET users = false, authorities = false")
    with op.batch_alter_table("revocation_list") as table:
        table.alter_column("users", existing_type=sa.Boolean(), nullable=False)
        table.alter_column("authorities", existing_type=sa.Boolean(), nullable=False)
        table.drop_constraint(op.f("uq_revocation_list_issuer_key_number"), type_="unique")
        table.create_unique_constraint(op.f("uq_revocation_list_sha256"), ["sha256"])
    op.create_index("ix_revocation_list_issuer_key_this_update", "revocation_list", ["issuer_key", "this_update"])
    op.create_index("ix_revoked_serial_serial", "revoked_serial", ["serial"])

    op.create_table(
        "revocation_point",
        sa.Column("list_id", BigKey, nullable=False),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["revocation_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "address"),
    )
    op.create_table(
        "distribution_point",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("issuer_key", sa.String(64), nullable=False),
        sa.Column("issuer_name", sa.String(300), nullable=False),
        sa.Column("issuer", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.Column("valid_until", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.String(48)),
        sa.UniqueConstraint("issuer_key", "address"),
    )


def downgrade() -> None:
    """Forgets the lists that a program without scopes would misread: it then knows less, and nothing wrong."""
    scoped = "SELECT list_id FROM revocation_point"
    newest = "SELECT max(id) FROM revocation_list GROUP BY issuer_key, number"
    gone = f"users != authorities OR id IN ({scoped}) OR id NOT IN ({newest})"
    op.execute(f"DELETE FROM revoked_serial WHERE list_id IN (SELECT id FROM revocation_list WHERE {gone})")  # noqa: S608
    op.drop_index("ix_revoked_serial_serial", "revoked_serial")
    op.drop_index("ix_revocation_list_issuer_key_this_update", "revocation_list")
    op.execute(f"DELETE FROM revocation_list WHERE {gone}")  # noqa: S608
    op.drop_table("distribution_point")
    op.drop_table("revocation_point")
    with op.batch_alter_table("revocation_list") as table:
        table.drop_constraint(op.f("uq_revocation_list_sha256"), type_="unique")
        table.create_unique_constraint(op.f("uq_revocation_list_issuer_key_number"), ["issuer_key", "number"])
        table.drop_column("authorities")
        table.drop_column("users")
