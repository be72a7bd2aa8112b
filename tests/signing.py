"""Signed containers made by programs that we did not write: `xmlsec1`, `openssl`, and Python's own zip and hash.

Nothing here imports app/. What these builders make is what other people's software sends us.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

ASIC_E = b"application/vnd.etsi.asic-e+zip"
ASIC_S = b"application/vnd.etsi.asic-s+zip"
DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
ASIC = "http://uri.etsi.org/02918/v1.2.1#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
ENVELOPED = DS + "enveloped-signature"

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
DIGESTS = {
    "sha1": DS + "sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": _MORE + "sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}


def run(*command: str | Path, cwd: Path, stdin: bytes | None = None) -> bytes:
    """Run a program; its standard output, or an error with what it said."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr.decode(errors='replace')}"
    return done.stdout


def certificate_der(cert_pem: Path) -> bytes:
    """The first certificate of a PEM file."""
    body = cert_pem.read_text().split("-----BEGIN CERTIFICATE-----")[1].split("-----END CERTIFICATE-----")[0]
    return base64.b64decode(body)


def key_kind(key_pem: Path) -> str:
    """`rsa` or `ecdsa`."""
    shown = run("openssl", "pkey", "-in", key_pem, "-noout", "-text", cwd=key_pem.parent)
    return "ecdsa" if b"ASN1 OID" in shown or b"NIST CURVE" in shown else "rsa"


def signature_method(key_pem: Path, digest: str) -> str:
    """The SignatureMethod for a key."""
    kind = key_kind(key_pem)
    return DS + "rsa-sha1" if (kind, digest) == ("rsa", "sha1") else f"{_MORE}{kind}-{digest}"


def member_uri(name: str) -> str:
    """A member's name as a reference writes it."""
    return quote(name, safe="/!'()*")


def reference(uri: str, digest: str, *, transforms: tuple[str, ...] = (), attributes: str = "", raw: str = "") -> str:
    """A ds:Reference whose digest the signing program fills in; `raw` is put among the transforms as it is."""
    listed = "".join(f'<ds:Transform Algorithm="{algorithm}"></ds:Transform>' for algorithm in transforms) + raw
    wrapped = f"<ds:Transforms>{listed}</ds:Transforms>" if listed else ""
    return (
        f"<ds:Reference URI={quoteattr(uri)}{attributes}>{wrapped}"
        f'<ds:DigestMethod Algorithm="{DIGESTS[digest]}"></ds:DigestMethod>'
        "<ds:DigestValue></ds:DigestValue></ds:Reference>"
    )


def signature_template(
    references: str,
    cert_pem: Path,
    method: str,
    *,
    digest: str = "sha256",
    c14n: str = EXCLUSIVE,
    signature_id: str = "S0",
    signing_certificate: str | None = None,
    target: str | None = None,
    signed_at: datetime | None = None,
    key_info: str | None = None,
    properties_reference: str | None = None,
    objects: str = "",
) -> str:
    """A XAdES-B-B ds:Signature without values."""
    der = certificate_der(cert_pem)
    when = (signed_at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    named = signing_certificate if signing_certificate is not None else named_certificate(der, digest)
    shown = key_info if key_info is not None else x509_data(der)
    to_properties = (
        properties_reference
        if properties_reference is not None
        else reference(
            f"#{signature_id}-SP", digest, transforms=(EXCLUSIVE,), attributes=f' Type="{SIGNED_PROPERTIES}"'
        )
    )
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="{signature_id}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{c14n}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>{references}{to_properties}</ds:SignedInfo>'
        f'<ds:SignatureValue Id="{signature_id}-SV"></ds:SignatureValue>'
        f'<ds:KeyInfo Id="{signature_id}-KI">{shown}</ds:KeyInfo>{objects}'
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="{target or "#" + signature_id}">'
        f'<xades:SignedProperties Id="{signature_id}-SP"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{when}</xades:SigningTime>{named}"
        "</xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties></ds:Object>"
        "</ds:Signature>"
    )


def x509_data(*ders: bytes) -> str:
    """X509Data with certificates."""
    shown = "".join(f"<ds:X509Certificate>{base64.b64encode(der).decode()}</ds:X509Certificate>" for der in ders)
    return f"<ds:X509Data>{shown}</ds:X509Data>"


def named_certificate(der: bytes, digest: str = "sha256", *, element: str = "SigningCertificateV2") -> str:
    """SigningCertificate(V2) for a certificate."""
    value = base64.b64encode(hashlib.new(digest, der).digest()).decode()
    return (
        f"<xades:{element}><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod Algorithm="{DIGESTS[digest]}"></ds:DigestMethod>'
        f"<ds:DigestValue>{value}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:{element}>"
    )


