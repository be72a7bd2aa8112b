"""The mailbox door: what citizens and the public see. It knows nothing of Flask-AppBuilder."""

from __future__ import annotations

from flask import Flask

from app.views import assets
from app.views.mailbox import (
    answers,
    cases,
    centre,
    check,
    handover,
    letters,
    login,
    look,
    office_letters,
    pages,
    password,
    start,
    upload,
)


def register(app: Flask) -> None:
    """Give `app` the pages of the mailbox."""
    assets.version_static(app)
    look.register(app)
    mine = (letters, office_letters, upload, cases, answers, handover)
    for part in (start, login, password, *mine, check, centre, pages):
        app.register_blueprint(part.blueprint)
    password.guard(app)
