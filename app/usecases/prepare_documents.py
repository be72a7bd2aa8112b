"""What the office prepares before it decides: fees proved, plates assigned, the permit, the ordered certificate."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.blanks import permit_as_printed
from app.domain.custody import ItemState, Movement
from app.domain.deadlines import PERMIT_DAYS
from app.domain.errors import BadInput, ConditionMissing
from app.domain.folding import KeyKind, fold
from app.domain.identified import compact
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer, Stage
from app.domain.vehicles import plate_as_printed
from app.models import Case, CertificateOrder, Fee, Item, Permit, PlateNumber, PlateState, SearchKey, authored
from app.models.statements import add_missing
from app.usecases.items import new_item
from app.usecases.record import record
from app.usecases.whose_case import claim


def prove_fee(session: Session, case: Case, version: int, code: str, proof: str, *, act: Act) -> Fee:
    """Write down how the fee `code` was paid (number of the transfer, receipt of the cash desk).

    Raises what `claim` raises, BadInput (`fee-unknown`, `proof-missing`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if not proof.strip():
        raise BadInput("proof-missing")
    fee = next((one for one in case.fees if one.code == code), None)
    if fee is None:
        raise BadInput("fee-unknown")
    fee.proved_at, fee.proof = act.at, proof.strip()[:200]
    case.changed_at = act.at
    record(session, f"case:{case.id}", "fee-proved", {"fee": code, "grosze": fee.grosze}, act=act)
    return fee


def assign_plates(session: Session, case: Case, version: int, number: str, *, act: Act) -> PlateNumber:
    """Take the registration number `number` out of the stock for the vehicle of `case`.

    Raises:
        BadInput: `plate-unknown`: the stock has no such number.
        ConditionMissing: `plate-taken`: it is not free; `number-assigned-already`; `originals-first`.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    _refuse_early(case)
    if case.plate_numbers:
        raise ConditionMissing("number-assigned-already")
    plate = session.scalars(
        sa.select(PlateNumber).where(PlateNumber.number == plate_as_printed(compact(number))).with_for_update()
    ).one_or_none()
    if plate is None:
        raise BadInput("plate-unknown")
    if plate.state is not PlateState.IN_STOCK:
        raise ConditionMissing("plate-taken", plate=plate.number)
    plate.state, plate.assigned_at = PlateState.ASSIGNED, act.at
    case.plate_numbers.append(plate)
    for _ in range(plate.plates):
        new_item(session, case, ItemKind.NEW_PLATE, Movement.MADE, act=act, label=plate.number)
    key = {"kind": KeyKind.PLATE.value, "key": fold(plate.number)[:80], "case_id": case.id}
    add_missing(session, SearchKey, [key])
    case.changed_at = act.at
    record(session, f"case:{case.id}", "plates-assigned", {"plate": plate.number}, act=act)
    return plate


def release_plates(session: Session, case: Case, version: int, *, act: Act) -> PlateNumber:
    """Put the number that was assigned to `case` back into the stock, as long as nothing is decided.

    Raises what `claim` raises, ConditionMissing (`number-not-assigned`, `originals-first`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    _refuse_early(case)
    if not case.plate_numbers:
        raise ConditionMissing("number-not-assigned")
    plate = case.plate_numbers[0]
    for item in case.items:
        if item.kind is ItemKind.NEW_PLATE and item.label == plate.number and item.state is ItemState.IN_OFFICE:
            item.move(Movement.FORWARDED, authored(act), remark="stock")
    plate.state, plate.assigned_at, plate.case = PlateState.IN_STOCK, None, None
    case.changed_at = act.at
    record(session, f"case:{case.id}", "plates-released", {"plate": plate.number}, act=act)
    return plate


def prepare_permit(
    session: Session, case: Case, version: int, number: str, *, act: Act, days: int = PERMIT_DAYS
) -> Permit:
    """Prepare the temporary permit with the number of its blank, valid for `days` from the decision on.

    Raises:
        BadInput: `permit-number-missing`, `permit-number-unreadable` (one or two series of letters and seven digits),
            `permit-days` (1 to 30, PRD art. 74 ust. 3).
        ConditionMissing: `permit-prepared-already`, `permit-number-used`, `originals-first`.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    _refuse_early(case)
    blank = permit_as_printed(number)
    if not number.strip():
        raise BadInput("permit-number-missing")
    if not blank:
        raise BadInput("permit-number-unreadable")
    if not 1 <= days <= PERMIT_DAYS:
        raise BadInput("permit-days")
    if case.permit is not None:
        raise ConditionMissing("permit-prepared-already")
    if session.scalar(sa.select(Permit.id).where(Permit.number == blank)):
        raise ConditionMissing("permit-number-used")
    case.permit = Permit(number=blank, days=days)
    new_item(session, case, ItemKind.TEMPORARY_PERMIT, Movement.MADE, act=act, label=blank)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "permit-prepared", {"permit": blank, "days": days}, act=act)
    return case.permit


def receive_certificate(session: Session, case: Case, number: str, *, act: Act) -> Item:
    """Register that the permanent certificate came from its manufacturer, with the number of its blank.

    Raises BadInput (`certificate-number-missing`), ConditionMissing (`certificate-not-ordered`,
    `certificate-arrived-already`, `certificate-number-used`).
    """
    blank = number.strip().upper()[:30]
    order = case.certificate_order
    if not blank:
        raise BadInput("certificate-number-missing")
    if order is None:
        raise ConditionMissing("certificate-not-ordered")
    if order.arrived_on is not None:
        raise ConditionMissing("certificate-arrived-already")
    if session.scalar(sa.select(CertificateOrder.id).where(CertificateOrder.number == blank)):
        raise ConditionMissing("certificate-number-used")
    order.number, order.arrived_on = blank, act.today
    item = new_item(session, case, ItemKind.REGISTRATION_CERTIFICATE, Movement.MADE, act=act, label=blank)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "certificate-arrived", {"certificate": blank}, act=act)
    return item


def _refuse_early(case: Case) -> None:
    if case.stage != Stage.ORIGINALS_COMPLETE.value:
        raise ConditionMissing("originals-first")
