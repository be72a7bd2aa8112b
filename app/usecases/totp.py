"""The second factor of staff: six digits that an app works out from a shared secret and the time (RFC 6238)."""

from __future__ import annotations

import datetime as dt
import hmac

import pyotp

from app.vault import KeyRing

STEP = 30
_DRIFT = 1
"""Steps before and after now that are still accepted: the clock of a telephone is a little off."""


def place(user_id: int) -> str:
    """Return the context in which the secret of `user_id` is sealed."""
    return f"staff_profile.totp:{user_id}"


def new_secret() -> str:
    """Return a fresh shared secret, 160 bits in base 32."""
    return pyotp.random_base32()


def seal_secret(secret: str, user_id: int, ring: KeyRing) -> str:
    """Return `secret` as the profile of `user_id` keeps it."""
    return ring.seal(secret, context=place(user_id))


def address_for_app(secret: str, user_name: str, issuer: str) -> str:
    """Return the `otpauth://` address that the QR code shows to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=issuer)


def matching_step(secret: str, code: str, at: dt.datetime, last_step: int | None) -> int | None:
    """Return the time step whose code is `code`, if it is near `at` and after `last_step`; a code works once."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits) and (last_step is None or step > last_step):
            return step
    return None


def open_secret(sealed: str, user_id: int, ring: KeyRing) -> str:
    """Return the secret that `seal_secret` sealed."""
    return ring.open(sealed, context=place(user_id))
