"""Letting a member of staff into the office, or writing down that somebody tried."""

from __future__ import annotations

import dataclasses
import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.acts import Act, Actor, ActorKind
from app.models import StaffProfile
from app.usecases.record import record
from app.usecases.throttle import fold_login
from app.usecases.totp import matching_step, open_secret
from app.vault import KeyRing

CHAIN = "door:office"


def find_staff(session: Session, name: str) -> User | None:
    """Return the member of staff whose user name is `name`, whatever its case."""
    return session.scalars(sa.select(User).where(User.username == fold_login(name))).one_or_none()


def log_in_staff(
    session: Session, user_id: int | None, *, fits: bool, code: str, ring: KeyRing, act: Act
) -> User | None:
    """Decide about a log-in after its password was compared (`fits`), and write the event.

    Args:
        session: the transaction.
        user_id: the account that was named, or None if there is none.
        fits: what `password_fits` said.
        code: the one-time code, "" if none was typed; needed where the profile has a second factor.
        ring: opens the secret of the second factor.
        act: the attempt; its actor is still a visitor.

    Returns:
        The user, or None: unknown, wrong password, wrong or used code, disabled; the caller cannot tell which.
    """
    user = session.get(User, user_id, populate_existing=True) if user_id is not None else None
    if user is None or not fits or not user.active or not _second_factor(session, user, code, ring, act.at):
        if user is not None:
            user.fail_login_count = (user.fail_login_count or 0) + 1
        record(session, CHAIN, "log-in-refused", {"user": user.id if user is not None else None}, act=act)
        return None
    user.login_count = (user.login_count or 0) + 1
    user.fail_login_count = 0
    # Flask-AppBuilder's column has no zone; UTC like everything else here.
    user.last_login = act.at.astimezone(dt.UTC).replace(tzinfo=None)
    name = f"{user.first_name} {user.last_name}"[:200]
    record(
        session,
        CHAIN,
        "logged-in",
        {"user": user.id},
        act=dataclasses.replace(act, actor=Actor(ActorKind.STAFF, user.id, name)),
    )
    return user


def _second_factor(session: Session, user: User, code: str, ring: KeyRing, at: dt.datetime) -> bool:
    profile = session.get(StaffProfile, user.id, populate_existing=True, with_for_update=True)
    if profile is None or profile.totp_sealed is None:
        return True
    step = matching_step(open_secret(profile.totp_sealed, user.id, ring), code, at, profile.totp_last_step)
    if step is None:
        return False
    profile.totp_last_step = step
    return True
