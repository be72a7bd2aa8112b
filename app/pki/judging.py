"""What does the office make of a signature file?

EN 319 102-1, validation of signatures with time (5.5): format, mathematics and digests first, then the moment (a valid
timestamp, else the receipt), then the path and revocation at that moment. All of it is judged and all reasons are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from cryptography.hazmat.primitives.serialization import Encoding

from app.pki.asic_manifest import ManifestVerdict, judge_manifest
from app.pki.cades import examine_cades
from app.pki.crl import distribution_points
from app.pki.evidence import Examined
from app.pki.path import Chain, PathFinding, find_path
from app.pki.references import Chunks, KnownContent, Resolve
from app.pki.revocation import MemoryRevocations, RevocationSource, Sources
from app.pki.subject import identifier_of, is_qualified, name_of
from app.pki.timestamps import read_timestamp
from app.pki.trust_store import TrustStore
from app.pki.verdicts import Asked, Defect, Identity, Level, SignatureVerdict, indication_of
from app.pki.withdrawal import HOLD
from app.pki.xades import examine_xades

__all__ = ["Chunks", "KnownContent", "ManifestVerdict", "Resolve", "judge_cades", "judge_manifest", "judge_xades"]

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a signer's or an authority's clock may be ahead of ours."""


def judge_xades(  # noqa: PLR0917 # agreed with app/epackages
    signature_xml: bytes,
    where: str,
    resolve: Resolve,
    trust: TrustStore,
    at: datetime,
    enveloped: bool = False,  # noqa: FBT001, FBT002 # the same
    detached_name: str | None = None,
    *,
    signers: frozenset[bytes] | None = None,
) -> tuple[SignatureVerdict, ...]:
    """Judge every signature of a XAdES file.

    Args:
        signature_xml: the file's bytes.
        where: its name in the container, or the name of the document that carries the signature.
        resolve: the bytes of a member by its (decoded) name, or None; a `KnownContent` saves hashing again.
        trust: anchors and revocation data.
        at: the moment of receipt, aware.
        enveloped: the file is a document with a signature in it; `covers` then names `where` if all of it is signed.
        detached_name: the document that a reference without URI speaks of.
        signers: certificates (DER) of which signatures are wanted; for any other no digest is computed.

    Returns:
        One verdict for each signature; a file that cannot be read gives one verdict that says so.
    """
    examined = examine_xades(
        signature_xml, where, resolve, enveloped=enveloped, detached_name=detached_name, signers=signers
    )
    return tuple(_judge(one, where, trust, at) for one in examined)


def judge_cades(  # noqa: PLR0917 # agreed with app/epackages
    cms: bytes, where: str, content: Chunks, covers: tuple[str, ...], trust: TrustStore, at: datetime
) -> tuple[SignatureVerdict, ...]:
    """Judge every signer of a detached CAdES signature.

    Args:
        cms: DER, BER or PEM.
        where: its name in the container.
        content: the signed bytes, from the beginning at each call.
        covers: the names that count as covered if the digest is right: the manifest's entries (ASiC-E, see
            `judge_manifest`) or the one document.
        trust: anchors and revocation data.
        at: the moment of receipt, aware.

    Returns:
        One verdict for each signer; bytes that cannot be read give one verdict that says so.
    """
    return tuple(_judge(one, where, trust, at) for one in examine_cades(cms, where, content, covers))


@dataclass(frozen=True, slots=True)
class _Moment:
    """The moment the certificates must have held, and who says so."""

    at: datetime
    source: Literal["claimed", "timestamp"]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Standing:
    """What revocation data say about a chain."""

    revoked: bool | None
    reasons: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()


