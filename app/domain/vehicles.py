"""Which vehicle is meant? VINs, other chassis numbers, and registration plates.

VIN: ISO 3779. Chassis numbers that an office or a small producer gave: Dz.U. 2024 poz. 1709, annex 14. Plates: the
same, §§ 25–32; the layouts and the letters of counties and voivodeships are data, in `data/plates.json` and
`data/plate-prefixes.csv`.
"""

from __future__ import annotations

import csv
import enum
import itertools
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

from app.domain.identified import Identified, IdentifierKind, compact

VIN_LENGTH = 17
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_BY_OFFICE = re.compile(r"[A-Z]{3}\d{9}", re.ASCII)
_BY_PRODUCER = re.compile(r"[A-Z0-9]{7,9}", re.ASCII)
_CHASSIS = re.compile(r"[A-Z0-9]+", re.ASCII)

# ISO 3779: what each character counts for, and the weight of each place; the ninth is the check digit itself.
_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", (*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE = 8
_MANDATORY_CHECK = frozenset("12345L")
"""First characters of makers who must use the check digit: North America (49 CFR 565), China (GB 16735)."""


def vin_check_digit(vin: str) -> str:
    """Return the check digit that ISO 3779 gives for `vin`, whatever stands at its ninth place.

    Raises:
        ValueError: when `vin` has not the form of a VIN.
    """
    if not is_valid_vin(vin):
        raise ValueError("not a VIN")
    remainder = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def is_valid_vin(value: str) -> bool:
    """Return whether `value` has the form of a VIN: 17 capitals and digits without I, O and Q.

    The check digit is no part of it: makers of the European Union need not use one.
    """
    return _VIN.fullmatch(value) is not None


def is_valid_office_chassis_number(value: str) -> bool:
    """Return whether `value` is a chassis number as stations give them for an office.

    Twelve characters: the three letters of the county (`X` fills two-letter ones: `SCX`), three digits of the
    station, the year in two digits, and four digits in order.
    """
    if not _BY_OFFICE.fullmatch(value):
        return False
    letters = value[:3]
    return letters in plate_prefixes() or (letters[2] == "X" and letters[:2] in plate_prefixes())


def parse_vin(text: str) -> Identified:
    """Read the VIN, or the number of the body, chassis or frame, that a citizen wrote.

    Warnings: `vin-empty`; `vin-characters` (others than letters and digits); `vin-length` (no known kind of number is
    that long); `vin-letters` (I, O or Q, which no VIN has); `vin-check-digit` (wrong, where its maker must use one);
    `vin-check-digit-optional` (wrong, where makers may put anything there).
    """
    value = compact(text)
    if not value:
        return Identified("", text, IdentifierKind.CHASSIS_OTHER, ("vin-empty",))
    if is_valid_office_chassis_number(value):
        return Identified(value, text, IdentifierKind.CHASSIS_BY_OFFICE)
    if not _CHASSIS.fullmatch(value):
        return Identified(value, text, IdentifierKind.CHASSIS_OTHER, ("vin-characters",))
    if _BY_PRODUCER.fullmatch(value):
        return Identified(value, text, IdentifierKind.CHASSIS_BY_PRODUCER)
    if len(value) != VIN_LENGTH:
        return Identified(value, text, IdentifierKind.CHASSIS_OTHER, ("vin-length",))
    if not is_valid_vin(value):
        return Identified(value, text, IdentifierKind.VIN, ("vin-letters",))
    return Identified(value, text, IdentifierKind.VIN, _check_digit_warnings(value))


def _check_digit_warnings(vin: str) -> tuple[str, ...]:
    written = vin[_CHECK_PLACE]
    if written == vin_check_digit(vin):
        return ()
    if vin[0] in _MANDATORY_CHECK:
        return ("vin-check-digit",)
    # A letter other than X at this place (often Z) says that the maker uses no check digit.
    return ("vin-check-digit-optional",) if written in "0123456789X" else ()


class VehicleClass(enum.StrEnum):
    """Which sort of vehicle it is, as far as plates and their fees ask. Lorries and buses are cars here."""

    CAR = "car"
    MOTORCYCLE = "motorcycle"
    MOPED = "moped"
    TRAILER = "trailer"
    TRACTOR = "tractor"


# Words of "rodzaj pojazdu" by which a class is known; the first that fits counts.
_CLASS_WORDS = (
    (VehicleClass.TRACTOR, ("ciągnik rolnicz",)),
    (VehicleClass.CAR, ("samoch", "ciągnik", "autobus")),
    (VehicleClass.MOPED, ("motorower",)),
    (VehicleClass.MOTORCYCLE, ("motocykl",)),
    (VehicleClass.TRAILER, ("przyczep", "naczep")),
)


def vehicle_class_of(kind: str) -> VehicleClass:
    """Return the class of a vehicle whose kind ("rodzaj pojazdu") somebody wrote; a car when the words say nothing."""
    words = kind.casefold()
    return next((found for found, parts in _CLASS_WORDS if any(part in words for part in parts)), VehicleClass.CAR)


class PlateKind(enum.StrEnum):
    """What a registration number may belong to; the form of the number alone does not always tell."""

    ORDINARY = "ordinary"
    MOTORCYCLE = "motorcycle"
    REDUCED = "reduced"
    INDIVIDUAL = "individual"
    ANTIQUE = "antique"
    TEMPORARY = "temporary"
    DIPLOMATIC = "diplomatic"


