"""The printout of a form document: plain values in, the PDF out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.letters.receipt import Office
from app.letters.render import render


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A part of the form: its heading, and rows of label and value (text; lines are parted by a line feed)."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrintedAttachment:
    """An attachment: the kind of document in words, and the name of its file."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ApplicationPrintout:
    """What stands on the printout. `reference` (case sign or receipt number) goes into the foot of each page."""

    office: Office
    title: str
    subtitle: str
    reference: str
    sections: tuple[PrintedSection, ...]
    attachments: tuple[PrintedAttachment, ...] = ()
    note: str = ""


def print_application(application: ApplicationPrintout, at: dt.datetime) -> bytes:
    """Return the PDF of a form document, dated `at` (aware); the same values give the same bytes."""
    data = {
        "office": application.office.as_data(),
        "title": application.title,
        "subtitle": application.subtitle,
        "reference": application.reference,
        "sections": [
            {"heading": section.heading, "rows": [[label, value] for label, value in section.rows]}
            for section in application.sections
        ],
        "attachments": [{"kind": attachment.kind, "name": attachment.name} for attachment in application.attachments],
        "note": application.note or None,
    }
    return render("application", data, at)
