"""The information card of a vehicle (karta informacyjna pojazdu), which its owner checks and signs (CZYNN)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.letters.receipt import Office
from app.letters.render import render
from app.letters.words import moment_in_words, typeset

EMPTY = "–"
"""Stands where the office knows nothing, so that the owner can write it in."""


@dataclass(frozen=True, slots=True)
class CardSection:
    """A part of the card: its heading, and rows of label and value; an empty value leaves room."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InformationCard:
    """The card of the vehicle of the case `sign`."""

    office: Office
    sign: str
    owners: tuple[str, ...]
    """Who signs."""
    sections: tuple[CardSection, ...]


def print_card(card: InformationCard, at: dt.datetime) -> bytes:
    """Return the PDF of the card, made `at` (aware).

    Raises:
        ValueError: a card that says nothing.
    """
    if not any(section.rows for section in card.sections):
        raise ValueError("the card says nothing")
    data = {
        "office": card.office.as_data(),
        "title": "Karta informacyjna pojazdu",
        "sign": card.sign,
        "facts": [["Znak sprawy", card.sign], ["Stan na", moment_in_words(at)]],
        "sections": [
            {"heading": section.heading, "rows": [[label, typeset(value) or EMPTY] for label, value in section.rows]}
            for section in card.sections
            if section.rows
        ],
        "owners": list(card.owners),
        "after": [
            typeset("Sprawdziłem(-am) dane wpisane w tej karcie i potwierdzam ich zgodność ze stanem faktycznym, "
                    "z poprawkami, które wpisałem(-am) wyżej.")
        ],
    }  # fmt: skip
    return render("information_card", data, at)
