"""Which parcel is meant? Numbers under which Poczta Polska and couriers carry things.

Poczta Polska, registered, inside Poland: 20 digits, a GS1 serial shipping container code with its application
identifier `00`, printed as `(00) 7 5900773 1 51200062 1`. Abroad: UPU S10 (`RR473124829PL`). Couriers have no common
rule: their numbers are kept as they are.
"""

from __future__ import annotations

import re

from stdnum import ean

from app.domain.identified import Identified, IdentifierKind, compact

_DOMESTIC = re.compile(r"00[1-9]5900773\d{10}", re.ASCII)
_REGISTERED_LETTER = frozenset("14")
_SERVICE_PLACE = 10
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FREE = re.compile(r"[A-Z0-9]{8,40}", re.ASCII)
_TWO = re.compile(rf"(?:{_S10.pattern}|{_DOMESTIC.pattern}){{2}}", re.ASCII)
"""One number and the next one right behind it, as a scanner leaves them in a field that was not emptied."""
_NOBODYS = frozenset({17, 19, 21, 23, *range(25, 41)})
"""How many digits no number of a carrier has: one of the post with a digit too few or too many is a mistake."""

# What the numbers of known carriers look like; they overlap, and so they only suggest.
_CARRIERS = (
    ("UPS", re.compile(r"1Z[A-Z0-9]{16}", re.ASCII)),
    ("InPost", re.compile(r"\d{24}", re.ASCII)),
    ("DPD", re.compile(r"\d{13}[A-Z]|\d{14}", re.ASCII)),
    ("FedEx", re.compile(r"\d{12}", re.ASCII)),
    ("DHL", re.compile(r"\d{11}", re.ASCII)),
    ("GLS", re.compile(r"\d{11}", re.ASCII)),
)


def gs1_check_digit(digits: str) -> str:
    """Return the GS1 check digit for `digits`, which stand before it (the application identifier left out)."""
    return ean.calc_check_digit(digits)


def s10_check_digit(serial: str) -> str:
    """Return the UPU S10 check digit for a `serial` of eight digits."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(check, str(check))


def is_valid_domestic(value: str) -> bool:
    """Return whether `value` is a 20-digit number of Poczta Polska with the right check digit."""
    return _DOMESTIC.fullmatch(value) is not None and gs1_check_digit(value[2:-1]) == value[-1]


def is_registered_letter(value: str) -> bool:
    """Return whether a 20-digit number is one of registered letters (others are parcels and services)."""
    return is_valid_domestic(value) and value[_SERVICE_PLACE] in _REGISTERED_LETTER


def is_valid_s10(value: str) -> bool:
    """Return whether `value` is a number by UPU S10 with the right check digit."""
    return _S10.fullmatch(value) is not None and s10_check_digit(value[2:10]) == value[10]


def is_valid_tracking(value: str) -> bool:
    """Return whether `value` is a number whose check digit proves it, of Poczta Polska or by UPU S10."""
    return is_valid_domestic(value) or is_valid_s10(value)


def carriers_of(value: str) -> tuple[str, ...]:
    """Return the carriers whose numbers look like `value`, likeliest first; no more than a suggestion."""
    if _DOMESTIC.fullmatch(value) or _S10.fullmatch(value):
        return ("Poczta Polska",)
    return tuple(name for name, pattern in _CARRIERS if pattern.fullmatch(value))


def parse_tracking(text: str) -> Identified:
    """Read a tracking number as it was typed or scanned.

    Warnings: `tracking-empty`; `tracking-check-digit`; `tracking-characters`; `tracking-length` (nobody's number is
    that short or long, or these are two numbers).
    """
    value = re.sub(r"[()./]", "", compact(text))
    if re.fullmatch(r"R\d{20}", value):
        value = value[1:]  # the R of "R/00159…" says what it is; it is no part of the number
    if not value:
        return Identified("", text, IdentifierKind.TRACKING_OTHER, ("tracking-empty",))
    if _DOMESTIC.fullmatch(value):
        good = is_valid_domestic(value)
        return Identified(value, text, IdentifierKind.TRACKING_DOMESTIC, () if good else ("tracking-check-digit",))
    if _S10.fullmatch(value):
        good = is_valid_s10(value)
        return Identified(value, text, IdentifierKind.TRACKING_S10, () if good else ("tracking-check-digit",))
    if _TWO.fullmatch(value) or (value.isdecimal() and len(value) in _NOBODYS):
        return Identified(value, text, IdentifierKind.TRACKING_OTHER, ("tracking-length",))
    if _FREE.fullmatch(value):
        kind = IdentifierKind.TRACKING_COURIER if carriers_of(value) else IdentifierKind.TRACKING_OTHER
        return Identified(value, text, kind)
    free_of_others = re.fullmatch(r"[A-Z0-9]+", value, re.ASCII)
    code = "tracking-length" if free_of_others else "tracking-characters"
    return Identified(value, text, IdentifierKind.TRACKING_OTHER, (code,))
