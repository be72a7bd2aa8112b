"""Coming in and leaving: log-in, log-out, staying, and one's own sessions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Refused
from app.views import entrance
from app.views.mailbox.me import me
from app.views.mailbox.say import say as _
from app.views.redirects import safe_next
from app.views.sessions import current_citizen, end_own, own_sessions

blueprint = Blueprint("login", __name__)


@blueprint.get("/logowanie")
def page() -> str | Response:
    """Show the log-in."""
    if current_citizen() is not None:
        return redirect(url_for("letters.received"))
    return _page({})


@blueprint.post("/logowanie")
def enter() -> str | Response | tuple[str, int]:
    """Log in, then go where one wanted to go."""
    name, password = request.form.get("user_name", "").strip(), request.form.get("password", "")
    errors = {}
    if not name:
        errors["user_name"] = _("Enter your user name.")
    if not password:
        errors["password"] = _("Enter your password.")
    if errors:
        return _page(errors, name), 422
    try:
        citizen = entrance.enter_mailbox(name, password)
    except Refused as refused:
        if refused.code != "too-many-attempts":
            raise
        return _too_many(name, int(refused.details["seconds"]))
    if citizen is None:
        wrong = _("User name and password do not fit together. Check them, also the Caps Lock key.")
        return _page({"user_name": wrong}, name), 422
    return redirect(safe_next(url_for("letters.received")))


@blueprint.post("/wyloguj")
def leave() -> Response:
    """Log out, also from another tab where one is out already."""
    entrance.leave()
    return redirect(url_for("login.page", wyszlo="1"))


@blueprint.post("/sesja")
def stay() -> Response:
    """Stay logged in: the request itself renews the session."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "text/html":
        return redirect(safe_next(url_for("letters.received")))
    return make_response("", 204)


@blueprint.get("/sesje")
def sessions() -> str:
    """Show where one is logged in."""
    me()
    return render_template("mailbox/sessions.html", sessions=own_sessions())


@blueprint.post("/sesje/<int:session_id>/zakoncz")
def end_session(session_id: int) -> Response:
    """End one of one's own sessions."""
    me()
    if not end_own(session_id):
        abort(404)
    flash(_("The session has ended."), "success")
    return redirect(url_for("login.sessions"))


def _page(errors: dict[str, str], user_name: str = "") -> str:
    following = request.form.get("next") or request.args.get("next") or ""
    ended = request.method == "GET" and "wyszlo" in request.args
    return render_template("mailbox/login.html", errors=errors, user_name=user_name, next=following, ended=ended)


def _too_many(name: str, seconds: int) -> Response:
    wait = _("There were too many failed attempts. You can try again in %(seconds)s seconds.", seconds=seconds)
    answer = make_response(_page({"user_name": wait}, name), 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
