"""The stock of registration numbers: a series comes from the manufacturer, a number is retired."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, ConditionMissing
from app.domain.identified import compact
from app.domain.plates import is_stock_number, series
from app.domain.vehicles import PlateKind, plate_as_printed
from app.models import PlateNumber, PlateState
from app.usecases.record import record

MOST = 5_000
"""Numbers of one series; a larger delivery is several."""


@dataclass(frozen=True, slots=True)
class Series:
    """What came: how many numbers of which kind from which one on, and how many plates bear each."""

    first: str
    count: int
    kind: PlateKind
    plates: int

    def numbers(self, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the numbers as they are printed. `prefixes` are the letters of the office's counties.

        Raises:
            BadInput: what `plates.series` raises; `series-too-long`, `series-plates` (one or two plates), and
                `series-foreign`: this office has no such numbers.
        """
        if self.count > MOST:
            raise BadInput("series-too-long", most=MOST)
        if self.plates not in {1, 2}:
            raise BadInput("series-plates")
        found = series(compact(self.first), self.count, self.kind)
        if not is_stock_number(found[0], self.kind, prefixes):
            raise BadInput("series-foreign", number=plate_as_printed(found[0]))
        return tuple(plate_as_printed(number) for number in found)


def add_plates(session: Session, wanted: Series, *, prefixes: tuple[str, ...], act: Act) -> tuple[str, ...]:
    """Put the numbers of a series into the stock and return them.

    Raises what `Series.numbers` raises, and ConditionMissing (`plates-known`): one of them is in the stock already, or
    was.
    """
    numbers = wanted.numbers(prefixes)
    refuse_known(session, numbers)
    session.add_all(
        PlateNumber(number=number, kind=wanted.kind.value, plates=wanted.plates, added_at=act.at) for number in numbers
    )
    details = {"first": numbers[0], "last": numbers[-1], "count": len(numbers), "kind": wanted.kind.value}
    record(session, "office", "plates-added", details, act=act)
    return numbers


def refuse_known(session: Session, numbers: tuple[str, ...]) -> None:
    """Raise ConditionMissing (`plates-known`, with how many are `known` and `new`) if the office has, or had, some."""
    known: set[str] = set()
    for begin in range(0, len(numbers), 500):
        some = numbers[begin : begin + 500]
        known.update(session.scalars(sa.select(PlateNumber.number).where(PlateNumber.number.in_(some))))
    if known:
        first = next(number for number in numbers if number in known)
        raise ConditionMissing("plates-known", number=first, known=len(known), new=len(numbers) - len(known))


def retire_plate(session: Session, number: str, reason: str, *, act: Act) -> PlateNumber:
    """Take a number out of the stock for good: its plates are damaged, lost, or went back.

    Raises:
        BadInput: `reason-missing`, `plate-unknown`.
        ConditionMissing: `plate-taken`: it is assigned or retired.
    """
    if not reason.strip():
        raise BadInput("reason-missing")
    printed = plate_as_printed(compact(number))
    plate = session.scalars(sa.select(PlateNumber).where(PlateNumber.number == printed).with_for_update()).one_or_none()
    if plate is None:
        raise BadInput("plate-unknown")
    if plate.state is not PlateState.IN_STOCK:
        raise ConditionMissing("plate-taken", plate=plate.number)
    plate.state, plate.retired_because = PlateState.RETIRED, reason.strip()[:200]
    record(session, "office", "plate-retired", {"plate": plate.number, "reason": plate.retired_because}, act=act)
    return plate
