"""The table of contents of the program: the two doors, and what each is made of.

Imports stand inside the functions: a rule or a tool of ours (`app.domain`, `app.epackages`) can then be used by a small
child process without loading the web.
"""

# ruff: noqa: PLC0415  the reason stands above

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_office(settings: Settings | None = None) -> Flask:
    """Return the office door: Flask-AppBuilder for staff."""
    from app.house import new_door
    from app.models import Door
    from app.views import office

    app = new_door(Door.OFFICE, settings)
    office.register(app)
    return app


def create_mailbox(settings: Settings | None = None) -> Flask:
    """Return the mailbox door: citizens, the public pages, the API of platforms, and health."""
    from app.house import new_door
    from app.models import Door
    from app.views import api, health, mailbox

    app = new_door(Door.MAILBOX, settings)
    mailbox.register(app)
    api.register(app)
    health.register(app)
    return app
