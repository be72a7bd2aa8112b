"""Letting a citizen into the mailbox, or writing down that somebody tried."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act, Actor, ActorKind
from app.models import Citizen
from app.usecases.record import record
from app.usecases.throttle import fold_login

CHAIN = "door:mailbox"


def find_citizen(session: Session, login: str) -> Citizen | None:
    """Return the citizen whose user name is `login`, whatever its case."""
    return session.scalars(sa.select(Citizen).where(Citizen.login == fold_login(login))).one_or_none()


def log_in_citizen(session: Session, citizen_id: int | None, *, fits: bool, act: Act) -> Citizen | None:
    """Decide about a log-in after its password was compared (`fits`), and write the event.

    Args:
        session: the transaction.
        citizen_id: the account that was named, or None if there is none.
        fits: what `password_fits` said.
        act: the attempt; its actor is still a visitor.

    Returns:
        The citizen, or None: unknown, wrong password, not activated or disabled; the caller cannot tell which.
    """
    citizen = session.get(Citizen, citizen_id, populate_existing=True) if citizen_id is not None else None
    known = citizen.id if citizen is not None else None
    if citizen is None or not fits or citizen.activated_at is None or citizen.disabled_at is not None:
        record(session, CHAIN, "log-in-refused", {"citizen": known}, act=act)
        return None
    record(
        session,
        CHAIN,
        "logged-in",
        {"citizen": known},
        act=dataclasses.replace(act, actor=Actor(ActorKind.CITIZEN, citizen.id, citizen.name)),
    )
    return citizen
