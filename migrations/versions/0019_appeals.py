"""Appeals against decisions, with what happened to each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("decision_id", BigKey, nullable=False),
        sa.Column("way", _one_of("way", "electronic", "designated_operator", "courier", "in_person"), nullable=False),
        sa.Column("posted_on", sa.Date()),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("term_end", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("forwarded_on", sa.Date()),
        sa.Column(
            "outcome",
            _one_of("appealoutcome", "upheld", "repealed", "discontinued", "not_admitted", "withdrawn", "corrected"),
        ),
        sa.Column("ended_on", sa.Date()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_appeal_case_id", "appeal", ["case_id"])
    op.create_index("ix_appeal_decision_id", "appeal", ["decision_id"])

    op.create_table(
        "appeal_event",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("appeal_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_appeal_event_appeal_id", "appeal_event", ["appeal_id"])

    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER appeal_event_no_{verb.lower()} BEFORE {verb} ON appeal_event "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: appeal_event'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER appeal_event_no_change BEFORE UPDATE OR DELETE ON appeal_event "
        "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER appeal_event_no_truncate BEFORE TRUNCATE ON appeal_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows()"
    )


def downgrade() -> None:
    op.drop_table("appeal_event")
    op.drop_table("appeal")
