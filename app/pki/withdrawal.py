"""What does a statement about a certificate mean for the moment asked about?

Whoever is asked (CRLs in memory, the office's database, an OCSP responder) answers by these rules: when a statement is
fresh enough, and what the date of a withdrawal means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509

HOLD = "certificateHold"
WITHOUT_NEXT_UPDATE = timedelta(days=1)
"""How long an answer that does not say when the next one comes may be used."""


@dataclass(frozen=True, slots=True)
class RevocationAnswer:
    """What a source knows. `revoked` speaks of the moment asked about; `None`: nothing usable is known.

    `revoked=False` with `revoked_at` set means: withdrawn, but only after that moment. `reason` is the CRL reason
    (RFC 5280 5.3.1; `certificateHold` is a suspension) or why nothing is known (`no-data`, `too-old`, `expired`).
    `source` names the CRL or the responder. `next_update` is when the source promised to say more.
    """

    revoked: bool | None
    reason: str = ""
    source: str = ""
    revoked_at: datetime | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None


NO_DATA = RevocationAnswer(None, "no-data")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An entry of a revocation list: when, and the reason of RFC 5280 5.3.1."""

    at: datetime
    reason: str = "unspecified"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a verified CRL or OCSP response says about one certificate; `withdrawal` is None for a good one."""

    withdrawal: Withdrawal | None
    this_update: datetime
    next_update: datetime | None
    source: str


def answer(statement: Statement, certificate: x509.Certificate, at: datetime) -> RevocationAnswer:
    """What a statement means for the moment asked about.

    A statement made after that moment is the best there is; an older one is used until its next update (EN 319 102-1
    5.2.5, freshness as the issuer promised it). A withdrawal is final whenever it was said, a suspension is not. A list
    made after the certificate's end need not name it any more (RFC 5280 3.3), so its silence proves nothing.
    """
    found = RevocationAnswer(None, "", statement.source, None, statement.this_update, statement.next_update)
    withdrawal = statement.withdrawal
    if withdrawal is not None and withdrawal.reason != HOLD:
        return replace(found, revoked=withdrawal.at <= at, reason=withdrawal.reason, revoked_at=withdrawal.at)
    if (statement.next_update or statement.this_update + WITHOUT_NEXT_UPDATE) < at:
        return replace(found, reason="too-old")
    if withdrawal is not None:
        return replace(found, revoked=withdrawal.at <= at, reason=HOLD, revoked_at=withdrawal.at)
    if statement.this_update > certificate.not_valid_after_utc:
        return replace(found, reason="expired")
    return replace(found, revoked=False)


def most_telling(answers: Iterable[RevocationAnswer]) -> RevocationAnswer:
    """Of several answers: a withdrawal before a suspension before a clean one before none; among equals the newest."""

    def weight(candidate: RevocationAnswer) -> tuple[int, float]:
        if candidate.revoked is None:
            rank = 0 if candidate.reason == NO_DATA.reason else 1
        elif candidate.revoked:
            rank = 3 if candidate.reason == HOLD else 4
        else:
            rank = 2
        return rank, 0.0 if candidate.this_update is None else candidate.this_update.timestamp()

    return max(answers, key=weight, default=NO_DATA)
