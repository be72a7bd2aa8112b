"""Can everybody read, keep and check the printouts: people, screen readers, archives and telephones?"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from app.letters.application import ApplicationPrintout, PrintedAttachment, PrintedSection, print_application
from app.letters.receipt import Office, PrintedMember, PrintedSeal, ReceiptPrintout, print_receipt
from app.letters.render import LetterDataMissing, LetterFailed, qr_svg, render
from tests.letters.reading import alternatives_of, tags_of, text_of

AT = dt.datetime(2026, 3, 2, 9, 15, 30, tzinfo=dt.UTC)
OFFICE = Office("Urząd Miasta Częstochowy", "Wydział Komunikacji", ("ul. Waszyngtona 5", "42-217 Częstochowa"))
PANGRAM = "Zażółć gęślą jaźń ZAŻÓŁĆ GĘŚLĄ JAŹŃ"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


RECEIPT = ReceiptPrintout(
    office=OFFICE,
    number="UPP/123/2026",
    sender=PANGRAM,
    delivered_at=AT,
    created_at=AT + dt.timedelta(seconds=1),
    document="EP-2026-000456",
    package_name="wniosek.asice",
    package_sha256=sha256("package"),
    members=(
        PrintedMember("wniosek.xml", 4312, sha256("wniosek.xml")),
        PrintedMember("01-dowód własności.pdf", 1_433_222, sha256("01")),
    ),
    seal=PrintedSeal("Urząd Miasta Częstochowy", "CC SEKAP", "72398472398472", AT),
    check_address="https://okienko.test.invalid/sprawdz",
)
APPLICATION = ApplicationPrintout(
    office=OFFICE,
    title="Wniosek o rejestrację pojazdu",
    subtitle="Złożony elektronicznie 2 marca 2026 r.",
    reference="KM.5410.123.2026",
    sections=(
        PrintedSection("Pojazd", (("Marka i model", "Škoda Octavia"), ("Numer VIN", "TMBJJ7NE8L0123456"))),
        PrintedSection("Właściciel", (("Imię i nazwisko", PANGRAM),)),
    ),
    attachments=(PrintedAttachment("Dowód własności", "01-dowód.pdf"),),
)
PRINTOUTS = [print_receipt(RECEIPT), print_application(APPLICATION, AT)]


@pytest.mark.parametrize("printout", PRINTOUTS)
def test_a_printout_declares_both_the_archive_and_the_accessibility_standard(printout: bytes) -> None:
    with pikepdf.open(io.BytesIO(printout)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "pl-PL"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_titles_and_author_stand_in_the_file() -> None:
    for printout, title in zip(PRINTOUTS, ("Urzędowe poświadczenie odbioru", APPLICATION.title), strict=True):
        with pikepdf.open(io.BytesIO(printout)) as pdf, pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == title
            assert metadata["dc:creator"] == [OFFICE.name]


@pytest.mark.parametrize("printout", PRINTOUTS)
def test_a_screen_reader_finds_title_headings_and_heads_of_tables(printout: bytes) -> None:
    tags = tags_of(printout)

    assert tags.count("/Title") == 1
    assert tags.count("/H1") >= 2
    assert tags.count("/Table") == 1
    assert tags.count("/TH") == 3
    assert tags.index("/TH") < tags.index("/TD")


def test_the_qr_code_has_a_description() -> None:
    assert any(RECEIPT.check_address in alternative for alternative in alternatives_of(PRINTOUTS[0]))


def test_the_receipt_says_all_that_the_law_asks_for() -> None:
    text = text_of(PRINTOUTS[0])

    for words in (
        OFFICE.name,
        RECEIPT.number,
        PANGRAM,
        "2 marca 2026 r., godz. 10:15:30",
        "2 marca 2026 r., godz. 10:15:31",
        RECEIPT.package_sha256,
        "01-dowód własności.pdf",
        "1,4 MB",
        sha256("01"),
        "72398472398472",
        RECEIPT.check_address,
        "strona 1 z 1",
    ):
        assert words in text


def test_the_application_shows_every_section_row_and_attachment() -> None:
    text = text_of(PRINTOUTS[1])

    for words in ("Wniosek o rejestrację pojazdu", "Škoda Octavia", "TMBJJ7NE8L0123456", PANGRAM, "01-dowód.pdf"):
        assert words in text


def test_a_telephone_reads_the_qr_code_of_a_printed_page() -> None:
    document = pypdfium2.PdfDocument(PRINTOUTS[0])
    page = document[0].render(scale=150 / 72).to_pil()
    document.close()

    codes = zxingcpp.read_barcodes(page)

    assert [code.text for code in codes] == [RECEIPT.check_address]


def test_the_same_values_give_the_same_bytes() -> None:
    assert print_receipt(RECEIPT) == PRINTOUTS[0]
    assert print_application(APPLICATION, AT) == PRINTOUTS[1]
    assert print_receipt(replace(RECEIPT, number="UPP/124/2026")) != PRINTOUTS[0]


def test_only_our_own_fonts_are_used() -> None:
    for printout in PRINTOUTS:
        with pikepdf.open(io.BytesIO(printout)) as pdf:
            names = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
        assert names
        assert all("IBMPlex" in name for name in names)


def test_letters_without_a_glyph_and_names_without_a_space_do_not_stop_a_receipt() -> None:
    names = [
        "скан 😀 汉字 \u202e fdp.pdf",
        "a" * 240 + ".pdf",
        "tab\tnew\nline\x00.txt",
        "#let x = panic() $a$ *b* @c <d>",
    ]

    pdf = print_receipt(replace(RECEIPT, members=tuple(PrintedMember(name, 1, sha256(name)) for name in names)))

    text = text_of(pdf)
    assert "скан \ufffd" in text
    assert "a" * 240 in text.replace("\n", "")
    assert "panic() $a$ *b* @c <d>" in text.replace("\n", " ")


def test_a_receipt_of_two_hundred_members_goes_on_to_further_pages_with_the_head_repeated() -> None:
    members = tuple(PrintedMember(f"{number:03}-załącznik.pdf", number, sha256(str(number))) for number in range(200))

    text = text_of(print_receipt(replace(RECEIPT, members=members)))

    pages = text.count("strona ")
    assert pages > 3
    assert text.count("Skrót (SHA-256)") >= pages - 1
    assert all(member.sha256 in text for member in members)


def test_a_field_that_the_template_needs_and_the_data_lacks_is_named() -> None:
    with pytest.raises(LetterDataMissing) as complaint:
        render("application", {"office": OFFICE.as_data(), "title": "x"}, AT)

    assert complaint.value.field in {"reference", "subtitle", "sections"}


@pytest.mark.parametrize("template", ["nothing", "../render", "common.typ", ""])
def test_a_letter_that_does_not_exist_is_refused(template: str) -> None:
    with pytest.raises(LetterFailed):
        render(template, {}, AT)


def test_a_letter_needs_an_aware_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        render("receipt", {}, AT.replace(tzinfo=None))


def test_the_qr_picture_is_the_same_each_time() -> None:
    assert qr_svg("https://a.invalid/") == qr_svg.__wrapped__("https://a.invalid/")
