"""The first page: what one can do here, the log-in, what one needs."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.views.sessions import current_citizen

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def page() -> str | Response:
    """Show the start page to visitors; whoever is logged in goes on to the mailbox."""
    if current_citizen() is not None:
        return redirect(url_for("letters.received"))
    return render_template("mailbox/start.html", indexable=True)
