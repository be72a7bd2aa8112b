"""The certified printout of an electronic document, for the paper file: a sheet that certifies it, then its pages."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass

from app.letters.receipt import Office
from app.letters.render import render
from app.letters.words import moment_in_words, typeset


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The picture of a page (WebP), and its size in pixels."""

    image: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CertifiedPrintout:
    """What was printed: the document in words, its file with the digest, the receipt that lists it, and its pages.

    `received_at` is the moment that the receipt (UPO) `receipt` confirms.
    """

    office: Office
    sign: str
    document: str
    file_name: str
    sha256: str
    package: str
    receipt: str
    received_at: dt.datetime
    name: str
    position: str
    pages: tuple[PrintedPage, ...]


def print_certified(printout: CertifiedPrintout, at: dt.datetime) -> bytes:
    """Return the PDF of the printout, certified `at` (aware).

    Raises:
        ValueError: a document without pages.
    """
    if not printout.pages:
        raise ValueError("a document without pages cannot be printed")
    count = len(printout.pages)
    data = {
        "office": printout.office.as_data(),
        "title": "Uwierzytelniony wydruk dokumentu elektronicznego",
        "foot": printout.sign,
        "facts": [
            ["Znak sprawy", printout.sign],
            ["Dokument", printout.document],
            ["Plik", printout.file_name],
            ["Suma kontrolna pliku (SHA-256)", printout.sha256],
            ["E-paczka", printout.package],
            ["Urzędowe poświadczenie odbioru (UPO)", printout.receipt],
            ["Otrzymano", moment_in_words(printout.received_at)],
            ["Liczba stron dokumentu", str(count)],
            ["Wydrukowano", moment_in_words(at)],
        ],
        "statements": [
            typeset("Stwierdzam zgodność z oryginałem: kolejne strony są wydrukiem dokumentu elektronicznego o podanej "
                    "sumie kontrolnej, którego otrzymanie potwierdza wskazane poświadczenie.")
        ],
        "name": printout.name,
        "role": f"data, podpis i pieczęć; {printout.position}" if printout.position else "data, podpis i pieczęć",
        "pages": [_as_svg(page) for page in printout.pages],
        "alts": [f"Strona {place} z {count}" for place in range(1, count + 1)],
    }  # fmt: skip
    return render("certified_printout", data, at)


def _as_svg(page: PrintedPage) -> str:
    """Data of a template are JSON: bytes go in as text, which costs a tenth of a list of numbers."""
    size = f'width="{page.width}" height="{page.height}"'
    link = f"data:image/webp;base64,{base64.b64encode(page.image).decode()}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{link}"/></svg>'
