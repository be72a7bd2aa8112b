"""The posting book of a day (pocztowa książka nadawcza): what was given to the post, with sums and a place to sign."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from app.letters.listing import Column, Listing, print_listing
from app.letters.receipt import Office
from app.letters.words import amount_in_words, day_in_words


@dataclass(frozen=True, slots=True)
class Posted:
    """A parcel: addressee, address in a line, case sign, kind in words, tracking number (or empty), cost in złotys."""

    addressee: str
    address: str
    sign: str
    kind: str
    tracking: str = ""
    remarks: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PostingBook:
    """The parcels of a `day`, in the order in which they were written down; `carrier` is who takes them."""

    office: Office
    day: dt.date
    carrier: str
    parcels: tuple[Posted, ...]


_COLUMNS = (
    Column("Lp.", 0),
    Column("Adresat", 1.3),
    Column("Adres", 2.2),
    Column("Znak sprawy", 1.1),
    Column("Rodzaj", 1),
    Column("Numer nadawczy", 1.6),
)


def print_posting_book(book: PostingBook, at: dt.datetime) -> bytes:
    """Return the PDF of the posting book, made `at` (aware). The column of costs stands where any cost is known.

    Raises:
        ValueError: a parcel without addressee, address or kind; the message names the field.
    """
    for parcel in book.parcels:
        for field in ("addressee", "address", "kind"):
            if not getattr(parcel, field).strip():
                raise ValueError(f"a parcel needs the field {field!r}")
    costs = [parcel.cost for parcel in book.parcels if parcel.cost is not None]
    columns = (*_COLUMNS, *((Column("Opłata", 0, right=True),) if costs else ()), Column("Uwagi", 0.8))
    kinds = Counter(parcel.kind for parcel in book.parcels)
    sums = [(kind, str(count)) for kind, count in sorted(kinds.items())]
    sums.append(("Razem przesyłek", str(len(book.parcels))))
    if costs:
        sums.append(("Razem opłaty", amount_in_words(sum(costs, Decimal(0)))))
    listing = Listing(
        office=book.office,
        title="Pocztowa książka nadawcza",
        foot=f"Pocztowa książka nadawcza, {book.day:%d.%m.%Y}",
        facts={"Dzień": day_in_words(book.day), "Operator": book.carrier, "Nadawca": _sender(book.office)},
        columns=columns,
        rows=[_row(number, parcel, with_cost=bool(costs)) for number, parcel in enumerate(book.parcels, 1)],
        empty="Tego dnia nie nadano przesyłek.",
        sums=sums if book.parcels else (),
        signatures=("podpis nadającego", "podpis i pieczęć przyjmującego"),
    )
    return print_listing(listing, at)


def _sender(office: Office) -> str:
    return ", ".join(part for part in (office.name, office.unit, *office.address) if part)


def _row(number: int, parcel: Posted, *, with_cost: bool) -> tuple[str, ...]:
    cost = "" if parcel.cost is None else amount_in_words(parcel.cost)
    return (
        *(f"{number}.", parcel.addressee, parcel.address, parcel.sign, parcel.kind, parcel.tracking),
        *((cost,) if with_cost else ()),
        parcel.remarks,
    )
