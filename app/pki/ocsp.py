"""What does an OCSP response say about one certificate, and may its signer say so?

RFC 6960. Responses come from signatures (embedded), from the administrator or over HTTP; only statements about the very
certificate asked about are read, whatever else a response holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, SignatureAlgorithmOID

from app.pki.algorithms import (
    Kind,
    SignatureMethod,
    certificate_is_weak,
    check_value,
    cms_digest,
    is_issued_by,
    key_is_weak,
    public_key,
)
from app.pki.verdicts import Defect
from app.pki.withdrawal import Statement, Withdrawal

_DELEGATES = 4
"""How many certificates of a response are looked at as its signer."""


class OcspRefused(Exception):
    """A response that is not used. `code`: `unreadable`, `not-about-it`, `forged`, `not-its-task`, `weak`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def read_ocsp(
    data: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    responder_withdrawn: Callable[[x509.Certificate], bool] = lambda _: True,
) -> Statement:
    """Check a response and take out what it says about one certificate.

    Args:
        data: the OCSPResponse, DER.
        certificate: whom the question is about.
        issuer: who issued it; the response must be signed by it or by a responder it appointed.
        responder_withdrawn: asked about an appointed responder without `ocsp-nocheck`; by default none counts.

    Raises:
        OcspRefused: see there; also when the responder does not know the certificate.
    """
    try:
        response = ocsp.load_der_ocsp_response(data)
        if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise OcspRefused("not-about-it")
        found = [single for single in response.responses if _is_about(single, certificate, issuer)]
        if not found:
            raise OcspRefused("not-about-it")
        _check_signature(response, issuer, responder_withdrawn)
        return _statement(max(found, key=lambda single: single.this_update_utc))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise OcspRefused("unreadable") from error


def _statement(single: ocsp.OCSPSingleResponse) -> Statement:
    withdrawal = None
    if single.certificate_status == ocsp.OCSPCertStatus.REVOKED and single.revocation_time_utc is not None:
        reason = single.revocation_reason
        withdrawal = Withdrawal(single.revocation_time_utc, "unspecified" if reason is None else reason.value)
    elif single.certificate_status != ocsp.OCSPCertStatus.GOOD:
        raise OcspRefused("not-about-it")
    return Statement(withdrawal, single.this_update_utc, single.next_update_utc, "OCSP")


def _is_about(single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if single.serial_number != certificate.serial_number:
        return False
    name = single.hash_algorithm.name
    return name in {"sha1", "sha256", "sha384", "sha512"} and (
        single.issuer_name_hash == hashlib.new(name, issuer.subject.public_bytes()).digest()
        and single.issuer_key_hash == key_hash(issuer, name)
    )


def key_hash(certificate: x509.Certificate, algorithm: str) -> bytes:
    """Digest of a certificate's public key as OCSP names it (the bits, without their algorithm)."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.new(algorithm, PublicKeyInfo.load(spki)["public_key"].contents[1:]).digest()


def _check_signature(
    response: ocsp.OCSPResponse,
    issuer: x509.Certificate,
    responder_withdrawn: Callable[[x509.Certificate], bool],
) -> None:
    for responder in (issuer, *response.certificates[:_DELEGATES]):
        if not _is_named(response, responder):
            continue
        if responder != issuer:
            _check_delegate(responder, issuer, response, responder_withdrawn)
        try:
            key = public_key(responder)
            if key_is_weak(key):
                raise OcspRefused("weak")
            check_value(key, _method(response), response.signature, response.tbs_response_bytes, raw_ecdsa=False)
        except Defect as defect:
            raise OcspRefused("weak" if defect.code == "weak-algorithm" else "forged") from defect
        return
    raise OcspRefused("forged")


def _is_named(response: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    if response.responder_key_hash is not None:
        return response.responder_key_hash == key_hash(responder, "sha1")
    name = response.responder_name
    return name is not None and name.public_bytes() == responder.subject.public_bytes()


def _check_delegate(
    responder: x509.Certificate,
    issuer: x509.Certificate,
    response: ocsp.OCSPResponse,
    responder_withdrawn: Callable[[x509.Certificate], bool],
) -> None:
    """An appointed responder: issued by the issuer itself, for this task, valid when it spoke (RFC 6960 4.2.2.2)."""
    if not is_issued_by(responder, issuer) or certificate_is_weak(responder):
        raise OcspRefused("forged")
    try:
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise OcspRefused("not-its-task") from error
    if ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
        raise OcspRefused("not-its-task")
    if not responder.not_valid_before_utc <= response.produced_at_utc <= responder.not_valid_after_utc:
        raise OcspRefused("not-its-task")
    try:
        responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound as error:
        if responder_withdrawn(responder):
            raise OcspRefused("not-its-task") from error


_KINDS: dict[x509.ObjectIdentifier, Kind] = {
    SignatureAlgorithmOID.RSA_WITH_SHA256: "rsa",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "rsa",
    SignatureAlgorithmOID.RSA_WITH_SHA512: "rsa",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "ecdsa",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "ecdsa",
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: "ecdsa",
}


def _method(response: ocsp.OCSPResponse) -> SignatureMethod:
    kind = _KINDS.get(response.signature_algorithm_oid)
    used: hashes.HashAlgorithm | None = response.signature_hash_algorithm
    if kind is None or used is None:
        raise OcspRefused("weak")
    return SignatureMethod(kind, cms_digest(used.name))
