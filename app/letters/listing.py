"""A list of the office on lying paper: what posting book, case card, list of cases and daily report have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.letters.receipt import Office
from app.letters.render import render
from app.letters.words import typeset


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width (0: as wide as its words), and whether it holds amounts."""

    head: str
    share: float = 1
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list. Empty values of `facts` are left out; `empty` is said where there are no rows; `sums` stand below."""

    office: Office
    title: str
    foot: str
    facts: Mapping[str, str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    empty: str
    sums: Sequence[tuple[str, str]] = ()
    sums_heading: str = "Podsumowanie"
    signatures: Sequence[str] = ()


def print_listing(listing: Listing, at: dt.datetime) -> bytes:
    """Return the PDF of `listing`, made `at` (aware).

    Raises:
        ValueError: a row has not as many cells as there are columns.
    """
    if any(len(row) != len(listing.columns) for row in listing.rows):
        raise ValueError("a row has not as many cells as there are columns")
    data = {
        "office": listing.office.as_data(),
        "title": listing.title,
        "foot": listing.foot,
        "facts": [[label, typeset(value)] for label, value in listing.facts.items() if value],
        "columns": [column.share for column in listing.columns],
        "head": [column.head for column in listing.columns],
        "right": [place for place, column in enumerate(listing.columns) if column.right],
        "rows": [[typeset(cell) for cell in row] for row in listing.rows],
        "empty": listing.empty,
        "sums": [list(row) for row in listing.sums],
        "sums_heading": listing.sums_heading,
        "signatures": list(listing.signatures),
    }
    return render("register", data, at)
