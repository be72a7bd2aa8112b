"""What does a signature bring with it, once its mathematics have been checked?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from typing import TypeGuard

from cryptography import x509

from app.pki.verdicts import Defect, Format

MAX_CERTIFICATES = 32
"""As many as a signature may bring; a path is short, and each one costs a look."""

UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
"""What the library raises for a certificate or a list that it cannot read, some of it only when a part is asked for."""


def is_moment(told: object) -> TypeGuard[datetime]:
    """Whether a time that somebody tells is one moment, and can be written down in any zone."""
    return isinstance(told, datetime) and told.tzinfo is not None and MINYEAR < told.year < MAXYEAR


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """An RFC 3161 token found at a signature and the bytes it should speak of."""

    token: bytes
    message: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """One signature after its format, mathematics and digests were checked, before anybody asked who signed.

    `intact`, `covers` and `reasons` are as in SignatureVerdict. `others` are all certificates it carries, `crls` and
    `ocsps` the revocation data; none of them is trusted for standing there.
    """

    format: Format
    intact: bool | None
    certificate: x509.Certificate | None
    others: tuple[x509.Certificate, ...]
    covers: tuple[str, ...]
    claimed_at: datetime | None
    timestamps: tuple[TimestampToken, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    reasons: tuple[str, ...]
    details: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Notes:
    """What is found while one signature is examined; ends as an Examined."""

    format: Format
    value_checked: bool = False
    certificate: x509.Certificate | None = None
    others: list[x509.Certificate] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)
    claimed_at: datetime | None = None
    timestamps: list[TimestampToken] = field(default_factory=list)
    crls: list[bytes] = field(default_factory=list)
    ocsps: list[bytes] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def reason(self, code: str, detail: str = "") -> None:
        """Note a reason once, with every detail."""
        if code not in self.reasons:
            self.reasons.append(code)
        if detail:
            self.details.append(f"{code}: {detail}")

    def defect(self, defect: Defect) -> None:
        """Note what ended the examination."""
        self.reason(defect.code, defect.detail)

    def warn(self, code: str) -> None:
        """Note a warning once."""
        if code not in self.warnings:
            self.warnings.append(code)

    def add_certificate(self, der: bytes) -> None:
        """Keep a certificate that stands in the signature; one that cannot be read is a warning."""
        if len(self.others) >= MAX_CERTIFICATES:
            raise Defect("format-failure", "too many certificates")
        try:
            certificate = _read_through(der)
        except UNREADABLE:
            self.warn("certificate-unreadable")
            return
        if certificate not in self.others:
            self.others.append(certificate)

    def examined(self) -> Examined:
        """What was found, for good."""
        return Examined(
            self.format,
            self._intact(),
            self.certificate,
            tuple(self.others),
            tuple(dict.fromkeys(self.covers)),
            self.claimed_at,
            tuple(self.timestamps),
            tuple(self.crls),
            tuple(self.ocsps),
            tuple(self.reasons),
            tuple(self.details),
            tuple(self.warnings),
        )

    def _intact(self) -> bool | None:
        if {"signature-mismatch", "hash-mismatch"} & set(self.reasons):
            return False
        return True if self.value_checked and set(self.reasons) <= {"weak-algorithm"} else None


def _read_through(der: bytes) -> x509.Certificate:
    """Read a certificate with all that is parsed late, so that nothing surprises whoever asks for it later."""
    certificate = x509.load_der_x509_certificate(der)
    _ = (certificate.subject, certificate.issuer, certificate.extensions)
    _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    return certificate
