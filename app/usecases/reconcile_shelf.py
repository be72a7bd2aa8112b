"""The end of the day at a shelf: what should lie there, what does, and what follows from the difference."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.domain.acts import Act
from app.domain.case_signs import recognise_case_sign
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput
from app.models import Case, Item
from app.usecases.move_items import move_items
from app.usecases.record import record

TO_EXPLAIN = "do wyjaśnienia"
"""Where a thing is said to be that was not found on its shelf: a shelf of its own, so that somebody sees it."""

_LABEL = re.compile(r"(?:(?P<sign>.+)/)?(?P<number>[1-9]\d{0,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a shelf lacks, what lies there and belongs elsewhere, and codes that no thing in the office bears."""

    lying: tuple[Item, ...]
    absent: tuple[Item, ...]
    found: tuple[Item, ...]
    unknown: tuple[str, ...]


def compare_shelf(session: Session, place: str, seen: Collection[int], codes: Iterable[str]) -> Difference:
    """Compare what the system says of the shelf `place` with the numbers `seen` there and the `codes` scanned.

    A code is that of a label: a number, a case sign with a number, or a case sign for the whole envelope.
    """
    expected = list(session.scalars(lying_at(place)))
    numbers, unknown = set(seen), []
    for code in codes:
        read = _numbers_of(session, code, expected)
        numbers |= read
        if not read:
            unknown.append(code)
    there = {item.number for item in expected}
    found = session.scalars(_here().where(Item.number.in_(numbers - there)).order_by(Item.number)).all()
    known = there | {item.number for item in found}
    unknown += [str(number) for number in sorted(numbers - known)]
    return Difference(
        lying=tuple(item for item in expected if item.number in numbers),
        absent=tuple(item for item in expected if item.number not in numbers),
        found=tuple(found),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def reconcile_shelf(
    session: Session, place: str, absent: Iterable[int], found: Iterable[int], *, act: Act
) -> tuple[list[Item], list[Item]]:
    """Write down that `absent` things do not lie at `place` and that `found` ones do; returns both.

    What is absent stands on the shelf `TO_EXPLAIN` until somebody finds it.

    Raises BadInput: `place-missing`; what `move_items` raises.
    """
    if not place.strip():
        raise BadInput("place-missing")
    lost = _move(session, absent, TO_EXPLAIN, f"brak na półce {place}", act) if place != TO_EXPLAIN else []
    here = _move(session, found, place, "", act)
    details = {"place": place, "absent": [i.number for i in lost], "found": [i.number for i in here]}
    record(session, "office", "shelf-reconciled", details, act=act)
    return lost, here


def put_on_shelf(session: Session, place: str, numbers: Iterable[int], *, act: Act) -> list[Item]:
    """Put the things of these `numbers`, of whatever cases, on the shelf `place`.

    Raises BadInput: `place-missing`, `nothing-ticked`; what `move_items` raises.
    """
    wanted = set(numbers)
    if not place.strip():
        raise BadInput("place-missing")
    if not wanted:
        raise BadInput("nothing-ticked")
    return _move(session, wanted, place.strip(), "", act)


def lying_at(place: str) -> sa.Select[Item]:
    """Return the things that should lie at `place` ("": on no shelf), with their cases, by cases and numbers."""
    return _here().where(Item.place == place if place else Item.place.is_(None)).order_by(Item.case_id, Item.number)


def _here() -> sa.Select[Item]:
    return sa.select(Item).where(Item.state == ItemState.IN_OFFICE).options(joinedload(Item.case))


def _numbers_of(session: Session, code: str, expected: Iterable[Item]) -> set[int]:
    sign = recognise_case_sign(code)
    if sign is not None:
        return {item.number for item in expected if item.case is not None and item.case.sign == str(sign)}
    label = _LABEL.fullmatch(code.strip())
    if label is None:
        return set()
    number = int(label["number"])
    return {number} if session.scalar(sa.select(Item.id).where(Item.number == number)) else set()


def _move(session: Session, numbers: Iterable[int], place: str, remark: str, act: Act) -> list[Item]:
    wanted = set(numbers)
    by_case: dict[int, set[int]] = {}
    for number, case_id in session.execute(sa.select(Item.number, Item.case_id).where(Item.number.in_(wanted))):
        if case_id is not None:
            by_case.setdefault(case_id, set()).add(number)
    moved: list[Item] = []
    for case_id, of_case in sorted(by_case.items()):
        case = session.get_one(Case, case_id)
        moved += move_items(session, case, of_case, Movement.STORED, act=act, place=place, remark=remark)
    return moved
