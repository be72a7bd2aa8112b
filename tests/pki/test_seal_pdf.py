"""Do PDF readers accept the seal on a letter, and notice a change?"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.letters.receipt import Office
from app.letters.render import render
from app.pki.pdf_seal import seal_pdf
from tests.authority import NOW, TestAuthority, shared_authority

LETTER = render(
    "application",
    {
        "office": Office("Urząd Miasta Testowego", "", ("ul. Próbna 1",)).as_data(),
        "title": "Zażółć gęślą jaźń",
        "subtitle": "",
        "reference": "KM.5410.1.2026",
        "sections": [],
        "attachments": [],
        "note": None,
    },
    NOW,
)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal_pdf(LETTER, shared_authority().seal(), NOW)


def judged(pdf: bytes, authority: TestAuthority) -> PdfSignatureStatus:
    root = asn1_x509.Certificate.load(authority.root.certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOW)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return asyncio.run(async_validate_pdf_signature(signature, context))


def test_pyhanko_accepts_the_seal_up_to_the_root(sealed: bytes) -> None:
    status = judged(sealed, shared_authority())

    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signer_reported_dt == NOW


def test_pyhanko_does_not_trust_a_seal_of_another_centre() -> None:
    other = TestAuthority("CC obce dla PDF")

    status = judged(seal_pdf(LETTER, other.seal(), NOW), shared_authority())

    assert status.intact
    assert not status.trusted


def test_a_change_of_one_byte_is_noticed(sealed: bytes) -> None:
    place = sealed.index(b"stream") + 20
    changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    assert not judged(changed, shared_authority()).intact


def test_popplers_pdfsig_calls_the_signature_valid(tmp_path: Path, sealed: bytes) -> None:
    (tmp_path / "letter.pdf").write_bytes(sealed)

    answer = subprocess.run(
        ["pdfsig", "-nocert", "letter.pdf"], cwd=tmp_path, capture_output=True, check=False, text=True
    )

    assert "Signature Validation: Signature is Valid." in answer.stdout, answer.stderr
    assert "ETSI.CAdES.detached" in answer.stdout
    assert "Total document signed" in answer.stdout


def cms_of(pdf: bytes) -> tuple[bytes, bytes]:
    """The CMS signature in `pdf` and the bytes that its ByteRange covers, found without any library."""
    start, before, after, rest = map(int, re.findall(rb"/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)[-1])
    assert (start, after + rest) == (0, len(pdf)), "nothing but the signature itself stands outside"
    cms = bytes.fromhex(pdf[before:after].strip(b"<>").decode("ascii"))
    # DER says how long it is (X.690, 8.1.3.5); what follows is room that was not needed.
    assert cms[:2] == b"\x30\x82"
    return cms[: 4 + int.from_bytes(cms[2:4])], pdf[:before] + pdf[after:]


def openssl_cms(folder: Path, cms: bytes, content: bytes, root_pem: bytes) -> subprocess.CompletedProcess[str]:
    (folder / "seal.der").write_bytes(cms)
    (folder / "covered").write_bytes(content)
    (folder / "root.pem").write_bytes(root_pem)
    command = "openssl cms -verify -cades -binary -inform DER -in seal.der -content covered -CAfile root.pem -out same"
    moment = ["-purpose", "any", "-attime", str(int(NOW.timestamp()))]
    return subprocess.run([*command.split(), *moment], cwd=folder, capture_output=True, check=False, text=True)


def test_openssl_verifies_the_seal_up_to_the_root(tmp_path: Path, sealed: bytes) -> None:
    cms, covered = cms_of(sealed)

    answer = openssl_cms(tmp_path, cms, covered, shared_authority().root_pem())

    assert answer.returncode == 0, answer.stderr
    assert "CAdES Verification successful" in answer.stderr
    assert (tmp_path / "same").read_bytes() == covered


def test_openssl_refuses_a_changed_letter_and_another_root(tmp_path: Path, sealed: bytes) -> None:
    cms, covered = cms_of(sealed)
    place = covered.index(b"stream") + 20
    changed = covered[:place] + bytes([covered[place] ^ 1]) + covered[place + 1 :]

    answers = [
        openssl_cms(tmp_path, cms, changed, shared_authority().root_pem()),
        openssl_cms(tmp_path, cms, covered, TestAuthority("CC obce dla PDF").root_pem()),
    ]

    assert [answer.returncode == 0 for answer in answers] == [False, False]
    assert "digest failure" in answers[0].stderr or "verification failure" in answers[0].stderr
    assert "certificate verify error" in answers[1].stderr


def test_the_letter_itself_is_not_touched(sealed: bytes) -> None:
    assert sealed.startswith(LETTER)
    with pikepdf.open(io.BytesIO(sealed)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Zażółć gęślą jaźń"


def test_the_same_letter_gets_the_same_bytes(sealed: bytes) -> None:
    assert seal_pdf(LETTER, shared_authority().seal(), NOW)[: len(LETTER)] == LETTER
    seal = shared_authority().seal()
    assert seal_pdf(LETTER, seal, NOW) == seal_pdf(LETTER, seal, NOW)
    assert seal_pdf(LETTER, seal, NOW) != seal_pdf(LETTER, seal, NOW + dt.timedelta(seconds=1))


def test_a_seal_needs_an_aware_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        seal_pdf(LETTER, shared_authority().seal(), NOW.replace(tzinfo=None))
