"""A letter that was sent never changes: the database itself refuses to change what it says, or to delete it.

How it was served stands in tables of its own. A later migration that rebuilds `letter` in batch mode on SQLite must
make its triggers again.
"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SAID = "case_id, seq, kind, state, addressee, address, title, legal_basis, blocks, details, author_name, pdf_sha256"
SENT = "WHEN (OLD.state = 'sent')"


def upgrade() -> None:
    for verb, columns in (("UPDATE", f" OF {SAID}"), ("DELETE", "")):
        made = f"CREATE TRIGGER letter_no_{verb.lower()} BEFORE {verb}{columns} ON letter"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"{made} {SENT} BEGIN SELECT RAISE(ABORT, 'history only grows: letter'); END")
        else:
            op.execute(f"{made} FOR EACH ROW {SENT} EXECUTE FUNCTION history_only_grows()")


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON letter"
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER letter_no_{verb}{on}")
