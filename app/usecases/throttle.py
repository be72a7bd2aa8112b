"""How guessing passwords is made slow: a growing delay per account and per address, kept in the database.

An attempt is counted, and committed, before the password is looked at: many guesses sent at once are all counted.
A right password takes the count back. Names without an account are counted like any other, so that the answer to
"too many attempts" says nothing about who has an account; a key holds a digest of the name, because people type
passwords into the wrong field.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Door, Throttle
from app.models.statements import add_missing, changed_rows

FORGOTTEN_AFTER = dt.timedelta(hours=24)
"""A count whose first failure is older than this starts again."""


@dataclass(frozen=True, slots=True)
class Brake:
    """One key and its rule: `free` failures cost nothing, then each doubles the wait, `first` to `longest` seconds."""

    key: str
    free: int
    first: int = 30
    longest: int = 15 * 60

    def delay(self, failures: int) -> dt.timedelta:
        """Return how long to wait after so many failures in a row."""
        beyond = failures - self.free
        if beyond <= 0:
            return dt.timedelta(0)
        return dt.timedelta(seconds=min(self.first * 2 ** min(beyond - 1, 20), self.longest))


def fold_login(name: str) -> str:
    """Return a user name as it is compared: without spaces around it, in lower case."""
    return name.strip().casefold()


def brakes(door: Door, name: str, address: str | None) -> tuple[Brake, Brake]:
    """Return the brakes of a log-in at `door`: of the account `name` and of the network `address`."""
    account = hashlib.sha256(fold_login(name).encode("utf-8", "replace")).hexdigest()[:40]
    return (
        Brake(f"login:{door.value}:{account}", free=5),
        Brake(f"address:{door.value}:{_network(address)}", free=30),
    )


def count_attempt(session: Session, keys: Sequence[Brake], at: dt.datetime) -> int:
    """Count one attempt against each of `keys`.

    Returns:
        0 if the attempt may go on, else the seconds to wait; an attempt while waiting is refused and not counted.
    """
    rows = {row.key: row for row in _locked(session, [brake.key for brake in keys], at)}
    left = max(_left(row, at) for row in rows.values())
    if left:
        return left
    for brake in keys:
        row = rows[brake.key]
        if row.window_from <= at - FORGOTTEN_AFTER:
            row.failures, row.window_from = 0, at
        row.failures += 1
        delay = brake.delay(row.failures)
        row.blocked_until = at + delay if delay else None
    return 0


def forgive(session: Session, keys: Sequence[Brake], at: dt.datetime) -> None:
    """Take the attempt back that succeeded: the account starts at zero, its address loses one failure only.

    Who guesses other people's passwords cannot wipe the address clean with an account of their own.
    """
    for row in _locked(session, [brake.key for brake in keys], at):
        row.failures = 0 if row.key.startswith("login:") else max(0, row.failures - 1)
        row.blocked_until = None


def sweep_throttle(session: Session, at: dt.datetime) -> int:
    """Delete counts that are forgotten anyway. Returns how many."""
    done = session.execute(sa.delete(Throttle).where(Throttle.window_from <= at - FORGOTTEN_AFTER))
    return changed_rows(done)


def _locked(session: Session, keys: Sequence[str], at: dt.datetime) -> list[Throttle]:
    """Return the rows of `keys`, made where missing and locked in one order so that two log-ins cannot deadlock."""
    ordered = sorted(keys)
    add_missing(session, Throttle, [{"key": key, "failures": 0, "window_from": at} for key in ordered], unique="key")
    return list(
        session.scalars(
            sa.select(Throttle)
            .where(Throttle.key.in_(ordered))
            .order_by(Throttle.key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _left(row: Throttle, at: dt.datetime) -> int:
    if row.blocked_until is None or row.blocked_until <= at:
        return 0
    return int((row.blocked_until - at).total_seconds()) + 1


def _network(address: str | None) -> str:
    """Return the address, for IPv6 the /64: one household or office holds a whole one."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if known.version == 6:
        return str(ipaddress.ip_network((known, 64), strict=False).network_address)
    return str(known)