def in_signatures(*signatures: str) -> str:
    """The XAdESSignatures document of an ASiC container."""
    return f'<asic:XAdESSignatures xmlns:asic="{ASIC}">{"".join(signatures)}</asic:XAdESSignatures>'


def xmlsec_sign(document: str, members: Mapping[str, bytes], key_pem: Path, workdir: Path) -> bytes:
    """Let xmlsec1 fill in digests and values of the first signature of a document; members are what URIs lead to."""
    folder = workdir / "xmlsec"
    folder.mkdir(exist_ok=True)
    for name, content in members.items():
        for written in {name, member_uri(name)}:
            path = folder / written
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (folder / "template.xml").write_text(document, encoding="utf-8")
    run(
        "xmlsec1", "--sign", "--privkey-pem", key_pem.resolve(), "--output", "signed.xml",
        "--id-attr:Id", f"{XADES}:SignedProperties", "--id-attr:Id", f"{DS}:Object", "--id-attr:Id", f"{DS}:KeyInfo",
        "template.xml",
        cwd=folder,
    )  # fmt: skip
    return (folder / "signed.xml").read_bytes()


def openssl_resign(signed: bytes, key_pem: Path, workdir: Path, digest: str, *options: str) -> bytes:
    """Put another signature value in, computed by `openssl dgst` (RSASSA-PSS, which xmlsec1 1.2 cannot).

    SignedInfo must be in exclusive canonical form without comments, for which Python's own canonicaliser does.
    """
    text = signed.decode("utf-8")
    start, end = text.index("<ds:SignedInfo"), text.index("</ds:SignedInfo>") + len("</ds:SignedInfo>")
    info = text[start:end].replace("<ds:SignedInfo", f'<ds:SignedInfo xmlns:ds="{DS}"', 1)
    (workdir / "info.xml").write_text(ET.canonicalize(info), encoding="utf-8")
    value = run("openssl", "dgst", f"-{digest}", "-sign", key_pem.resolve(), *options, "info.xml", cwd=workdir)
    before, rest = text.split("<ds:SignatureValue", 1)
    attributes, rest = rest.split(">", 1)
    after = rest.split("</ds:SignatureValue>", 1)[1]
    encoded = base64.b64encode(value).decode()
    return f"{before}<ds:SignatureValue{attributes}>{encoded}</ds:SignatureValue>{after}".encode()


def openssl_sign(document: str, digests: Mapping[str, bytes], key_pem: Path, workdir: Path) -> bytes:
    """Sign a document with one template by hand and `openssl dgst` (RSA, SHA-256), whatever its references say.

    `digests` gives the digest of each reference by its URI; that of SignedProperties is computed by Python's own
    canonicaliser, which is right for exclusive canonical form where each prefix is declared once.
    """
    start, end = document.index("<xades:SignedProperties"), document.index("</xades:SignedProperties>")
    properties = document[start : end + len("</xades:SignedProperties>")].replace(
        "<xades:SignedProperties", f'<xades:SignedProperties xmlns:xades="{XADES}" xmlns:ds="{DS}"', 1
    )
    known = dict(digests)
    known.setdefault("#S0-SP", hashlib.sha256(ET.canonicalize(properties).encode()).digest())
    head, *parts = document.split("<ds:Reference ")
    filled = [head]
    for part in parts:
        uri = part.split('URI="', 1)[1].split('"', 1)[0]
        value = base64.b64encode(known[uri]).decode()
        filled.append(part.replace("<ds:DigestValue></ds:DigestValue>", f"<ds:DigestValue>{value}</ds:DigestValue>", 1))
    return openssl_resign("<ds:Reference ".join(filled).encode(), key_pem, workdir, "sha256")


def xades_signature(
    members: Mapping[str, bytes],
    key_pem: Path,
    cert_pem: Path,
    workdir: Path,
    digest: str = "sha256",
    *,
    pss: bool = False,
    c14n: str = EXCLUSIVE,
    signed_at: datetime | None = None,
) -> bytes:
    """META-INF/signatures0.xml over members: XAdES-B-B signed by xmlsec1 (PSS: by openssl)."""
    references = "".join(reference(member_uri(name), digest) for name in members)
    method = signature_method(key_pem, digest)
    document = in_signatures(
        signature_template(references, cert_pem, method, digest=digest, c14n=c14n, signed_at=signed_at)
    )
    signed = xmlsec_sign(document, members, key_pem, workdir)
    if not pss:
        return signed
    named = signed.replace(method.encode(), f"http://www.w3.org/2007/05/xmldsig-more#{digest}-rsa-MGF1".encode())
    return openssl_resign(
        named, key_pem, workdir, digest, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"
    )


