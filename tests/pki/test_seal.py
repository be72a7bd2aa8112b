"""Can anybody verify a sealed receipt with a program that we did not write, and is it the same each time?"""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from app.pki.authority import UnfitKey
from app.pki.keyfiles import WrongPassphrase
from app.pki.seal import SealKey, make_seal, seal_xml
from tests.authority import NOW, OFFICE, TestAuthority, rsa_key_of, shared_authority

SIGNED_PROPERTIES = "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
PLAIN = '<pos:D xmlns:pos="urn:test"><pos:A b="1">Zażółć gęślą jaźń</pos:A></pos:D>'


def verified_by_xmlsec(tmp_path: Path, xml: bytes, authority: TestAuthority) -> bool:
    (tmp_path / "root.pem").write_bytes(authority.root_pem())
    (tmp_path / "upo.xml").write_bytes(xml)
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", "--id-attr:Id", SIGNED_PROPERTIES, "upo.xml"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def seal() -> SealKey:
    return shared_authority().seal()


@pytest.mark.parametrize(
    "document",
    [
        PLAIN,
        '<?xml version="1.0"?>\n<!-- before --><?target data?>\n<d/>\n<!-- after --><?target after?>',
        '<d xmlns="urn:default"><e xmlns=""><f/></e> <g xmlns:unused="urn:u" unused:a="1"> x </g>\n</d>',
        "<d>a<!-- in the middle -->b<![CDATA[<c>]]>&#x105;&lt;&#13;</d>",
        '<d xml:lang="pl" xml:space="preserve">\n  text\n</d>',
    ],
)
def test_xmlsec1_verifies_the_seal_up_to_the_root(tmp_path: Path, seal: SealKey, document: str) -> None:
    sealed = seal_xml(document.encode(), seal, NOW, signature_id="S-1")

    assert verified_by_xmlsec(tmp_path, sealed, shared_authority())


def test_xmlsec1_refuses_a_changed_document(tmp_path: Path, seal: SealKey) -> None:
    sealed = seal_xml(PLAIN.encode(), seal, NOW, signature_id="S-1")

    assert not verified_by_xmlsec(tmp_path, sealed.replace(b'b="1"', b'b="2"'), shared_authority())


def test_xmlsec1_refuses_a_changed_signing_time(tmp_path: Path, seal: SealKey) -> None:
    sealed = seal_xml(PLAIN.encode(), seal, NOW, signature_id="S-1")
    earlier = (NOW - dt.timedelta(days=1)).strftime("%FT%TZ").encode()

    changed = sealed.replace(NOW.strftime("%FT%TZ").encode(), earlier)

    assert changed != sealed
    assert not verified_by_xmlsec(tmp_path, changed, shared_authority())


def test_xmlsec1_refuses_the_seal_of_another_centre(tmp_path: Path) -> None:
    other = TestAuthority("CC obce")

    sealed = seal_xml(PLAIN.encode(), other.seal(), NOW, signature_id="S-1")

    assert not verified_by_xmlsec(tmp_path, sealed, shared_authority())
    assert verified_by_xmlsec(tmp_path, sealed, other)


def test_the_same_receipt_has_the_same_bytes_each_time(seal: SealKey) -> None:
    first = seal_xml(PLAIN.encode(), seal, NOW, signature_id="S-1")
    second = seal_xml(PLAIN.encode(), seal, NOW, signature_id="S-1")

    assert first == second


def test_the_sealed_text_is_untouched_and_the_signature_stands_last(seal: SealKey) -> None:
    root = etree.fromstring(seal_xml(PLAIN.encode(), seal, NOW, signature_id="S-1"))

    assert [etree.QName(child).localname for child in root] == ["A", "Signature"]
    assert root[0].text == "Zażółć gęślą jaźń"
    assert root[1].get("Id") == "S-1"


def test_a_document_with_a_doctype_is_not_sealed(seal: SealKey) -> None:
    with pytest.raises(ValueError, match="DOCTYPE"):
        seal_xml(b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>', seal, NOW, signature_id="S-1")


def test_a_seal_needs_an_aware_moment(seal: SealKey) -> None:
    with pytest.raises(ValueError, match="aware"):
        seal_xml(PLAIN.encode(), seal, NOW.replace(tzinfo=None), signature_id="S-1")


def test_a_seal_kept_in_a_file_comes_back_whole(seal: SealKey) -> None:
    kept = seal.dump(b"passphrase", rounds=1000)

    back = SealKey.load(kept, b"passphrase")

    assert back.certificate == seal.certificate
    assert back.chain == seal.chain
    assert seal_xml(PLAIN.encode(), back, NOW, signature_id="S-1") == seal_xml(
        PLAIN.encode(), seal, NOW, signature_id="S-1"
    )


def test_openssl_reads_the_kept_key_with_the_passphrase_only(tmp_path: Path, seal: SealKey) -> None:
    kept = tmp_path / "seal.pem"
    kept.write_bytes(seal.dump(b"passphrase", rounds=1000))

    def opens(passphrase: str) -> bool:
        command = ["openssl", "pkey", "-in", str(kept), "-passin", f"pass:{passphrase}", "-noout"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert opens("passphrase")
    assert not opens("Passphrase")


def test_a_kept_seal_does_not_open_with_another_passphrase(seal: SealKey) -> None:
    with pytest.raises(WrongPassphrase):
        SealKey.load(seal.dump(b"passphrase", rounds=1000), b"another")


def test_a_seal_is_never_kept_without_a_passphrase(seal: SealKey) -> None:
    with pytest.raises(ValueError, match="passphrase"):
        seal.dump(b"")


def test_a_certificate_of_another_key_makes_no_seal(seal: SealKey) -> None:
    with pytest.raises(ValueError, match="another key"):
        SealKey(rsa_key_of("somebody else"), seal.certificate)


def test_a_seal_on_an_elliptic_curve_is_refused_because_receipts_must_repeat() -> None:
    citizen = shared_authority().citizen(key="ec")

    with pytest.raises(UnfitKey):
        SealKey(citizen.private_key, citizen.certificate)


def test_a_real_seal_has_an_rsa_key_of_3072_bits() -> None:
    seal = make_seal(shared_authority().issuing, OFFICE, NOW)

    assert isinstance(seal.private_key, rsa.RSAPrivateKey)
    assert seal.private_key.key_size == 3072
