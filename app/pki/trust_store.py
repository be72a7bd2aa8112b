"""Whom does the office trust, for what, and since when?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, Self, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.pki.revocation import RevocationSource
from app.pki.verdicts import Identity

Purpose = Literal["sign", "timestamp"]

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A certificate that the office trusts by itself: a root, an issuing CA of a trusted list, or one pinned signer.

    `purpose` says what it may vouch for, `identity` how well it knows the people it names, `valid_from` and
    `valid_until` (both included) when the office trusts it; that period is the register's, not the certificate's.
    """

    certificate: x509.Certificate
    purpose: Purpose
    identity: Identity
    valid_from: datetime
    valid_until: datetime
    name: str

    @classmethod
    def of(
        cls, certificate: x509.Certificate, identity: Identity, *, purpose: Purpose = "sign", name: str = ""
    ) -> Self:
        """An anchor trusted as long as its certificate says."""
        return cls(
            certificate,
            purpose,
            identity,
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
            name or certificate.subject.rfc4514_string(),
        )


@dataclass(frozen=True)
class TrustStore:
    """Anchors, helpful intermediate certificates, and where to ask about revocation.

    Intermediates prove nothing by themselves, they only help to find a path. With `require_revocation` a signature
    whose certificates nobody can answer for stays `undecided`; without it that is a warning. Keep one store for many
    packages: what is parsed once is kept.
    """

    anchors: tuple[Anchor, ...]
    revocation: RevocationSource
    intermediates: tuple[x509.Certificate, ...] = ()
    require_revocation: bool = True

    @cached_property
    def _by_subject(self) -> dict[x509.Name, tuple[Anchor, ...]]:
        return _grouped(self.anchors, lambda anchor: anchor.certificate.subject)

    @cached_property
    def _intermediates_by_subject(self) -> dict[x509.Name, tuple[x509.Certificate, ...]]:
        return _grouped(self.intermediates, lambda certificate: certificate.subject)

    @cached_property
    def _pinned(self) -> dict[bytes, tuple[Anchor, ...]]:
        return _grouped(self.anchors, lambda anchor: anchor.certificate.fingerprint(hashes.SHA256()))

    def anchors_named(self, subject: x509.Name, purpose: Purpose, moment: datetime) -> Iterator[Anchor]:
        """Anchors with that subject, for that purpose, trusted at that moment."""
        for anchor in self._by_subject.get(subject, ()):
            if anchor.purpose == purpose and anchor.valid_from <= moment <= anchor.valid_until:
                yield anchor

    def pinned(self, certificate: x509.Certificate, purpose: Purpose, moment: datetime) -> Anchor | None:
        """The anchor that is this very certificate, if it is one and trusted at that moment."""
        for anchor in self._pinned.get(certificate.fingerprint(hashes.SHA256()), ()):
            if anchor.purpose == purpose and anchor.valid_from <= moment <= anchor.valid_until:
                return anchor
        return None

    def intermediates_named(self, subject: x509.Name) -> tuple[x509.Certificate, ...]:
        """Known intermediate certificates with that subject."""
        return self._intermediates_by_subject.get(subject, ())


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, tuple[T, ...]]:
    found: dict[K, tuple[T, ...]] = {}
    for item in items:
        group = key(item)
        found[group] = (*found.get(group, ()), item)
    return found
