"""What the office writes on a thing stands in its chain of custody, with its words; and what was struck out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOVEMENTS = (
    "expected", "received", "compared", "stored", "made", "handed_out", "posted", "delivered", "came_back",
    "invalidated", "destroyed", "forwarded", "filed", "called_off", "mistaken",
)  # fmt: skip
ANNOTATIONS = ("registered", "registered_pl_en", "copy_certified", "number_kept", "deregistered")
_MOVEMENT, _ANNOTATION = "ck_handover_movement", "ck_handover_annotationkind"


def upgrade() -> None:
    with op.batch_alter_table("handover") as table:
        table.add_column(sa.Column("annotation", sa.String(32)))
        table.add_column(sa.Column("wording", sa.Text()))
        table.create_check_constraint(op.f(_ANNOTATION), f"annotation IN ({_listed(ANNOTATIONS)})")
        table.drop_constraint(op.f(_MOVEMENT), type_="check")
        allowed = (*MOVEMENTS, "annotated", "struck_out")
        table.create_check_constraint(op.f(_MOVEMENT), f"movement IN ({_listed(allowed)})")
    _guard()


def downgrade() -> None:
    """Fails where something was annotated: history is not forgotten."""
    with op.batch_alter_table("handover") as table:
        table.drop_constraint(op.f(_MOVEMENT), type_="check")
        table.create_check_constraint(op.f(_MOVEMENT), f"movement IN ({_listed(MOVEMENTS)})")
        table.drop_constraint(op.f(_ANNOTATION), type_="check")
        table.drop_column("wording")
        table.drop_column("annotation")
    _guard()


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(repr, words))


def _guard() -> None:
    """SQLite makes the table anew, and loses its triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
