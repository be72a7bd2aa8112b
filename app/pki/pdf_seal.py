"""How a letter's PDF gets the office's seal: PAdES B-B (EN 319 142-1), which any PDF reader can check.

The seal is appended, so what typst wrote (and declared as PDF/A and PDF/UA) stays byte for byte where it was; the
metadata is left alone for the same reason. The same letter at the same moment gives the same bytes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
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
    """Return `pdf` with an invisible seal that allows no later change, claiming the moment `at` (aware).

    Must not be called inside a running event loop.
    """
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
    signer = PdfSigner(metadata, _signer(seal), new_field_spec=SigFieldSpec(_FIELD))
    session = signer.init_signing_session(_QuietWriter(pdf, moment))
    session.system_time = moment
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    attributes = PdfCMSSignedAttributes(signing_time=moment)
    asyncio.run(document.perform_signature(prepared.document_digest, attributes))
    return output.getvalue()


def _signer(seal: SealKey) -> SimpleSigner:
    key = seal.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple([_asn1(certificate) for certificate in seal.chain])
    return SimpleSigner(_asn1(seal.certificate), keys.PrivateKeyInfo.load(key), store)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
