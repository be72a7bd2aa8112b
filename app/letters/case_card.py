"""Papers about cases: the case card (metryka sprawy), the list of cases (spis spraw), the daily report.

Law: regulations on the case card (Dz.U. 2012 poz. 250) and the office instruction; CZYNN § 9 for the daily report.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from app.domain.acts import OFFICE_ZONE
from app.letters.listing import Column, Listing, print_listing
from app.letters.receipt import Office
from app.letters.words import day_in_words, moment_in_words


@dataclass(frozen=True, slots=True)
class CardEntry:
    """An act of a case: when (aware), by whom in which position, what, the identifier of a document (or empty)."""

    at: dt.datetime
    person: str
    position: str
    act: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class CaseCard:
    """The case card: the acts in the order of time."""

    office: Office
    sign: str
    title: str
    opened: dt.date
    entries: tuple[CardEntry, ...]


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A line of the list of cases. `number` is the one within class and year; `closed` None: it is still open."""

    number: int
    title: str
    sender: str
    sender_mark: str
    sender_day: dt.date | None
    opened: dt.date
    closed: dt.date | None
    clerk: str
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class CaseList:
    """The list of cases of a class and year, as it stood on `day`."""

    office: Office
    unit: str
    klass: str
    klass_title: str
    year: int
    day: dt.date
    cases: tuple[ListedCase, ...]


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """An entry or change of the day: when (aware), by whom with which identifier, what of which object."""

    at: dt.datetime
    person: str
    person_id: str
    what: str
    subject: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class DailyReport:
    """All entries and changes of a working day, and of the days off from `first_day` on that lie before it."""

    office: Office
    day: dt.date
    changes: tuple[ReportedChange, ...]
    first_day: dt.date | None = None


def print_case_card(card: CaseCard, at: dt.datetime) -> bytes:
    """Return the PDF of the case card, made `at` (aware)."""
    listing = Listing(
        office=card.office,
        title="Metryka sprawy",
        foot=card.sign,
        facts={
            "Oznaczenie sprawy": card.sign,
            "Tytuł sprawy": card.title,
            "Data wszczęcia": day_in_words(card.opened),
            "Stan na": moment_in_words(at),
        },
        columns=(
            Column("Lp.", 0),
            Column("Data i godzina", 0),
            Column("Osoba", 1.2),
            Column("Stanowisko", 1.2),
            Column("Czynność", 2.2),
            Column("Identyfikator dokumentu", 1.2),
        ),
        rows=[
            (f"{number}.", _moment(entry.at), entry.person, entry.position, entry.act, entry.document)
            for number, entry in enumerate(card.entries, 1)
        ],
        empty="W sprawie nie podjęto jeszcze czynności.",
    )
    return print_listing(listing, at)


def print_case_list(cases: CaseList, at: dt.datetime) -> bytes:
    """Return the PDF of the list of cases, made `at` (aware)."""
    still_open = sum(case.closed is None for case in cases.cases)
    listing = Listing(
        office=cases.office,
        title="Spis spraw",
        foot=f"Spis spraw {cases.unit}.{cases.klass}.{cases.year}",
        facts={
            "Rok": str(cases.year),
            "Stan na dzień": day_in_words(cases.day),
            "Komórka organizacyjna": cases.unit,
            "Symbol klasyfikacyjny": cases.klass,
            "Hasło klasyfikacyjne": cases.klass_title,
        },
        columns=(
            Column("Lp.", 0),
            Column("Nr", 0),
            Column("Tytuł sprawy", 2),
            Column("Od kogo wpłynęła", 1.3),
            Column("Znak pisma", 1),
            Column("Z dnia", 0),
            Column("Wszczęcie", 0),
            Column("Zakończenie", 0),
            Column("Prowadzący", 1.1),
            Column("Uwagi (sposób załatwienia)", 1.2),
        ),
        rows=[
            (
                *(f"{place}.", str(case.number), case.title, case.sender, case.sender_mark, _day(case.sender_day)),
                *(_day(case.opened), _day(case.closed), case.clerk, case.remarks),
            )
            for place, case in enumerate(cases.cases, 1)
        ],
        empty="W tym roku nie wszczęto spraw tej klasy.",
        sums=(("Spraw razem", str(len(cases.cases))), ("W tym niezakończonych", str(still_open))),
    )
    return print_listing(listing, at)


def print_daily_report(report: DailyReport, at: dt.datetime) -> bytes:
    """Return the PDF of the daily report (CZYNN § 9), made `at` (aware).

    Raises:
        ValueError: a change without the identifier of the person who made it.
    """
    if not all(change.person_id.strip() for change in report.changes):
        raise ValueError("a change needs the field 'person_id'")
    longer = report.first_day is not None and report.first_day < report.day
    told = "%d.%m.%Y %H:%M:%S" if longer else "%H:%M:%S"
    people = Counter((change.person, change.person_id) for change in report.changes)
    listing = Listing(
        office=report.office,
        title="Raport dzienny",
        foot=f"Raport dzienny {report.day:%d.%m.%Y}",
        facts={
            "Dzień": day_in_words(report.day),
            "Z dniami wolnymi od": day_in_words(report.first_day) if report.first_day and longer else "",
            "Sporządzono": moment_in_words(at),
        },
        columns=(
            Column("Lp.", 0),
            Column("Dzień i godzina" if longer else "Godzina", 0),
            Column("Identyfikator osoby", 1),
            Column("Osoba", 1.2),
            Column("Wpis lub zmiana", 1.6),
            Column("Czego dotyczy", 1.3),
            Column("Szczegóły", 1.6),
        ),
        rows=[
            (
                *(f"{number}.", f"{change.at.astimezone(OFFICE_ZONE):{told}}", change.person_id, change.person),
                *(change.what, change.subject, change.details),
            )
            for number, change in enumerate(report.changes, 1)
        ],
        empty="Tego dnia nie dokonano wpisów ani zmian.",
        sums=(
            *((f"{name} ({identifier})", str(count)) for (name, identifier), count in sorted(people.items())),
            ("Wpisów i zmian razem", str(len(report.changes))),
        ),
    )
    return print_listing(listing, at)


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(OFFICE_ZONE):%d.%m.%Y %H:%M}"


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day:%d.%m.%Y}"
