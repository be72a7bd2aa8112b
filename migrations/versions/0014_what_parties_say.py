"""What parties say in a case: how their things will come, and what they ask; letters are found by their print."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "in_person", "post", "courier", name="carriage", native_enum=False, length=32, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("carrier", sa.String(60)),
        sa.Column("tracking", sa.String(40)),
        sa.Column("planned_on", sa.Date()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(12), nullable=False),
        sa.Column("actor_id", BigKey),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_announcement_case_id_id", "announcement", ["case_id", "id"])

    op.create_table(
        "question",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("case_id", BigKey, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_letter_id", BigKey),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["answered_letter_id"], ["letter.id"], ondelete="RESTRICT"),
    )
    op.create_index("ix_question_case_id_id", "question", ["case_id", "id"])
    op.create_index("ix_question_answered_letter_id_asked_at", "question", ["answered_letter_id", "asked_at"])

    op.create_index("ix_letter_pdf_sha256", "letter", ["pdf_sha256"])

    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER announcement_no_{verb.lower()} BEFORE {verb} ON announcement "
                "BEGIN SELECT RAISE(ABORT, 'history only grows: announcement'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER announcement_no_change BEFORE UPDATE OR DELETE ON announcement "
        "FOR EACH ROW EXECUTE FUNCTION history_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER announcement_no_truncate BEFORE TRUNCATE ON announcement "
        "FOR EACH STATEMENT EXECUTE FUNCTION history_only_grows()"
    )


def downgrade() -> None:
    op.drop_index("ix_letter_pdf_sha256", "letter")
    op.drop_table("question")
    op.drop_table("announcement")
