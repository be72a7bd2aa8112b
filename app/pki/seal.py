"""How the office seals a receipt: its key, and an enveloped XAdES-B-B signature that anybody can verify.

xmlsec1 --verify --trusted-pem office-root.pem --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties upo.xml
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from app.pki.authority import NOWHERE, SEAL, CentreAddresses, Issuer, Organisation, Profile, UnfitKey, issue_certificate
from app.pki.canonical import EXCLUSIVE
from app.pki.keyfiles import ROUNDS, dump_bundle, load_bundle
from app.pki.signing import ENVELOPED, Signed, Signer, signature_element
from app.pki.xml_safety import hardened_parser

SEAL_BITS = 3072


@dataclass(frozen=True, slots=True)
class SealKey(Signer):
    """The office's seal: an RSA key, because its signatures come out the same each time."""

    def __post_init__(self) -> None:
        """Refuse keys that do not belong to the certificate, and kinds whose signatures differ each time."""
        Signer.__post_init__(self)
        if not isinstance(self.private_key, rsa.RSAPrivateKey):
            raise UnfitKey("the office seals with an RSA key")

    def dump(self, passphrase: bytes, *, rounds: int = ROUNDS) -> bytes:
        """Return the seal as one PEM file: the key encrypted under `passphrase`, the certificate, its chain."""
        return dump_bundle(self.private_key, (self.certificate, *self.chain), passphrase, rounds=rounds)

    @classmethod
    def load(cls, data: bytes, passphrase: bytes) -> SealKey:
        """Read what `dump` wrote, or an own seal in the same make. Raises WrongPassphrase and ValueError."""
        return cls(*load_bundle(data, passphrase))


def make_seal(
    issuer: Issuer,
    office: Organisation,
    at: dt.datetime,
    *,
    addresses: CentreAddresses = NOWHERE,
    private_key: rsa.RSAPrivateKey | None = None,
    profile: Profile = SEAL,
) -> SealKey:
    """Make a seal (RSA-3072) of `office`, certified by `issuer` from `at`."""
    key = private_key or rsa.generate_private_key(65537, SEAL_BITS)
    certificate = issue_certificate(issuer, office, key.public_key(), at, profile=profile, addresses=addresses)
    return SealKey(key, certificate, (issuer.certificate,))


def seal_xml(xml: bytes, seal: Signer, at: dt.datetime, *, signature_id: str) -> bytes:
    """Return `xml` with an enveloped XAdES-B-B signature as the last child of its root.

    The whole document is signed: exclusive canonical form, SHA-256. The same input gives the same bytes.
    Raises ValueError for a document with a DOCTYPE and lxml's XMLSyntaxError for what is not XML.
    """
    root = etree.fromstring(xml, hardened_parser())
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise ValueError("a document with a DOCTYPE is not sealed")
    whole = Signed("", hashlib.sha256(_whole_document(root)).digest(), "text/xml", (ENVELOPED, EXCLUSIVE))
    root.append(signature_element((whole,), seal, at, signature_id=signature_id))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _whole_document(root: etree._Element) -> bytes:
    """Return the canonical form of the document: of the tree, for what stands beside the root is signed too."""
    tree = etree.fromstring(etree.tostring(root.getroottree()), hardened_parser()).getroottree()
    return etree.tostring(tree, method="c14n", exclusive=True, with_comments=False)
