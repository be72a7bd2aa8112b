"""A small certification hierarchy for tests of verification, with every mistake a certificate can have.

Built on `cryptography` alone, independent of our own certification centre. Keys are made once a run.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)

_CURVES = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1, "p192": ec.SECP192R1}


@functools.cache
def key(kind: str, owner: str = "") -> Key:
    """A key of a kind (`rsa2048`, `p256` …), always the same for one owner."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(_CURVES[kind]())


def usage(**allowed: bool) -> x509.KeyUsage:
    """A KeyUsage with these bits."""
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


SIGNING = usage(content_commitment=True)
ISSUING = usage(key_cert_sign=True, crl_sign=True)


@dataclass(frozen=True)
class Party:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def files(self, folder: Path) -> tuple[Path, Path]:
        """Key and certificate as PEM files."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{self.certificate.serial_number:x}"[:16]
        key_pem, cert_pem = folder / f"{stem}.key", folder / f"{stem}.pem"
        key_pem.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        cert_pem.write_bytes(self.pem)
        return key_pem, cert_pem


def subject(common_name: str, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, more.pop("country", "PL"))]
    if "serial_number" in more:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, more["serial_number"]))
    if "organization" in more:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, more["organization"]))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def make(
    name: x509.Name,
    by: Party | None,
    *,
    kind: str = "p256",
    owner: str | None = None,
    start: datetime = NOW - 365 * DAY,
    end: datetime = NOW + 365 * DAY,
    ca: bool = False,
    path_length: int | None = None,
    key_usage: x509.KeyUsage | None = None,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    digest: hashes.HashAlgorithm | None = None,
    serial: int | None = None,
    constraints: bool = True,
) -> Party:
    """A certificate for `name` issued by `by` (None: by itself)."""
    own = key(kind, owner or name.rfc4514_string())
    issuer, issuer_key = (name, own) if by is None else (by.certificate.subject, by.key)
    issuer_public = own.public_key() if by is None else by.certificate.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
    )
    if constraints:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length if ca else None), critical=True)
    allowed = key_usage if key_usage is not None else (ISSUING if ca else SIGNING)
    builder = builder.add_extension(allowed, critical=True)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Party(builder.sign(issuer_key, digest or hashes.SHA256()), own)


def crl(
    by: Party,
    revoked: Iterable[tuple[x509.Certificate, datetime, x509.ReasonFlags | None]] = (),
    *,
    this_update: datetime = NOW - DAY,
    next_update: datetime = NOW + 7 * DAY,
    signed_by: Party | None = None,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    number: int = 1,
) -> bytes:
    """A revocation list in the name of `by`."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for certificate, when, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(when)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign((signed_by or by).key, hashes.SHA256()).public_bytes(Encoding.DER)


def garbled(party: Party) -> bytes:
    """The party's certificate with a name that is no UTF-8; programs notice only when they look at the name."""
    return party.der.replace(b"JAN KOWALSKI", b"JAN \xff\xfeWALSKI")


def doubled(party: Party) -> bytes:
    """The party's certificate with one extension twice."""
    certificate = asn1_x509.Certificate.load(party.der)
    extensions = list(certificate["tbs_certificate"]["extensions"])
    certificate["tbs_certificate"]["extensions"] = asn1_x509.Extensions([*extensions, extensions[0]])
    return bytes(certificate.dump(force=True))


def of_version_nine(party: Party) -> bytes:
    """The party's certificate with a version that there is not."""
    return party.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x08", 1)


@dataclass(frozen=True)
class Hierarchy:
    """A root, an issuing CA, a citizen, and empty revocation lists of both authorities."""

    root: Party
    issuing: Party
    citizen: Party

    @property
    def crls(self) -> tuple[bytes, ...]:
        return crl(self.root), crl(self.issuing)


@functools.cache
def hierarchy() -> Hierarchy:
    root = make(subject("Test Root"), None, ca=True, path_length=1)
    issuing = make(subject("Test Issuing", organization="Test Centre"), root, ca=True, path_length=0)
    return Hierarchy(root, issuing, citizen(issuing))


def citizen(by: Party, kind: str = "p256", **more: object) -> Party:
    """Jan Kowalski (test data; the PESEL is invented)."""
    return make(subject("JAN KOWALSKI", serial_number="PNOPL-80010112349"), by, kind=kind, **more)
