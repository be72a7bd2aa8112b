"""Is a CAdES signature in order: its format, its value, its digest?

EN 319 122-1 and RFC 5652, read strictly: signed attributes with content type, message digest and signing certificate
must be there. Who signed is judged elsewhere. The same reading serves timestamps, which are CMS too.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import cms, core, tsp  # noqa: F401 # tsp registers the signing-certificate attributes
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.pki.algorithms import (
    WEAK_DIGESTS,
    DigestName,
    SignatureMethod,
    check_value,
    cms_digest,
    digest,
    key_is_weak,
    public_key,
)
from app.pki.evidence import Examined, Notes, TimestampToken, is_moment
from app.pki.verdicts import Defect

Chunks = Callable[[], Iterator[bytes]]

MAX_SIGNERS = 32
MAX_BYTES = 8 * 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Content:
    """What a CMS signature is about; hashed once for each kind of digest."""

    chunks: Chunks
    _digests: dict[DigestName, bytes] = field(default_factory=dict)

    def digest(self, algorithm: DigestName) -> bytes:
        """The content's digest."""
        if algorithm not in self._digests:
            known = getattr(self.chunks, "sha256", None) if algorithm == "sha256" else None
            self._digests[algorithm] = known or digest(algorithm, self.chunks())
        return self._digests[algorithm]


def examine_cades(data: bytes, where: str, chunks: Chunks, covers: tuple[str, ...]) -> tuple[Examined, ...]:
    """Examine every signer of a detached signature.

    Args:
        data: DER, BER, or PEM.
        where: the file's name, for the log.
        chunks: the signed bytes.
        covers: names that count as covered if their digest is right.

    Returns:
        One Examined for each SignerInfo, in order; if the file itself is not in order, one that says so.
    """
    content = Content(chunks)
    try:
        signed_data = load_signed_data(data)
        signers = _signers(signed_data)
        _check_encapsulated(signed_data, content)
    except Defect as defect:
        return (_only(defect),)
    except (ValueError, TypeError, KeyError) as error:
        return (_only(Defect("format-failure", f"CMS: {str(error)[:80]}")),)
    return tuple(_examine(signer, signed_data, content, covers, where) for signer in signers)


def _signers(signed_data: cms.SignedData) -> list[cms.SignerInfo]:
    signers = list(signed_data["signer_infos"])
    if not signers:
        raise Defect("no-signature")
    if len(signers) > MAX_SIGNERS:
        raise Defect("format-failure", f"{len(signers)} signers")
    return signers


def _only(defect: Defect) -> Examined:
    notes = Notes("cades")
    notes.defect(defect)
    return notes.examined()


def load_signed_data(data: bytes) -> cms.SignedData:
    """The SignedData in some bytes; Defect `format-failure` if there is none."""
    if len(data) > MAX_BYTES:
        raise Defect("format-failure", "CMS too large")
    try:
        info = cms.ContentInfo.load(_unarmored(data), strict=True)
        if info["content_type"].native != "signed_data":
            raise Defect("format-failure", "not SignedData")
        return info["content"]
    except (ValueError, TypeError, KeyError) as error:
        raise Defect("format-failure", f"CMS: {str(error)[:80]}") from error


def _unarmored(data: bytes) -> bytes:
    if not data.lstrip().startswith(b"-----BEGIN "):
        return data
    lines = [line.strip() for line in data.strip().splitlines()]
    try:
        return base64.b64decode(b"".join(line for line in lines if not line.startswith(b"-----")), validate=True)
    except binascii.Error as error:
        raise Defect("format-failure", "PEM") from error


def absent(value: object) -> bool:
    """Whether an optional part is not there."""
    return value is None or isinstance(value, core.Void)


def _check_encapsulated(signed_data: cms.SignedData, content: Content) -> None:
    """Some signers put the content into the signature as well; it must then be the same, byte for byte."""
    inner = signed_data["encap_content_info"]["content"]
    if not absent(inner) and digest("sha256", [bytes(inner)]) != content.digest("sha256"):
        raise Defect("hash-mismatch", "the content inside the signature is another")


def _examine(
    signer: cms.SignerInfo, signed_data: cms.SignedData, content: Content, covers: tuple[str, ...], where: str
) -> Examined:
    notes = Notes("cades")
    try:
        check_signer(signer, signed_data, content.digest, notes)
        notes.value_checked = True
        if "hash-mismatch" not in notes.reasons:
            notes.covers += covers
        _read_unsigned(signer, signed_data, notes)
    except Defect as defect:
        notes.defect(defect)
    except Exception:  # noqa: BLE001 # see below
        # asn1crypto parses late; whatever surprises it is a signature that cannot be read.
        _log.exception("signature in %s could not be examined", where)
        notes.reason("format-failure", "unexpected content")
    return notes.examined()


def check_signer(
    signer: cms.SignerInfo, signed_data: cms.SignedData, content_digest: Callable[[DigestName], bytes], notes: Notes
) -> None:
    """Check one SignerInfo; what is wrong but leaves more to check is noted, the rest raised.

    Args:
        signer: the SignerInfo.
        signed_data: where it stands.
        content_digest: digest of the content by algorithm.
        notes: where findings go: certificate, others, claimed time, reasons.

    Raises:
        Defect: what ends the examination.
    """
    if not absent(signed_data["certificates"]):
        for choice in signed_data["certificates"]:
            if choice.name == "certificate":
                notes.add_certificate(choice.chosen.dump())
    attributes = _signed_attributes(signer)
    notes.claimed_at = _signing_time(attributes, notes)
    notes.certificate = _signing_certificate(attributes, signer, notes)
    algorithm = cms_digest(signer["digest_algorithm"]["algorithm"].native)
    _check_content_type(attributes, signed_data)
    if "message_digest" not in attributes:
        raise Defect("format-failure", "no message digest")
    method = _signature_method(signer, algorithm)
    key = public_key(notes.certificate)
    if {algorithm, method.digest} & WEAK_DIGESTS or key_is_weak(key):
        notes.reason("weak-algorithm", f"{method.kind} with {method.digest}, {key.key_size} bits")
    check_value(key, method, signer["signature"].native, signer["signed_attrs"].untag().dump(), raw_ecdsa=False)
    if attributes["message_digest"].native != content_digest(algorithm):
        notes.reason("hash-mismatch", "the content")


