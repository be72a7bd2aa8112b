"""Is our own unchanged receipt recognised, and nothing else?"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from app.epackages.receipt import ReceiptParty, Upp, check_receipt, write_upp
from app.pki.seal import SealKey, seal_xml
from app.pki.signing import Signer
from tests.authority import NOW, OFFICE, TestAuthority, shared_authority
from tests.pki.own_pki import Party, citizen, doubled, garbled, hierarchy

DS = "{http://www.w3.org/2000/09/xmldsig#}"
PACKAGE = b"PK\x03\x04 what was received"
UPP = Upp(
    number="UPP/1/2026",
    office=ReceiptParty("Urząd Miasta Testowego"),
    sender=ReceiptParty("Jan Przykładowy"),
    delivered_at=NOW,
    created_at=NOW,
    package_sha256=hashlib.sha256(PACKAGE).hexdigest(),
)


@pytest.fixture(scope="module")
def seal() -> SealKey:
    return shared_authority().seal()


@pytest.fixture(scope="module")
def sealed(seal: SealKey) -> bytes:
    return seal_xml(write_upp(UPP), seal, NOW, signature_id="S-1")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "package.asice"
    path.write_bytes(PACKAGE)
    return path


def test_our_receipt_is_ours_unchanged_and_about_its_package(seal: SealKey, sealed: bytes, package: Path) -> None:
    check = check_receipt(sealed, [seal.certificate], package)

    assert check.ours
    assert check.unchanged
    assert check.speaks_of_package is True
    assert check.receipt == UPP
    assert check.reasons == ()
    assert not check.weak


def test_a_receipt_alone_says_nothing_about_a_package(seal: SealKey, sealed: bytes) -> None:
    check = check_receipt(sealed, [seal.certificate])

    assert check.ours
    assert check.speaks_of_package is None


def test_a_receipt_of_another_package_says_so(seal: SealKey, sealed: bytes, package: Path) -> None:
    package.write_bytes(PACKAGE + b" and more")

    check = check_receipt(sealed, [seal.certificate], package)

    assert check.ours
    assert check.unchanged
    assert check.speaks_of_package is False
    assert check.reasons == ("other-package",)


def test_a_receipt_without_digests_leaves_the_package_open(seal: SealKey, package: Path) -> None:
    xml = seal_xml(write_upp(replace(UPP, package_sha256="")), seal, NOW, signature_id="S-1")

    assert check_receipt(xml, [seal.certificate], package).speaks_of_package is None


def test_a_receipt_under_a_former_seal_stays_ours() -> None:
    former = TestAuthority("CC dawne").seal(at=NOW - dt.timedelta(days=1150))
    current = shared_authority().seal()
    then = NOW - dt.timedelta(days=700)
    xml = seal_xml(write_upp(UPP), former, then, signature_id="S-1")

    check = check_receipt(xml, [current.certificate, former.certificate])

    assert check.ours
    assert check.unchanged
    assert check.reasons == ()


@pytest.mark.parametrize("days", [-40, 365 * 4])
def test_a_receipt_that_claims_a_moment_outside_the_seals_life_is_not_ours(seal: SealKey, days: int) -> None:
    xml = seal_xml(write_upp(UPP), seal, NOW + dt.timedelta(days=days), signature_id="S-1")

    check = check_receipt(xml, [seal.certificate])

    assert not check.ours
    assert "seal-not-valid-then" in check.reasons
    assert check.receipt is None


def test_a_changed_receipt_is_told_and_its_text_not_shown(seal: SealKey, sealed: bytes) -> None:
    changed = sealed.replace("Jan Przykładowy".encode(), b"Jan Podmieniony")

    check = check_receipt(changed, [seal.certificate])

    assert check.ours
    assert not check.unchanged
    assert check.receipt is None
    assert check.reasons == ("hash-mismatch",)


def test_a_changed_signing_time_is_told(seal: SealKey, sealed: bytes) -> None:
    old, new = (at.strftime("%FT%TZ").encode() for at in (NOW, NOW - dt.timedelta(days=1)))

    check = check_receipt(sealed.replace(old, new), [seal.certificate])

    assert not check.unchanged
    assert check.receipt is None


def test_a_changed_signature_value_is_told(seal: SealKey, sealed: bytes) -> None:
    root = etree.fromstring(sealed)
    value = root.find(f".//{DS}SignatureValue")
    assert value is not None
    raw = bytearray(base64.b64decode(value.text or ""))
    raw[0] ^= 1
    value.text = base64.b64encode(raw).decode()

    check = check_receipt(etree.tostring(root), [seal.certificate])

    assert not check.unchanged
    assert "signature-mismatch" in check.reasons
    assert check.receipt is None


def test_a_comment_put_into_a_signed_text_changes_nothing_that_is_shown(seal: SealKey, sealed: bytes) -> None:
    name = "Jan Przykładowy".encode()
    commented = sealed.replace(name, name[:3] + b"<!-- cut -->" + name[3:])
    assert commented != sealed

    check = check_receipt(commented, [seal.certificate])

    assert check.unchanged
    assert check.receipt == UPP


def test_the_seal_of_somebody_else_is_not_ours_though_the_same_centre_issued_it(seal: SealKey) -> None:
    other = shared_authority().seal(replace(OFFICE, common_name="Inny urząd"))
    xml = seal_xml(write_upp(UPP), other, NOW, signature_id="S-1")

    check = check_receipt(xml, [seal.certificate])

    assert not check.ours
    assert not check.unchanged
    assert check.receipt is None
    assert check.reasons == ("not-our-seal",)


def test_a_citizens_signature_under_a_receipt_makes_it_no_receipt_of_ours(seal: SealKey) -> None:
    xml = seal_xml(write_upp(UPP), shared_authority().citizen(), NOW, signature_id="S-1")

    assert not check_receipt(xml, [seal.certificate]).ours


def test_our_certificate_copied_into_a_foreign_signature_does_not_help(seal: SealKey) -> None:
    other = TestAuthority("CC podszywające").seal()
    xml = seal_xml(write_upp(UPP), other, NOW, signature_id="S-1")
    first = re.search(rb"<ds:X509Certificate>(.*?)</ds:X509Certificate>", xml, re.DOTALL)
    assert first is not None

    forged = xml.replace(first[1], base64.b64encode(seal.certificate.public_bytes(Encoding.DER)), 1)

    check = check_receipt(forged, [seal.certificate])

    assert not (check.ours and check.unchanged)
    assert check.receipt is None


def test_what_a_stranger_signed_costs_no_digest(seal: SealKey) -> None:
    foreign = seal_xml(
        write_upp(UPP), shared_authority().seal(replace(OFFICE, common_name="Inny urząd")), NOW, signature_id="S-1"
    )
    changed = foreign.replace("Jan Przykładowy".encode(), "Jan Przykładny".encode())

    assert check_receipt(changed, [seal.certificate]).reasons == ("not-our-seal",)


@pytest.mark.parametrize("spoilt", [garbled, doubled])
def test_a_strangers_certificate_that_cannot_be_read_is_not_ours(
    seal: SealKey, spoilt: Callable[[Party], bytes]
) -> None:
    stranger = citizen(hierarchy().issuing)
    certificate = x509.load_der_x509_certificate(spoilt(stranger))
    foreign = seal_xml(write_upp(UPP), Signer(stranger.key, certificate), NOW, signature_id="S-1")

    check = check_receipt(foreign, [seal.certificate])

    assert not check.ours
    assert check.reasons == ("signer-certificate-missing", "not-our-seal")


def test_an_unsigned_receipt_is_nobodys(seal: SealKey) -> None:
    check = check_receipt(write_upp(UPP), [seal.certificate])

    assert not check.ours
    assert "no-signature" in check.reasons
    assert check.receipt is None


def test_our_signature_moved_under_another_receipt_does_not_cover_it(seal: SealKey, sealed: bytes) -> None:
    signature = etree.fromstring(sealed)[-1]
    forged = etree.fromstring(write_upp(replace(UPP, sender=ReceiptParty("Ktoś inny"))))
    forged.append(signature)

    check = check_receipt(etree.tostring(forged), [seal.certificate])

    assert not check.unchanged
    assert check.receipt is None


def test_a_signed_receipt_wrapped_inside_another_one_is_refused(seal: SealKey, sealed: bytes) -> None:
    """The classic wrapping: the signed original travels along, and a forged receipt stands where people look."""
    original = etree.fromstring(sealed)
    signature = original[-1]
    original.remove(signature)
    forged = etree.fromstring(write_upp(replace(UPP, sender=ReceiptParty("Ktoś inny"))))
    original.set("Id", "original")
    holder = etree.SubElement(signature, f"{DS}Object")
    holder.append(original)
    reference = signature.find(f".//{DS}Reference")
    assert reference is not None
    reference.set("URI", "#original")
    forged.append(signature)

    check = check_receipt(etree.tostring(forged), [seal.certificate])

    assert not check.unchanged
    assert check.receipt is None


def test_a_second_signature_on_top_breaks_ours_and_is_told(seal: SealKey, sealed: bytes) -> None:
    twice = seal_xml(sealed, shared_authority().citizen(), NOW, signature_id="S-2")

    check = check_receipt(twice, [seal.certificate])

    assert check.ours
    assert not check.unchanged


def test_an_old_receipt_with_sha1_is_shown_and_marked_as_weak(tmp_path: Path, seal: SealKey, sealed: bytes) -> None:
    old = sealed.replace(
        b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    )
    root = etree.fromstring(old)
    for reference in root.iter(f"{DS}Reference"):
        method, value = reference.find(f"{DS}DigestMethod"), reference.find(f"{DS}DigestValue")
        assert method is not None
        assert value is not None
        method.set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")
        value.text = ""
    (tmp_path / "template.xml").write_bytes(etree.tostring(root))
    (tmp_path / "key.pem").write_bytes(
        seal.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    id_attribute = "--id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
    command = ["xmlsec1", "--sign", "--privkey-pem", "key.pem", *id_attribute.split(), "template.xml"]
    signed = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout

    check = check_receipt(signed, [seal.certificate])

    assert check.ours
    assert check.unchanged
    assert check.weak
    assert check.reasons == ("weak-algorithm",)
    assert check.receipt == UPP


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "xml-malformed"),
        (b"%PDF-1.7", "xml-malformed"),
        (b"<Dokument/>", "receipt-foreign"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype"),
    ],
)
def test_what_is_no_receipt_gets_its_reason(seal: SealKey, xml: bytes, reason: str) -> None:
    check = check_receipt(xml, [seal.certificate])

    assert not check.ours
    assert check.reasons == (reason,)


def test_an_office_without_seals_recognises_nothing(sealed: bytes) -> None:
    check = check_receipt(sealed, [])

    assert not check.ours
    assert check.reasons == ("not-our-seal",)
