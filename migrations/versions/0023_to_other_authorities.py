"""Things go to another authority with a letter; whose an appeal is, its letter, its own term; struck out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OUTCOMES = ("upheld", "repealed", "discontinued", "not_admitted", "withdrawn", "corrected")
BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LINKS = {"party_id": "party", "letter_id": "letter", "forwarding_id": "deadline"}


def upgrade() -> None:
    with op.batch_alter_table("consignment") as table:
        table.add_column(sa.Column("letter_id", BigKey))
        table.create_foreign_key(op.f("fk_consignment_letter_id"), "letter", ["letter_id"], ["id"], ondelete="RESTRICT")
        table.create_index("ix_consignment_letter_id", ["letter_id"])
    with op.batch_alter_table("appeal") as table:
        for column, of in _LINKS.items():
            table.add_column(sa.Column(column, BigKey))
            table.create_foreign_key(op.f(f"fk_appeal_{column}"), of, [column], ["id"], ondelete="RESTRICT")
        table.create_index("ix_appeal_letter_id", ["letter_id"])
        _allow(table, (*OUTCOMES, "struck_out"))
    # Until now a case had one such term at a time: the newest is that of the appeal which waits to be forwarded.
    op.execute(
        "UPDATE appeal SET forwarding_id = (SELECT max(deadline.id) FROM deadline "
        "WHERE deadline.case_id = appeal.case_id AND deadline.kind = 'appeal-forwarding') "
        "WHERE forwarded_on IS NULL AND outcome IS NULL"
    )


def downgrade() -> None:
    """Fails where an appeal was struck out: history is not forgotten."""
    with op.batch_alter_table("appeal") as table:
        _allow(table, OUTCOMES)
        table.drop_index("ix_appeal_letter_id")
        for column in _LINKS:
            table.drop_constraint(op.f(f"fk_appeal_{column}"), type_="foreignkey")
            table.drop_column(column)
    with op.batch_alter_table("consignment") as table:
        table.drop_index("ix_consignment_letter_id")
        table.drop_constraint(op.f("fk_consignment_letter_id"), type_="foreignkey")
        table.drop_column("letter_id")


def _allow(table: BatchOperations, outcomes: tuple[str, ...]) -> None:
    name = op.f("ck_appeal_appealoutcome")
    table.drop_constraint(name, type_="check")
    table.create_check_constraint(name, f"outcome IN ({', '.join(map(repr, outcomes))})")
