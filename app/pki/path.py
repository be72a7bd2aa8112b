"""Does a path lead from a certificate to an anchor, and did it hold at that moment?

Candidates are found here, by name and signature and within narrow bounds, since the certificates come from outside.
What RFC 5280 6.1 asks of a path is checked by pyhanko-certvalidator, which is not asked about revocation.
An anchor may be an issuing CA without its root, as in the Polish trusted list.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator import ValidationContext, errors
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers, derive_quals_from_cert
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms, PKIXValidationParams
from pyhanko_certvalidator.validate import async_validate_path

from app.pki.algorithms import certificate_is_weak, is_issued_by
from app.pki.evidence import UNREADABLE
from app.pki.trust_store import Anchor, Purpose, TrustStore

MAX_LENGTH = 6
MAX_CANDIDATES = 8
MAX_LOOKS = 64
"""Signatures checked while looking for paths; certificates made to point at each other would cost without end."""

_NEVER_FOR_DOCUMENTS = frozenset(
    {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
        ExtendedKeyUsageOID.TIME_STAMPING,
    }
)

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chain:
    """A certificate and its issuers: first the one asked about, last the one issued by the anchor (or pinned)."""

    certificates: tuple[x509.Certificate, ...]
    anchor: Anchor

    def links(self) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
        """Each certificate with its issuer; nobody is asked about an anchor."""
        issuers = (*self.certificates[1:], self.anchor.certificate)
        return ((c, i) for c, i in zip(self.certificates, issuers, strict=True) if c != self.anchor.certificate)


@dataclass(frozen=True, slots=True)
class PathFinding:
    """`trusted` as in SignatureVerdict; `chain` is there if signatures lead to an anchor, even if it did not hold."""

    trusted: bool | None
    chain: Chain | None
    reason: str = ""
    detail: str = ""


def find_path(
    certificate: x509.Certificate,
    others: tuple[x509.Certificate, ...],
    trust: TrustStore,
    purpose: Purpose,
    moment: datetime,
) -> PathFinding:
    """Look for a path to an anchor.

    Args:
        certificate: the signer's, or the time-stamping authority's.
        others: certificates that came with the signature; they help to find a path and prove nothing.
        trust: anchors and the office's own intermediates.
        purpose: what the certificate was used for.
        moment: when the path must have held.

    Returns:
        The first path that held; else the first that is a path at all, with the reason; else `chain-unknown`.
    """
    usage = _usage_problem(certificate, purpose)
    first: PathFinding | None = None
    for chain in _candidates(certificate, others, trust, purpose, moment):
        finding = _judge(chain, moment)
        if finding.trusted:
            return PathFinding(False, chain, "wrong-key-usage", usage) if usage else finding
        first = first or finding
    if usage:
        return PathFinding(False, None if first is None else first.chain, "wrong-key-usage", usage)
    return first or PathFinding(None, None, "chain-unknown")


def _usage_problem(certificate: x509.Certificate, purpose: Purpose) -> str:
    """Why a certificate may not be used so; empty if it may.

    Documents: keyUsage nonRepudiation or digitalSignature (qualified Polish certificates have only the first;
    EN 319 412-2 4.3.2), and no extended usage that is only for machines. Timestamps: RFC 3161 2.3.
    """
    extended: frozenset[x509.ObjectIdentifier] | None
    try:
        extensions = certificate.extensions
    except UNREADABLE:
        return "extensions unreadable"
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.content_commitment or usage.digital_signature):
            return "keyUsage"
    except x509.ExtensionNotFound:
        pass
    try:
        extended = frozenset(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        extended = None
    if purpose == "timestamp":
        return "" if extended == frozenset({ExtendedKeyUsageOID.TIME_STAMPING}) else "extendedKeyUsage"
    return "extendedKeyUsage" if extended is not None and extended <= _NEVER_FOR_DOCUMENTS else ""


def _candidates(
    certificate: x509.Certificate,
    others: tuple[x509.Certificate, ...],
    trust: TrustStore,
    purpose: Purpose,
    moment: datetime,
) -> Iterator[Chain]:
    """Chains whose signatures lead to an anchor, shortest first, as many as MAX_CANDIDATES."""
    pinned = trust.pinned(certificate, purpose, moment)
    if pinned is not None:
        yield Chain((certificate,), pinned)
        return
    looks = found = 0
    waiting: list[tuple[x509.Certificate, ...]] = [(certificate,)]
    while waiting:
        chain = waiting.pop(0)
        name = chain[-1].issuer
        for anchor in trust.anchors_named(name, purpose, moment):
            looks += 1
            if looks <= MAX_LOOKS and is_issued_by(chain[-1], anchor.certificate):
                yield Chain(chain, anchor)
                found += 1
                if found == MAX_CANDIDATES:
                    return
        if len(chain) == MAX_LENGTH:
            continue
        for issuer in (*trust.intermediates_named(name), *(o for o in others if o.subject == name)):
            looks += 1
            if looks > MAX_LOOKS:
                return
            if issuer not in chain and is_issued_by(chain[-1], issuer):
                waiting.append((*chain, issuer))


def _judge(chain: Chain, moment: datetime) -> PathFinding:
    weak = [found for found in chain.certificates if certificate_is_weak(found)]
    if weak:
        return PathFinding(False, chain, "weak-algorithm", f"certificate {weak[0].serial_number}")
    anchor = chain.anchor.certificate
    if chain.certificates == (anchor,):
        return _within_own_period(chain, moment)
    if not _may_issue(anchor):
        return PathFinding(False, chain, "chain-constraints", "the anchor issues no certificates")
    context = ValidationContext(
        trust_roots=[], moment=moment, revocation_mode="none", algorithm_usage_policy=AcceptAllAlgorithms()
    )
    try:
        _finish(async_validate_path(context, _path_of(chain)))
    except errors.ExpiredError as error:
        return PathFinding(None, chain, "certificate-expired", str(error)[:150])
    except errors.NotYetValidError as error:
        return PathFinding(False, chain, "certificate-not-yet-valid", str(error)[:150])
    except errors.ValidationError as error:
        return PathFinding(False, chain, "chain-constraints", str(error)[:150])
    except (ValueError, TypeError, KeyError):
        _log.exception("path of certificate %s could not be checked", chain.certificates[0].serial_number)
        return PathFinding(False, chain, "chain-constraints", "unreadable")
    return PathFinding(True, chain)


def _path_of(chain: Chain) -> ValidationPath:
    """The chain for the path validator, which reads certificates in its own way; ValueError where it cannot."""
    anchor = chain.anchor.certificate.public_bytes(Encoding.DER)
    return ValidationPath(
        CertTrustAnchor(_asn1(anchor), _qualifiers(anchor)),
        [_asn1(issuer.public_bytes(Encoding.DER)) for issuer in reversed(chain.certificates[1:])],
        asn1_x509.Certificate.load(chain.certificates[0].public_bytes(Encoding.DER)),
    )


def _within_own_period(chain: Chain, moment: datetime) -> PathFinding:
    """A pinned certificate needs no path, but it ends like any other."""
    if moment < chain.certificates[0].not_valid_before_utc:
        return PathFinding(False, chain, "certificate-not-yet-valid")
    if moment > chain.certificates[0].not_valid_after_utc:
        return PathFinding(None, chain, "certificate-expired")
    return PathFinding(True, chain)


def _may_issue(anchor: x509.Certificate) -> bool:
    """Whether an anchor is an authority; RFC 5280 leaves that to whoever chose it, a wrong choice should not count."""
    if anchor.version == x509.Version.v1:
        return True
    try:
        if not anchor.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        return anchor.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound as missing:
        return missing.oid == x509.KeyUsage.oid


@lru_cache(maxsize=256)
def _asn1(der: bytes) -> asn1_x509.Certificate:
    """The same certificate for the path validator; issuers come again and again.

    Read through at once, so that threads that share it find nothing left to parse.
    """
    certificate = asn1_x509.Certificate.load(der)
    certificate.native  # noqa: B018 # parses all of it
    return certificate


@lru_cache(maxsize=256)
def _qualifiers(der: bytes) -> TrustQualifiers:
    """The anchor's own path length and name constraints hold; its policies and its end do not bind (RFC 5937)."""
    derived = derive_quals_from_cert(_asn1(der))
    own = derived.standard_parameters
    parameters = (
        None
        if own is None
        else PKIXValidationParams(
            initial_permitted_subtrees=own.initial_permitted_subtrees,
            initial_excluded_subtrees=own.initial_excluded_subtrees,
        )
    )
    length = derived.max_path_length
    # both lengths: the validator counts down the second wherever the first is set
    return TrustQualifiers(standard_parameters=parameters, max_path_length=length, max_aa_path_length=length)


def _finish(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine that waits for nothing (nothing is fetched), in any thread and under any event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return] # what a coroutine returned
    work.close()
    raise ValueError("the path validator wants to wait for something")
