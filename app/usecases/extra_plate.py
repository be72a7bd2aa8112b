"""A plate for a bicycle rack, that bears the number of the vehicle once more: wished for, paid for, made to order.

Law: PRD art. 73 ust. 1b and 1c (of a car, after the temporary registration or with the certificate); its fee:
Dz.U. 2022 poz. 1848 § 4 ust. 5 and 6.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import Movement
from app.domain.errors import ConditionMissing
from app.domain.items import Fate, ItemKind
from app.domain.procedures.stages import Doer
from app.domain.vehicles import VehicleClass
from app.models import Case, Item
from app.usecases.assess_fees import assess_fees
from app.usecases.case_facts import answers_of_case, extra_plate_awaited, number_of
from app.usecases.items import new_item
from app.usecases.prepare_item import STAGES
from app.usecases.record import record
from app.usecases.whose_case import claim
from app.usecases.withdraw_prepared import prepared, refuse_decided


def choose_extra_plate(session: Session, case: Case, version: int, *, wished: bool, act: Act) -> None:
    """Write down whether the owner wants a plate for a bicycle rack, whatever was wished for at first; the fees follow.

    Raises what `claim` and `refuse_decided` raise, ConditionMissing (`extra-plate-of-a-car`: others get none).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    if wished and not may_be_wished(case):
        raise ConditionMissing("extra-plate-of-a-car")
    case.answers = {**(case.answers or {}), "extra_plate_wished": wished}
    if not wished:
        discard_extra_plates(case)
    assess_fees(case)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "extra-plate-chosen", {"wished": wished}, act=act)


def may_be_wished(case: Case) -> bool:
    """Return whether the vehicle of `case` may bear such a plate."""
    return answers_of_case(case).vehicle_class is VehicleClass.CAR


def may_come(case: Case) -> bool:
    """Return whether the plate of `case` is awaited, and its number known."""
    return extra_plate_awaited(case) and bool(number_of(case)) and case.stage in {stage.value for stage in STAGES}


def receive_extra_plate(session: Session, case: Case, *, act: Act) -> Item:
    """Register that the plate came from its maker.

    Raises ConditionMissing (`plates-not-awaited`: none is wished for, it is here, or the number is not known).
    """
    if not may_come(case):
        raise ConditionMissing("plates-not-awaited")
    number = number_of(case)
    item = new_item(session, case, ItemKind.NEW_EXTRA_PLATE, Movement.MADE, act=act, label=number)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "extra-plate-arrived", {"plate": number}, act=act)
    return item


def discard_extra_plates(case: Case) -> None:
    """Let what came be destroyed: it bears a number that the vehicle does not get, or nobody wants it."""
    for item in prepared(case, ItemKind.NEW_EXTRA_PLATE):
        item.fate = Fate.DESTROYED
