"""A citizen's own new password. Whoever was given theirs by somebody else changes it before anything else opens."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import BadInput, Refused
from app.models import Citizen
from app.transaction import one_transaction
from app.usecases.change_citizen_password import change_citizen_password, refuse_weak
from app.usecases.passwords import hash_password, password_fits
from app.views.acting import current_act
from app.views.doorkeeper import PUBLIC
from app.views.entrance import count_own_attempt, forgive_own_attempts
from app.views.mailbox.me import me
from app.views.mailbox.say import say as _
from app.views.sessions import current_citizen, renew, this_door, this_session
from app.views.wording import refusal

blueprint = Blueprint("password", __name__)

_LONGEST = 256
_WAY_OUT = frozenset({"password.page", "password.change", "login.stay"})


@blueprint.get("/haslo")
def page() -> str:
    """Ask for the present password and the new one, twice."""
    return _page({})


@blueprint.post("/haslo")
def change() -> str | Response | tuple[str, int]:
    """Change the password; every other session ends."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    errors = _faults(old, new, again)
    if errors:
        return _page(errors), 422
    citizen, seat = me(), this_session().seat
    stored, citizen_id = citizen.password_hash, citizen.id
    try:
        keys = count_own_attempt(citizen.login)
    except Refused as refused:
        if refused.code != "too-many-attempts":
            raise
        return _too_many(int(refused.details["seconds"]))
    if not password_fits(stored, old[:_LONGEST]):
        return _page({"old": _("This is not your present password.")}), 422
    hashed = hash_password(new)
    with one_transaction() as database:
        mine = database.get_one(Citizen, citizen_id)
        change_citizen_password(database, mine, hashed, spare=seat.row_id if seat else None, act=current_act())
        forgive_own_attempts(database, keys)
        renew(database)
    flash(_("Your password is changed. You are logged out everywhere else."), "success")
    return redirect(url_for("letters.received"), 303)


def guard(app: Flask) -> None:
    """Let whoever must change the password do nothing of their own first; public pages and log-out stay open."""

    @app.before_request
    def password_first() -> Response | None:
        citizen, endpoint = current_citizen(), request.endpoint
        if citizen is None or not citizen.must_change_password or endpoint is None:
            return None
        if endpoint in _WAY_OUT or endpoint in PUBLIC[this_door()]:
            return None
        return redirect(url_for("password.page"))


def _faults(old: str, new: str, again: str) -> dict[str, str]:
    errors = {}
    if not old:
        errors["old"] = _("Enter your present password.")
    try:
        refuse_weak(new)
    except BadInput as fault:
        errors["new"] = refusal(fault)
    if "new" not in errors and old == new:
        errors["new"] = _("The new password must be another one.")
    if "new" not in errors and new != again:
        errors["again"] = _("The two new passwords differ.")
    return errors


def _page(errors: dict[str, str]) -> str:
    return render_template("mailbox/password.html", errors=errors, forced=me().must_change_password)


def _too_many(seconds: int) -> Response:
    wait = _("There were too many failed attempts. You can try again in %(seconds)s seconds.", seconds=seconds)
    answer = make_response(_page({"old": wait}), 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
