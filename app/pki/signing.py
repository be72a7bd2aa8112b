"""How a XAdES-B-B signature is written (EN 319 132-1): used by the seal on receipts and by our own containers.

Canonical form is exclusive (without comments), digests are SHA-256, the signature RSA PKCS#1 v1.5 or ECDSA (`r‖s`, made
deterministic by RFC 6979), so the same content at the same moment gives the same bytes. Every element is canonicalised
as a re-parsed copy: lxml gets inherited default namespaces wrong otherwise.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from app.pki.canonical import DS, EXCLUSIVE
from app.pki.keyfiles import PrivateKey
from app.pki.xml_safety import hardened_parser

XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
ENVELOPED: Final = DS + "enveloped-signature"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_HASHES: Final = {
    "secp256r1": ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", hashes.SHA256()),
    "secp384r1": ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", hashes.SHA384()),
    "secp521r1": ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", hashes.SHA512()),
}
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a private key, its certificate, and the certificates between it and the root."""

    private_key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a certificate of another key: nobody could verify such a signature."""
        if self.private_key.public_key() != self.certificate.public_key():
            raise ValueError("the certificate belongs to another key")


@dataclass(frozen=True, slots=True)
class Signed:
    """One thing that a signature covers: its address in the signature, SHA-256, media type and transforms."""

    uri: str
    digest: bytes
    media_type: str
    transforms: tuple[str, ...] = ()


def signature_element(
    contents: Sequence[Signed], signer: Signer, at: dt.datetime, *, signature_id: str
) -> etree._Element:
    """Return the `ds:Signature` of `signer` over `contents`, claiming the signing time `at` (aware).

    `signature_id` must be an XML name, different from every other Id of the file.
    """
    signature = etree.Element(_ds("Signature"), nsmap={"ds": DS}, attrib={"Id": signature_id})
    signed_info = etree.SubElement(signature, _ds("SignedInfo"))
    _method(signed_info, "CanonicalizationMethod", EXCLUSIVE)
    _method(signed_info, "SignatureMethod", _signature_method(signer.private_key))
    value = etree.SubElement(signature, _ds("SignatureValue"), attrib={"Id": f"{signature_id}-value"})
    _add_key_info(signature, signer)
    properties = _add_properties(signature, contents, signer, at, signature_id)
    for place, content in enumerate(contents):
        _add_reference(signed_info, content, id_=f"{signature_id}-ref{place}")
    own = Signed(f"#{properties.get('Id')}", _sha256(canonical(properties)), "", (EXCLUSIVE,))
    _add_reference(signed_info, own, type_=SIGNED_PROPERTIES)
    value.text = _b64(_raw_signature(signer.private_key, canonical(signed_info)))
    return signature


def canonical(element: etree._Element) -> bytes:
    """Return the exclusive canonical form of `element`, without comments."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False), hardened_parser())
    return etree.tostring(copy, method="c14n", exclusive=True, with_comments=False)


def utc_text(at: dt.datetime) -> str:
    """Return `at` as XML writes a moment: whole seconds of UTC."""
    if at.tzinfo is None:
        raise ValueError("a signature needs an aware moment")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_key_info(signature: etree._Element, signer: Signer) -> None:
    data = etree.SubElement(etree.SubElement(signature, _ds("KeyInfo")), _ds("X509Data"))
    for certificate in (signer.certificate, *signer.chain):
        etree.SubElement(data, _ds("X509Certificate")).text = _b64(_der(certificate))


def _add_properties(
    signature: etree._Element, contents: Sequence[Signed], signer: Signer, at: dt.datetime, signature_id: str
) -> etree._Element:
    """Add the qualifying properties (when, by which certificate, of what kind) and return the signed ones."""
    qualifying = etree.SubElement(
        etree.SubElement(signature, _ds("Object")),
        _xades("QualifyingProperties"),
        nsmap={"xades": XADES},
        attrib={"Target": f"#{signature_id}"},
    )
    signed = etree.SubElement(qualifying, _xades("SignedProperties"), attrib={"Id": f"{signature_id}-properties"})
    about_signature = etree.SubElement(signed, _xades("SignedSignatureProperties"))
    etree.SubElement(about_signature, _xades("SigningTime")).text = utc_text(at)
    certificate = etree.SubElement(etree.SubElement(about_signature, _xades("SigningCertificateV2")), _xades("Cert"))
    _add_digest(etree.SubElement(certificate, _xades("CertDigest")), _sha256(_der(signer.certificate)))
    about_contents = etree.SubElement(signed, _xades("SignedDataObjectProperties"))
    for place, content in enumerate(contents):
        data_format = etree.SubElement(
            about_contents, _xades("DataObjectFormat"), attrib={"ObjectReference": f"#{signature_id}-ref{place}"}
        )
        etree.SubElement(data_format, _xades("MimeType")).text = content.media_type
    return signed


def _add_reference(
    signed_info: etree._Element, content: Signed, *, id_: str | None = None, type_: str | None = None
) -> None:
    reference = etree.SubElement(signed_info, _ds("Reference"))
    if id_:
        reference.set("Id", id_)
    if type_:
        reference.set("Type", type_)
    reference.set("URI", content.uri)
    if content.transforms:
        transforms = etree.SubElement(reference, _ds("Transforms"))
        for transform in content.transforms:
            _method(transforms, "Transform", transform)
    _add_digest(reference, content.digest)


def _add_digest(parent: etree._Element, digest: bytes) -> None:
    _method(parent, "DigestMethod", SHA256)
    etree.SubElement(parent, _ds("DigestValue")).text = _b64(digest)


def _method(parent: etree._Element, name: str, algorithm: str) -> None:
    etree.SubElement(parent, _ds(name), attrib={"Algorithm": algorithm})


def _signature_method(key: PrivateKey) -> str:
    return RSA_SHA256 if isinstance(key, rsa.RSAPrivateKey) else ECDSA_HASHES[key.curve.name][0]


def _raw_signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    algorithm = ec.ECDSA(ECDSA_HASHES[key.curve.name][1], deterministic_signing=True)
    r, s = decode_dss_signature(key.sign(data, algorithm))
    width = (key.key_size + 7) // 8
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")  # RFC 4050, 3.3 and XML Signature 1.1, 6.4.3


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _ds(name: str) -> str:
    return f"{{{DS}}}{name}"


def _xades(name: str) -> str:
    return f"{{{XADES}}}{name}"
