"""Which plates does a vehicle get, and which numbers does the office have?

Law: REJ (Dz.U. 2024 poz. 1709) §§ 30–33. The forms of numbers stand in `vehicles.py` and its data. § 30 says in which
order the layouts are used up; inside a layout it is silent, and digits run before letters here: 0001A … 9999A, 0001C.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from app.domain.errors import BadInput
from app.domain.identified import compact
from app.domain.vehicles import (
    PlateKind,
    VehicleClass,
    discriminator_letters,
    plate_alphabet,
    plate_as_printed,
    plate_kinds,
    plate_layouts,
    plate_prefix,
)

OF_A_COUNTY = frozenset({PlateKind.ORDINARY, PlateKind.MOTORCYCLE, PlateKind.ANTIQUE})
OF_A_VOIVODESHIP = frozenset({PlateKind.REDUCED, PlateKind.TEMPORARY})
OWN_PREFIXES = ("SC",)
"""The letters of the counties whose numbers an office gives that has set no others."""
_TWO_WHEELS = frozenset({VehicleClass.MOTORCYCLE, VehicleClass.MOPED})
SHORTEST_TEXT, LONGEST_TEXT = 3, 5


def plate_count(vehicle_class: VehicleClass) -> int:
    """Return how many plates a vehicle bears: a car two, front and rear; all others one, at the rear (REJ § 33)."""
    return 2 if vehicle_class is VehicleClass.CAR else 1


def stock_kind(wanted: PlateKind, vehicle_class: VehicleClass) -> PlateKind:
    """Return which kind of plates of the stock a vehicle gets: two wheels have ordinary ones of their own layouts."""
    return PlateKind.MOTORCYCLE if wanted is PlateKind.ORDINARY and vehicle_class in _TWO_WHEELS else wanted


def is_stock_number(number: str, kind: PlateKind, prefixes: Collection[str]) -> bool:
    """Return whether the office can have plates of `kind` with `number` in stock.

    Those are the numbers of its own counties' letters (`prefixes`), and the reduced and temporary ones of their
    voivodeships. Individual plates are made to order, diplomatic ones are not the office's.
    """
    if _place(number, kind) is None:
        return False
    if kind in OF_A_COUNTY:
        return plate_prefix(number) in prefixes
    return number[0] in {prefix[0] for prefix in prefixes}


def series(first: str, count: int, kind: PlateKind = PlateKind.ORDINARY) -> tuple[str, ...]:
    """Return `count` numbers of `kind` from `first` on, itself included, in their order.

    Raises:
        BadInput: `series-start`: `first` is no such number; `series-length`: `count` is below one; `series-exhausted`:
            there are not so many left.
    """
    place = _place(first, kind)
    if place is None:
        raise BadInput("series-start", number=first)
    if count < 1:
        raise BadInput("series-length")
    found = tuple(itertools.islice(_onwards(place, kind), count))
    if len(found) < count:
        raise BadInput("series-exhausted", left=len(found))
    return found


def individual_text(text: str) -> str:
    """Return the owner's own text for individual plates: capitals, no gaps (REJ § 30 ust. 2 pkt 4).

    Whether it offends (§ 32 ust. 3), or another vehicle of the voivodeship has it, is for a clerk to see.

    Raises:
        BadInput: `individual-characters` (a letter that plates do not have), `individual-length` (not 3 to 5), or
            `individual-digits` (others than the last two are digits).
    """
    value = compact(text)
    if not set(value) <= {*plate_alphabet(), *"0123456789"}:
        raise BadInput("individual-characters")
    if not SHORTEST_TEXT <= len(value) <= LONGEST_TEXT:
        raise BadInput("individual-length", least=SHORTEST_TEXT, most=LONGEST_TEXT)
    if not re.fullmatch(r"[A-Z]+\d{0,2}", value, re.ASCII):
        raise BadInput("individual-digits")
    return value


def individual_number(typed: str, letter: str) -> str:
    """Return the whole number of individual plates: the `letter` of the voivodeship, a digit, and the owner's text.

    Raises:
        BadInput: `individual-start` (another letter, or no digit after it), and what `individual_text` raises.
    """
    number = compact(typed)
    start, text = number[:2], number[2:]
    if not re.fullmatch(rf"{letter}\d", start, re.ASCII):
        raise BadInput("individual-start", letter=letter)
    return start + individual_text(text)


def individual_numbers(text: str, letter: str) -> tuple[str, ...]:
    """Return every number after `letter` that shows the owner's `text`, as printed; none where it breaks the rules."""
    try:
        value = individual_text(text)
    except BadInput:
        return ()
    return tuple(plate_as_printed(f"{letter}{digit}{value}") for digit in range(10))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stands: after which letters, in which layout, and as the which number of it, from 0."""

    start: str
    layout: int
    index: int


def _place(number: str, kind: PlateKind) -> _Place | None:
    start = plate_prefix(number) if kind in OF_A_COUNTY else number[:1] if kind in OF_A_VOIVODESHIP else None
    if not start or kind not in plate_kinds(number):
        return None
    for layout, signs in enumerate(plate_layouts(kind, start)):
        index = _index(signs, number[len(start) :])
        if index is not None:
            return _Place(start, layout, index)
    return None


def _onwards(place: _Place, kind: PlateKind) -> Iterator[str]:
    index = place.index
    for signs in plate_layouts(kind, place.start)[place.layout :]:
        for further in range(index, math.prod(wheel.size for wheel in _wheels(signs))):
            yield place.start + _written(signs, further)
        index = 0


@dataclass(frozen=True, slots=True)
class _Wheel:
    """A run of equal signs of a layout, that turns like a wheel of a counter."""

    sign: str
    begin: int
    length: int

    @property
    def size(self) -> int:
        match self.sign:
            case "D":
                return int(10**self.length) - 1  # all zeros are left out
            case "N":
                return int(10**self.length)
            case _:
                return int(len(discriminator_letters()) ** self.length)

    def read(self, text: str) -> int | None:
        """Return which position shows `text`; `None` when none does."""
        if self.sign == "L":
            letters = discriminator_letters()
            if not set(text) <= set(letters):
                return None
            value = 0
            for char in text:
                value = value * len(letters) + letters.index(char)
            return value
        if not (text.isascii() and text.isdigit()):
            return None
        value = int(text) - (self.sign == "D")
        return value if value >= 0 else None

    def show(self, position: int) -> str:
        """Return what stands there at `position`."""
        if self.sign != "L":
            return str(position + (self.sign == "D")).zfill(self.length)
        letters, shown = discriminator_letters(), ""
        for _ in range(self.length):
            position, letter = divmod(position, len(letters))
            shown = letters[letter] + shown
        return shown


@cache
def _wheels(signs: str) -> tuple[_Wheel, ...]:
    """Return the wheels of a layout, the one that turns fastest first: digits before letters, right before left."""
    wheels, begin = [], 0
    for sign, run in itertools.groupby(signs):
        length = len(list(run))
        wheels.append(_Wheel(sign, begin, length))
        begin += length
    return tuple(sorted(wheels, key=lambda wheel: ("DLN".index(wheel.sign), -wheel.begin)))


def _index(signs: str, text: str) -> int | None:
    if len(text) != len(signs):
        return None
    index, step = 0, 1
    for wheel in _wheels(signs):
        position = wheel.read(text[wheel.begin : wheel.begin + wheel.length])
        if position is None:
            return None
        index, step = index + position * step, step * wheel.size
    return index


def _written(signs: str, index: int) -> str:
    shown = {}
    for wheel in _wheels(signs):
        index, position = divmod(index, wheel.size)
        shown[wheel.begin] = wheel.show(position)
    return "".join(text for _, text in sorted(shown.items()))
