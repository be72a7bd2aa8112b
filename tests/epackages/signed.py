"""Signed packages of every accepted make, from our own signatures and from those of the `openssl` program."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from app.epackages.signatures import ASIC_E
from app.epackages.writer import ASIC, write_zip
from app.pki.signing import Signed, Signer, signature_element

ASIC_S = "application/vnd.etsi.asic-s+zip"
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def xades(members: Mapping[str, bytes], signer: Signer, at: dt.datetime, *, signature_id: str = "S0") -> bytes:
    """Return a XAdES file over these members."""
    contents = [Signed(quote(name), hashlib.sha256(data).digest(), "text/plain") for name, data in members.items()]
    root = etree.Element(f"{{{ASIC}}}XAdESSignatures", nsmap={"asic": ASIC})
    root.append(signature_element(contents, signer, at, signature_id=signature_id))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def cades(data: bytes, signer: Signer, *options: str) -> bytes:
    """Return a detached CAdES signature of `data`, made by openssl."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate, chain, content = (Path(folder) / name for name in ("key", "certificate", "chain", "content"))
        key.write_bytes(signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(signer.certificate.public_bytes(Encoding.PEM))
        chain.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in signer.chain))
        content.write_bytes(data)
        order = ["openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-outform", "DER", "-in", content]
        order += ["-signer", certificate, "-inkey", key, "-certfile", chain, *options]
        return subprocess.run(order, check=True, capture_output=True).stdout


def manifest(members: Mapping[str, bytes], signature: str = "META-INF/signature.p7s") -> bytes:
    """Return an ASiCManifest over these members."""
    root = etree.Element(f"{{{ASIC}}}ASiCManifest", nsmap={"asic": ASIC, "ds": DS})
    etree.SubElement(root, f"{{{ASIC}}}SigReference", URI=quote(signature), MimeType="application/x-pkcs7-signature")
    for name, data in members.items():
        reference = etree.SubElement(root, f"{{{ASIC}}}DataObjectReference", URI=quote(name))
        etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=SHA256)
        value = etree.SubElement(reference, f"{{{DS}}}DigestValue")
        value.text = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def asic_e_cades(members: Mapping[str, bytes], signer: Signer, listed: Mapping[str, bytes] | None = None) -> bytes:
    """Return an ASiC-E with CAdES whose manifest speaks of `listed` (of `members` unless said otherwise)."""
    listing = manifest(members if listed is None else listed)
    return write_zip(
        (
            ("mimetype", ASIC_E.encode()),
            *members.items(),
            ("META-INF/ASiCManifest.xml", listing),
            ("META-INF/signature.p7s", cades(listing, signer)),
        )
    )
