"""In which order somebody is let in at either door, and how they leave.

Three short steps, so that no password is hashed while the database is locked for writing:

    1. count the attempt, and commit: too many, and nothing else happens
    2. compare the password: one hash, whether the account exists or not
    3. decide, write the event, the session row and the forgiveness in one transaction
"""

from __future__ import annotations

from flask import request
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app import clock
from app.domain.errors import Refused
from app.extensions import db
from app.house import equipment
from app.models import Citizen
from app.transaction import one_transaction
from app.usecases.log_in_citizen import find_citizen, log_in_citizen
from app.usecases.log_in_staff import find_staff, log_in_staff
from app.usecases.passwords import password_fits
from app.usecases.record import record
from app.usecases.throttle import Brake, brakes, count_attempt, forgive
from app.usecases.web_sessions import end_sessions
from app.views.acting import VISITOR, act_of, current_act
from app.views.sessions import begin, this_door, this_session

_LONGEST = 256
"""Longer names and passwords are cut off unseen: nobody has one, and hashing a megabyte is work."""


def enter_mailbox(login: str, password: str) -> Citizen | None:
    """Log a citizen in and begin their session.

    Returns:
        The citizen, or None if name and password do not fit together.

    Raises:
        Refused: `too-many-attempts`, with `seconds` to wait.
    """
    keys = _count(login)
    named = find_citizen(db.session(), login[:_LONGEST])
    known = named.id if named is not None else None
    fits = password_fits(named.password_hash if named is not None else None, password[:_LONGEST])
    act = act_of(VISITOR)
    with one_transaction() as database:
        citizen = log_in_citizen(database, known, fits=fits, act=act)
        if citizen is not None:
            forgive(database, keys, act.at)
            begin(database, citizen, request.user_agent.string, act=act)
    return citizen


def enter_office(name: str, password: str, code: str) -> User | None:
    """Log a member of staff in and begin their session. Returns and raises as `enter_mailbox` does."""
    keys = _count(name)
    named = find_staff(db.session(), name[:_LONGEST])
    known = named.id if named is not None else None
    fits = password_fits(named.password if named is not None else None, password[:_LONGEST])
    act = act_of(VISITOR)
    with one_transaction() as database:
        user = log_in_staff(database, known, fits=fits, code=code, ring=equipment().ring, act=act)
        if user is not None:
            forgive(database, keys, act.at)
            begin(database, user, request.user_agent.string, act=act)
    return user


def leave() -> None:
    """Log out: the row ends, and with it every copy of the cookie. Does nothing for a visitor."""
    web = this_session()
    if web.seat is None:
        return
    act = current_act()
    with one_transaction() as database:
        end_sessions(database, web.seat.door, web.seat.person_id, at=act.at, only=web.seat.row_id)
        record(database, f"door:{web.seat.door.value}", "logged-out", {}, act=act)
    web.rise()


def _count(name: str) -> tuple[Brake, Brake]:
    keys = brakes(this_door(), name[:_LONGEST], request.remote_addr)
    act = act_of(VISITOR)
    with one_transaction() as database:
        wait = count_attempt(database, keys, act.at)
    if wait:
        raise Refused("too-many-attempts", seconds=wait)
    return keys


def count_own_attempt(name: str) -> tuple[Brake, Brake]:
    """Count one try of the present password by somebody who is logged in: a stolen session guesses slowly, too."""
    return _count(name)


def forgive_own_attempts(database: Session, keys: tuple[Brake, Brake]) -> None:
    """Take the count back after the right password."""
    forgive(database, keys, clock.now())
