"""How a letter's PDF gets the office's seal: PAdES B-B (EN 319 142-1), which any PDF reader can check.

The seal is appended, so what typst wrote (and declared as PDF/A and PDF/UA) stays byte for byte where it was; the
metadata is left alone for the same reason. The same letter at the same moment gives the same bytes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.pki.seal import SealKey

_FIELD = "Pieczec"  # names of form fields stay ASCII
_RESERVED = 16_384  # bytes for the signature with its certificates


class _QuietWriter(IncrementalPdfFileWriter):
    """Appends to a PDF and leaves its metadata as they are; the second half of the identifier follows the content."""

    def __init__(self, pdf: bytes, at: dt.datetime) -> None:
        super().__init__(io.BytesIO(pdf))
        changed = hashlib.sha256(pdf + at.isoformat().encode()).digest()[:16]
        self._document_id[1] = ByteStringObject(changed)

    def _update_meta(self) -> None:
        """Write no new date and no new producer."""


def seal_pdf(pdf: bytes, seal: SealKey, at: dt.datetime) -> bytes:
    """Return `pdf` with an invisible seal that allows no later change, claiming the moment `at` (aware)."""
    if at.tzinfo is None:
        raise ValueError("a seal needs an aware moment")
    moment = at.astimezone(dt.UTC).replace(microsecond=0)
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = PdfSigner(metadata, _OfficeSigner(seal), new_field_spec=SigFieldSpec(_FIELD))
    session = signer.init_signing_session(_QuietWriter(pdf, moment))
    session.system_time = moment
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    attributes = PdfCMSSignedAttributes(signing_time=moment)
    # The library wants an event loop, and the thread that asks may run another one: the seal gets a thread of its own.
    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, document.perform_signature(prepared.document_digest, attributes)).result()
    return output.getvalue()


class _OfficeSigner(Signer):
    """Signs with the key in memory; pyHanko's own signer would read and test the key anew for each letter."""

    def __init__(self, seal: SealKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # the library's constructor has no types
        store.register_multiple([_asn1(certificate) for certificate in seal.chain])
        super().__init__(signing_cert=_asn1(seal.certificate), cert_registry=store)
        self._seal = seal

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 # the library's signature
        """Return the RSA signature of `data`, or as many empty bytes."""
        key = self._seal.private_key
        if digest_algorithm != "sha256" or not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError("the office seals with RSA and SHA-256")
        if dry_run:
            return bytes(key.key_size // 8)
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