def _signed_attributes(signer: cms.SignerInfo) -> dict[str, core.Asn1Value]:
    """The one value of each signed attribute; `.native` of the whole set fails on attributes it does not know."""
    if absent(signer["signed_attrs"]):
        raise Defect("format-failure", "no signed attributes")
    found: dict[str, core.Asn1Value] = {}
    for attribute in signer["signed_attrs"]:
        kind = attribute["type"].native
        if kind in found:
            raise Defect("format-failure", f"attribute {kind} twice")
        values = list(attribute["values"])
        if len(values) != 1:
            raise Defect("format-failure", f"attribute {kind} with {len(values)} values")
        found[kind] = values[0]
    return found


def _signing_time(attributes: dict[str, core.Asn1Value], notes: Notes) -> datetime | None:
    if "signing_time" not in attributes:
        return None
    claimed = attributes["signing_time"].native
    if is_moment(claimed):
        return claimed
    notes.warn("signing-time-unreadable")
    return None


def _signing_certificate(
    attributes: dict[str, core.Asn1Value], signer: cms.SignerInfo, notes: Notes
) -> x509.Certificate:
    """The certificate that the signing-certificate attribute names (5.2.2); `sid` must name the same."""
    if "signing_certificate_v2" in attributes:
        named = _first(attributes["signing_certificate_v2"]["certs"])
        algorithm = cms_digest(named["hash_algorithm"]["algorithm"].native)
    elif "signing_certificate" in attributes:
        named, algorithm = _first(attributes["signing_certificate"]["certs"]), cms_digest("sha1")
        notes.reason("weak-algorithm", "sha1 for the certificate")
    else:
        raise Defect("format-failure", "no signing-certificate attribute")
    expected = named["cert_hash"].native
    for certificate in notes.others:
        if digest(algorithm, [certificate.public_bytes(Encoding.DER)]) == expected:
            break
    else:
        raise Defect("signer-certificate-missing")
    if not _is_named(signer["sid"], certificate):
        raise Defect("signer-certificate-missing", "sid names another")
    return certificate


def _first(named: core.SequenceOf) -> core.Sequence:
    for one in named:
        return one
    raise Defect("format-failure", "no certificate named")


def _is_named(identifier: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if identifier.name == "issuer_and_serial_number":
        known = cms.IssuerAndSerialNumber({"issuer": _issuer(certificate), "serial_number": certificate.serial_number})
        chosen = identifier.chosen
        return bool(
            chosen["serial_number"].native == certificate.serial_number
            and chosen["issuer"].hashable == known["issuer"].hashable
        )
    try:
        key_id = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return False
    return bool(identifier.chosen.native == key_id)


def _issuer(certificate: x509.Certificate) -> cms.Name:
    return cms.Name.load(certificate.issuer.public_bytes())


def _check_content_type(attributes: dict[str, core.Asn1Value], signed_data: cms.SignedData) -> None:
    content_type = signed_data["encap_content_info"]["content_type"].native
    if "content_type" not in attributes or attributes["content_type"].native != content_type:
        raise Defect("format-failure", "content type")


def _signature_method(signer: cms.SignerInfo, message_digest: DigestName) -> SignatureMethod:
    """What the signature algorithm says; older signers name only the key's kind and mean the message digest."""
    algorithm = signer["signature_algorithm"]
    kind = algorithm.signature_algo
    if kind == "rsassa_pss":
        parameters = algorithm["parameters"]
        used = cms_digest(parameters["hash_algorithm"]["algorithm"].native)
        mask = parameters["mask_gen_algorithm"]
        if mask["algorithm"].native != "mgf1" or mask["parameters"]["algorithm"].native != used:
            raise Defect("weak-algorithm", "PSS mask")
        return SignatureMethod("pss", used, parameters["salt_length"].native)
    if kind not in {"rsassa_pkcs1v15", "ecdsa"}:
        raise Defect("weak-algorithm", f"signature algorithm {kind}")
    try:
        used = cms_digest(algorithm.hash_algo)
    except ValueError:
        used = message_digest
    return SignatureMethod("ecdsa" if kind == "ecdsa" else "rsa", used)


def _read_unsigned(signer: cms.SignerInfo, signed_data: cms.SignedData, notes: Notes) -> None:
    """Timestamps and revocation data; each proves itself later or is not used."""
    if not absent(signed_data["crls"]):
        for choice in signed_data["crls"]:
            if choice.name == "crl":
                notes.crls.append(choice.chosen.dump())
            elif choice.name == "other" and choice.chosen["other_rev_info_format"].native == "ocsp_response":
                notes.ocsps.append(choice.chosen["other_rev_info"].dump())
    if absent(signer["unsigned_attrs"]):
        return
    for attribute in signer["unsigned_attrs"]:
        kind = attribute["type"].native
        if kind == "signature_time_stamp_token":
            message = signer["signature"].native
            notes.timestamps += [
                TimestampToken(value.dump(), message) for value in list(attribute["values"])[:MAX_SIGNERS]
            ]
        elif kind == "counter_signature":
            notes.warn("counter-signature-not-checked")