@cache
def plate_prefixes() -> dict[str, str]:
    """Return the letters of each county, with the authority that registers under them; reserve letters included."""
    text = (resources.files("app.domain") / "data" / "plate-prefixes.csv").read_text(encoding="utf-8")
    return {row["prefix"]: row["authority"] for row in csv.DictReader(text.splitlines())}


@cache
def _data() -> dict[str, Any]:
    return cast(
        "dict[str, Any]",
        json.loads((resources.files("app.domain") / "data" / "plates.json").read_text(encoding="utf-8")),
    )


def plate_layouts(kind: PlateKind, start: str) -> tuple[str, ...]:
    """Return the layouts of what follows `start` on plates of `kind`, in the order in which REJ § 30 uses them up.

    `start` is the letters of a county, or the letter of a voivodeship alone. In a layout a run of D stands for digits
    that are not all zeros, N for any digit, L for a letter of `discriminator_letters()`, A for the owner's own text.
    """
    after = {1: "voivodeship", 2: "one", 3: "two"}[len(start)]
    return tuple(_data()["layouts"][kind.value].get(after, ()))


def discriminator_letters() -> str:
    """Return the letters that the part of the vehicle may have: not B, D, I, O, Z (REJ § 31 ust. 1), and no Q."""
    return str(_data()["discriminator_letters"])


def plate_alphabet() -> str:
    """Return the letters that plates may have at all."""
    return str(_data()["alphabet"])


@dataclass(frozen=True, slots=True)
class _Layouts:
    """The layouts of the data file as patterns, by kind, for what follows each sort of beginning."""

    voivodeships: str
    one: dict[PlateKind, re.Pattern[str]]
    two: dict[PlateKind, re.Pattern[str]]
    voivodeship: dict[PlateKind, re.Pattern[str]]


@cache
def _layouts() -> _Layouts:
    data, letters, alphabet = _data(), discriminator_letters(), plate_alphabet()

    def patterns(after: str) -> dict[PlateKind, re.Pattern[str]]:
        return {
            PlateKind(kind): re.compile(
                "|".join(_pattern(layout, letters, alphabet) for layout in by_start[after]), re.ASCII
            )
            for kind, by_start in data["layouts"].items()
            if after in by_start
        }

    firsts = "".join(letter + (of["second_letter"] or "") for letter, of in data["voivodeships"].items())
    return _Layouts(firsts, patterns("one"), patterns("two"), patterns("voivodeship"))


def _pattern(layout: str, letters: str, alphabet: str) -> str:
    parts = []
    for sign, run in itertools.groupby(layout):
        length = len(list(run))
        match sign:
            case "D":
                parts.append("[1-9]" if length == 1 else rf"(?!0{{{length}}})\d{{{length}}}")
            case "N":
                parts.append(rf"\d{{{length}}}")
            case "L":
                parts.append(f"[{letters}]{{{length}}}")
            case _:
                # The owner's own text: letters, then at most two digits, of that length altogether.
                parts.append(rf"(?=[{alphabet}\d]{{{length}}}$)[{alphabet}]+\d{{0,2}}")
    return "".join(parts)


def plate_kinds(value: str) -> tuple[PlateKind, ...]:
    """Return every kind of plate whose form `value` has (capitals, no spaces): none if it is no Polish number."""
    layouts = _layouts()
    if not value or value[0] not in layouts.voivodeships:
        return ()
    found: dict[PlateKind, None] = {}
    for length, patterns in ((3, layouts.two), (2, layouts.one)):
        if value[:length] in plate_prefixes():
            found.update((kind, None) for kind, pattern in patterns.items() if pattern.fullmatch(value[length:]))
    found.update((kind, None) for kind, pattern in layouts.voivodeship.items() if pattern.fullmatch(value[1:]))
    return tuple(kind for kind in PlateKind if kind in found)


def is_valid_plate(value: str) -> bool:
    """Return whether `value` is a Polish registration number as the rules have them today: no spaces, capitals."""
    return bool(plate_kinds(value))


def plate_prefix(value: str) -> str | None:
    """Return the letters of the county that `value` begins with, the longest that fits; `None` when there are none."""
    for length in (3, 2):
        beginning = value[:length]
        if len(beginning) == length and beginning in plate_prefixes():
            return beginning
    return None


def plate_as_printed(value: str) -> str:
    """Return `value` as it stands on the plate: with a space after the letters of the county, or letter and digit."""
    prefix = plate_prefix(value)
    if prefix is not None:
        return f"{prefix} {value[len(prefix) :]}"
    if not is_valid_plate(value):
        return value
    split = 1 if PlateKind.DIPLOMATIC in plate_kinds(value) else 2
    return f"{value[:split]} {value[split:]}"


def parse_plate(text: str) -> Identified:
    """Read the registration number that a citizen wrote.

    Warnings: `plate-empty`; `plate-characters` (others than letters and digits); `plate-prefix` (no Polish county has
    these letters: an old or a foreign number); `plate-layout` (the letters fit, what follows does not).
    """
    value = compact(text).replace(".", "")
    if not value:
        return Identified("", text, IdentifierKind.PLATE, ("plate-empty",))
    if is_valid_plate(value):
        return Identified(value, text, IdentifierKind.PLATE)
    if not _CHASSIS.fullmatch(value):
        code = "plate-characters"
    else:
        code = "plate-prefix" if plate_prefix(value) is None else "plate-layout"
    return Identified(value, text, IdentifierKind.PLATE, (code,))
