"""Who may do what at the office door: Flask-AppBuilder's security, cut down to what we promise.

What stays of it: users, roles, permissions and `@has_access`. What goes: its log-in, its password and user screens, its
REST APIs, tokens and API keys, its "back" and language pages that change something by GET. Roles and their permissions
are declared in `app/roles.py` and written by `flask office setup`; a web process never writes them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, g
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import AbstractViewApi
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_login import LoginManager, current_user

from app.extensions import db
from app.views.office.entrance import AuthView, PasswordLink
from app.views.sessions import this_session

_HELD, _LINK = assoc_user_role.c, assoc_permissionview_role.c
_PERMISSION, _PAIR, _VIEW = Permission.__table__.c, PermissionView.__table__.c, ViewMenu.__table__.c
# Put together once, of plain columns: every page asks this.
_PERMISSIONS = (
    sa.select(_PERMISSION.name, _VIEW.name)
    .select_from(assoc_user_role)
    .join(assoc_permissionview_role, _LINK.role_id == _HELD.role_id)
    .join(PermissionView.__table__, _PAIR.id == _LINK.permission_view_id)
    .join(Permission.__table__, _PERMISSION.id == _PAIR.permission_id)
    .join(ViewMenu.__table__, _VIEW.id == _PAIR.view_menu_id)
    .where(_HELD.user_id == sa.bindparam("user_id"))
)


class OfficeSecurity(SecurityManager):
    """Flask-AppBuilder's security manager with one permission query per request and no doors of its own."""

    authdbview = AuthView

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Return Flask-Login without its "remember me" and its own idea of a stolen session: ours are rows."""
        manager = LoginManager(app)
        manager.session_protection = None
        manager.user_loader(self.load_user)
        return manager

    def create_jwt_manager(self, app: Flask) -> None:
        """Issue no tokens."""

    def create_limiter(self, app: Flask) -> None:
        """Count no requests in memory: `app.usecases.throttle` counts what matters in the database."""

    def add_limit_view(self, baseview: AbstractViewApi) -> None:
        """Refuse limits that nobody would enforce."""
        if getattr(baseview, "limits", None):
            raise TypeError(f"{type(baseview).__name__} declares limits; see app/usecases/throttle.py")

    def register_views(self) -> None:
        """Add the log-in and the page of the one-time link; none of Flask-AppBuilder's own screens."""
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)
        self.appbuilder.add_view_no_menu(PasswordLink)

    def create_db(self) -> None:
        """Create nothing: migrations make tables, `flask office setup` makes roles."""

    def add_user(self, *_args: Any, **_kwargs: Any) -> bool:
        """Make nobody: whom `office create-admin` and the register of users make leaves a trace, `flask fab` none."""
        return False

    def reset_password(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse, for the same reason: a new password is set by its owner, through a link used once."""
        raise TypeError("passwords are set at the office door, by a link from the register of users")

    def load_user(self, pk: str) -> User | None:
        """Return the user whom the session was opened with; there is no other way in."""
        web = this_session()
        if isinstance(web.person, User) and web.seat is not None and str(web.seat.person_id) == str(pk):
            return web.person
        return None

    @property
    def current_user(self) -> User | None:
        """The user who is logged in, if any."""
        return this_session().person if current_user.is_authenticated else None

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Return whether the person of this request has the permission. Visitors have none."""
        return (permission_name, view_name) in self.permissions()

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Return False: nothing of the office is public by a permission."""
        del permission_name, view_name
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return which of the menu's entries the person may see."""
        seen = {view for permission, view in self.permissions() if permission == "menu_access"}
        return seen if menu_names is None else seen & set(menu_names)

    def permissions(self) -> frozenset[tuple[str, str]]:
        """Return (permission, view) of the person of this request: one query, asked once per request."""
        seat = this_session().seat
        if seat is None:
            return frozenset()
        known: tuple[int, frozenset[tuple[str, str]]] | None = g.get("office_permissions")
        if known is None or known[0] != seat.person_id:
            known = (seat.person_id, self._permissions_of(seat.person_id))
            g.office_permissions = known
        return known[1]

    @staticmethod
    def _permissions_of(user_id: int) -> frozenset[tuple[str, str]]:
        rows = db.session.connection().execute(_PERMISSIONS, {"user_id": user_id}).all()
        return frozenset((permission, view) for permission, view in rows)


class OfficeBuilder(AppBuilder):
    """Flask-AppBuilder without the pages and files that we do not use."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)
        self.sm.register_views()

    def _add_global_static(self) -> None:
        # The templates only: Bootstrap 3, jQuery and the rest are not served.
        current_app.register_blueprint(Blueprint("appbuilder", "flask_appbuilder.base", template_folder="templates"))


def builder_of(app: Flask) -> AppBuilder:
    """Return the AppBuilder of the office door `app`."""
    builder: AppBuilder = app.extensions["appbuilder"]
    return builder


FAB_SETTINGS: dict[str, Any] = {
    "APP_NAME": "Okienko",
    "FAB_BASE_TEMPLATE": "office/base.html",
    "FAB_CREATE_DB": False,
    "FAB_UPDATE_PERMS": False,
    "FAB_ROLES": {},
    "FAB_ADD_SECURITY_API": False,
    "FAB_ADD_SECURITY_VIEWS": False,
    "FAB_ADD_OPENAPI_VIEWS": False,
    "FAB_ADD_MENU_API": False,
    "FAB_API_SWAGGER_UI": False,
    "FAB_API_KEY_ENABLED": False,
    "FAB_API_SHOW_STACKTRACE": False,
    "FAB_API_MAX_PAGE_SIZE": 100,
    "FAB_ALLOW_GET_UNSAFE_MUTATIONS": False,
    "FAB_SECURITY_SIGNALS_ENABLED": False,
    "AUTH_USER_REGISTRATION": False,
    "AUTH_RATE_LIMITED": False,
    "RATELIMIT_ENABLED": False,
}


def known_rights(builder: AppBuilder) -> frozenset[tuple[str, str]]:
    """Return every (permission, view) that the pages and the menu of the office ask for."""
    pages = {
        (permission, str(view.class_permission_name))
        for view in builder.baseviews
        if not isinstance(view, type)
        for permission in view.base_permissions or ()
    }
    menu = {
        ("menu_access", entry.name)
        for item in builder.menu.get_list()
        for entry in (item, *item.childs)
        if entry.name != "-"
    }
    return frozenset(pages | menu)
