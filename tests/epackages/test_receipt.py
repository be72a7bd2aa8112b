"""Is a receipt written in the national structure, read back exactly, and never misread?"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.epackages.errors import Unreadable
from app.epackages.receipt import Digest, Receipt, ReceiptParty, Upd, Upp, read_receipt, write_upd, write_upp
from app.pki.seal import seal_xml
from tests.authority import NOW, shared_authority

SCHEMA = etree.XMLSchema(
    etree.parse(Path(__file__).parents[2] / "docs" / "schemas" / "upo-2008-05-09.reconstructed.xsd")
)
OFFICE = ReceiptParty("Urząd Miasta Częstochowy", "000000000", "REGON")
SENDER = ReceiptParty("Jan Przykładowy", "jan.przykladowy", "skrzynka kontaktowa")
AT = dt.datetime(2026, 3, 2, 9, 15, 30, 123000, tzinfo=dt.UTC)
PACKAGE = hashlib.sha256(b"package").hexdigest()
MEMBERS = (
    Digest("wniosek.xml", hashlib.sha256(b"1").hexdigest()),
    Digest("01-dowód własności.pdf", hashlib.sha256(b"2").hexdigest()),
)
UPP = Upp(
    number="SEKAP-UPP-2026-000123",
    office=OFFICE,
    sender=SENDER,
    delivered_at=AT,
    created_at=AT + dt.timedelta(seconds=1),
    document="EPACZKA-2026-000456",
    package_sha256=PACKAGE,
    members=MEMBERS,
    more=(("Data z formularza", "2026-03-01"),),
)
UPD = Upd(
    number="SEKAP-UPD-2026-000077",
    office=OFFICE,
    addressee=SENDER,
    received_at=AT,
    created_at=AT,
    case_sign="KM.5410.123.2026",
    document="KM.5410.123.2026.AB/1",
    package_sha256=PACKAGE,
    members=MEMBERS,
)


def write(receipt: Receipt) -> bytes:
    return write_upp(receipt) if isinstance(receipt, Upp) else write_upd(receipt)


VARIANTS = [
    UPP,
    UPD,
    replace(UPP, delivered_at=None, document="", members=(), package_sha256="", more=()),
    replace(UPP, sender=ReceiptParty("Ktoś <b>&\u0105")),
    replace(UPD, received_at=None, case_sign="", package_sha256="", members=()),
    replace(UPP, package_sha256=""),
]


@pytest.mark.parametrize("receipt", VARIANTS)
def test_a_receipt_follows_the_schema_and_reads_back_the_same(receipt: Receipt) -> None:
    xml = write(receipt)

    SCHEMA.assertValid(etree.fromstring(xml))
    assert read_receipt(xml) == receipt


@pytest.mark.parametrize("receipt", [UPP, UPD])
def test_a_sealed_receipt_follows_the_schema_and_says_the_same(receipt: Receipt) -> None:
    sealed = seal_xml(write(receipt), shared_authority().seal(), NOW, signature_id="S-1")

    SCHEMA.assertValid(etree.fromstring(sealed))
    assert read_receipt(sealed) == receipt


def test_xmlsec1_verifies_a_sealed_receipt(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(shared_authority().root_pem())
    (tmp_path / "upo.xml").write_bytes(seal_xml(write_upp(UPP), shared_authority().seal(), NOW, signature_id="S-1"))
    id_attribute = "--id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", *id_attribute.split(), "upo.xml"]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_moments_are_written_in_office_time_with_their_offset() -> None:
    summer = replace(UPP, delivered_at=dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC))

    assert b"<pos:DataDoreczenia>2026-03-02T10:15:30.123+01:00</pos:DataDoreczenia>" in write_upp(UPP)
    assert b"<pos:DataDoreczenia>2026-07-02T00:30:00.000+02:00</pos:DataDoreczenia>" in write_upp(summer)


def test_digests_stand_beside_the_names_as_national_systems_write_them() -> None:
    information = {
        element.get("TypInformacjiUzupelniajacej"): element.text
        for element in etree.fromstring(write_upp(UPP)).iter("{*}InformacjaUzupelniajaca")
    }

    assert information == {
        "Algorytm sumy kontrolnej": "SHA-256",
        "Suma kontrolna paczki": base64.b64encode(bytes.fromhex(PACKAGE)).decode(),
        "Nazwa załącznika 0": "wniosek.xml",
        "Suma kontrolna 0": "a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=",
        "Nazwa załącznika 1": "01-dowód własności.pdf",
        "Suma kontrolna 1": "1HNeOiZeFu7gP1lxi5tdAwGcB9i2xR+Q2jpmbuwTqzU=",
        "Data z formularza": "2026-03-01",
    }


def test_a_receipt_of_delivery_names_the_digest_of_a_letter_and_one_from_before_is_still_understood() -> None:
    xml = write_upd(UPD)
    before = xml.replace(b"Suma kontrolna pisma", b"Suma kontrolna paczki")

    assert b"Suma kontrolna paczki" not in xml
    assert xml != before
    assert read_receipt(xml) == read_receipt(before) == UPD


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert write_upp(UPP) == write_upp(UPP)
    assert write_upd(UPD) == write_upd(UPD)


def test_a_comment_put_into_a_text_cannot_cut_it_short() -> None:
    xml = write_upp(UPP).replace(b"Jan Przyk", b"Jan<!-- x --> Przyk<?y?>")

    receipt = read_receipt(xml)

    assert isinstance(receipt, Upp)
    assert receipt.sender == SENDER


def test_a_receipt_of_another_office_without_digests_is_read_too() -> None:
    foreign = write_upp(UPP).replace(b"SHA-256", b"SHA-1")

    receipt = read_receipt(foreign)

    assert receipt.package_sha256 == ""
    assert receipt.members == ()
    assert ("Algorytm sumy kontrolnej", "SHA-1") in receipt.more
    assert ("Nazwa załącznika 0", "wniosek.xml") in receipt.more


def test_the_other_spelling_of_the_creation_moment_in_an_upd_is_understood() -> None:
    assert read_receipt(write_upd(UPD).replace(b"DataUtworzenia", b"DataWytworzenia")) == UPD


def test_a_moment_without_an_offset_is_office_time() -> None:
    receipt = read_receipt(write_upp(UPP).replace(b".123+01:00", b""))

    assert isinstance(receipt, Upp)
    assert receipt.delivered_at == AT.replace(microsecond=0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<pos:Adresat>", "stray text<pos:Adresat>"),
        ("<pos:Adresat>", "<pos:Adresat><pos:Nazwa>Drugi</pos:Nazwa></pos:Adresat><pos:Adresat>"),
        ("<pos:Nazwa>Jan Przykładowy</pos:Nazwa>", ""),
        ("<pos:Nazwa>Jan Przykładowy</pos:Nazwa>", "<pos:Nazwa>Jan <b/>Przykładowy</pos:Nazwa>"),
        ("<pos:Nazwa>Jan Przykładowy</pos:Nazwa>", "<pos:Nazwa> </pos:Nazwa>"),
        ("2026-03-02T10:15:30.123+01:00", "2026-02-30T10:15:30.123+01:00"),
        ("2026-03-02T10:15:30.123+01:00", "wczoraj"),
        ("2026-03-02T10:15:30.123+01:00", ""),
        (' TypInformacjiUzupelniajacej="Suma kontrolna 1"', ""),
        ("a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=", "a4ayc"),
        ("</pos:UPP>", "<pos:Obce/></pos:UPP>"),
        ("</pos:UPP>", "</pos:UPP><pos:UPP/>"),
        ("pos:UPP>", "pos:UPO>"),
    ],
)
def test_a_receipt_that_breaks_the_structure_is_not_read(old: str, new: str) -> None:
    xml = write_upp(UPP).decode()
    assert old in xml

    with pytest.raises(Unreadable) as refusal:
        read_receipt(xml.replace(old, new).encode())

    assert refusal.value.code == "receipt-invalid"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<Dokument/>", "receipt-foreign"),
        (b'<!DOCTYPE x><pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"/>', "doctype"),
        (b'<pos:Dokument xmlns:pos="http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"/>', "receipt-invalid"),
        (b"PK\x03\x04", "xml-malformed"),
        (b"", "xml-malformed"),
    ],
)
def test_what_is_no_receipt_is_told_apart(xml: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_receipt(xml)

    assert refusal.value.code == code


def test_letters_that_xml_cannot_hold_do_not_stop_a_receipt() -> None:
    receipt = read_receipt(write_upp(replace(UPP, sender=ReceiptParty("Jan\x00\x1b Nowak"))))

    assert isinstance(receipt, Upp)
    assert receipt.sender.name == "Jan\ufffd\ufffd Nowak"


@pytest.mark.parametrize("sha256", ["abcd", "z" * 64, "ab" * 20])
def test_a_receipt_never_carries_a_digest_that_is_none(sha256: str) -> None:
    with pytest.raises(ValueError, match="hex"):
        write_upp(replace(UPP, package_sha256=sha256))


def test_a_receipt_needs_aware_moments_and_named_parties() -> None:
    with pytest.raises(ValueError, match="aware"):
        write_upp(replace(UPP, created_at=AT.replace(tzinfo=None)))
    with pytest.raises(ValueError, match="name"):
        write_upp(replace(UPP, sender=ReceiptParty(" ")))


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: text == text.strip())
MOMENTS = st.integers(630_000_000_000, 4_100_000_000_000).map(
    lambda milliseconds: dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=milliseconds)
)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@settings(max_examples=60)
@given(number=TEXT, name=TEXT, at=MOMENTS, members=st.lists(st.builds(Digest, TEXT, DIGESTS), max_size=12))
def test_whatever_is_written_is_read_back(number: str, name: str, at: dt.datetime, members: list[Digest]) -> None:
    receipt = replace(
        UPP, number=number, sender=ReceiptParty(name, name), delivered_at=at, members=tuple(members), more=()
    )

    assert read_receipt(write_upp(receipt)) == receipt
