"""Who is meant? Numbers of persons and entities: PESEL, NIP, REGON."""

from __future__ import annotations

import datetime as dt

from stdnum.pl import nip, pesel, regon

from app.domain.identified import Identified, IdentifierKind, compact

PESEL_LENGTH = 11


def is_valid_pesel(value: str) -> bool:
    """Return whether `value` is eleven digits with a date and the right check digit."""
    return value.isascii() and value.isdecimal() and pesel.is_valid(value)


def birth_date(value: str) -> dt.date:
    """Return the day of birth in a valid PESEL; the month carries the century."""
    return pesel.get_birth_date(value)


def is_male(value: str) -> bool:
    """Return whether the tenth digit of a PESEL is odd, which stands for a man."""
    return int(value[9]) % 2 == 1


def masked_pesel(value: str) -> str:
    """Return a PESEL as lists show it: the year of birth and the last two digits only."""
    return f"{value[:2]}•••••••{value[-2:]}" if len(value) == PESEL_LENGTH else "•" * len(value)


def is_valid_nip(value: str) -> bool:
    """Return whether `value` is a NIP: ten digits, no dashes."""
    return value.isascii() and value.isdecimal() and nip.is_valid(value)


def is_valid_regon(value: str) -> bool:
    """Return whether `value` is a REGON of nine or fourteen digits; the first nine of fourteen must be right too."""
    return value.isascii() and value.isdecimal() and regon.is_valid(value)


def parse_pesel(text: str) -> Identified:
    """Read the PESEL that a citizen wrote.

    Warnings: `pesel-empty`, `pesel-characters` (something else than digits), `pesel-length`, `pesel-check-digit`,
    `pesel-date`.
    """
    value = compact(text)
    return Identified(value, text, IdentifierKind.PESEL, _pesel_warnings(value))


def _pesel_warnings(value: str) -> tuple[str, ...]:
    general = _digits_warnings(value, "pesel", {PESEL_LENGTH})
    if general:
        return general
    if pesel.calc_check_digit(value[:-1]) != value[-1]:
        return ("pesel-check-digit",)
    return () if is_valid_pesel(value) else ("pesel-date",)


def parse_nip(text: str) -> Identified:
    """Read the NIP that a citizen wrote, with or without dashes and the letters PL in front.

    Warnings: `nip-empty`, `nip-characters`, `nip-length`, `nip-check-digit`.
    """
    value = compact(text).removeprefix("PL")
    general = _digits_warnings(value, "nip", {10})
    return Identified(value, text, IdentifierKind.NIP, general or (() if is_valid_nip(value) else ("nip-check-digit",)))


def parse_regon(text: str) -> Identified:
    """Read the REGON that a citizen wrote.

    Warnings: `regon-empty`, `regon-characters`, `regon-length`, `regon-check-digit`.
    """
    value = compact(text)
    general = _digits_warnings(value, "regon", {9, 14})
    return Identified(
        value, text, IdentifierKind.REGON, general or (() if is_valid_regon(value) else ("regon-check-digit",))
    )


def parse_pesel_or_regon(text: str) -> Identified:
    """Read the one field of the national form that takes either; nine or fourteen characters make it a REGON."""
    return parse_regon(text) if len(compact(text)) in {9, 14} else parse_pesel(text)


def _digits_warnings(value: str, name: str, lengths: set[int]) -> tuple[str, ...]:
    if not value:
        return (f"{name}-empty",)
    if not (value.isascii() and value.isdecimal()):
        return (f"{name}-characters",)
    return () if len(value) in lengths else (f"{name}-length",)
