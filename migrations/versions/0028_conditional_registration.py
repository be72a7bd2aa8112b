"""One more annotation stands on papers: that a vehicle is registered conditionally."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ANNOTATIONS = (
    *("registered", "registered_pl_en", "copy_certified", "number_kept", "deregistered"),
    *("certificate_returned", "permit_extended"),
)


def upgrade() -> None:
    _allow((*ANNOTATIONS, "conditional"))


def downgrade() -> None:
    """Fails where such an annotation stands: history is not forgotten."""
    _allow(ANNOTATIONS)


def _allow(annotations: tuple[str, ...]) -> None:
    """Let the column hold these words; SQLite makes the table anew, and loses its triggers."""
    name = op.f("ck_handover_annotationkind")
    with op.batch_alter_table("handover") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"annotation IN ({', '.join(map(repr, annotations))})")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
