"""The certification centre: which certificates and revocation lists the office makes, and what stands in them.

Three levels: a root (RSA-4096, kept offline), an issuing certificate (RSA-3072) that signs people's certificates, the
office's seal and the revocation list. Profiles are data. Code that judges signatures never imports this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from app.pki.keyfiles import ROUNDS, PublicKey, dump_bundle, load_bundle

# Object identifiers under 2.25 need no registry (ITU-T X.667): each is a random UUID.
POLICY_CITIZEN = x509.ObjectIdentifier("2.25.83419723727337369675647204618551236842.1.1")
POLICY_SEAL = x509.ObjectIdentifier("2.25.83419723727337369675647204618551236842.1.2")

ROOT_YEARS, ISSUING_YEARS = 20, 10
ROOT_BITS, ISSUING_BITS = 4096, 3072
CRL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that issues others, with its key."""

    private_key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    def dump(self, passphrase: bytes, *, rounds: int = ROUNDS) -> bytes:
        """Return it as one PEM file, the key encrypted under `passphrase`."""
        return dump_bundle(self.private_key, (self.certificate,), passphrase, rounds=rounds)

    @classmethod
    def load(cls, data: bytes, passphrase: bytes) -> Issuer:
        """Read what `dump` wrote. Raises WrongPassphrase, UnfitKey and ValueError."""
        key, certificate, _ = load_bundle(data, passphrase)
        if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
            raise UnfitKey("an issuer has an RSA key and the certificate of that key")
        return cls(key, certificate)


@dataclass(frozen=True, slots=True)
class CentreAddresses:
    """Where the world finds what the centre publishes; written into certificates. None leaves the entry out."""

    crl: str | None = None
    issuer: str | None = None
    ocsp: str | None = None


NOWHERE = CentreAddresses()


@dataclass(frozen=True, slots=True)
class Person:
    """The subject of a citizen's certificate. `identifier` is `PNOPL-` and the PESEL, or the centre's own number."""

    given_name: str
    surname: str
    identifier: str
    country: str = "PL"

    def name(self) -> x509.Name:
        """Return the subject as Polish qualified certificates write it."""
        return _name(
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.GIVEN_NAME, self.given_name),
            (NameOID.SURNAME, self.surname),
            (NameOID.SERIAL_NUMBER, self.identifier),
            (NameOID.COMMON_NAME, f"{self.given_name} {self.surname}"),
        )


@dataclass(frozen=True, slots=True)
class Organisation:
    """The subject of a seal (EN 319 412-3). `identifier` names the register too, for example `VATPL-0000000000`."""

    name_in_full: str
    identifier: str
    common_name: str
    country: str = "PL"

    def name(self) -> x509.Name:
        """Return the subject."""
        return _name(
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.name_in_full),
            (NameOID.ORGANIZATION_IDENTIFIER, self.identifier),
            (NameOID.COMMON_NAME, self.common_name),
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What every certificate of one sort has in common."""

    policy: x509.ObjectIdentifier
    years: int
    least_rsa_bits: int
    curves: tuple[str, ...] = ()


CITIZEN = Profile(POLICY_CITIZEN, years=2, least_rsa_bits=3072, curves=("secp256r1",))
SEAL = Profile(POLICY_SEAL, years=3, least_rsa_bits=3072)


@dataclass(frozen=True, slots=True)
class Revoked:
    """One entry of a revocation list."""

    serial: int
    at: dt.datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


class OutlivesIssuer(ValueError):
    """The certificate would be valid longer than the one that signs it: the issuing certificate must be renewed."""


class UnfitKey(ValueError):
    """The public key is too short, or of a kind that the profile does not allow."""


def make_root(
    common_name: str, organisation: str, at: dt.datetime, *, private_key: rsa.RSAPrivateKey | None = None
) -> Issuer:
    """Make the root: RSA-4096, 20 years, one level of issuing certificates below it.

    An existing `private_key` is used where one is given (a key made in a ceremony, or a test's).
    """
    key = private_key or rsa.generate_private_key(65537, ROOT_BITS)
    name = _authority_name(common_name, organisation)
    until = _years_later(at, ROOT_YEARS)
    return Issuer(key, _authority(name, key.public_key(), (name, key), path_length=1, at=at, until=until))


def make_issuing(
    root: Issuer,
    common_name: str,
    organisation: str,
    at: dt.datetime,
    *,
    addresses: CentreAddresses = NOWHERE,
    private_key: rsa.RSAPrivateKey | None = None,
) -> Issuer:
    """Make an issuing certificate under `root`: RSA-3072, 10 years, no further authority below it.

    `addresses` are the root's own. Raises OutlivesIssuer.
    """
    key = private_key or rsa.generate_private_key(65537, ISSUING_BITS)
    until = _years_later(at, ISSUING_YEARS)
    _refuse_outliving(root, until)
    name = _authority_name(common_name, organisation)
    certificate = _authority(
        name,
        key.public_key(),
        (root.certificate.subject, root.private_key),
        path_length=0,
        at=at,
        until=until,
        published=_published_at(addresses),
    )
    return Issuer(key, certificate)


def issue_certificate(
    issuer: Issuer,
    subject: Person | Organisation,
    public_key: PublicKey,
    at: dt.datetime,
    *,
    profile: Profile,
    addresses: CentreAddresses = NOWHERE,
    until: dt.datetime | None = None,
    serial: int | None = None,
) -> x509.Certificate:
    """Certify that `public_key` belongs to `subject`, from `at` for the years of `profile` (or to `until`).

    Key usage is critical: signatures and seals, nothing else. The policy is the centre's own and not critical, so that
    other programs may ignore it; there are no qcStatements, because the certificate is not a qualified one.
    Raises UnfitKey and OutlivesIssuer.
    """
    _refuse_unfit(public_key, profile)
    until = until or _years_later(at, profile.years)
    _refuse_outliving(issuer, until)
    builder = (
        _builder(subject.name(), public_key, issuer.certificate.subject, at=at, until=until, serial=serial)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
        .add_extension(x509.CertificatePolicies([x509.PolicyInformation(profile.policy, None)]), critical=False)
    )
    for extension in _published_at(addresses):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer.private_key, hashes.SHA256())


def make_crl(
    issuer: Issuer,
    revoked: Iterable[Revoked],
    number: int,
    at: dt.datetime,
    *,
    next_update: dt.datetime | None = None,
) -> x509.CertificateRevocationList:
    """Make the revocation list `number` of `issuer`, complete, renewed within seven days.

    `number` grows with each list (RFC 5280, 5.2.3).
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(_whole_second(at))
        .next_update(_whole_second(next_update or at + dt.timedelta(days=CRL_DAYS)))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
    )
    for entry in revoked:
        one = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(_whole_second(entry.at))
        if entry.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: absent rather than unspecified
            one = one.add_extension(x509.CRLReason(entry.reason), critical=False)
        builder = builder.add_revoked_certificate(one.build())
    return builder.sign(issuer.private_key, hashes.SHA256())


