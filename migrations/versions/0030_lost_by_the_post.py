"""What the post lost: parcels and letters end so, and what lay in them is settled before its case is archived."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STATES = (
    "expected", "in_office", "with_party", "in_post", "destroyed", "with_maker", "forwarded", "in_file", "called_off",
)  # fmt: skip
MOVEMENTS = (
    "expected", "received", "compared", "stored", "made", "handed_out", "posted", "delivered", "came_back",
    "invalidated", "destroyed", "to_maker", "forwarded", "filed", "called_off", "mistaken", "annotated", "struck_out",
)  # fmt: skip
PARCELS = ("delivered", "refused", "unclaimed", "unknown_addressee")
SERVICES = ("collected", "deemed", *PARCELS)
COLUMNS = {
    ("item", "state", "itemstate"): (STATES, "in_post", ("lost", "written_off")),
    ("handover", "state", "itemstate"): (STATES, "in_post", ("lost", "written_off")),
    ("handover", "movement", "movement"): (MOVEMENTS, "delivered", ("lost", "replaced", "written_off")),
    ("consignment", "outcome", "parceloutcome"): (PARCELS, "unknown_addressee", ("lost",)),
    ("service", "outcome", "serviceoutcome"): (SERVICES, "unknown_addressee", ("lost",)),
}
"""Of each column the words until now, the one after which the new ones stand, and these."""


def upgrade() -> None:
    for column, (words, after, more) in COLUMNS.items():
        place = words.index(after) + 1
        _allow(*column, (*words[:place], *more, *words[place:]))
    _keep_history()


def downgrade() -> None:
    """Fails where the post lost something: history is not forgotten."""
    for column, (words, _after, _more) in COLUMNS.items():
        _allow(*column, words)
    _keep_history()


def _allow(table_name: str, column: str, kind: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table_name}_{kind}")
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")


def _keep_history() -> None:
    """SQLite made the tables anew, and lost their triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER handover_no_{verb.lower()} BEFORE {verb} ON handover "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: handover'); END"
            )
