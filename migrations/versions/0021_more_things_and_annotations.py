"""An additional plate that is made for a vehicle is a thing of its own; two more annotations stand on papers."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ITEMS = (
    "OWNERSHIP", "REG_CERT", "VEHICLE_CARD", "PLATE", "EXTRA_PLATE", "TEMPORARY_WITHDRAWAL", "CONFORMITY", "INSPECTION",
    "CUSTOMS", "EXCISE", "TRANSLATION", "HISTORIC", "SAM", "ID_NUMBER", "PROXY", "OC_POLICY", "DISMANTLING_CERTIFICATE",
    "FOREIGN_SALE_PROOF", "FOREIGN_SCRAPPING_PROOF", "LOSS_PROOF", "INCOMPLETE_VEHICLE_CERTIFICATE",
    "MARKET_WITHDRAWAL_PROOF", "OTHER", "TEMPORARY_PERMIT", "NEW_PLATE", "CONTROL_STICKER", "LEGALISATION_STICKERS",
    "REGISTRATION_CERTIFICATE", "NEW_VEHICLE_CARD", "DECISION",
)  # fmt: skip
ANNOTATIONS = ("registered", "registered_pl_en", "copy_certified", "number_kept", "deregistered")


def upgrade() -> None:
    made = ITEMS.index("NEW_PLATE") + 1
    _allow((*ITEMS[:made], "NEW_EXTRA_PLATE", *ITEMS[made:]), (*ANNOTATIONS, "certificate_returned", "permit_extended"))


def downgrade() -> None:
    """Fails where there is such a thing or annotation: history is not forgotten."""
    _allow(ITEMS, ANNOTATIONS)


def _allow(items: tuple[str, ...], annotations: tuple[str, ...]) -> None:
    """Let the columns hold these words; SQLite makes the tables anew, and loses their triggers."""
    for table_name, column, name, words in (
        ("item", "kind", op.f("ck_item_itemkind"), items),
        ("handover", "annotation", op.f("ck_handover_annotationkind"), annotations),
    ):
        with op.batch_alter_table(table_name) as table:
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
