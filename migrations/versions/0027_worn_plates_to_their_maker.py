"""Worn plates go to their maker; a thing knows when it came, by which the registers of annexes 7 and 8 stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = (
    "expected", "in_office", "with_party", "in_post", "destroyed", "forwarded", "in_file", "called_off",
)  # fmt: skip
MOVEMENTS = (
    "expected", "received", "compared", "stored", "made", "handed_out", "posted", "delivered", "came_back",
    "invalidated", "destroyed", "forwarded", "filed", "called_off", "mistaken", "annotated", "struck_out",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("came_at", sa.DateTime(timezone=True)))
        table.create_index("ix_item_came_at_id", ["came_at", "id"])
    op.execute(
        "UPDATE item SET came_at = (SELECT max(handover.at) FROM handover "
        "WHERE handover.item_id = item.id AND handover.movement IN ('received', 'made')) "
        "WHERE state NOT IN ('expected', 'called_off')"
    )
    _allow(_after(STATES, "with_maker"), _after(MOVEMENTS, "to_maker"))


def downgrade() -> None:
    """Fails where a plate went to its maker: history is not forgotten."""
    _allow(STATES, MOVEMENTS)
    with op.batch_alter_table("item") as table:
        table.drop_index("ix_item_came_at_id")
        table.drop_column("came_at")


def _after(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    place = words.index("destroyed") + 1
    return *words[:place], word, *words[place:]


def _allow(states: tuple[str, ...], movements: tuple[str, ...]) -> None:
    """Let the columns hold these words; SQLite makes the tables anew, and loses their triggers."""
    for table_name, column, words in (
        ("item", "state", states),
        ("handover", "state", states),
        ("handover", "movement", movements),
    ):
        name = op.f(f"ck_{table_name}_{'itemstate' if column == 'state' else 'movement'}")
        with op.batch_alter_table(table_name) as table:
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
