"""Does a timestamp prove that a signature existed at some moment?

RFC 3161 and RFC 5816: the token is a CMS signature of a time-stamping authority over the digest of the signature
value. That the authority is trusted is judged by its path, like a signer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import tsp
from cryptography import x509

from app.pki.algorithms import WEAK_DIGESTS, DigestName, cms_digest, digest
from app.pki.cades import absent, check_signer, load_signed_data
from app.pki.evidence import Notes, TimestampToken, is_moment
from app.pki.verdicts import Defect


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A token whose imprint and signature are right."""

    at: datetime
    authority: x509.Certificate
    others: tuple[x509.Certificate, ...]


def read_timestamp(found: TimestampToken) -> Timestamp:
    """Check a token against the bytes it should speak of; Defect if it does not hold."""
    try:
        return _read(found)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Defect("format-failure", f"timestamp: {str(error)[:80]}") from error


def _read(found: TimestampToken) -> Timestamp:
    signed_data = load_signed_data(found.token)
    encapsulated = signed_data["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info" or absent(encapsulated["content"]):
        raise Defect("format-failure", "not a timestamp")
    content = bytes(encapsulated["content"])
    info = tsp.TSTInfo.load(content, strict=True)
    imprint = info["message_imprint"]
    algorithm = cms_digest(imprint["hash_algorithm"]["algorithm"].native)
    if algorithm in WEAK_DIGESTS:
        raise Defect("weak-algorithm", f"timestamp with {algorithm}")
    if imprint["hashed_message"].native != digest(algorithm, [found.message]):
        raise Defect("hash-mismatch", "timestamp")
    signers = list(signed_data["signer_infos"])
    if len(signers) != 1:
        raise Defect("format-failure", f"timestamp with {len(signers)} signers")
    notes = Notes("cades")

    def content_digest(name: DigestName) -> bytes:
        return digest(name, [content])

    check_signer(signers[0], signed_data, content_digest, notes)
    if notes.reasons or notes.certificate is None:
        raise Defect(notes.reasons[0] if notes.reasons else "signer-certificate-missing", "timestamp")
    at = info["gen_time"].native
    if not is_moment(at):
        raise Defect("format-failure", "timestamp: no moment")
    return Timestamp(at.astimezone(UTC), notes.certificate, tuple(notes.others))
