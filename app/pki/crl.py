"""Is a revocation list real, and whom does it withdraw?

A list is checked once, when it comes, and becomes a RevocationList: serial numbers and dates. Checking it at each
signature would cost as much as the list is long. RFC 5280 6.3 says what to check; indirect and delta lists are
refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtensionOID

from app.pki.algorithms import WEAK_DIGESTS, key_is_weak, public_key
from app.pki.evidence import UNREADABLE
from app.pki.verdicts import Defect
from app.pki.withdrawal import Statement, Withdrawal

_KNOWN_EXTENSIONS = frozenset(
    {
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.CRL_NUMBER,
        ExtensionOID.ISSUING_DISTRIBUTION_POINT,
        ExtensionOID.ISSUER_ALTERNATIVE_NAME,
        ExtensionOID.FRESHEST_CRL,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    }
)


class CrlRefused(Exception):
    """A list not used. `code`: `unreadable`, `other-issuer`, `forged`, `not-its-task`, `weak`, `unsupported`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A verified list. `issuer` is the DER of the issuer's name, `withdrawn` the entries by serial number.

    `users` and `authorities` say about which certificates it speaks, `points` about which distribution points
    (none: about all).
    """

    issuer: bytes
    number: int | None
    this_update: datetime
    next_update: datetime | None
    withdrawn: Mapping[int, Withdrawal]
    users: bool
    authorities: bool
    points: frozenset[str]
    source: str

    def statement(self, certificate: x509.Certificate) -> Statement | None:
        """What the list says about a certificate of its issuer; None if it does not speak about such certificates."""
        if not self.speaks_of(certificate):
            return None
        return Statement(self.withdrawn.get(certificate.serial_number), self.this_update, self.next_update, self.source)

    def speaks_of(self, certificate: x509.Certificate) -> bool:
        """Whether a certificate is within the list's scope (RFC 5280 5.2.5)."""
        if certificate.issuer.public_bytes() != self.issuer:
            return False
        if not (self.authorities if is_authority(certificate) else self.users):
            return False
        return not self.points or bool(self.points & distribution_points(certificate))


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def distribution_points(certificate: x509.Certificate) -> frozenset[str]:
    """Addresses of the lists that a certificate names."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(_addresses(name for point in points for name in point.full_name or ()))


def load_crl(data: bytes) -> x509.CertificateRevocationList:
    """Read a list from DER or PEM; CrlRefused `unreadable` if it is neither."""
    try:
        armored = data.lstrip().startswith(b"-----BEGIN")
        crl = x509.load_pem_x509_crl(data) if armored else x509.load_der_x509_crl(data)
        _ = (crl.issuer, crl.extensions)  # parsed late
    except UNREADABLE as error:
        raise CrlRefused("unreadable") from error
    return crl


def read_crl(data: bytes, issuer: x509.Certificate) -> RevocationList:
    """Check a list against its issuer and take out what it says.

    Args:
        data: DER or PEM.
        issuer: the certificate of the authority that is said to have signed it; that it is trusted is judged elsewhere.

    Raises:
        CrlRefused: see there. A list past its next update is no reason; it is judged by the moment asked about.
    """
    crl = load_crl(data)
    if crl.issuer.public_bytes() != issuer.subject.public_bytes():
        raise CrlRefused("other-issuer")
    _check_signature(crl, issuer)
    try:
        scope = _scope(crl)
        withdrawn = {entry.serial_number: _withdrawal(entry) for entry in crl}
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        number = None
    except UNREADABLE as error:
        raise CrlRefused("unreadable") from error
    users, authorities, points = scope
    source = f"CRL {hashlib.sha256(data).hexdigest()[:16]}" if number is None else f"CRL {number}"
    return RevocationList(
        crl.issuer.public_bytes(),
        number,
        crl.last_update_utc,
        crl.next_update_utc,
        withdrawn,
        users,
        authorities,
        points,
        source,
    )


def _check_signature(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> None:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        pass
    else:
        if not usage.crl_sign:
            raise CrlRefused("not-its-task")
    try:
        key = public_key(issuer)
        used = crl.signature_hash_algorithm
        if used is None or used.name in WEAK_DIGESTS or key_is_weak(key):
            raise CrlRefused("weak")
        if not crl.is_signature_valid(key):
            raise CrlRefused("forged")
    except (Defect, UnsupportedAlgorithm) as error:
        raise CrlRefused("weak") from error
    except (InvalidSignature, TypeError, ValueError) as error:
        raise CrlRefused("forged") from error


def _scope(crl: x509.CertificateRevocationList) -> tuple[bool, bool, frozenset[str]]:
    users, authorities, points = True, True, frozenset[str]()
    for extension in crl.extensions:
        if extension.oid == ExtensionOID.DELTA_CRL_INDICATOR:
            raise CrlRefused("unsupported")
        if extension.critical and extension.oid not in _KNOWN_EXTENSIONS:
            raise CrlRefused("unsupported")
        point = extension.value
        if isinstance(point, x509.IssuingDistributionPoint):
            if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
                raise CrlRefused("unsupported")
            users, authorities = not point.only_contains_ca_certs, not point.only_contains_user_certs
            points = _points(point)
    return users, authorities, points


def _points(scope: x509.IssuingDistributionPoint) -> frozenset[str]:
    """The addresses of the one point a list speaks for; a point named in another way could not be told from any."""
    points = frozenset(_addresses(scope.full_name or ()))
    if scope.relative_name is not None or (scope.full_name and not points):
        raise CrlRefused("unsupported")
    return points


def _addresses(names: Iterable[x509.GeneralName]) -> list[str]:
    return [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]


def _withdrawal(entry: x509.RevokedCertificate) -> Withdrawal:
    reason = "unspecified"
    for extension in entry.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = extension.value.reason.value
        elif extension.critical:
            raise CrlRefused("unsupported")
    return Withdrawal(entry.revocation_date_utc, reason)
