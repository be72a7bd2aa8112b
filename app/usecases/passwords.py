"""How passwords are kept and compared. Which passwords are good enough is said by `app.domain.passwords`."""

from __future__ import annotations

from werkzeug.security import check_password_hash, generate_password_hash

METHOD = "scrypt:32768:8:1"
# The hash of a value that nobody knows: names without an account cost exactly as much time as names with one.
_NOBODYS = (
    "scrypt:32768:8:1$wQ0bq0n3Yb4uJmXo$"
    "5c1f0d7b0f3f4d5f9f1f6f0b8f7a6e5d4c3b2a190817263544536271809fa0b1"
    "c2d3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccddeeff0011"
)


def hash_password(password: str) -> str:
    """Return what the database keeps of `password`."""
    return generate_password_hash(password, METHOD)


def password_fits(stored: str | None, password: str) -> bool:
    """Return whether `password` is the one whose hash is `stored`; False, after the same work, if there is none.

    Exactly one hash is computed in every case.
    """
    fits = check_password_hash(stored or _NOBODYS, password)
    # A NUL-only password hashes like an empty one.
    return fits and bool(stored) and bool(password.strip("\0"))
