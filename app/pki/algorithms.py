"""Which algorithms does the office accept, and is a signature value right?

Closed lists. What is known to be weak (SHA-1, short RSA keys) is still computed, so that an old receipt can be shown as
'unchanged, but weak'; it always carries the reason `weak-algorithm`. What is on no list is not computed at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.pki.verdicts import Defect

DigestName = Literal["sha256", "sha384", "sha512", "sha1"]
Kind = Literal["rsa", "pss", "ecdsa"]
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

MIN_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")
WEAK_DIGESTS = frozenset({"sha1"})

_HASHES: dict[DigestName, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha1": hashes.SHA1,
}
_XMLENC = "http://www.w3.org/2001/04/xmlenc#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_DS = "http://www.w3.org/2000/09/xmldsig#"

XML_DIGESTS: dict[str, DigestName] = {
    _XMLENC + "sha256": "sha256",
    _MORE + "sha384": "sha384",
    _XMLENC + "sha512": "sha512",
    _DS + "sha1": "sha1",
}


@dataclass(frozen=True, slots=True)
class SignatureMethod:
    """How a signature value was computed. `salt` is the PSS salt in bytes; None: as long as the digest."""

    kind: Kind
    digest: DigestName
    salt: int | None = None


XML_SIGNATURES: dict[str, SignatureMethod] = {
    _MORE + "rsa-sha256": SignatureMethod("rsa", "sha256"),
    _MORE + "rsa-sha384": SignatureMethod("rsa", "sha384"),
    _MORE + "rsa-sha512": SignatureMethod("rsa", "sha512"),
    _MORE_2007 + "sha256-rsa-MGF1": SignatureMethod("pss", "sha256"),
    _MORE_2007 + "sha384-rsa-MGF1": SignatureMethod("pss", "sha384"),
    _MORE_2007 + "sha512-rsa-MGF1": SignatureMethod("pss", "sha512"),
    _MORE + "ecdsa-sha256": SignatureMethod("ecdsa", "sha256"),
    _MORE + "ecdsa-sha384": SignatureMethod("ecdsa", "sha384"),
    _MORE + "ecdsa-sha512": SignatureMethod("ecdsa", "sha512"),
    _DS + "rsa-sha1": SignatureMethod("rsa", "sha1"),
    _MORE + "ecdsa-sha1": SignatureMethod("ecdsa", "sha1"),
}


def digest(name: DigestName, chunks: Iterable[bytes]) -> bytes:
    """The digest of some bytes."""
    running = hashlib.new(name, usedforsecurity=True)
    for chunk in chunks:
        running.update(chunk)
    return running.digest()


def xml_digest(uri: str | None) -> DigestName:
    """The digest a DigestMethod names; Defect `weak-algorithm` if it is on no list."""
    try:
        return XML_DIGESTS[uri or ""]
    except KeyError:
        raise Defect("weak-algorithm", f"digest {uri}") from None


def cms_digest(name: str) -> DigestName:
    """The same for the name of a digest in CMS."""
    for known in _HASHES:
        if known == name:
            return known
    raise Defect("weak-algorithm", f"digest {name}")


def public_key(certificate: x509.Certificate) -> PublicKey:
    """The certificate's key; Defect `weak-algorithm` if its kind is on no list."""
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError) as error:
        raise Defect("weak-algorithm", f"key: {error}") from error
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return key
    raise Defect("weak-algorithm", f"key of kind {type(key).__name__}")


def key_is_weak(key: PublicKey) -> bool:
    """Whether a key is shorter than accepted or on an unknown curve."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size < MIN_RSA_BITS
    return key.curve.name not in CURVES


def certificate_is_weak(certificate: x509.Certificate) -> bool:
    """Whether a certificate's key or the signature on it is not on the lists."""
    try:
        used = certificate.signature_hash_algorithm
        return (
            used is None
            or used.name not in _HASHES
            or used.name in WEAK_DIGESTS
            or key_is_weak(public_key(certificate))
        )
    except (Defect, UnsupportedAlgorithm):
        return True


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a certificate names an issuer and carries its signature, a weak one included."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        key, used = public_key(issuer), certificate.signature_hash_algorithm
        if isinstance(used, hashes.SHA1):  # the library names no parameters for it
            how: object = padding.PKCS1v15() if isinstance(key, rsa.RSAPublicKey) else ec.ECDSA(used)
        else:
            how = certificate.signature_algorithm_parameters
        if isinstance(key, rsa.RSAPublicKey) and isinstance(how, padding.PKCS1v15 | padding.PSS) and used is not None:
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, how, used)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(how, ec.ECDSA):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, how)
        else:
            return False
    except (Defect, InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def check_value(key: PublicKey, method: SignatureMethod, value: bytes, data: bytes, *, raw_ecdsa: bool) -> None:
    """Check a signature value.

    Args:
        key: the signer's.
        method: how it was computed.
        value: the signature; with `raw_ecdsa` an ECDSA value is `r‖s` of fixed length (XMLDSIG), else DER (CMS, X.509).
        data: what was signed.
        raw_ecdsa: see `value`.

    Raises:
        Defect: `signature-mismatch`.
    """
    algorithm = _HASHES[method.digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey) and method.kind == "rsa":
            key.verify(value, data, padding.PKCS1v15(), algorithm)
        elif isinstance(key, rsa.RSAPublicKey) and method.kind == "pss":
            salt = algorithm.digest_size if method.salt is None else method.salt
            key.verify(value, data, padding.PSS(padding.MGF1(algorithm), salt), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and method.kind == "ecdsa":
            key.verify(_der_from_raw(value, key) if raw_ecdsa else value, data, ec.ECDSA(algorithm))
        else:
            raise Defect("signature-mismatch", "the key is of another kind than the signature")
    except (InvalidSignature, ValueError) as error:
        raise Defect("signature-mismatch") from error


def _der_from_raw(value: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    width = (key.curve.key_size + 7) // 8
    if len(value) != 2 * width:
        raise Defect("signature-mismatch", f"ECDSA value of {len(value)} bytes")
    return encode_dss_signature(int.from_bytes(value[:width], "big"), int.from_bytes(value[width:], "big"))
