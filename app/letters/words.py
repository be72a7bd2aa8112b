"""How a letter writes moments and sizes, in Polish."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from app.domain.acts import OFFICE_ZONE

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MONTHS: Final = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)
_ENDLESS: Final = re.compile(r"\S{60}")
_HOLDS: Final = re.compile(
    r"(?<![\w.])(?:[aiouwzAIOUWZ]|(?:[Aa]rt|ust|poz|ul|al|tel|godz|m|lok|str)\.|pkt|[Nn]r|§{1,2}) (?=\S)"
    r"|(?<=\d) (?=(?:zł|r\.|dni|dnia|k\.p\.a\.|ust\.|pkt|§)(?!\w))"
    r"|(?<=\d) (?=\d{2,3}(?!\d))"  # groups of a number
    r"|(?<=[^\W\d]) (?=\d{1,4}[a-zA-Z]?,)"  # a street and its house
)


def moment_in_words(at: dt.datetime) -> str:
    """Return `at` (aware) in office time, for example `2 marca 2026 r., godz. 10:15:30`.

    In the hour that comes twice in autumn the offset is added, for a receipt must not be ambiguous.
    """
    if at.tzinfo is None:
        raise ValueError("a letter needs an aware moment")
    local = at.astimezone(OFFICE_ZONE)
    day = day_in_words(local.date())
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    offset = f" (UTC{local:%z})" if twice else ""
    return f"{day}, godz.{_NO_BREAK}{local:%H:%M:%S}{offset}"


def day_in_words(day: dt.date) -> str:
    """Return `day` as letters write it, for example `2 marca 2026 r.`."""
    return f"{day.day}{_NO_BREAK}{_MONTHS[day.month - 1]} {day.year}{_NO_BREAK}r."


def typeset(text: str) -> str:
    """Return `text` with no-break spaces where a Polish line must not end: after a word of one letter, `art.`, `nr`.

    A word longer than a line (60 letters) may be broken anywhere, without a sign.
    """
    held = _HOLDS.sub(lambda found: found[0][:-1] + _NO_BREAK, text)
    return _ENDLESS.sub(lambda found: f"{found[0]}\N{ZERO WIDTH SPACE}", held)


def amount_in_words(amount: Decimal) -> str:
    """Return `amount` (złotys) as letters write it, for example `1 234,50 zł`."""
    return f"{amount:,.2f}".replace(",", _NO_BREAK).replace(".", ",") + f"{_NO_BREAK}zł"


def size_in_words(size: int) -> str:
    """Return `size` (bytes) with a unit, for example `1,4 MB`; powers of 1024, as on the pages of both doors."""
    if size < 1024:
        return f"{size}{_NO_BREAK}B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{_NO_BREAK}kB"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + f"{_NO_BREAK}MB"
