"""Who is at the door: a log-in is a row, and the cookie holds only a random token whose digest the row keeps.

Two kinds of cookie, told apart by their first letter:

    s.<256 random bits>   somebody is logged in; everything else stands in the row `web_session`
    a.<signed values>     a visitor: a CSRF token, a language, a message for the next page; robots cost no row

The row is read with the person in one statement when the request arrives. It is written after the view has answered,
in a transaction of its own through `one_transaction` (the only commit): what a view left uncommitted is dropped first,
so saving a session can never commit somebody's business by the way. Log-in, log-out and a new password write the row
inside their own transaction instead, together with the audit event.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Request, Response, abort, current_app, g, has_request_context
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from flask_appbuilder.security.sqla.models import User
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, load_only
from werkzeug.datastructures import CallbackDict

from app import clock
from app.domain.acts import Act
from app.extensions import db
from app.models import Citizen, Door, StaffProfile, WebSession
from app.transaction import one_transaction
from app.usecases.web_sessions import digest_of, end_sessions, live_sessions, open_web_session
from config import Settings

LANGUAGE = "language"
CSRF = "csrf_token"
SEEN_EVERY = 60
"""Seconds between two notes of "last seen" in the row; the idle limit grants as much more."""
_VISITOR_HOURS = 12
# Flask-AppBuilder writes the last pages with their filters, and a locale, into every session; we keep neither.
_NEVER_KEPT = frozenset({"page_history", "locale", "_user_id", "_fresh", "_id", "_permanent"})

# The first that fits: Edge and Opera also call themselves Chrome, and everybody Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

log = structlog.get_logger("okienko.sessions")


@dataclass(frozen=True, slots=True)
class Seat:
    """What we keep in hand of the row of a log-in: plain values, so that no rollback makes us read them again."""

    row_id: int
    door: Door
    person_id: int
    seen_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of "my sessions"."""

    id: int
    created_at: dt.datetime
    seen_at: dt.datetime
    address: str | None
    agent: str | None
    current: bool

    @property
    def browser(self) -> str:
        """Browser and system in two words, as people know them; "" where the program does not say."""
        agent = self.agent or ""
        program = next((name for sign, name in _BROWSERS if sign in agent), "")
        system = next((name for sign, name in _SYSTEMS if sign in agent), "")
        return ", ".join(filter(None, (program, system)))


class DoorSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls the session. `seat` is set when somebody is logged in."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        """Start with `values`, of a visitor."""
        super().__init__(values, DoorSession._touch)
        self.seat: Seat | None = None
        self.person: User | Citizen | None = None
        self.profile: StaffProfile | None = None
        self.token: str | None = None
        self.stale = False
        self.unavailable = False
        self.saved = True
        self.modified = False

    def _touch(self) -> None:
        self.modified = True

    def sit(self, seat: Seat, person: User | Citizen, profile: StaffProfile | None = None) -> None:
        """Let `person` be the one who is logged in."""
        self.seat, self.person, self.profile = seat, person, profile
        # Flask-Login looks for these names.
        dict.update(self, {"_user_id": str(seat.person_id), "_fresh": True})

    def rise(self) -> None:
        """Nobody is logged in any more; a visitor with the same language stays."""
        language = self.get(LANGUAGE)
        self.clear()
        self.seat = self.person = self.profile = self.token = None
        self.stale = True
        if language:
            self[LANGUAGE] = language

    def kept(self) -> dict[str, Any]:
        """Return what may be stored, as plain JSON values."""
        values = {key: value for key, value in self.items() if key not in _NEVER_KEPT}
        plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
        return plain


class DoorSessions(SessionInterface):
    """Reads and writes the sessions of one door."""

    def __init__(self, door: Door, settings: Settings) -> None:
        """Serve `door`; a visitor's cookie is signed for this door alone."""
        self._door = door
        self._idle = settings.staff_idle if door is Door.OFFICE else settings.citizen_idle
        self._signer = URLSafeTimedSerializer(
            [*settings.secret_key_fallbacks, settings.secret_key],
            salt=f"okienko-visitor-{door.value}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": "sha256"},
        )

    def open_session(self, app: Flask, request: Request) -> DoorSession:
        """Return the session that the cookie of `request` names, or an empty one."""
        if request.path.startswith("/static/"):
            nobody = DoorSession()
            nobody.saved = False
            return nobody
        kind, _, value = request.cookies.get(self.get_cookie_name(app), "").partition(".")
        if kind == "s":
            return self._seated(value)
        if kind == "a":
            try:
                return DoorSession(self._signer.loads(value, max_age=_VISITOR_HOURS * 3600))
            except (BadData, TypeError, ValueError):
                pass
        return DoorSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed: the row of a log-in, or the cookie of a visitor."""
        if not isinstance(session, DoorSession) or not session.saved:
            return
        response.vary.add("Cookie")
        if session.unavailable:
            return
        if session.seat is not None:
            self._write_row(session, session.seat)
            if session.token is not None:
                self._set_cookie(app, response, f"s.{session.token}")
        elif session.modified or session.stale:
            values = session.kept()
            if values:
                signed = self._signer.dumps(values)
                self._set_cookie(app, response, f"a.{signed if isinstance(signed, str) else signed.decode()}")
            else:
                response.delete_cookie(
                    self.get_cookie_name(app),
                    path="/",
                    secure=self.get_cookie_secure(app),
                    httponly=True,
                    samesite="Lax",
                )

    def _seated(self, token: str) -> DoorSession:
        try:
            found = _find(self._door, digest_of(token))
        except SQLAlchemyError as error:
            log.error("session-unreadable", error=type(error).__name__)  # noqa: TRY400  the kind is enough, and the request goes on
            db.session.rollback()
            broken = DoorSession()
            broken.unavailable = True
            return broken
        if found is None:
            return _stale()
        row_id, data, seen_at, ends_at, person, profile = found
        at = clock.now()
        # A clock that was set back must not lengthen a log-in: seen in the future is as bad as seen long ago.
        if ends_at <= at or abs((at - seen_at).total_seconds()) > self._idle + SEEN_EVERY:
            return _stale()
        session = DoorSession(data)
        session.sit(Seat(row_id, self._door, person.id, seen_at, ends_at), person, profile)
        session.modified = False
        return session

    def _write_row(self, session: DoorSession, seat: Seat) -> None:
        values: dict[str, Any] = {}
        if session.modified:
            values["data"] = session.kept()
        at = clock.now()
        if (at - seat.seen_at).total_seconds() >= SEEN_EVERY and not g.get("unattended"):
            values["seen_at"] = at
        if not values:
            return
        db.session.rollback()
        try:
            with one_transaction() as database:
                database.execute(
                    sa.update(WebSession).where(WebSession.id == seat.row_id).values(values),
                    execution_options={"synchronize_session": False},
                )
        except SQLAlchemyError as error:
            # The answer is ready and true; a lost "last seen" or message is the smaller harm.
            log.warning("session-unwritten", error=type(error).__name__)

    def _set_cookie(self, app: Flask, response: Response, value: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )


def _stale() -> DoorSession:
    session = DoorSession()
    session.stale = True
    return session


# Put together once: every page asks this.
_LIVING = (
    WebSession.token_digest == sa.bindparam("digest"),
    WebSession.door == sa.bindparam("door"),
    WebSession.ended_at.is_(None),
)
_Found = sa.Row[int, dict[str, Any], dt.datetime, dt.datetime, User | Citizen, StaffProfile | None]
_OF_THE_ROW = (WebSession.id, WebSession.data, WebSession.seen_at, WebSession.ends_at)
_STAFF = (
    sa.select(*_OF_THE_ROW, User, StaffProfile)
    .join(User, User.id == WebSession.user_id)
    .outerjoin(StaffProfile, StaffProfile.user_id == User.id)
    .where(*_LIVING, User.active.is_(True))
    # What few pages ask for is read when they do.
    .options(load_only(User.username, User.first_name, User.last_name, User.email, User.active))
)
_CITIZEN = (
    sa.select(*_OF_THE_ROW, Citizen, sa.null())
    .join(Citizen, Citizen.id == WebSession.citizen_id)
    .where(*_LIVING, Citizen.disabled_at.is_(None))
)


def _find(door: Door, digest: str) -> _Found | None:
    """Return `_OF_THE_ROW` of the living row, its person and their profile, in one statement.

    A disabled person has no session, and citizens have no profile.
    """
    statement: sa.Select[Any] = _STAFF if door is Door.OFFICE else _CITIZEN
    found: _Found | None = db.session.execute(statement, {"digest": digest, "door": door}).one_or_none()
    return found


def this_session() -> DoorSession:
    """Return the session of the running request."""
    session = flask_session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the proxy hides its type
    if not isinstance(session, DoorSession):
        raise TypeError("this door keeps other sessions")
    return session


def this_door() -> Door:
    """Return the door that the running application is."""
    door: Door = current_app.config["DOOR"]
    return door


def current_citizen() -> Citizen | None:
    """Return the citizen who is logged in at the mailbox, if any."""
    person = this_session().person if has_request_context() else None
    return person if isinstance(person, Citizen) else None


def begin(database: Session, person: User | Citizen, agent: str, *, act: Act) -> None:
    """Log `person` in: a new row and a new token; whatever a visitor brought is dropped, except the language."""
    web, door, settings = this_session(), this_door(), _settings()
    if web.seat is not None:
        end_sessions(database, door, web.seat.person_id, at=act.at, only=web.seat.row_id)
    lasts = settings.staff_absolute if door is Door.OFFICE else settings.citizen_absolute
    token = secrets.token_urlsafe(32)
    row = open_web_session(database, door, person.id, token, lasts=lasts, agent=agent, act=act)
    web.rise()
    web[CSRF] = secrets.token_hex(20)
    row.data = web.kept()
    web.sit(Seat(row.id, door, person.id, row.seen_at, row.ends_at), person)
    web.token, web.stale, web.modified = token, False, False


def renew(database: Session) -> None:
    """Give the log-in of this request a new token, so that a stolen cookie of before is worth nothing."""
    web = this_session()
    if web.seat is None:
        return
    web.token = secrets.token_urlsafe(32)
    database.execute(
        sa.update(WebSession).where(WebSession.id == web.seat.row_id).values(token_digest=digest_of(web.token)),
        execution_options={"synchronize_session": False},
    )


def own_sessions() -> list[OwnSession]:
    """Return where the person of this request is logged in, the latest first."""
    seat = this_session().seat
    if seat is None:
        return []
    rows = db.session.scalars(live_sessions(seat.door, seat.person_id, clock.now(), _idle(seat.door) + SEEN_EVERY))
    return [OwnSession(r.id, r.created_at, r.seen_at, r.address, r.agent, r.id == seat.row_id) for r in rows]


def end_own(session_id: int) -> bool:
    """End one session of the person of this request. Returns False where there is none: also for somebody else's."""
    seat = this_session().seat
    if seat is None:
        return False
    with one_transaction() as database:
        return end_sessions(database, seat.door, seat.person_id, at=clock.now(), only=session_id) > 0


def session_times() -> tuple[int, int] | None:
    """Return (seconds a session may stand idle, seconds left until it ends anyway), or None for a visitor."""
    seat = this_session().seat
    if seat is None:
        return None
    return _idle(seat.door), max(0, int((seat.ends_at - clock.now()).total_seconds()))


def register(app: Flask) -> None:
    """Let `app` keep its sessions our way, and answer 503 where they cannot be read."""
    app.session_interface = DoorSessions(app.config["DOOR"], app.config["SETTINGS"])

    @app.before_request
    def readable() -> None:
        # Without the database nobody can be known: better say so than ask somebody to log in again.
        if this_session().unavailable:
            abort(503)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _idle(door: Door) -> int:
    return _settings().staff_idle if door is Door.OFFICE else _settings().citizen_idle
