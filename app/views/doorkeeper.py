"""Which pages need no log-in: one short list per door. Everything else does."""

from __future__ import annotations

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.models import Door
from app.views.redirects import here
from app.views.sessions import this_door, this_session

PUBLIC: dict[Door, frozenset[str]] = {
    Door.OFFICE: frozenset(
        {
            "static",
            "languages.choose",
            "AuthView.login",
            "AuthView.logout",  # answers a second log-out, from another tab, as kindly as the first
            "PasswordLink.set_password",
        }
    ),
    Door.MAILBOX: frozenset(
        {
            "static",
            "languages.choose",
            "health.alive",
            "health.ready",
            "health.metrics",
            # The API knows its platforms by their bearer tokens.
            "api_packages.submit",
            "api_packages.show",
            "api_packages.receipt",
            "login.page",
            "login.enter",
            "login.leave",
            "start.page",
            "check.page",
            "check.check",
            "pages.accessibility",
            "pages.terms",
            "pages.privacy",
            "pages.help",
            "pages.signing",
            "centre.certificate",
            "centre.revocations",
        }
    ),
}
"""Endpoints open to everybody, by door. tests/web/test_route_access.py holds the other half of this promise."""

LOG_OUT: dict[Door, str] = {Door.OFFICE: "AuthView.logout", Door.MAILBOX: "login.leave"}
LOG_IN: dict[Door, str] = {Door.OFFICE: "AuthView.login", Door.MAILBOX: "login.page"}


def register(app: Flask) -> None:
    """Make `app` ask everybody to log in, except at the pages that `PUBLIC` names."""

    @app.before_request
    def known_or_public() -> AnyResponse | None:
        endpoint, door = request.endpoint, this_door()
        # No endpoint: there is no such page, and the error handler says so.
        if endpoint is None or endpoint in PUBLIC[door] or this_session().seat is not None:
            return None
        if request.headers.get("HX-Request") == "true":
            # htmx follows redirects inside the page; this makes the browser itself go to the log-in.
            return Response(status=401, headers={"HX-Redirect": url_for(LOG_IN[door])})
        return redirect(url_for(LOG_IN[door], next=here() if request.method == "GET" else None))
