"""How is the number of a blank written: a temporary permit, a certificate, a sticker, a card?"""

from __future__ import annotations

import re

_PERMIT = re.compile(r"([A-Z]{1,3})[ /]?([A-Z]{1,3})? ?(\d{7})")
_LABEL = re.compile(r"[A-Z0-9][A-Z0-9 /.-]*")


_SERIES_AND_NUMBER = re.compile(r"([A-Z]{2,6})([0-9OI]{7})", re.ASCII)
_DIGITS = str.maketrans("OI", "01")


def spellings(typed: str) -> tuple[str, ...]:
    """Return how the series and number of a blank may be written down (`DR/BAA 1234567`, `DR BAA1234567`).

    Where the series was typed as one word, it is parted everywhere; nothing where it is no series with seven digits.
    Among the digits an O is a zero, an I a one.
    """
    found = _SERIES_AND_NUMBER.fullmatch(re.sub(r"[\s/.-]", "", typed.upper()))
    if found is None:
        return ()
    letters, number = found[1], found[2].translate(_DIGITS)
    parted = [f"{letters[:place]}{mark}{letters[place:]}" for place in range(1, len(letters)) for mark in "/ "]
    return tuple(f"{series}{gap}{number}" for series in (letters, *parted) for gap in (" ", ""))


def permit_as_printed(typed: str) -> str:
    """Return series and number of a permit as its blank has them (`PC/A 1234567`); nothing where it is none."""
    found = _PERMIT.fullmatch(" ".join(typed.upper().split()))
    return f"{'/'.join(filter(None, found.groups()[:2]))} {found[3]}" if found else ""


def label_as_printed(typed: str) -> str:
    """Return the number of a sticker or card, in capitals; nothing where what was typed holds no digit."""
    said = " ".join(typed.upper().split())[:120]
    return said if _LABEL.fullmatch(said) and any(sign.isdigit() for sign in said) else ""
