"""Turning the second factor of a member of staff on and off."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused
from app.models import Door, StaffProfile
from app.roles import Role
from app.usecases.record import record
from app.usecases.web_sessions import end_sessions

DEMANDING = frozenset(role.value for role in (Role.CLERK, Role.INSPECTOR, Role.SUPERVISOR, Role.ADMINISTRATOR))
"""Roles that hold decisions or administration; where the office demands it, they need a second factor."""


def turn_on_second_factor(
    session: Session, user_id: int, sealed: str, step: int, *, spare: int | None, act: Act
) -> None:
    """Keep the `sealed` secret, whose code of time `step` was just shown. Sessions but the `spare` one end."""
    profile = session.get(StaffProfile, user_id) or StaffProfile(user_id=user_id)
    profile.totp_sealed, profile.totp_last_step = sealed, step
    session.add(profile)
    end_sessions(session, Door.OFFICE, user_id, at=act.at, spare=spare)
    record(session, f"staff:{user_id}", "second-factor-on", {"user": user_id}, act=act)


def turn_off_second_factor(session: Session, user_id: int, *, spare: int | None = None, act: Act) -> None:
    """Forget the secret, by the owner's wish. Sessions but the `spare` one end."""
    profile = session.get(StaffProfile, user_id)
    if profile is None or profile.totp_sealed is None:
        return
    profile.totp_sealed = profile.totp_last_step = None
    end_sessions(session, Door.OFFICE, user_id, at=act.at, spare=spare)
    record(session, f"staff:{user_id}", "second-factor-off", {"user": user_id}, act=act)


def forget_lost_factor(session: Session, user_id: int, *, act: Act) -> None:
    """Forget the secret of a colleague whose telephone is lost. Raises Refused (`own-rights`): not one's own."""
    if act.actor.id == user_id:
        raise Refused("own-rights")
    turn_off_second_factor(session, user_id, act=act)


def has_second_factor(session: Session, user_id: int) -> bool:
    """Return whether `user_id` needs a one-time code to log in."""
    profile = session.get(StaffProfile, user_id)
    return profile is not None and profile.totp_sealed is not None
