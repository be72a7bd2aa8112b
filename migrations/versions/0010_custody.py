"""Items with their hand-overs and discrepancies, and the consignments they travel in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str, length: int = 32) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=length, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("number", BigKey, nullable=False),
        sa.Column("case_id", BigKey),
        sa.Column(
            "kind",
            _one_of(
                "itemkind",
                "OWNERSHIP",
                "REG_CERT",
                "VEHICLE_CARD",
                "PLATE",
                "EXTRA_PLATE",
                "TEMPORARY_WITHDRAWAL",
                "CONFORMITY",
                "INSPECTION",
                "CUSTOMS",
                "EXCISE",
                "TRANSLATION",
                "HISTORIC",
                "SAM",
                "ID_NUMBER",
                "PROXY",
                "OC_POLICY",
                "DISMANTLING_CERTIFICATE",
                "FOREIGN_SALE_PROOF",
                "FOREIGN_SCRAPPING_PROOF",
                "LOSS_PROOF",
                "INCOMPLETE_VEHICLE_CERTIFICATE",
                "MARKET_WITHDRAWAL_PROOF",
                "OTHER",
                "TEMPORARY_PERMIT",
                "NEW_PLATE",
                "CONTROL_STICKER",
                "LEGALISATION_STICKERS",
                "REGISTRATION_CERTIFICATE",
                "NEW_VEHICLE_CARD",
                "DECISION",
                length=48,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column(
            "fate",
            _one_of("fate", "to_party", "lent", "in_file", "destroyed", "invalidated_and_kept", "returned_abroad"),
            nullable=False,
        ),
        sa.Column(
            "state",
            _one_of(
                "itemstate",
                "expected",
                "in_office",
                "with_party",
                "in_post",
                "destroyed",
                "forwarded",
                "in_file",
                "called_off",
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(60)),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("invalidated", sa.Boolean(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_item_case_id_id", "item", ["case_id", "id"])
    op.create_index("ix_item_state_place_id", "item", ["state", "place", "id"])

    op.create_table(
        "consignment",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("direction", _one_of("direction", "in", "out"), nullable=False),
        sa.Column("carriage", _one_of("carriage", "in_person", "post", "courier"), nullable=False),
        sa.Column("case_id", BigKey),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carrier", sa.String(60)),
        sa.Column("tracking", sa.String(40)),
        sa.Column("posted_on", sa.Date()),
        sa.Column("person", sa.String(200)),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("identity_document", sa.String(60)),
        sa.Column("contents", sa.Text()),
        sa.Column("acknowledgement", sa.String(40)),
        sa.Column("outcome", _one_of("parceloutcome", "delivered", "refused", "unclaimed", "unknown_addressee")),
        sa.Column("outcome_on", sa.Date()),
        sa.Column("protocol_sha256", sa.String(64)),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["protocol_sha256"], ["stored_file.sha256"]),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_consignment_acknowledgement", "consignment", ["acknowledgement"])
    op.create_index("ix_consignment_case_id", "consignment", ["case_id"])
    op.create_index("ix_consignment_direction_on_day_id", "consignment", ["direction", "on_day", "id"])
    op.create_index("ix_consignment_tracking", "consignment", ["tracking"])

    op.create_table(
        "handover",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "movement",
            _one_of(
                "movement",
                "expected",
                "received",
                "compared",
                "stored",
                "made",
                "handed_out",
                "posted",
                "delivered",
                "came_back",
                "invalidated",
                "destroyed",
                "forwarded",
                "filed",
                "called_off",
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            _one_of(
                "itemstate",
                "expected",
                "in_office",
                "with_party",
                "in_post",
                "destroyed",
                "forwarded",
                "in_file",
                "called_off",
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(60)),
        sa.Column("consignment_id", BigKey),
        sa.Column("remark", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["consignment_id"], ["consignment.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="RESTRICT"),
        sa.UniqueConstraint("item_id", "seq"),
    )
    op.create_index("ix_handover_consignment_id", "handover", ["consignment_id"])
    op.create_index("ix_handover_actor_id_id", "handover", ["actor_id", "id"])

    op.create_table(
        "discrepancy",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("item_id", BigKey, nullable=False),
        sa.Column("kind", _one_of("discrepancy", "missing", "different", "damaged", "not_asked_for"), nullable=False),
        sa.Column("remark", sa.Text()),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.String(48)),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_discrepancy_item_id", "discrepancy", ["item_id"])


def downgrade() -> None:
    op.drop_table("discrepancy")
    op.drop_table("handover")
    op.drop_table("consignment")
    op.drop_table("item")
