"""How a letter writes moments and sizes, in Polish."""

from __future__ import annotations

import datetime as dt
from typing import Final

from app.domain.acts import OFFICE_ZONE

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MONTHS: Final = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)


def moment_in_words(at: dt.datetime) -> str:
    """Return `at` (aware) in office time, for example `2 marca 2026 r., godz. 10:15:30`.

    In the hour that comes twice in autumn the offset is added, for a receipt must not be ambiguous.
    """
    if at.tzinfo is None:
        raise ValueError("a letter needs an aware moment")
    local = at.astimezone(OFFICE_ZONE)
    day = f"{local.day}{_NO_BREAK}{_MONTHS[local.month - 1]} {local.year}{_NO_BREAK}r."
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    offset = f" (UTC{local:%z})" if twice else ""
    return f"{day}, godz.{_NO_BREAK}{local:%H:%M:%S}{offset}"


def size_in_words(size: int) -> str:
    """Return `size` (bytes) with a unit, for example `1,4 MB`; powers of 1024, as on the pages of both doors."""
    if size < 1024:
        return f"{size}{_NO_BREAK}B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{_NO_BREAK}kB"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + f"{_NO_BREAK}MB"
