"""What people and programs get to see when something is refused or goes wrong: what happened, what to do, a number."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import BadInput, NotAllowed, Refused, Stale
from app.extensions import db
from app.storage.failures import Damaged, Missing, StoreError, TooLarge
from app.views.api.problems import problem
from app.views.doorkeeper import LOG_IN, LOG_OUT
from app.views.sessions import this_door, this_session
from app.views.wording import refusal

log = structlog.get_logger("okienko.errors")

_RETRY = 60


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error page says. `code` is the status, or `csrf`; `message` and `advice` are sentences.

    `refused`: the message comes from a rule of the office and says more than the status does.
    """

    status: int
    code: str
    title: str
    message: str
    advice: str
    retry_after: int | None = None
    refused: bool = False


def number() -> str:
    """Return the number of this request, which a person quotes and the log finds."""
    text: str = g.get("request_id", "-")
    return text


def of_status(status: int) -> Trouble:
    """Return what we say about an HTTP status."""
    stories = {
        400: (
            _("We cannot read this address or form"),
            _("Part of it is missing or is not what was expected."),
            _("Go back and try again from the page before."),
        ),
        401: (_("Please log in first"), _("This page opens after logging in."), ""),
        403: (
            _("This page is not open to you"),
            _("Nothing was changed."),
            _("If you need it for your work, ask for the right to open it."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or what it names is not yours to see."),
            _("Check the address, or begin at the start page."),
        ),
        405: (
            _("This address does not do that"),
            _("Nothing was changed."),
            _("Go back to the page before and use its buttons."),
        ),
        409: (
            _("Somebody else changed this before you"),
            _("Your change was not saved, so that theirs is not lost."),
            _("Open the page again, look at what is new and save once more."),
        ),
        410: (_("This is no longer here"), _("It was removed, or its time has passed."), ""),
        413: (_("This is too large"), _("Nothing was saved."), _("Choose a smaller file and try again.")),
        415: (_("This is not a kind of file that we take"), _("Nothing was saved."), ""),
        429: (
            _("Too many attempts"),
            _("This protects the accounts from guessing."),
            _("Wait a while, then try again."),
        ),
        503: (
            _("The system is resting for a moment"),
            _("What was acknowledged before is safe."),
            _("Try again in a minute."),
        ),
    }
    fallback = (
        stories[400]
        if status < 500
        else (
            _("Something failed on our side"),
            _("What was acknowledged before is safe."),
            _("Try again in a moment. If it happens again, quote the number."),
        )
    )
    title, message, advice = stories.get(status, fallback)
    return Trouble(status, str(status), title, message, advice, _RETRY if status == 503 else None)


def of_refusal(refused: Refused) -> Trouble:
    """Return what we say about a refusal of the office's rules."""
    if refused.code == "too-many-attempts":
        status = 429
    elif refused.code == "link-spent":
        status = 410
    elif refused.code in {"store-unavailable", "disk-full", "seal-missing", "seal-expired"}:
        status = 503
    elif isinstance(refused, NotAllowed):
        status = 403
    elif isinstance(refused, TooLarge):
        status = 413
    elif isinstance(refused, BadInput):
        status = 400
    else:
        status = 409
    base = of_status(status)
    title = (
        base.title
        if isinstance(refused, Stale | NotAllowed) or status in {410, 429, 503}
        else _("This cannot be done now")
    )
    advice = base.advice if status != 409 or isinstance(refused, Stale) else _("Nothing was changed.")
    seconds = refused.details.get("seconds")
    retry = int(seconds) if isinstance(seconds, int) else base.retry_after
    return Trouble(status, str(status), title, refusal(refused), advice, retry, refused=True)


def answer(trouble: Trouble, code: str = "error") -> Response:
    """Return `trouble` as a page of this door, or as a problem (RFC 9457) to a program; `code` is for programs."""
    headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after is not None else {}
    if request.path.startswith("/api/"):
        title = trouble.message if trouble.refused else trouble.title
        return problem(trouble.status, code, title, headers=headers, detail=trouble.advice, instance=number())
    return Response(_page(trouble), trouble.status, headers, content_type="text/html; charset=utf-8")


def _page(trouble: Trouble) -> str:
    """Return the page. If it cannot be made (the menu needs the database, too), a plain one that needs nothing."""
    bare = trouble.status >= 500 or this_session().seat is None
    if bare:
        g.bare = True
    try:
        return render_template(
            f"{this_door().value}/error.html",
            title=trouble.title,
            message=trouble.message,
            advice=trouble.advice,
            number=number(),
            status=trouble.status,
            code=trouble.code,
            sentence=trouble.message if trouble.refused else "",
            problem={"title": trouble.title, "sentence": trouble.message, "todo": trouble.advice},
            quote=f"{trouble.status}-{number()}",
            bare=bare,
        )
    except Exception:
        log.exception("error-page-failed")
        return (
            f"<!doctype html><html lang=pl><meta charset=utf-8><title>{escape(trouble.title)}</title>"
            f"<h1>{escape(trouble.title)}</h1><p>{escape(trouble.message)}</p><p>{escape(trouble.advice)}</p>"
            f"<p>{trouble.status}-{escape(number())}</p></html>"
        )


def register(app: Flask) -> None:
    """Let `app` answer every error our way."""

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        log.info("refused", code=error.code)
        return answer(of_refusal(error), error.code)

    @app.errorhandler(StoreError)
    def store(error: StoreError) -> Response:
        log.error("store", error=type(error).__name__)
        # Damaged bytes need a person; everything else about the store passes.
        status = 404 if isinstance(error, Missing) else 500 if isinstance(error, Damaged) else 503
        return answer(of_status(status), "store")

    @app.errorhandler(StaleDataError)
    def stale(error: StaleDataError) -> Response:
        del error
        log.info("refused", code="stale")
        return answer(of_status(409), "stale")

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response | AnyResponse:
        log.warning("csrf-refused", reason=error.description)
        if this_session().seat is None and request.endpoint == LOG_OUT[this_door()]:
            # Logged out already, in another tab or by the clock: that is what was asked for.
            return redirect(url_for(LOG_IN[this_door()]))
        if this_session().stale:
            trouble = Trouble(
                400,
                "csrf",
                _("You have been logged out"),
                _("Your session has ended: you logged out elsewhere, or nothing happened for a while."),
                _("Go back and copy what you typed, log in again and send it once more."),
                refused=True,
            )
            return answer(trouble, "session-ended")
        trouble = Trouble(
            400,
            "csrf",
            _("This form has waited too long"),
            _("For safety a form expires after a while, or after logging in again."),
            _("Go back, reload the page and send it once more; copy what you typed first."),
        )
        return answer(trouble, "csrf")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None and isinstance(error.response, Response):
            return error.response
        status = error.code or 500
        if status < 400:
            return Response(status=status, headers=dict(error.get_headers()))
        made = answer(of_status(status), f"http-{status}")
        allow = getattr(error, "valid_methods", None)
        if allow:
            made.headers["Allow"] = ", ".join(sorted(allow))
        return made

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        db.session.rollback()
        if isinstance(error, IntegrityError):
            # Two did the same at once, and the database let the quicker one. The log keeps the trace: it may be a bug.
            log.error("conflict", cause=type(error.orig).__name__, exc_info=error)
            return answer(of_status(409), "conflict")
        if isinstance(error, OperationalError | NoConnection):
            log.error("database-unavailable", error=type(error).__name__)
            return answer(of_status(503), "unavailable")
        # SQLAlchemy puts the values of a statement into its message; the log gets the kind and the trace only.
        kind = type(error.orig).__name__ if isinstance(error, SQLAlchemyError) and hasattr(error, "orig") else ""
        log.error("failed", error=type(error).__name__, cause=kind, exc_info=error)
        return answer(of_status(500), "failed")
