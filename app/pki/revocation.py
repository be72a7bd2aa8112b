"""Whom does the office ask whether a certificate was withdrawn?

Revocation lists and OCSP responses held in memory serve the command line, tests and what a signature brings with it.
Lists are checked when somebody first asks about their issuer, and only once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.pki.crl import CrlRefused, RevocationList, load_crl, read_crl
from app.pki.ocsp import OcspRefused, read_ocsp
from app.pki.withdrawal import RevocationAnswer, answer, most_telling

__all__ = ["NOTHING_KNOWN", "MemoryRevocations", "RevocationAnswer", "RevocationSource", "Sources"]


class RevocationSource(Protocol):
    """Somebody who can be asked."""

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """What is known about `certificate`, issued by `issuer`, as of `at`. Never raises on bad data."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Several sources asked as one; all are asked, since a withdrawal known to any of them counts."""

    sources: Sequence[RevocationSource]

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """See RevocationSource.status."""
        return most_telling(source.status(certificate, issuer, at) for source in self.sources)


class MemoryRevocations:
    """Revocation lists and OCSP responses; those that cannot be read or are not signed by the issuer do not count."""

    def __init__(self, crls: Iterable[bytes] = (), ocsps: Iterable[bytes] = ()) -> None:
        """Take CRLs (DER or PEM) and OCSP responses (DER)."""
        self._ocsps = tuple(ocsps)
        self._unchecked: dict[bytes, list[bytes]] = {}
        self._checked: dict[bytes, tuple[RevocationList, ...]] = {}
        self._lock = threading.Lock()
        for data in crls:
            try:
                name = load_crl(data).issuer.public_bytes()
            except CrlRefused:
                continue
            self._unchecked.setdefault(name, []).append(data)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """See RevocationSource.status."""
        return most_telling(
            [*self._from_lists(certificate, issuer, at), *self._from_responses(certificate, issuer, at)]
        )

    def _from_lists(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> list[RevocationAnswer]:
        statements = [found.statement(certificate) for found in self._lists(issuer)]
        return [answer(statement, certificate, at) for statement in statements if statement is not None]

    def _from_responses(
        self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> list[RevocationAnswer]:
        def withdrawn(responder: x509.Certificate) -> bool:
            found = most_telling(self._from_lists(responder, issuer, at))
            return found.revoked is not False

        found = []
        for data in self._ocsps:
            try:
                statement = read_ocsp(data, certificate, issuer, withdrawn)
            except OcspRefused:
                continue
            found.append(answer(statement, certificate, at))
        return found

    def _lists(self, issuer: x509.Certificate) -> tuple[RevocationList, ...]:
        name = issuer.subject.public_bytes()
        if name not in self._unchecked:
            return ()
        key = issuer.fingerprint(hashes.SHA256())
        with self._lock:
            if key not in self._checked:
                found = []
                for data in self._unchecked[name]:
                    try:
                        found.append(read_crl(data, issuer))
                    except CrlRefused:
                        continue
                self._checked[key] = tuple(found)
            return self._checked[key]


NOTHING_KNOWN = MemoryRevocations()
"""A source that never knows."""