def asic_manifest(
    members: Mapping[str, bytes], digest: str = "sha256", *, signature: str = "META-INF/signature.p7s"
) -> bytes:
    """META-INF/ASiCManifest.xml over members."""
    listed = "".join(
        f'<asic:DataObjectReference URI={quoteattr(member_uri(name))}><ds:DigestMethod Algorithm="{DIGESTS[digest]}"/>'
        f"<ds:DigestValue>{base64.b64encode(hashlib.new(digest, content).digest()).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>"
        for name, content in members.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><asic:ASiCManifest xmlns:asic="{ASIC}" xmlns:ds="{DS}">'
        f'<asic:SigReference URI="{signature}" MimeType="application/pkcs7-signature"/>{listed}</asic:ASiCManifest>'
    ).encode()


def cades_signature(
    content: bytes,
    key_pem: Path,
    cert_pem: Path,
    workdir: Path,
    digest: str = "sha256",
    *,
    pss: bool = False,
    options: tuple[str, ...] = ("-cades",),
) -> bytes:
    """A detached CMS signature by `openssl cms -sign`; with the default options it is CAdES-B-B."""
    (workdir / "content.bin").write_bytes(content)
    padding = ("-keyopt", "rsa_padding_mode:pss") if pss else ()
    return run(
        "openssl", "cms", "-sign", "-binary", *options, "-md", digest, "-in", "content.bin", "-outform", "DER",
        "-signer", cert_pem.resolve(), "-inkey", key_pem.resolve(), *padding,
        cwd=workdir,
    )  # fmt: skip


def zipped(files: Mapping[str, bytes], media: bytes | None = ASIC_E) -> bytes:
    """A ZIP, with `mimetype` first and stored if a media type is given."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        if media is not None:
            archive.writestr("mimetype", media, zipfile.ZIP_STORED)
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def container_manifest(members: Mapping[str, bytes], media: bytes = ASIC_E) -> bytes:
    """META-INF/manifest.xml (OpenDocument) of a container."""
    listed = "".join(
        f'<manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type="application/octet-stream"/>'
        for name in members
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media.decode()}"/>{listed}'
        "</manifest:manifest>"
    ).encode()


def asice_xades(
    members: Mapping[str, bytes],
    key_pem: Path,
    cert_pem: Path,
    workdir: Path,
    digest: str = "sha256",
    *,
    pss: bool = False,
    signed_at: datetime | None = None,
) -> bytes:
    """A whole ASiC-E container with one XAdES-B-B signature over every member.

    `key_pem` is an unencrypted private key (RSA or EC), `cert_pem` its certificate, `workdir` a folder to work in.
    """
    signature = xades_signature(members, key_pem, cert_pem, workdir, digest, pss=pss, signed_at=signed_at)
    return zipped(
        {
            **members,
            "META-INF/manifest.xml": container_manifest(members),
            "META-INF/signatures0.xml": signature,
        }
    )


def asice_cades(
    members: Mapping[str, bytes],
    key_pem: Path,
    cert_pem: Path,
    workdir: Path,
    digest: str = "sha256",
    *,
    pss: bool = False,
) -> bytes:
    """A whole ASiC-E container with one CAdES-B-B signature over a manifest of every member."""
    manifest = asic_manifest(members, digest)
    signature = cades_signature(manifest, key_pem, cert_pem, workdir, digest, pss=pss)
    return zipped({**members, "META-INF/ASiCManifest.xml": manifest, "META-INF/signature.p7s": signature})


def asics_xades(  # noqa: PLR0917 # like the others
    name: str, content: bytes, key_pem: Path, cert_pem: Path, workdir: Path, digest: str = "sha256"
) -> bytes:
    """An ASiC-S container: one member, one XAdES-B-B signature."""
    signature = xades_signature({name: content}, key_pem, cert_pem, workdir, digest)
    return zipped({name: content, "META-INF/signatures.xml": signature}, ASIC_S)


def asics_cades(  # noqa: PLR0917 # like the others
    name: str, content: bytes, key_pem: Path, cert_pem: Path, workdir: Path, digest: str = "sha256"
) -> bytes:
    """An ASiC-S container: one member, one CAdES-B-B signature over it."""
    signature = cades_signature(content, key_pem, cert_pem, workdir, digest)
    return zipped({name: content, "META-INF/signature.p7s": signature}, ASIC_S)


def enveloped_xades(
    document: str, key_pem: Path, cert_pem: Path, workdir: Path, digest: str = "sha256", *, c14n: str = EXCLUSIVE
) -> bytes:
    """An XML document with an enveloped XAdES-B-B signature as the last child of its root."""
    whole = reference("", digest, transforms=(ENVELOPED, c14n))
    template = signature_template(whole, cert_pem, signature_method(key_pem, digest), digest=digest, c14n=c14n)
    head, slash, tail = document.rpartition("</")
    return xmlsec_sign(f"{head}{template}{slash}{tail}", {}, key_pem, workdir)
