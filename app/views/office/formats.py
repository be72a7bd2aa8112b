"""How days, moments, amounts and sizes are written on the office's pages and in its lists."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.dates import format_date
from flask_babel import get_locale

from app.domain.acts import OFFICE_ZONE
from app.domain.deadlines import office_day

HARD = "\N{NO-BREAK SPACE}"


def day(value: dt.date | dt.datetime | None) -> str:
    """Return a day for lists, in the office's zone: `02.11.2026`."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(OFFICE_ZONE)
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def moment(value: dt.datetime | None) -> str:
    """Return a moment for lists, in the office's zone: `02.11.2026 14:05`."""
    if value is None:
        return ""
    local = value.astimezone(OFFICE_ZONE)
    return f"{local.day:02}.{local.month:02}.{local.year:04}{HARD}{local.hour:02}:{local.minute:02}"


def long_day(value: dt.date | dt.datetime | None) -> str:
    """Return a day for running text, in the reader's language: `2 listopada 2026`."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = office_day(value)
    return format_date(value, f"d'{HARD}'MMMM y", locale=get_locale() or "pl")


def weekday(value: dt.date) -> str:
    """Return the day with its name: `wtorek, 3 listopada 2026`."""
    return format_date(value, "EEEE", locale=get_locale() or "pl") + ", " + long_day(value)


def money(grosze: int) -> str:
    """Return an amount given in grosze: `180,50 zł`."""
    amount = f"{Decimal(grosze) / 100:,.2f}".replace(",", HARD)
    return f"{amount.replace('.', _point())}{HARD}zł"


def size(value: int | None) -> str:
    """Return a size in bytes as a person says it: `86 kB`, `2,1 MB` (powers of 1024)."""
    if value is None:
        return ""
    if value < 1024:
        return f"{value}{HARD}B"
    if value < 1024 * 1024:
        return f"{round(value / 1024)}{HARD}kB"
    return f"{value / 1024 / 1024:.1f}".replace(".", _point()) + f"{HARD}MB"


def _point() -> str:
    locale = get_locale()
    return "." if locale is not None and locale.language == "en" else ","
