"""Which number did somebody type? Anything can stand in a form or an address."""

from __future__ import annotations


def whole_number(text: str, digits: int = 9) -> int | None:
    """Return `text` as a number of at most so many `digits`, `None` where it is none: `int` takes signs and ٣, too."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
