"""Can everybody read, keep and check what the office signs, and send things back with its sheet on top?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.domain.procedures.editions import EDITIONS
from app.letters.codes import code128_svg, code_pictures
from app.letters.kinds import LETTER_KINDS
from app.letters.official import CoverSheet, OfficialLetter, Signer, print_letter
from app.letters.receipt import Office
from app.letters.texts import Composed, compose, default_text, parse_text, sample_fields
from tests.letters.reading import (
    alternatives_of,
    assert_kept_and_read_aloud,
    codes_of,
    in_a_line,
    pages_of,
    tags_of,
    text_of,
)

AT = dt.datetime(2026, 3, 2, 9, 15, 30, tzinfo=dt.UTC)
OFFICE = Office("Urząd Miasta Częstochowy", "Wydział Komunikacji", ("ul. Waszyngtona 5", "42-217 Częstochowa"))
SIGN = "KM.5410.128.2026"
CHECK = "https://okienko.test.invalid/sprawdz/pismo/abcd"
COVER = CoverSheet(SIGN, (OFFICE.name, *OFFICE.address), ("dowód rejestracyjny – oryginał", "tablice – 2 sztuki"))
DRAFT = "PROJEKT – pismo nie zostało wysłane"


def composed(kind: str, edition: str = "sekap", **fields: object) -> Composed:
    return compose(parse_text(kind, default_text(kind, edition)), {**sample_fields(kind), **fields})


def letter(text: Composed, **changes: object) -> OfficialLetter:
    whole = OfficialLetter(
        office=OFFICE,
        place="Częstochowa",
        day=dt.date(2026, 3, 2),
        sign=SIGN,
        number=f"{SIGN}/3",
        addressee=("Żaneta Gżegżółka", "ul. Łąkowa 7 m. 3", "42-200 Częstochowa"),
        text=text,
        signer=Signer("Ścibor Źrebiec", "inspektor"),
    )
    return replace(whole, **changes)


SUMMONS = letter(
    composed("originals_summons"),
    attachments=("kopia wniosku",),
    recipients=("adresat", "a/a"),
    electronic_note="Pismo podpisano kwalifikowanym podpisem elektronicznym.",
    check_address=CHECK,
    cover=COVER,
)
PRINTED = print_letter(SUMMONS, AT)


@pytest.mark.parametrize("kind", LETTER_KINDS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_kind_prints_in_every_edition(kind, edition):
    text = composed(kind, edition)
    decision = LETTER_KINDS[kind].is_decision

    pdf = print_letter(letter(text, part_b=decision), AT)

    words = in_a_line(text_of(pdf))
    assert_kept_and_read_aloud(pdf, text.title)
    for phrase in (OFFICE.name, SIGN, f"{SIGN}/3", "Częstochowa, 2 marca 2026 r.", "z up. Prezydenta Miasta"):
        assert phrase in words
    assert "Ścibor Źrebiec" in words
    assert "Żaneta Gżegżółka" in words
    assert ("Część B – potwierdzenie odbioru przez właściciela" in words) is decision
    assert DRAFT not in words


def test_a_screen_reader_finds_title_headings_and_lists():
    tags = tags_of(PRINTED)

    assert tags.count("/Title") == 1
    assert tags.count("/H1") >= 6
    assert tags.count("/L") >= 4
    assert tags.index("/Title") < tags.index("/H1")


def test_the_letter_names_attachments_recipients_signature_and_where_to_check():
    words = in_a_line(text_of(PRINTED))

    for phrase in ("Załączniki: 1. kopia wniosku", "Otrzymują:", "2. a/a", SUMMONS.electronic_note, CHECK):
        assert phrase in words


def test_a_telephone_reads_the_code_by_which_the_letter_is_checked():
    found = set.union(*(codes_of(PRINTED, page) for page in range(pages_of(PRINTED))))

    assert ("QRCode", CHECK) in found


def test_the_sheet_for_the_envelope_is_the_last_page_and_a_reader_opens_the_case_by_it():
    last = pages_of(PRINTED) - 1

    assert codes_of(PRINTED, last) == {("QRCode", SIGN), ("Code128", SIGN)}
    words = in_a_line(text_of(PRINTED)).rpartition("Karta do przesyłki")[2]
    for phrase in (OFFICE.name, "42-217 Częstochowa", "tablice – 2 sztuki", "dowód rejestracyjny – oryginał"):
        assert phrase in words
    assert {f"Kod QR: {SIGN}", f"Kod kreskowy Code 128: {SIGN}"} <= set(alternatives_of(PRINTED))


def test_a_draft_says_on_each_page_that_it_was_not_sent():
    pdf = print_letter(replace(SUMMONS, draft=True), AT)

    assert in_a_line(text_of(pdf)).count(DRAFT) == pages_of(pdf) + 1  # the banner, and each foot


def test_part_b_lists_what_the_owner_receives():
    pdf = print_letter(letter(composed("registration_decision"), part_b=True, part_b_items=("dowód DR/BAA 1",)), AT)

    words = in_a_line(text_of(pdf))
    assert f"Potwierdzam odbiór decyzji w sprawie {SIGN} oraz: 1. dowód DR/BAA 1" in words
    assert "data odbioru" in words
    assert "czytelny podpis właściciela" in words


HOSTILE = '#read("/etc/passwd") $x^2$ *b* _i_ @ref <l> `raw` \\ // /* */ = {case_sign} "cytat" -- ~'


def test_what_people_write_is_printed_as_it_stands_and_runs_nothing():
    text = composed(
        "refusal_decision",
        party=HOSTILE,
        factual_reasons=f"{HOSTILE}\n\n= {HOSTILE}\n\n- {HOSTILE}",
        salutation=HOSTILE,
    )

    pdf = print_letter(letter(text, addressee=(HOSTILE,), attachments=(HOSTILE,), electronic_note=HOSTILE), AT)

    words = in_a_line(text_of(pdf))
    assert words.count(HOSTILE) == 7
    assert "root:" not in words


def test_strange_glyphs_and_endless_words_stop_no_letter():
    strange = "汉字 😀 \u202e скан"
    text = composed("answer", answer=f"{strange}\n\n{'a' * 5000}", subject=strange)

    pdf = print_letter(letter(text, sign=strange, addressee=(strange,), cover=CoverSheet(strange, (), (strange,))), AT)

    words = text_of(pdf).replace("\n", "")
    assert "\ufffd скан" in words
    assert ("QRCode", strange) in codes_of(pdf, pages_of(pdf) - 1)


def test_a_long_letter_loses_no_demand_on_its_further_pages():
    demands = [(f"dokument numer {number}", "oryginał") for number in range(120)]

    pdf = print_letter(letter(composed("remedy_summons", demands=demands)), AT)

    words = in_a_line(text_of(pdf))
    assert pages_of(pdf) >= 4
    assert all(f"dokument numer {number} – oryginał" in words for number in range(120))


@pytest.mark.parametrize("lines", range(30, 60))
def test_no_signature_stands_on_a_page_without_words_above_it(lines):
    text = composed("answer", answer="\n\n".join(f"Akapit {number}." for number in range(lines)))

    words = in_a_line(text_of(print_letter(letter(text), AT)))

    page_with_signature = next(page for page in words.split("strona ") if "z up. Prezydenta Miasta" in page)
    assert "Dalsze pytania" in page_with_signature


@pytest.mark.parametrize("lines", range(20, 50, 2))
def test_no_heading_stands_at_the_foot_of_a_page_without_its_words(lines):
    source = "Tytuł: a\n\n{answer}\n\n## Dalej\n\nSłowa pod nagłówkiem."
    text = compose(parse_text("answer", source), {"answer": "\n\n".join(["Akapit."] * lines)})

    words = in_a_line(text_of(print_letter(letter(text), AT)))

    assert "Dalej Słowa pod nagłówkiem." in words


def test_the_same_values_give_the_same_bytes():
    assert print_letter(SUMMONS, AT) == PRINTED
    assert print_letter(replace(SUMMONS, number="x"), AT) != PRINTED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sign": ""}, "sign"),
        ({"place": " "}, "place"),
        ({"addressee": ()}, "addressee"),
        ({"signer": Signer("", "inspektor")}, "signer.name"),
        ({"signer": Signer("Ścibor Źrebiec", "")}, "signer.position"),
    ],
)
def test_what_a_letter_lacks_is_named(changes, field):
    with pytest.raises(ValueError, match=field):
        print_letter(replace(SUMMONS, **changes), AT)


def test_a_code_without_letters_is_refused_and_one_that_bars_cannot_say_is_a_qr_code_alone():
    with pytest.raises(ValueError, match="empty"):
        code_pictures("")
    with pytest.raises(ValueError, match="ASCII"):
        code128_svg("Ł")
    assert code_pictures("Ł")["bars"] is None
    assert code_pictures("L")["bars"] == code128_svg("L")