def _judge(examined: Examined, where: str, trust: TrustStore, at: datetime) -> SignatureVerdict:
    embedded = MemoryRevocations(examined.crls, examined.ocsps)
    brought = bool(examined.crls or examined.ocsps)
    source = Sources((trust.revocation, embedded)) if brought else trust.revocation
    certificate = examined.certificate
    moment = _moment(examined, trust, source, at)
    finding = PathFinding(None, None)
    standing = _Standing(None)
    if certificate is not None:
        finding = find_path(certificate, examined.others, trust, "sign", moment.at)
        if finding.chain is not None:
            standing = _standing(finding.chain, source, moment.at, required=trust.require_revocation)
    found = (finding.reason,) if finding.reason else ()
    reasons = tuple(dict.fromkeys((*examined.reasons, *found, *standing.reasons)))
    warnings = [*examined.warnings, *moment.warnings, *standing.warnings]
    if examined.claimed_at is not None and examined.claimed_at > at + CLOCK_TOLERANCE:
        warnings.append("signing-time-in-future")
    indication, sub_indication = indication_of(reasons)
    identity = _identity(finding, warnings)
    stamped = moment.source == "timestamp"
    return SignatureVerdict(
        where=where,
        format=examined.format,
        level=_level(stamped=stamped, brought=brought),
        signer="" if certificate is None else name_of(certificate.subject),
        identifier="" if certificate is None else identifier_of(certificate.subject),
        issuer="" if certificate is None else name_of(certificate.issuer),
        serial="" if certificate is None else str(certificate.serial_number),
        signed_at=moment.at if stamped else examined.claimed_at,
        signed_at_source=moment.source,
        intact=examined.intact,
        trusted=finding.trusted,
        revoked=standing.revoked,
        covers=examined.covers,
        identity=identity,
        indication=indication,
        sub_indication=sub_indication,
        reasons=reasons,
        warnings=tuple(dict.fromkeys(warnings)),
        details=(
            *examined.details,
            *([f"{finding.reason}: {finding.detail}"] if finding.detail else []),
            *standing.details,
        ),
        certificate=None if certificate is None else certificate.public_bytes(Encoding.DER),
        not_before=None if certificate is None else certificate.not_valid_before_utc,
        not_after=None if certificate is None else certificate.not_valid_after_utc,
        asked=standing.asked,
    )


def _moment(examined: Examined, trust: TrustStore, source: RevocationSource, at: datetime) -> _Moment:
    """The earliest time that a trusted authority vouches for, else the receipt (5.5.4).

    A timestamp that does not hold is a warning: the signature is then judged as if it had none.
    """
    proven: datetime | None = None
    unusable = False
    for token in examined.timestamps:
        try:
            stamp = read_timestamp(token)
        except Defect:
            unusable = True
            continue
        finding = find_path(stamp.authority, stamp.others, trust, "timestamp", at)
        standing = (
            _Standing(None)
            if finding.chain is None
            else _standing(finding.chain, source, at, required=trust.require_revocation)
        )
        if not finding.trusted or standing.reasons or stamp.at > at + CLOCK_TOLERANCE:
            unusable = True
        else:
            proven = min(proven or stamp.at, stamp.at)
    warnings = ("timestamp-unusable",) if unusable else ()
    return _Moment(at, "claimed", warnings) if proven is None else _Moment(min(proven, at), "timestamp", warnings)


def _standing(chain: Chain, source: RevocationSource, at: datetime, *, required: bool) -> _Standing:
    """Ask about every certificate below the anchor."""
    revoked: bool | None = False
    reasons: list[str] = []
    details: list[str] = []
    warnings: list[str] = []
    asked: list[Asked] = []
    for position, (certificate, issuer) in enumerate(chain.links()):
        told = source.status(certificate, issuer, at)
        said = Asked(str(certificate.serial_number), told.revoked, told.reason, told.source, told.this_update)
        if told.revoked is None or told.reason == HOLD:
            said = replace(said, issuer=issuer.public_bytes(Encoding.DER), points=distribution_points(certificate))
        asked.append(said)
        if told.revoked is None:
            revoked = revoked or None
            (reasons if required else warnings).append("revocation-unknown")
            details.append(f"revocation-unknown: {certificate.serial_number} {told.reason} {told.source}".rstrip())
        elif told.revoked and told.reason == HOLD:
            revoked = revoked or None
            reasons.append("suspended")
            details.append(f"suspended: {certificate.serial_number} since {told.revoked_at} {told.source}")
        elif told.revoked:
            revoked = True
            code = "revoked" if position == 0 else "issuer-revoked"
            reasons.append(code)
            details.append(f"{code}: {certificate.serial_number} {told.reason} {told.revoked_at} {told.source}")
        elif told.revoked_at is not None:
            warnings.append("revoked-later")
    return _Standing(revoked, tuple(dict.fromkeys(reasons)), tuple(details), tuple(warnings), tuple(asked))


def _level(*, stamped: bool, brought: bool) -> Level:
    if not stamped:
        return "B-B"
    return "B-LT" if brought else "B-T"


def _identity(finding: PathFinding, warnings: list[str]) -> Identity:
    """How well the signer is known: what the anchor vouches for; a qualified one must say so itself as well."""
    if not finding.trusted or finding.chain is None:
        return "unknown"
    identity = finding.chain.anchor.identity
    if identity == "qualified" and not is_qualified(finding.chain.certificates[0]):
        warnings.append("not-a-qualified-certificate")
        return "unknown"
    return identity
