"""Who works here: making an account, giving it roles, closing and opening it again."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, Refused
from app.models import Door, StaffProfile
from app.roles import Role
from app.usecases.record import record
from app.usecases.throttle import fold_login
from app.usecases.web_sessions import end_sessions

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def add_staff(
    session: Session,
    user_name: str,
    full_name: tuple[str, str],
    email: str,
    roles: Iterable[Role],
    *,
    act: Act,
    position: str = "",
) -> User:
    """Make an account without a password; its owner sets one by a link (`password_token`).

    `full_name` is (given name, surname); `position` stands under it in letters.

    Raises BadInput: `user-name-taken`, `email-taken`, `email-bad`, `user-name-bad`, `role-missing`.
    """
    name = fold_login(user_name)
    if not _EMAIL.fullmatch(email.strip()):
        raise BadInput("email-bad")
    if not name or len(name) > 64 or not all(char.isalnum() or char in "._-" for char in name):
        raise BadInput("user-name-bad")
    if session.scalar(sa.select(User.id).where(User.username == name)) is not None:
        raise BadInput("user-name-taken")
    if session.scalar(sa.select(User.id).where(sa.func.lower(User.email) == email.strip().lower())) is not None:
        raise BadInput("email-taken")
    user = User(
        username=name,
        first_name=full_name[0].strip()[:64],
        last_name=full_name[1].strip()[:64],
        email=email.strip(),
        active=True,
        password=None,
        roles=_rows(session, roles),
        created_by_fk=None if act.actor.id is None else act.actor.id,
        changed_by_fk=None if act.actor.id is None else act.actor.id,
    )
    session.add(user)
    session.flush()
    session.add(StaffProfile(user_id=user.id, position=position.strip()[:80]))
    record(session, f"staff:{user.id}", "staff-added", {"user": user.id, "roles": _names(user)}, act=act)
    return user


def set_staff_roles(session: Session, user: User, roles: Iterable[Role], *, act: Act) -> None:
    """Give `user` exactly these roles. A change ends their sessions: they come back with what they may do now.

    Raises Refused: `last-administrator`, `own-rights`.
    """
    rows = _rows(session, roles)
    before, after = _names(user), sorted(row.name for row in rows)
    if before == after:
        return
    if act.actor.id == user.id:
        raise Refused("own-rights")
    if Role.ADMINISTRATOR.value not in after:
        _keep_an_administrator(session, user)
    user.roles = rows
    end_sessions(session, Door.OFFICE, user.id, at=act.at)
    record(session, f"staff:{user.id}", "roles-set", {"user": user.id, "before": before, "after": after}, act=act)


def set_staff_position(session: Session, user: User, position: str, *, act: Act) -> None:
    """Let letters name `user` by `position` from now on; those that were written before keep theirs."""
    profile = session.get(StaffProfile, user.id) or StaffProfile(user_id=user.id)
    session.add(profile)
    before, profile.position = profile.position or "", position.strip()[:80]
    if profile.position != before:
        details = {"user": user.id, "before": before, "after": profile.position}
        record(session, f"staff:{user.id}", "position-set", details, act=act)


def position_of(session: Session, user_id: int | None) -> str:
    """Return what letters call `user_id`; where the administrator wrote nothing, by what everybody here is."""
    known = session.scalar(sa.select(StaffProfile.position).where(StaffProfile.user_id == user_id))
    return known or EVERYBODY


EVERYBODY = "pracownik urzędu"
"""The position of somebody for whom none was written down, in the language of letters."""


def disable_staff(session: Session, user: User, *, act: Act) -> None:
    """Close an account: it cannot log in, and it is logged out everywhere now.

    Raises Refused: `last-administrator`, `own-rights`.
    """
    if not user.active:
        return
    if act.actor.id == user.id:
        raise Refused("own-rights")
    _keep_an_administrator(session, user)
    user.active = False
    end_sessions(session, Door.OFFICE, user.id, at=act.at)
    record(session, f"staff:{user.id}", "staff-disabled", {"user": user.id}, act=act)


def enable_staff(session: Session, user: User, *, act: Act) -> None:
    """Open a closed account again, with the password and roles it had."""
    if not user.active:
        user.active = True
        record(session, f"staff:{user.id}", "staff-enabled", {"user": user.id}, act=act)


def note_link_made(session: Session, user: User, *, act: Act) -> None:
    """Record that a link to set a password was given out for `user`."""
    record(session, f"staff:{user.id}", "password-link-made", {"user": user.id}, act=act)


def _rows(session: Session, roles: Iterable[Role]) -> list[RoleRow]:
    names = {role.value for role in roles}
    rows = list(session.scalars(sa.select(RoleRow).where(RoleRow.name.in_(names)).order_by(RoleRow.name)))
    if len(rows) != len(names):
        raise BadInput("role-missing")
    return rows


def _names(user: User) -> list[str]:
    return sorted(role.name for role in user.roles)


def _keep_an_administrator(session: Session, user: User) -> None:
    """Refuse to take the last administrator away: nobody could let anybody in any more."""
    others = session.scalar(
        sa.select(sa.func.count())
        .select_from(User)
        .where(User.active.is_(True), User.id != user.id, User.roles.any(RoleRow.name == Role.ADMINISTRATOR.value))
    )
    if Role.ADMINISTRATOR.value in _names(user) and not others:
        raise Refused("last-administrator")
