"""What is signed at the counter: things given out or brought in, plates destroyed or handed over to their maker.

Law: KPA art. 67 and 68 (what a protocol holds), art. 109 § 1; CZYNN annex 1 § 8; REJ § 2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.letters.receipt import Office
from app.letters.render import render
from app.letters.words import day_in_words, moment_in_words, typeset

LONGEST_IDENTITY_TAIL: Final = 3
"""How many characters of an identity document's number are written down (RODO art. 5 ust. 1 lit. c)."""

_KPA: Final = "ustawy z dnia 14 czerwca 1960 r. – Kodeks postępowania administracyjnego (k.p.a.)"
_PRD: Final = "ustawy z dnia 20 czerwca 1997 r. – Prawo o ruchu drogowym"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that changes hands: what it is, and its number, count or another remark."""

    name: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody of the office who signs."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who receives or brings: the `capacity` (owner, proxy …), the kind of identity document shown, its last letters.

    Raises:
        ValueError: `identity_tail` has more than three letters, which the office has no ground to keep.
    """

    name: str
    capacity: str
    identity_document: str
    identity_tail: str

    def __post_init__(self) -> None:
        """Refuse more of the number than is needed."""
        if len(self.identity_tail) > LONGEST_IDENTITY_TAIL:
            raise ValueError("only the last three characters of an identity document are kept")

    def shown(self) -> str:
        """Return the document as the protocol names it."""
        return f"{self.identity_document}, trzy ostatnie znaki numeru: {self.identity_tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the office gave to whom at the counter, and when (aware). `vehicle` is a line of words."""

    office: Office
    place: str
    moment: dt.datetime
    sign: str
    number: str
    vehicle: str
    receiver: Person
    things: tuple[Thing, ...]
    clerk: Clerk


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """What somebody left with the office, and when (aware). `bringer` is a name, `vehicle` a line of words."""

    office: Office
    place: str
    moment: dt.datetime
    sign: str
    number: str
    vehicle: str
    bringer: str
    things: tuple[Thing, ...]
    clerk: Clerk


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction:
    """Plates that were destroyed: on which day, how, before whom. A plate's remark is its case sign or reason."""

    office: Office
    place: str
    day: dt.date
    number: str
    manner: str
    plates: tuple[Thing, ...]
    committee: tuple[Clerk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMaker:
    """Worn plates that went to `maker`, for whom `person` took them: on which day, how many `pieces` in all.

    A plate's name is its number, its remark how many pieces bear it and the case sign.
    """

    office: Office
    place: str
    day: dt.date
    number: str
    maker: str
    person: str
    pieces: int
    plates: tuple[Thing, ...]
    clerk: Clerk


def print_handover(handover: Handover, at: dt.datetime) -> bytes:
    """Return the PDF of the protocol of a hand-over, made `at` (aware).

    Raises:
        ValueError: a field is empty; the message names it.
    """
    facts = {
        "Znak sprawy": handover.sign,
        "Numer protokołu": handover.number,
        "Miejsce": handover.place,
        "Data i godzina": moment_in_words(handover.moment),
        "Pojazd": handover.vehicle,
        "Wydający": f"{handover.clerk.name}, {handover.clerk.position}",
        "Odbierający": handover.receiver.name,
        "W charakterze": handover.receiver.capacity,
        "Okazany dokument tożsamości": handover.receiver.shown() if handover.receiver.identity_document else "",
    }
    return _print(
        handover.office,
        "Protokół wydania",
        facts,
        handover.things,
        at,
        legal_basis=f"art. 67 § 1 i art. 109 § 1 {_KPA}",
        heading="Co wydano",
        after=("Odbierający potwierdza, że otrzymał wszystko, co wymieniono wyżej, i nie wnosi uwag.",),
        signatures=(
            (handover.clerk.name, "podpis wydającego"),
            (handover.receiver.name, "czytelny podpis odbierającego"),
        ),
    )


def print_brought_in(brought: BroughtIn, at: dt.datetime) -> bytes:
    """Return the PDF of the receipt that somebody gets for what was brought in, made `at` (aware).

    Raises:
        ValueError: a field is empty; the message names it.
    """
    facts = {
        "Znak sprawy": brought.sign,
        "Numer pokwitowania": brought.number,
        "Miejsce": brought.place,
        "Data i godzina": moment_in_words(brought.moment),
        "Pojazd": brought.vehicle,
        "Od kogo": brought.bringer,
        "Przyjął": f"{brought.clerk.name}, {brought.clerk.position}",
    }
    return _print(
        brought.office,
        "Pokwitowanie przyjęcia",
        facts,
        brought.things,
        at,
        legal_basis=None,
        heading="Co przyjęto",
        after=(
            "Oryginały, które nie pozostają w aktach, urząd zwróci po załatwieniu sprawy.",
            "Pokwitowanie sporządzono w dwóch egzemplarzach, po jednym dla każdej ze stron.",
        ),
        signatures=(
            (brought.clerk.name, "podpis przyjmującego"),
            (brought.bringer, "czytelny podpis przekazującego"),
        ),
    )


def print_destruction(destruction: Destruction, at: dt.datetime) -> bytes:
    """Return the PDF of the record of the destruction of plates, made `at` (aware).

    Raises:
        ValueError: a field is empty, or nobody was there; the message names it.
    """
    if not destruction.committee:
        raise ValueError("a protocol needs the field 'Komisja'")
    facts = {
        "Numer protokołu": destruction.number,
        "Miejsce": destruction.place,
        "Data zniszczenia": day_in_words(destruction.day),
        "Sposób zniszczenia": destruction.manner,
        "Komisja": "\n".join(f"{member.name}, {member.position}" for member in destruction.committee),
        "Liczba pozycji": str(len(destruction.plates)),
    }
    return _print(
        destruction.office,
        "Protokół zniszczenia tablic rejestracyjnych",
        facts,
        destruction.plates,
        at,
        legal_basis=f"przepisy wydane na podstawie art. 76 {_PRD}",
        heading="Zniszczone tablice",
        heads=("Numer rejestracyjny i liczba tablic", "Znak sprawy lub przyczyna"),
        statements=(
            "Komisja stwierdza, że wymienione niżej tablice zniszczono trwale, tak że nie można ich ponownie użyć.",
        ),
        signatures=tuple((member.name, "podpis członka komisji") for member in destruction.committee),
    )


def print_to_maker(handed: ToMaker, at: dt.datetime) -> bytes:
    """Return the PDF of the protocol by which worn plates went to their maker, made `at` (aware).

    Raises:
        ValueError: a field is empty; the message names it.
    """
    facts = {
        "Numer protokołu": handed.number,
        "Miejsce": handed.place,
        "Data przekazania": day_in_words(handed.day),
        "Przekazujący": f"{handed.clerk.name}, {handed.clerk.position}",
        "Producent tablic": handed.maker,
        "Przejmujący w imieniu producenta": handed.person,
        "Liczba tablic": str(handed.pieces),
    }
    return _print(
        handed.office,
        "Protokół przekazania zużytych tablic rejestracyjnych producentowi",
        facts,
        handed.plates,
        at,
        legal_basis=f"przepisy wydane na podstawie art. 76 {_PRD}",
        heading="Przekazane tablice",
        heads=("Numer rejestracyjny", "Liczba tablic, znak sprawy"),
        statements=("Wymienione niżej tablice przekazano producentowi do zniszczenia.",),
        after=(
            "Przejmujący potwierdza, że otrzymał wszystkie tablice, które wymieniono wyżej.",
            "Protokół sporządzono w dwóch egzemplarzach, po jednym dla każdej ze stron.",
        ),
        signatures=(
            (handed.clerk.name, "podpis przekazującego"),
            (handed.person, "czytelny podpis przejmującego"),
        ),
    )


def _print(
    office: Office,
    title: str,
    facts: Mapping[str, str],
    things: Iterable[Thing],
    at: dt.datetime,
    *,
    legal_basis: str | None,
    heading: str,
    heads: tuple[str, str] = ("Dokument lub przedmiot", "Numer, liczba, uwagi"),
    statements: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    signatures: tuple[tuple[str, str], ...],
) -> bytes:
    empty = [label for label, value in facts.items() if not value.strip()]
    items = [[typeset(thing.name), typeset(thing.remark)] for thing in things]
    if not items:
        empty.append(heading)
    if empty:
        raise ValueError(f"a protocol needs the field {empty[0]!r}")
    data = {
        "office": office.as_data(),
        "title": title,
        "foot": next(iter(facts.values())),
        "legal_basis": legal_basis and typeset(legal_basis),
        "facts": [[label, typeset(value)] for label, value in facts.items()],
        "statements": [typeset(words) for words in statements],
        "items_heading": heading,
        "item_head": heads[0],
        "remark_head": heads[1],
        "items": items,
        "after": [typeset(words) for words in after],
        "signatures": [list(signature) for signature in signatures],
    }
    return render("protocol", data, at)
