"""Plates with the owner's own text: which kind a case gets, the number that is ordered, and the plates that come."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Movement
from app.domain.errors import BadInput, ConditionMissing
from app.domain.folding import KeyKind, fold
from app.domain.items import ItemKind
from app.domain.plates import individual_number, individual_numbers, plate_count
from app.domain.procedures.stages import Doer
from app.domain.vehicles import PlateKind, plate_as_printed
from app.models import Case, PlateNumber, PlateState, SearchKey
from app.models.statements import add_once
from app.usecases.assess_fees import assess_fees
from app.usecases.case_facts import answers_of_case, plates_awaited
from app.usecases.items import new_item
from app.usecases.record import record
from app.usecases.whose_case import claim
from app.usecases.withdraw_prepared import refuse_decided

CHOICES = (PlateKind.ORDINARY, PlateKind.REDUCED, PlateKind.ANTIQUE, PlateKind.INDIVIDUAL)
ORDER_WITHDRAWN = "order-withdrawn"
"""Why a number is retired that was ordered, and then not wanted."""


def choose_plates(session: Session, case: Case, version: int, kind: str, *, act: Act) -> None:
    """Write down which kind of plates the vehicle gets, whatever was wished for at first; the fees follow.

    Raises what `claim` and `refuse_decided` raise, BadInput (`plate-kind-unknown`), ConditionMissing
    (`number-assigned-already`: that one goes back first).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    if kind not in CHOICES:
        raise BadInput("plate-kind-unknown")
    if case.plate_numbers:
        raise ConditionMissing("number-assigned-already")
    case.answers = {**(case.answers or {}), "plate_kind": PlateKind(kind).value}
    assess_fees(case)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "plates-chosen", {"kind": kind}, act=act)


def order_number(session: Session, case: Case, typed: str, letter: str, *, act: Act) -> PlateNumber:
    """Enter an individual number after `letter` into the register of numbers; its plates are made to order.

    Raises what `individual_number` raises, ConditionMissing (`plate-known`: some vehicle has it, or had).
    """
    number = plate_as_printed(individual_number(typed, letter))
    row = {
        "number": number, "kind": PlateKind.INDIVIDUAL.value, "state": PlateState.ASSIGNED,
        "plates": plate_count(answers_of_case(case).vehicle_class), "added_at": act.at,
    }  # fmt: skip
    known = _known(session, [number])
    plate_id = None if known else add_once(session, PlateNumber, row, unique="number")
    if plate_id is None:
        raise ConditionMissing("plate-known", plate=number)
    return session.get_one(PlateNumber, plate_id)


def numbers_to_order(session: Session, case: Case, letter: str) -> list[str]:
    """Return the numbers with the text wished for that no vehicle has, or had."""
    numbers = individual_numbers(answers_of_case(case).individual_text, letter)
    known = _known(session, numbers)
    return [number for number in numbers if number not in known]


def receive_plates(session: Session, case: Case, *, act: Act) -> PlateNumber:
    """Register that the plates of an individual number came from their maker.

    Raises ConditionMissing (`plates-not-awaited`: none are ordered, or they are here).
    """
    if not plates_awaited(case) or case.plate_numbers[0].state is not PlateState.ASSIGNED:
        raise ConditionMissing("plates-not-awaited")
    plate = case.plate_numbers[0]
    make_plates(session, case, plate, act=act)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "plates-arrived", {"plate": plate.number}, act=act)
    return plate


def make_plates(session: Session, case: Case, plate: PlateNumber, *, act: Act) -> None:
    """Begin the chains of the plates that bear the number of `plate`."""
    for _ in range(plate.plates):
        new_item(session, case, ItemKind.NEW_PLATE, Movement.MADE, act=act, label=plate.number)


def _known(session: Session, numbers: Iterable[str]) -> set[str]:
    """Return those of `numbers` that the office gave, withdrew, or saw on a vehicle in some case."""
    keys = {fold(number)[:80]: number for number in numbers}
    given = session.scalars(sa.select(PlateNumber.number).where(PlateNumber.number.in_(keys.values())))
    seen = session.scalars(
        sa.select(SearchKey.key).where(SearchKey.kind == KeyKind.PLATE.value, SearchKey.key.in_(keys))
    )
    return {*given, *(keys[key] for key in seen)}
