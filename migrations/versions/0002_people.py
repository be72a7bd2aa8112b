"""Teams and profiles of staff, citizens, platforms, web sessions, throttles, saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("code"),
    )

    op.create_table(
        "staff_profile",
        sa.Column("user_id", sa.Integer(), primary_key=True),
        sa.Column("team_id", BigKey),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("totp_sealed", sa.Text()),
        sa.Column("totp_last_step", sa.BigInteger()),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True)),
        sa.Column("shortcuts_on", sa.Boolean(), nullable=False),
        sa.Column("position", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_staff_profile_team_id", "staff_profile", ["team_id"])

    op.create_table(
        "citizen",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("public_id", sa.String(24), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("kind", _one_of("holderkind", "person", "entity"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("given_name", sa.String(100)),
        sa.Column("surname", sa.String(100)),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("pesel_sealed", sa.Text()),
        sa.Column("pesel_digest", sa.String(64)),
        sa.Column("regon", sa.String(14)),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("login"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_citizen_email", "citizen", ["email"])
    op.create_index("ix_citizen_pesel_digest", "citizen", ["pesel_digest"])

    op.create_table(
        "platform",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("token_digest"),
    )

    op.create_table(
        "web_session",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("door", _one_of("door", "office", "mailbox"), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("citizen_id", BigKey),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("address", sa.String(45)),
        sa.Column("agent", sa.String(200)),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("ix_web_session_citizen_id", "web_session", ["citizen_id"])
    op.create_index("ix_web_session_ends_at", "web_session", ["ends_at"])
    op.create_index("ix_web_session_user_id", "web_session", ["user_id"])

    op.create_table(
        "throttle",
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True)),
    )

    op.create_table(
        "saved_view",
        sa.Column("id", BigKey, primary_key=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(48), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "register", "name"),
    )


def downgrade() -> None:
    op.drop_table("saved_view")
    op.drop_table("throttle")
    op.drop_table("web_session")
    op.drop_table("platform")
    op.drop_table("citizen")
    op.drop_table("staff_profile")
    op.drop_table("team")
