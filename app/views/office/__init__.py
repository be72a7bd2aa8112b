"""The office door: Flask-AppBuilder for staff, with our own security, look and pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g
from flask_appbuilder import AppBuilder

from app.extensions import db
from app.views.languages import bind_babel
from app.views.office import account, again, case_conflict, screens, second_factor
from app.views.office.home import Home
from app.views.office.look import init_look
from app.views.office.security import FAB_SETTINGS, OfficeBuilder, OfficeSecurity
from app.views.sessions import this_session

# Each adds its pages and its lines of the menu; the order is the order of the menu.
SCREENS: tuple[Callable[[AppBuilder], None], ...] = (screens.add_to, account.add_to, second_factor.add_to)


def register(app: Flask) -> None:
    """Make `app` the office door."""
    app.config.update(FAB_SETTINGS)
    app.config["FAB_SAFE_REDIRECT_HOSTS"] = list(app.config["SETTINGS"].trusted_hosts)

    @app.before_request
    def known_to_templates() -> None:
        g.staff_profile = this_session().profile

    second_factor.guard(app)
    with app.app_context():
        builder = OfficeBuilder(
            app, db.session, security_manager_class=OfficeSecurity, indexview=Home, update_perms=False
        )
        for add_to in SCREENS:
            add_to(builder)
    case_conflict.register(app)
    again.register(app)
    bind_babel(app)
    init_look(app)
