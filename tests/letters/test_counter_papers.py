"""Protocols, labels and lists: do they say who, what and when, and do their codes open the case?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest

from app.letters.case_card import (
    CardEntry,
    CaseCard,
    CaseList,
    DailyReport,
    ListedCase,
    ReportedChange,
    print_case_card,
    print_case_list,
    print_daily_report,
)
from app.letters.labels import AddressLabel, StoredLabel, print_address_labels, print_stored_labels
from app.letters.posting_book import Posted, PostingBook, print_posting_book
from app.letters.protocol import (
    BroughtIn,
    Clerk,
    Destruction,
    Handover,
    Person,
    Thing,
    ToMaker,
    print_brought_in,
    print_destruction,
    print_handover,
    print_to_maker,
)
from app.letters.receipt import Office
from tests.letters.reading import assert_kept_and_read_aloud, codes_of, in_a_line, pages_of, tags_of, text_of

AT = dt.datetime(2026, 3, 2, 9, 15, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 2)
OFFICE = Office("Urząd Miasta Częstochowy", "Wydział Komunikacji", ("ul. Waszyngtona 5", "42-217 Częstochowa"))
SIGN = "KM.5410.128.2026"
CLERK = Clerk("Ścibor Źrebiec", "inspektor")
OWNER = Person("Żaneta Gżegżółka", "właścicielka", "dowód osobisty", "123")
THINGS = (Thing("pozwolenie czasowe", "AB 1234567"), Thing("tablice rejestracyjne", "SC 12345, 2 sztuki"))
HOSTILE = '#read("/etc/passwd") $x$ *b* @ref'

HANDOVER = Handover(
    office=OFFICE,
    place="Częstochowa",
    moment=AT,
    sign=SIGN,
    number="P/12/2026",
    vehicle="Škoda Octavia, SC 12345",
    receiver=OWNER,
    things=THINGS,
    clerk=CLERK,
)
BROUGHT = BroughtIn(
    office=OFFICE,
    place="Częstochowa",
    moment=AT,
    sign=SIGN,
    number="K/7/2026",
    vehicle="Škoda Octavia",
    bringer=OWNER.name,
    things=THINGS,
    clerk=CLERK,
)
DESTRUCTION = Destruction(
    office=OFFICE,
    place="Częstochowa, magazyn",
    day=DAY,
    number="Z/1/2026",
    manner="przecięcie",
    plates=(Thing("SC 12345, 2 sztuki", SIGN),),
    committee=(CLERK, Clerk("Łucja Żądło", "referent"), Clerk("Ćmil Óst", "kierownik")),
)
TO_MAKER = ToMaker(
    office=OFFICE,
    place="Częstochowa",
    day=DAY,
    number="RPO/9/2026",
    maker="Tablice Żółw sp. z o.o.",
    person="Zenon Kurierski",
    pieces=3,
    plates=(Thing("SC 12345", f"2 szt., {SIGN}"), Thing("SC 54321", f"1 szt., {SIGN}")),
    clerk=CLERK,
)
PARCELS = (
    Posted(
        "Żaneta Gżegżółka", "ul. Łąkowa 7, 42-200 Częstochowa", SIGN, "polecona ZPO", "RR473124829PL", "", Decimal(9)
    ),
    Posted("Óscar Łoś", "Kłobuck", "KM.5410.7.2026", "zwykła", cost=Decimal("1234.5")),
    Posted(HOSTILE, "Kłobuck", SIGN, "polecona ZPO"),
)
BOOK = PostingBook(OFFICE, DAY, "Poczta Polska S.A.", PARCELS)
CARD = CaseCard(OFFICE, SIGN, "Rejestracja pojazdu", DAY, (CardEntry(AT, CLERK.name, "inspektor", HOSTILE, "EP-1"),))
CASES = CaseList(
    OFFICE,
    "KM",
    "5410",
    "Rejestracja pojazdów",
    2026,
    DAY,
    (
        ListedCase(127, "Rejestracja Fiata", "Óscar Łoś", "A/1", DAY, DAY, None, CLERK.name),
        ListedCase(128, "Rejestracja Škody", OWNER.name, "", None, DAY, DAY, CLERK.name, "decyzja"),
    ),
)
REPORT = DailyReport(OFFICE, DAY, (ReportedChange(AT, CLERK.name, "szrebiec", "zmiana stanu", SIGN, HOSTILE),))
LABELS = (
    StoredLabel(f"{SIGN}/2", SIGN, ("1", "2", "5"), "dowód rejestracyjny, umowa"),
    StoredLabel(
        "KM-WIELKA.5410.99128.2026/12", "KM-WIELKA.5410.99128.2026", tuple("12345678"), f"{HOSTILE} {'ż' * 400}"
    ),
)
ADDRESSES = (AddressLabel((OWNER.name, "ul. Łąkowa 7", "42-200 Częstochowa"), SIGN), AddressLabel((HOSTILE,)))

PAPERS = {
    "Protokół wydania": print_handover(HANDOVER, AT),
    "Pokwitowanie przyjęcia": print_brought_in(BROUGHT, AT),
    "Protokół zniszczenia tablic rejestracyjnych": print_destruction(DESTRUCTION, AT),
    "Protokół przekazania zużytych tablic rejestracyjnych producentowi": print_to_maker(TO_MAKER, AT),
    "Pocztowa książka nadawcza": print_posting_book(BOOK, AT),
    "Metryka sprawy": print_case_card(CARD, AT),
    "Spis spraw": print_case_list(CASES, AT),
    "Raport dzienny": print_daily_report(REPORT, AT),
    "Etykiety przechowywanych dokumentów i przedmiotów": print_stored_labels(OFFICE, LABELS, AT),
    "Etykiety adresowe": print_address_labels(OFFICE, ADDRESSES, AT, skip=3),
}
SAID = {
    "Protokół wydania": (
        *("P/12/2026", SIGN, "2 marca 2026 r., godz. 10:15:30", "Żaneta Gżegżółka", "właścicielka"),
        *("dowód osobisty, trzy ostatnie znaki numeru: 123", "SC 12345, 2 sztuki", "podpis wydającego"),
        "czytelny podpis odbierającego",
    ),
    "Pokwitowanie przyjęcia": ("K/7/2026", "Ścibor Źrebiec, inspektor", "pozwolenie czasowe", "podpis przyjmującego"),
    "Protokół zniszczenia tablic rejestracyjnych": ("Łucja Żądło", "Ćmil Óst, kierownik", "przecięcie", SIGN),
    "Protokół przekazania zużytych tablic rejestracyjnych producentowi": (
        *("RPO/9/2026", "2 marca 2026 r.", "Tablice Żółw sp. z o.o.", "Zenon Kurierski", "Liczba tablic 3"),
        *(f"SC 12345 2 szt., {SIGN}", f"SC 54321 1 szt., {SIGN}", "czytelny podpis przejmującego"),
    ),
    "Pocztowa książka nadawcza": (
        *("RR473124829PL", "1 234,50 zł", "Razem opłaty 1 243,50 zł", "polecona ZPO 2", "Razem przesyłek 3"),
        *(HOSTILE, "podpis nadającego"),
    ),
    "Metryka sprawy": (SIGN, "02.03.2026 10:15", "Ścibor Źrebiec", HOSTILE, "EP-1"),
    "Spis spraw": ("Rejestracja pojazdów", "5410", "Óscar Łoś", "A/1", "W tym niezakończonych 1"),
    "Raport dzienny": ("szrebiec", "10:15:30", "Ścibor Źrebiec (szrebiec) 1", HOSTILE),
    "Etykiety przechowywanych dokumentów i przedmiotów": (SIGN, "poz. 1, 2, 5", "umowa", HOSTILE),
    "Etykiety adresowe": ("Żaneta Gżegżółka", SIGN, HOSTILE),
}


@pytest.mark.parametrize("title", PAPERS)
def test_a_paper_is_kept_read_aloud_and_says_what_it_must(title):
    words = in_a_line(text_of(PAPERS[title]))

    assert_kept_and_read_aloud(PAPERS[title], title)
    assert [phrase for phrase in SAID[title] if phrase not in words] == []


@pytest.mark.parametrize("title", list(PAPERS)[:7])
def test_a_screen_reader_finds_the_heads_of_the_table(title):
    tags = tags_of(PAPERS[title])

    assert tags.count("/Title") == 1
    assert tags.count("/Table") == 1
    assert tags.index("/TH") < tags.index("/TD")


def test_the_same_values_give_the_same_bytes():
    assert print_handover(HANDOVER, AT) == PAPERS["Protokół wydania"]
    assert print_stored_labels(OFFICE, LABELS, AT) == PAPERS["Etykiety przechowywanych dokumentów i przedmiotów"]


def test_a_reader_reads_both_codes_of_a_label_of_a_roll_printer():
    pdf = PAPERS["Etykiety przechowywanych dokumentów i przedmiotów"]

    assert pages_of(pdf) == len(LABELS)
    for page, (label, dpi) in enumerate(zip(LABELS, (203, 300), strict=True)):  # a long code asks for a finer printer
        assert codes_of(pdf, page, dpi=dpi) == {("QRCode", label.code), ("Code128", label.code)}


def test_a_label_is_as_large_as_the_roll_and_a_sheet_as_the_paper():
    sizes = []
    for title in ("Etykiety przechowywanych dokumentów i przedmiotów", "Etykiety adresowe"):
        document = pypdfium2.PdfDocument(PAPERS[title])
        sizes.append(tuple(round(points / 72 * 25.4) for points in document[0].get_size()))
        document.close()

    assert sizes == [(62, 29), (210, 297)]


@pytest.mark.parametrize(("count", "skip", "pages"), [(1, 0, 1), (24, 0, 1), (25, 0, 2), (24, 1, 2), (2, 23, 2)])
def test_address_labels_fill_sheets_of_twenty_four(count, skip, pages):
    assert pages_of(print_address_labels(OFFICE, ADDRESSES[:1] * count, AT, skip=skip)) == pages


def test_labels_without_a_place_or_a_code_are_refused():
    with pytest.raises(ValueError, match="nothing"):
        print_stored_labels(OFFICE, (), AT)
    with pytest.raises(ValueError, match="code"):
        print_stored_labels(OFFICE, (replace(LABELS[0], code=""),), AT)
    with pytest.raises(ValueError, match="nothing"):
        print_address_labels(OFFICE, (), AT)
    with pytest.raises(ValueError, match="24"):
        print_address_labels(OFFICE, ADDRESSES, AT, skip=24)
    with pytest.raises(ValueError, match="lines"):
        print_address_labels(OFFICE, (AddressLabel(("a",) * 6),), AT)


def test_no_more_of_an_identity_document_than_its_last_three_characters_is_written_down():
    with pytest.raises(ValueError, match="three"):
        Person("Żaneta Gżegżółka", "właścicielka", "dowód osobisty", "ABC123456")


@pytest.mark.parametrize(
    ("paper", "changes", "field"),
    [
        (HANDOVER, {"sign": ""}, "Znak sprawy"),
        (HANDOVER, {"things": ()}, "Co wydano"),
        (HANDOVER, {"receiver": replace(OWNER, identity_document="")}, "Okazany dokument"),
        (BROUGHT, {"bringer": " "}, "Od kogo"),
        (DESTRUCTION, {"committee": ()}, "Komisja"),
        (DESTRUCTION, {"plates": ()}, "Zniszczone tablice"),
        (TO_MAKER, {"maker": " "}, "Producent tablic"),
        (TO_MAKER, {"plates": ()}, "Przekazane tablice"),
    ],
)
def test_what_a_protocol_lacks_is_named(paper, changes, field):
    printer = {
        Handover: print_handover,
        BroughtIn: print_brought_in,
        Destruction: print_destruction,
        ToMaker: print_to_maker,
    }[type(paper)]

    with pytest.raises(ValueError, match=field):
        printer(replace(paper, **changes), AT)


def test_a_parcel_without_addressee_and_a_change_without_person_are_refused():
    with pytest.raises(ValueError, match="addressee"):
        print_posting_book(replace(BOOK, parcels=(replace(PARCELS[0], addressee=""),)), AT)
    with pytest.raises(ValueError, match="person_id"):
        print_daily_report(replace(REPORT, changes=(replace(REPORT.changes[0], person_id=""),)), AT)


def test_a_day_without_parcels_and_a_list_without_cases_say_so():
    assert "nie nadano przesyłek" in text_of(print_posting_book(replace(BOOK, parcels=()), AT))
    assert "nie wszczęto spraw" in text_of(print_case_list(replace(CASES, cases=()), AT))
    assert "Opłata" not in text_of(print_posting_book(replace(BOOK, parcels=PARCELS[2:]), AT))


def test_a_long_list_repeats_its_head_on_each_page():
    pdf = print_posting_book(replace(BOOK, parcels=PARCELS[:2] * 60), AT)

    assert pages_of(pdf) > 3
    assert text_of(pdf).count("Numer nadawczy") >= pages_of(pdf) - 1
