"""Other systems that may push packages: naming one, and taking its right away."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.models import Platform
from app.usecases.record import record


def token_digest(token: str) -> str:
    """Return how a platform's token is kept: random and long, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_platform(session: Session, name: str, *, act: Act) -> str:
    """Let the platform `name` push packages. Returns its token, which is kept nowhere.

    Raises BadInput: `platform-name-missing`, `platform-name-taken`.
    """
    name = name.strip()[:100]
    if not name:
        raise BadInput("platform-name-missing")
    if session.scalar(sa.select(Platform.id).where(Platform.name == name)) is not None:
        raise BadInput("platform-name-taken", name=name)
    token = secrets.token_urlsafe(32)
    session.add(Platform(name=name, token_digest=token_digest(token), created_at=act.at))
    record(session, "office", "platform-added", {"name": name}, act=act)
    return token


def revoke_platform(session: Session, platform: Platform, *, act: Act) -> None:
    """Take the right to push packages away from `platform`; what it sent stays."""
    platform.active = False
    record(session, "office", "platform-revoked", {"name": platform.name}, act=act)
