"""Is a XAdES signature in order: its format, its value, its digests?

EN 319 132-1 and XMLDSIG, read strictly. Nothing is found by searching: every part is reached by its path, and the Ids
that references use must lead to those very nodes. Who signed is judged elsewhere.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from app.pki.algorithms import (
    WEAK_DIGESTS,
    XML_SIGNATURES,
    check_value,
    digest,
    key_is_weak,
    public_key,
    xml_digest,
)
from app.pki.canonical import DS, INCLUSIVE, METHODS, canonical, inclusive_prefixes
from app.pki.evidence import Examined, Notes, TimestampToken, is_moment
from app.pki.issuer_serial import names_certificate
from app.pki.references import Members, Resolve, SignatureFile, base64_of, check_references, only_child, text_of
from app.pki.verdicts import Defect
from app.pki.xml_safety import parse, survey

XADES = "http://uri.etsi.org/01903/v1.3.2#"
_ASIC = frozenset({"http://uri.etsi.org/02918/v1.2.1#", "http://uri.etsi.org/02918/v1.1.1#"})
_ID_ATTRIBUTES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
MAX_SIGNATURES = 32
_BYTES_FOR_BURDEN = 8
"""How many bytes of canonical form cost as much as one namespace in scope at one element."""

_log = logging.getLogger(__name__)


def examine_xades(
    data: bytes,
    where: str,
    resolve: Resolve,
    *,
    enveloped: bool = False,
    detached_name: str | None = None,
    signers: frozenset[bytes] | None = None,
) -> tuple[Examined, ...]:
    """Examine every signature of a file.

    Args:
        data: the file.
        where: its name.
        resolve: bytes of a member by its name, or None.
        enveloped: the file is a document with signatures as children of its root, or one enveloping signature.
        detached_name: the document that a reference without URI means.
        signers: certificates (DER) of which signatures are wanted; any other signature ends as `chain-unknown` before
            anything that it asks for is computed.

    Returns:
        One Examined for each ds:Signature, in order; if the file itself is not in order, one that says so.
    """
    try:
        root = parse(data)
        signatures = _signatures(root, enveloped=enveloped)
        ids = _ids(root)
    except Defect as defect:
        notes = Notes("xades")
        notes.defect(defect)
        return (notes.examined(),)
    file = SignatureFile(
        root, len(data) + _BYTES_FOR_BURDEN * survey(root), where, Members(resolve), enveloped, detached_name, ids
    )
    file.signers = signers
    return tuple(_examine(signature, file) for signature in signatures)


def _ds(name: str) -> str:
    return f"{{{DS}}}{name}"


def _xa(name: str) -> str:
    return f"{{{XADES}}}{name}"


def _signatures(root: etree._Element, *, enveloped: bool) -> list[etree._Element]:
    """The signatures of a file: the root, or children of the root; one anywhere else is a wrapped one."""
    if root.tag == _ds("Signature"):
        found = [root]
    elif enveloped or (etree.QName(root).localname == "XAdESSignatures" and etree.QName(root).namespace in _ASIC):
        found = [child for child in root if child.tag == _ds("Signature")]
    else:
        raise Defect("format-failure", f"root {str(root.tag)[:80]}")
    if not found:
        raise Defect("no-signature")
    if len(found) > MAX_SIGNATURES:
        raise Defect("format-failure", f"{len(found)} signatures")
    for other in root.iter(_ds("Signature")):
        if other not in found and not _is_counter_signature(other):
            raise Defect("format-failure", "a signature in an unexpected place")
    return found


def _is_counter_signature(signature: etree._Element) -> bool:
    parent = signature.getparent()
    above = [] if parent is None else [ancestor.tag for ancestor in parent.iterancestors()]
    return (
        parent is not None
        and parent.tag == _xa("CounterSignature")
        and above[:3] == [_xa("UnsignedSignatureProperties"), _xa("UnsignedProperties"), _xa("QualifyingProperties")]
    )


def _ids(root: etree._Element) -> dict[str, list[etree._Element]]:
    """Every element by its Ids; two of the same are a Defect wherever a signature is concerned."""
    ids: dict[str, list[etree._Element]] = {}
    for element in root.iter("*"):
        for value in {element.get(attribute) for attribute in _ID_ATTRIBUTES} - {None}:
            ids.setdefault(str(value), []).append(element)
    for value, carriers in ids.items():
        if len(carriers) > 1 and any(_within_signature(carrier) for carrier in carriers):
            raise Defect("duplicate-id", value[:80])
    return ids


def _within_signature(element: etree._Element) -> bool:
    return element.tag == _ds("Signature") or any(a.tag == _ds("Signature") for a in element.iterancestors())


def _examine(signature: etree._Element, file: SignatureFile) -> Examined:
    notes = Notes("xades")
    try:
        _examine_signature(signature, file, notes)
    except Defect as defect:
        notes.defect(defect)
    except Exception:  # noqa: BLE001 # see below
        # Bytes from outside reach three libraries here; whatever surprises them is a signature that cannot be read.
        _log.exception("signature in %s could not be examined", file.where)
        notes.reason("format-failure", "unexpected content")
    return notes.examined()


def _examine_signature(signature: etree._Element, file: SignatureFile, notes: Notes) -> None:
    signed_info = only_child(signature, _ds("SignedInfo"))
    value = only_child(signature, _ds("SignatureValue"))
    qualifying, properties = _qualifying_properties(signature)
    signed = only_child(properties, _xa("SignedSignatureProperties"))
    if signature[0] is not signed_info:
        raise Defect("format-failure", "SignedInfo does not come first")
    _read_certificates(signature, qualifying, notes)
    notes.claimed_at = _signing_time(signed, notes)
    notes.certificate = _signing_certificate(signed, notes)
    if file.signers is not None and notes.certificate.public_bytes(Encoding.DER) not in file.signers:
        raise Defect("chain-unknown", "a signer nobody asked about")
    _check_signature_value(signed_info, value, notes.certificate, file, notes)
    check_references(signature, signed_info, properties, file, notes)
    notes.value_checked = True
    if signed.find(_xa("SignaturePolicyIdentifier")) is not None:
        notes.warn("signature-policy-not-checked")
    _read_unsigned(qualifying, value, file, notes)


def _qualifying_properties(signature: etree._Element) -> tuple[etree._Element, etree._Element]:
    """QualifyingProperties and SignedProperties, each the only one inside this signature, by path."""
    found = [
        child for holder in signature.findall(_ds("Object")) for child in holder.findall(_xa("QualifyingProperties"))
    ]
    if len(found) != 1:
        raise Defect("format-failure", f"{len(found)} × QualifyingProperties")
    qualifying = found[0]
    identifier = signature.get("Id")
    if not identifier or qualifying.get("Target") != f"#{identifier}":
        raise Defect("format-failure", "Target does not name this signature")
    properties = only_child(qualifying, _xa("SignedProperties"))
    strays = [
        stray
        for name in ("QualifyingProperties", "SignedProperties")
        for stray in signature.iter(_xa(name))
        if stray is not qualifying and stray is not properties and not _in_counter_signature(stray, signature)
    ]
    if strays:
        raise Defect("format-failure", f"a second {etree.QName(strays[0]).localname}")
    return qualifying, properties


def _in_counter_signature(element: etree._Element, signature: etree._Element) -> bool:
    return any(a.tag == _ds("Signature") and a is not signature for a in _ancestors_below(element, signature))


def _ancestors_below(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for ancestor in element.iterancestors():
        if ancestor is top:
            return
        yield ancestor


def _read_certificates(signature: etree._Element, qualifying: etree._Element, notes: Notes) -> None:
    key_info = f"{_ds('KeyInfo')}/{_ds('X509Data')}/{_ds('X509Certificate')}"
    values = "/".join(
        _xa(name)
        for name in (
            "UnsignedProperties",
            "UnsignedSignatureProperties",
            "CertificateValues",
            "EncapsulatedX509Certificate",
        )
    )
    for element in (*signature.iterfind(key_info), *qualifying.iterfind(values)):
        notes.add_certificate(base64_of(element))


def _signing_time(signed: etree._Element, notes: Notes) -> datetime | None:
    """What the signer claims; a time without zone is taken as UTC."""
    element = signed.find(_xa("SigningTime"))
    if element is None:
        return None
    with contextlib.suppress(ValueError):
        claimed = datetime.fromisoformat(text_of(element).strip())
        claimed = claimed.replace(tzinfo=claimed.tzinfo or UTC)
        if is_moment(claimed):
            return claimed.astimezone(UTC)
    notes.warn("signing-time-unreadable")
    return None


def _signing_certificate(signed: etree._Element, notes: Notes) -> x509.Certificate:
    """The certificate that SigningCertificate(V2) names by digest, never simply the first one in KeyInfo (5.2.2)."""
    version_2 = signed.findall(_xa("SigningCertificateV2"))
    version_1 = signed.findall(_xa("SigningCertificate"))
    if len(version_2) > 1 or len(version_1) > 1 or not (version_2 or version_1):
        raise Defect("format-failure", "not exactly one SigningCertificate")
    first: x509.Certificate | None = None
    for reference in (*version_2, *version_1):
        named = reference.find(_xa("Cert"))
        if named is None:
            raise Defect("format-failure", "SigningCertificate without Cert")
        certificate = _named_certificate(named, notes)
        if first is not None and certificate != first:
            raise Defect("format-failure", "SigningCertificate and SigningCertificateV2 differ")
        first = certificate
    if first is None:
        raise Defect("format-failure", "no SigningCertificate")
    return first


def _named_certificate(named: etree._Element, notes: Notes) -> x509.Certificate:
    holder = only_child(named, _xa("CertDigest"))
    algorithm = xml_digest(only_child(holder, _ds("DigestMethod")).get("Algorithm"))
    expected = base64_of(only_child(holder, _ds("DigestValue")))
    if algorithm in WEAK_DIGESTS:
        notes.reason("weak-algorithm", f"{algorithm} for the certificate")
    for certificate in notes.others:
        if digest(algorithm, [certificate.public_bytes(Encoding.DER)]) == expected:
            break
    else:
        raise Defect("signer-certificate-missing")
    serial = named.find(f"{_xa('IssuerSerial')}/{_ds('X509SerialNumber')}")
    if serial is not None and text_of(serial).strip() != str(certificate.serial_number):
        raise Defect("signer-certificate-missing", "IssuerSerial names another")
    issuer_serial = named.find(_xa("IssuerSerialV2"))
    if issuer_serial is not None and not names_certificate(base64_of(issuer_serial), certificate):
        notes.warn("issuer-serial-differs")  # only a hint since EN 319 132-1 5.2.2
    return certificate


def _check_signature_value(
    signed_info: etree._Element,
    value: etree._Element,
    certificate: x509.Certificate,
    file: SignatureFile,
    notes: Notes,
) -> None:
    """The value over SignedInfo; comes before anything that SignedInfo asks for."""
    canonicalization = only_child(signed_info, _ds("CanonicalizationMethod"))
    method = METHODS.get(canonicalization.get("Algorithm", ""))
    if method is None:
        raise Defect("transform-refused", f"canonicalisation {canonicalization.get('Algorithm')}")
    algorithm = XML_SIGNATURES.get(only_child(signed_info, _ds("SignatureMethod")).get("Algorithm", ""))
    if algorithm is None:
        raise Defect("weak-algorithm", "signature method")
    key = public_key(certificate)
    if algorithm.digest in WEAK_DIGESTS or key_is_weak(key):
        notes.reason("weak-algorithm", f"{algorithm.kind} with {algorithm.digest}, {key.key_size} bits")
    file.spend(file.size)
    form = canonical(signed_info, method, inclusive_prefixes(canonicalization))
    check_value(key, algorithm, base64_of(value), form, raw_ecdsa=True)


def _read_unsigned(qualifying: etree._Element, value: etree._Element, file: SignatureFile, notes: Notes) -> None:
    """Timestamps and revocation data (5.3 to 5.4.2); each proves itself later or is not used."""
    properties = qualifying.find(f"{_xa('UnsignedProperties')}/{_xa('UnsignedSignatureProperties')}")
    if properties is None:
        return
    if properties.find(_xa("CounterSignature")) is not None:
        notes.warn("counter-signature-not-checked")
    for stamp in properties.findall(_xa("SignatureTimeStamp"))[:MAX_SIGNATURES]:
        named = stamp.find(_ds("CanonicalizationMethod"))
        method = METHODS.get(INCLUSIVE if named is None else named.get("Algorithm", ""))
        if method is None:
            notes.warn("timestamp-unusable")
            continue
        file.spend(file.size)
        message = canonical(value, method, () if named is None else inclusive_prefixes(named))
        notes.timestamps += [
            TimestampToken(base64_of(token), message) for token in stamp.findall(_xa("EncapsulatedTimeStamp"))
        ]
    values = properties.find(_xa("RevocationValues"))
    if values is not None:
        notes.crls += [base64_of(e) for e in values.iterfind(f"{_xa('CRLValues')}/{_xa('EncapsulatedCRLValue')}")]
        notes.ocsps += [base64_of(e) for e in values.iterfind(f"{_xa('OCSPValues')}/{_xa('EncapsulatedOCSPValue')}")]
