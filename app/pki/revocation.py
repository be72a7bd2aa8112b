"""Had the issuer withdrawn a certificate at a given moment?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509


@dataclass(frozen=True, slots=True)
class RevocationAnswer:
    """What a source knows. `revoked` speaks of the moment asked about; `None`: nothing usable is known.

    `revoked=False` with `revoked_at` set means: withdrawn, but only after that moment. `reason` is the CRL reason (RFC 5280
    5.3.1, `certificateHold` for suspended) or why nothing is known (`no-data`, `too-old`). `source` names the CRL or the responder.
    """

    revoked: bool | None
    reason: str = ""
    source: str = ""
    revoked_at: datetime | None = None
    this_update: datetime | None = None


class RevocationSource(Protocol):
    """Somebody who can be asked: CRLs in memory, the office's database, an OCSP responder."""

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """What is known about `certificate`, issued by `issuer`, as of `at`. Never raises on bad data."""
        ...


class MemoryRevocations:
    """Revocation lists and OCSP responses held in memory."""

    def __init__(self, crls: Iterable[bytes] = (), ocsps: Iterable[bytes] = ()) -> None:
        """Take CRLs and OCSP responses as DER or PEM; they are checked when somebody asks about their issuer."""
        self._crls = tuple(crls)
        self._ocsps = tuple(ocsps)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """See RevocationSource.status."""
        raise NotImplementedError
