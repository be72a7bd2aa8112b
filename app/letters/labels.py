"""Labels: of a roll for what lies in the store, and of A4 sheets for envelopes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.letters.codes import code_pictures
from app.letters.receipt import Office
from app.letters.render import render
from app.letters.words import typeset

PER_SHEET: Final = 24
"""Address labels on a sheet of A4: three a row, eight rows, 70 by 37 mm."""
MOST_LINES: Final = 5
"""Lines of an address that a label holds."""


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """A label of an envelope or a thing. `code` is what a reader reads: the case sign, or a sign with a number.

    `numbers` are the numbers of the items inside; `words` say what it is. What does not fit is cut at the edge.
    """

    code: str
    sign: str
    numbers: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class AddressLabel:
    """A label for an envelope: the addressee's lines, and above them, small, the case sign (or empty)."""

    lines: tuple[str, ...]
    sign: str = ""


def print_stored_labels(office: Office, labels: Sequence[StoredLabel], at: dt.datetime) -> bytes:
    """Return the PDF of `labels`, one a page of 62 by 29 mm, made `at` (aware).

    Raises:
        ValueError: there is no label, or one without code or case sign.
    """
    if not labels:
        raise ValueError("there is nothing to label")
    if not all(label.code and label.sign for label in labels):
        raise ValueError("a label needs the fields 'code' and 'sign'")
    data = {
        "office": office.as_data(),
        "title": "Etykiety przechowywanych dokumentów i przedmiotów",
        "labels": [
            {
                "code": code_pictures(label.code),
                "sign": label.sign,
                "numbers": f"poz. {', '.join(label.numbers)}" if label.numbers else None,
                "words": typeset(label.words),
            }
            for label in labels
        ],
    }
    return render("labels", data, at)


def print_address_labels(office: Office, labels: Sequence[AddressLabel], at: dt.datetime, *, skip: int = 0) -> bytes:
    """Return the PDF of address labels, made `at` (aware); the first `skip` places of the first sheet stay empty.

    Raises:
        ValueError: there is no label, one has no line or more than five, or `skip` is not a place of a sheet.
    """
    if not labels:
        raise ValueError("there is nothing to label")
    if not 0 <= skip < PER_SHEET:
        raise ValueError(f"a sheet has {PER_SHEET} labels")
    if not all(1 <= len(label.lines) <= MOST_LINES for label in labels):
        raise ValueError(f"a label has one to {MOST_LINES} lines")
    places = [None] * skip + [{"lines": label.lines, "sign": label.sign or None} for label in labels]
    data = {
        "office": office.as_data(),
        "title": "Etykiety adresowe",
        "sheets": [places[first : first + PER_SHEET] for first in range(0, len(places), PER_SHEET)],
    }
    return render("address_labels", data, at)
