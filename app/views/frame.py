"""What stands around every page of both doors: number, session, headers, language, errors, who may come in."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, abort, g, request

from app.extensions import csrf
from app.journal import set_up_journal
from app.views import doorkeeper, errors, headers, languages, sessions

log = structlog.get_logger("okienko.requests")


_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def new_number() -> str:
    """Return the number of a request: short enough to read out, `3F2A-91BC-07DE`."""
    text = secrets.token_hex(6).upper()
    return "-".join((text[:4], text[4:8], text[8:]))


def register(app: Flask) -> None:
    """Put the frame around `app`. The order of the questions before each request is the order below."""
    set_up_journal()

    @app.before_request
    def numbered() -> None:
        g.request_id = new_number()
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id, door=app.config["DOOR"].value)
        # PostgreSQL cannot even be asked about a NUL, and no address of ours has one.
        if "\0" in request.path:
            abort(404)
        while b"%00" in request.query_string or b"\0" in request.query_string:
            request.query_string = request.query_string.replace(b"%00", b"").replace(b"\0", b"")

    @app.after_request
    def told(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        if request.endpoint != "static":
            # The rule, never the address: addresses carry what people search for.
            rule = str(request.url_rule) if request.url_rule is not None else "-"
            took = round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else None
            log.info("request", method=request.method, rule=rule, status=response.status_code, ms=took)
        return response

    sessions.register(app)
    csrf.init_app(app)

    @app.before_request
    def no_nul_is_typed() -> None:
        """Refuse a form with a NUL: no keyboard has one. Bodies of other kinds are read by whoever takes them."""
        if request.mimetype in _FORMS and any("\0" in text for pair in request.form.items(multi=True) for text in pair):
            abort(400)

    doorkeeper.register(app)
    headers.register(app)
    languages.register(app)
    errors.register(app)
