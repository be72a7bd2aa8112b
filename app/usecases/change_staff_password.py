"""A new password for a member of staff: their own choice with the old one, or the first one by a one-time link."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.passwords import staff_password_faults
from app.models import Door, StaffProfile
from app.usecases.record import record
from app.usecases.web_sessions import end_sessions


def own_words(user: User) -> tuple[str, ...]:
    """Return the words that everybody tries first on this account."""
    return tuple(filter(None, (user.username, user.first_name, user.last_name, user.email)))


def refuse_weak(user: User, password: str) -> None:
    """Raise BadInput with the code of the first fault, if `password` is not good enough for `user`."""
    faults = staff_password_faults(password, own_words(user))
    if faults:
        raise BadInput(faults[0])


def change_staff_password(
    session: Session, user: User, new_hash: str, *, spare: int | None, how: str, act: Act
) -> None:
    """Write a password that was already judged and hashed, and end the sessions of `user` but the `spare` one.

    `how` is `own` (the old one was given), or `link`.
    """
    user.password = new_hash
    profile = session.get(StaffProfile, user.id) or StaffProfile(user_id=user.id)
    profile.password_changed_at = act.at
    profile.must_change_password = False
    session.add(profile)
    ended = end_sessions(session, Door.OFFICE, user.id, at=act.at, spare=spare)
    record(session, f"staff:{user.id}", "password-changed", {"user": user.id, "how": how, "ended": ended}, act=act)
