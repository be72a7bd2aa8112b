"""The one-time link by which a member of staff sets a password.

A signed token of (user, fingerprint of the password kept now). Once a password is set the fingerprint is another, so a
link works once, and every older one dies with it. No table, and nothing in the database opens an account.
"""

from __future__ import annotations

import hashlib

from flask_appbuilder.security.sqla.models import User
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from config import Settings

HOURS = 24


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        [*settings.secret_key_fallbacks, settings.secret_key],
        salt="okienko-password-link",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _fingerprint(user: User) -> str:
    return hashlib.sha256(f"{user.id}:{user.username}:{user.password}".encode()).hexdigest()[:32]


def password_token(user: User, settings: Settings) -> str:
    """Return the token of a link for `user`, good for `HOURS` and for one password."""
    token = _signer(settings).dumps([user.id, _fingerprint(user)])
    return token if isinstance(token, str) else token.decode()


def user_of_token(session: Session, token: str, settings: Settings) -> User | None:
    """Return the active user whose link this is, or None: expired, used, forged, or of somebody disabled."""
    try:
        user_id, fingerprint = _signer(settings).loads(token, max_age=HOURS * 3600)
    except (BadData, ValueError, TypeError):
        return None
    user = session.get(User, user_id, populate_existing=True) if isinstance(user_id, int) else None
    if user is None or not user.active or _fingerprint(user) != fingerprint:
        return None
    return user
