"""The information card of a vehicle: its data, room for corrections, two signatures."""

from __future__ import annotations

import datetime as dt

import pytest

from app.letters.information_card import CardSection, InformationCard, print_card
from app.letters.receipt import Office
from tests.letters.reading import assert_kept_and_read_aloud, in_a_line, pages_of, tags_of, text_of

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
OFFICE = Office("Urząd Miasta Częstochowy", "Wydział Komunikacji", ("ul. Waszyngtona 5", "42-217 Częstochowa"))
CARD = InformationCard(
    OFFICE,
    "KM.5410.128.2026",
    ("Żaneta Gżegżółka", "Łukasz Żółw"),
    (
        CardSection("Pojazd", (("Marka", "Škoda"), ("Rok produkcji", ""), ("Numer VIN", "TMBJJ7NE8L0123456"))),
        CardSection("Oznaczenia i dokumenty", ()),
        CardSection("Właściciel", (("Imię i nazwisko lub nazwa", "Żaneta Gżegżółka"),)),
    ),
)


def test_the_card_says_what_is_known_and_leaves_room_for_the_rest():
    pdf = print_card(CARD, AT)
    words = in_a_line(text_of(pdf))

    assert_kept_and_read_aloud(pdf, "Karta informacyjna pojazdu")
    for phrase in (
        "KM.5410.128.2026", "Marka Škoda", "Rok produkcji –", "TMBJJ7NE8L0123456", "Żaneta Gżegżółka", "Poprawka",
        "potwierdzam ich zgodność", "data i czytelny podpis właściciela (Żaneta Gżegżółka)", "(Łukasz Żółw)",
        "data i podpis pracownika urzędu",
    ):  # fmt: skip
        assert phrase in words
    assert "Oznaczenia i dokumenty" not in words
    assert pages_of(pdf) == 1
    assert tags_of(pdf).count("/Table") == 2
    assert print_card(CARD, AT) == pdf


def test_a_card_that_says_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        print_card(InformationCard(OFFICE, "KM.5410.128.2026", (), (CardSection("Pojazd", ()),)), AT)
