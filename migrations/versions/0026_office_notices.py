"""Which office is still to be told of a registration is found without walking the terms of all cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("kind = 'office-notice' AND ended_at IS NULL")
    op.create_index("ix_deadline_office_notice", "deadline", ["case_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_deadline_office_notice", "deadline")
