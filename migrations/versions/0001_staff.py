"""Flask-AppBuilder's accounts, roles and permissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("label", sa.String(150)),
        sa.Column("description", sa.String(512)),
        sa.UniqueConstraint("name"),
    )

    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.UniqueConstraint("name"),
    )

    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("first_name", sa.String(64), nullable=False),
        sa.Column("last_name", sa.String(64), nullable=False),
        sa.Column("username", sa.String(128), nullable=False),
        sa.Column("password", sa.String(256)),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("registration_date", sa.DateTime()),
        sa.Column("registration_hash", sa.String(256)),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("username"),
    )

    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.UniqueConstraint("name"),
    )

    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("first_name", sa.String(64), nullable=False),
        sa.Column("last_name", sa.String(64), nullable=False),
        sa.Column("username", sa.String(128), nullable=False),
        sa.Column("password", sa.String(256)),
        sa.Column("active", sa.Boolean()),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("last_login", sa.DateTime()),
        sa.Column("login_count", sa.Integer()),
        sa.Column("fail_login_count", sa.Integer()),
        sa.Column("created_on", sa.DateTime()),
        sa.Column("changed_on", sa.DateTime()),
        sa.Column("created_by_fk", sa.Integer()),
        sa.Column("changed_by_fk", sa.Integer()),
        sa.ForeignKeyConstraint(["changed_by_fk"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["created_by_fk"], ["ab_user.id"]),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("username"),
    )

    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(250), nullable=False),
        sa.UniqueConstraint("name"),
    )

    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("name", sa.String(256), nullable=False),
        sa.Column("key_hash", sa.String(256), nullable=False),
        sa.Column("lookup_hash", sa.String(256)),
        sa.Column("key_prefix", sa.String(16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime()),
        sa.Column("expires_on", sa.DateTime()),
        sa.Column("revoked_on", sa.DateTime()),
        sa.Column("last_used_on", sa.DateTime()),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("lookup_hash"),
        sa.UniqueConstraint("uuid"),
    )
    op.create_index("idx_api_key_lookup_hash", "ab_api_key", ["lookup_hash"], unique=True)
    op.create_index("idx_api_key_prefix", "ab_api_key", ["key_prefix"])
    op.create_index("idx_api_key_user_id", "ab_api_key", ["user_id"])

    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("group_id", sa.Integer()),
        sa.Column("role_id", sa.Integer()),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "role_id"),
    )
    op.create_index("idx_group_id", "ab_group_role", ["group_id"])
    op.create_index("idx_group_role_id", "ab_group_role", ["role_id"])

    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["permission_id"], ["ab_permission.id"]),
        sa.ForeignKeyConstraint(["view_menu_id"], ["ab_view_menu.id"]),
        sa.UniqueConstraint("permission_id", "view_menu_id"),
    )
    op.create_index("idx_permission_id", "ab_permission_view", ["permission_id"])
    op.create_index("idx_view_menu_id", "ab_permission_view", ["view_menu_id"])

    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer()),
        sa.Column("group_id", sa.Integer()),
        sa.ForeignKeyConstraint(["group_id"], ["ab_group.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "group_id"),
    )
    op.create_index("idx_user_group_id", "ab_user_group", ["group_id"])
    op.create_index("idx_user_id", "ab_user_group", ["user_id"])

    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer()),
        sa.Column("role_id", sa.Integer()),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "role_id"),
    )

    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("permission_view_id", sa.Integer()),
        sa.Column("role_id", sa.Integer()),
        sa.ForeignKeyConstraint(["permission_view_id"], ["ab_permission_view.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["ab_role.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("permission_view_id", "role_id"),
    )
    op.create_index("idx_permission_view_id", "ab_permission_view_role", ["permission_view_id"])
    op.create_index("idx_role_id", "ab_permission_view_role", ["role_id"])


def downgrade() -> None:
    op.drop_table("ab_permission_view_role")
    op.drop_table("ab_user_role")
    op.drop_table("ab_user_group")
    op.drop_table("ab_permission_view")
    op.drop_table("ab_group_role")
    op.drop_table("ab_api_key")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_user")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
