"""What may every page of the mailbox use: macros, formats, the menu, who is logged in, what is new."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, request, url_for
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from app.extensions import db
from app.models import Citizen, Folder, Message
from app.views.mailbox import formats
from app.views.mailbox.agents import browser
from app.views.mailbox.say import say as _
from app.views.mailbox.say import say_many as ngettext
from app.views.redirects import here
from app.views.sessions import current_citizen, session_times

HOURS = "7:30–15:30"
"""When somebody answers the telephone on working days."""


def register(app: Flask) -> None:
    """Give the templates of `app` what they rest on."""
    loaders: list[BaseLoader] = [PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    if app.jinja_loader is not None:
        loaders.insert(0, app.jinja_loader)
    app.jinja_loader = ChoiceLoader(loaders)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters["browser"] = browser
    formats.register(app)
    app.context_processor(_around)


def asset(name: str) -> str:
    """Return the address of a built file of the look, for example `mailbox/mailbox.css`."""
    return url_for("static", filename=f"dist/{name}")


def unread_letters(citizen_id: int) -> int:
    """Return how many letters in Received wait to be read."""
    query = sa.select(sa.func.count()).where(
        Message.citizen_id == citizen_id, Message.folder == Folder.RECEIVED, Message.read_at.is_(None)
    )
    return int(db.session.scalar(query) or 0)


def _around() -> dict[str, Any]:
    citizen = None if g.get("bare") else current_citizen()
    unread = unread_letters(citizen.id) if citizen else 0
    times = session_times() if citizen else None
    return {
        "citizen": citizen,
        "unread": unread,
        "navigation": _navigation_of(citizen, unread),
        "here": here(),
        "hours": formats.number(HOURS),
        "office": current_app.config["SETTINGS"].office,
        "session_idle": times[0] if times else None,
        "session_left": times[1] if times else None,
    }


def _navigation_of(citizen: Citizen | None, unread: int) -> list[dict[str, Any]]:
    if citizen is None:
        return _public_navigation()
    # Nothing else opens before the password is changed: nothing else is offered.
    return [_password(), _help()] if citizen.must_change_password else _navigation(unread)


def _password() -> dict[str, Any]:
    return _item(_("Change the password"), "password.page", "password.")


def _help() -> dict[str, Any]:
    return _item(_("Help"), "pages.help", "pages.help")


def _navigation(unread: int) -> list[dict[str, Any]]:
    box = Markup("{}").format(_("My mailbox"))
    if unread:
        new = ngettext("new letter", "new letters", unread)
        box += Markup('<span class="mb-count">{}<span class="govuk-visually-hidden"> {}</span></span>').format(
            unread, new
        )
    return [
        _item(box, "letters.received", "letters.", "office_letters."),
        _item(_("My cases"), "cases.index", "cases.", "answers.", "handover."),
        _item(_("Send a signed package"), "upload.choose", "upload."),
        _password(),
        _help(),
    ]


def _public_navigation() -> list[dict[str, Any]]:
    return [
        _item(_("Start"), "start.page", "start."),
        _item(_("Check a receipt"), "check.page", "check."),
        _help(),
    ]


def _item(label: str, endpoint: str, *within: str) -> dict[str, Any]:
    """Return a line of the menu; it is the current one on every page whose endpoint begins with one of `within`."""
    active = (request.endpoint or "").startswith(within)
    return {"html": Markup("{}").format(label), "href": url_for(endpoint), "active": active}