def _authority(
    subject: x509.Name,
    public_key: rsa.RSAPublicKey,
    above: tuple[x509.Name, rsa.RSAPrivateKey],
    *,
    path_length: int,
    at: dt.datetime,
    until: dt.datetime,
    published: Iterable[x509.ExtensionType] = (),
) -> x509.Certificate:
    """Return the certificate of an authority, signed by the name and key `above` it (its own for the root)."""
    issuer_name, issuer_key = above
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        _builder(subject, public_key, issuer_name, at=at, until=until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(key_id, critical=False)
    )
    if subject != issuer_name:  # people's certificates name a policy, so what stands above them must allow it
        any_policy = x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)
        builder = builder.add_extension(x509.CertificatePolicies([any_policy]), critical=False)
    for extension in published:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    public_key: PublicKey,
    issuer: x509.Name,
    *,
    at: dt.datetime,
    until: dt.datetime,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number() if serial is None else serial)
        .not_valid_before(_whole_second(at))
        .not_valid_after(_whole_second(until))
    )


def _published_at(addresses: CentreAddresses) -> tuple[x509.ExtensionType, ...]:
    extensions: list[x509.ExtensionType] = []
    if addresses.crl:
        where = [x509.UniformResourceIdentifier(addresses.crl)]
        extensions.append(x509.CRLDistributionPoints([x509.DistributionPoint(where, None, None, None)]))
    access = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(address))
        for method, address in (
            (AuthorityInformationAccessOID.OCSP, addresses.ocsp),
            (AuthorityInformationAccessOID.CA_ISSUERS, addresses.issuer),
        )
        if address
    ]
    if access:
        extensions.append(x509.AuthorityInformationAccess(access))
    return tuple(extensions)


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,  # the later name of nonRepudiation
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_key(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.private_key.public_key())


def _authority_name(common_name: str, organisation: str) -> x509.Name:
    return _name(
        (NameOID.COUNTRY_NAME, "PL"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name)
    )


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _refuse_unfit(public_key: PublicKey, profile: Profile) -> None:
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        if public_key.curve.name not in profile.curves:
            raise UnfitKey(f"a key on the curve {public_key.curve.name} is not allowed here")
    elif public_key.key_size < profile.least_rsa_bits:
        raise UnfitKey(f"an RSA key of {public_key.key_size} bits is shorter than {profile.least_rsa_bits}")


def _refuse_outliving(issuer: Issuer, until: dt.datetime) -> None:
    if _whole_second(until) > issuer.certificate.not_valid_after_utc:
        raise OutlivesIssuer(f"valid to {until:%F}, the issuer to {issuer.certificate.not_valid_after_utc:%F}")


def _whole_second(at: dt.datetime) -> dt.datetime:
    """Certificates hold whole seconds of UTC."""
    if at.tzinfo is None:
        raise ValueError("a certificate needs an aware moment")
    return at.astimezone(dt.UTC).replace(microsecond=0)


def _years_later(at: dt.datetime, years: int) -> dt.datetime:
    """Return the same day `years` later; 29 February becomes 28 February."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)
