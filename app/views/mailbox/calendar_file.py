"""An appointment as a file for the calendar of a telephone or computer (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from app.domain.office_hours import parse_office_hours
from app.models import Proposal
from app.views.mailbox.say import say as _
from config import OfficeIdentity

_QUARTER = 15
_WIDTH = 73
"""Bytes of a line before it is folded."""


def visit(proposal: Proposal, sign: str, *, office: OfficeIdentity, at: dt.datetime) -> str:
    """Return the visit of `proposal` (which has a slot), decided on `at`. It names no person."""
    begins = proposal.slot or at
    minutes = parse_office_hours(office.slots).slot_minutes if office.slots.strip() else _QUARTER
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Okienko//PL",
        "BEGIN:VEVENT",
        f"UID:{proposal.public_id}@okienko.invalid",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(begins)}",
        f"DTEND:{_utc(begins + dt.timedelta(minutes=minutes))}",
        f"SUMMARY:{_text(_('Visit to the office, case %(sign)s', sign=sign))}",
        f"LOCATION:{_text(f'{office.name}, {office.department}, {office.street}, {office.postal_code} {office.city}')}",
        f"DESCRIPTION:{_text(_('Bring an identity document.'))}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > _WIDTH:
            parts.append(part)
            part = " "
        part += char
    return [*parts, part]
