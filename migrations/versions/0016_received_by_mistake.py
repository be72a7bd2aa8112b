"""A thing that was received by mistake is awaited again: one more movement of a chain of custody."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOVEMENTS = (
    "expected", "received", "compared", "stored", "made", "handed_out", "posted", "delivered", "came_back",
    "invalidated", "destroyed", "forwarded", "filed", "called_off",
)  # fmt: skip


def upgrade() -> None:
    _allow((*MOVEMENTS, "mistaken"))


def downgrade() -> None:
    _allow(MOVEMENTS)


def _allow(movements: tuple[str, ...]) -> None:
    """Let the column hold these words; SQLite makes the table anew, and loses its triggers."""
    name = op.f("ck_handover_movement")
    with op.batch_alter_table("handover") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"movement IN ({', '.join(map(repr, movements))})")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
