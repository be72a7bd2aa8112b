"""What the office prepares before it decides: fees proved, plates assigned, the permit, the ordered certificate."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.blanks import permit_as_printed
from app.domain.custody import Movement
from app.domain.deadlines import PERMIT_DAYS
from app.domain.documents import Answers
from app.domain.errors import BadInput, ConditionMissing
from app.domain.folding import KeyKind, fold
from app.domain.identified import compact
from app.domain.items import Fate, ItemKind
from app.domain.plates import plate_count, stock_kind
from app.domain.procedures.stages import Doer, Stage
from app.domain.vehicles import PlateKind, plate_as_printed
from app.models import Case, CertificateOrder, Fee, Item, Permit, PlateNumber, PlateState, SearchKey, authored
from app.models.custody import TO_STOCK
from app.models.statements import add_missing
from app.usecases.case_facts import answers_of_case
from app.usecases.extra_plate import discard_extra_plates
from app.usecases.individual_plates import ORDER_WITHDRAWN, make_plates, order_number
from app.usecases.items import new_item
from app.usecases.keep_clock import keep_clock
from app.usecases.record import record
from app.usecases.whose_case import claim
from app.usecases.withdraw_prepared import prepared, refuse_decided


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


def assign_plates(session: Session, case: Case, version: int, number: str, *, letter: str, act: Act) -> PlateNumber:
    """Give the vehicle of `case` the registration number `number`: out of the stock, or ordered where it is individual.

    `letter` begins individual numbers.

    Raises:
        BadInput: `plate-unknown`: the stock has no such number; for an individual one what `individual_number` raises.
        ConditionMissing: `plate-taken`: it is not free; `plate-other-kind`: its plates are not of the kind that the
            vehicle gets; `plate-other-count`: there are more or fewer of them than it bears; `plate-known`: an
            individual one that some vehicle has, or had; `number-assigned-already`; `originals-first`.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    _refuse_early(case)
    if case.plate_numbers:
        raise ConditionMissing("number-assigned-already")
    said = answers_of_case(case)
    ordered = said.plate_kind is PlateKind.INDIVIDUAL
    plate = order_number(session, case, number, letter, act=act) if ordered else _from_stock(session, number, said)
    plate.state, plate.assigned_at = PlateState.ASSIGNED, act.at
    case.plate_numbers.append(plate)
    if not ordered:
        make_plates(session, case, plate, act=act)
    key = {"kind": KeyKind.PLATE.value, "key": fold(plate.number)[:80], "case_id": case.id}
    add_missing(session, SearchKey, [key])
    case.changed_at = act.at
    record(session, f"case:{case.id}", "plates-assigned", {"plate": plate.number}, act=act)
    return plate


def _from_stock(session: Session, number: str, said: Answers) -> PlateNumber:
    plate = session.scalars(
        sa.select(PlateNumber).where(PlateNumber.number == plate_as_printed(compact(number))).with_for_update()
    ).one_or_none()
    if plate is None:
        raise BadInput("plate-unknown")
    if plate.state is not PlateState.IN_STOCK:
        raise ConditionMissing("plate-taken", plate=plate.number)
    if plate.kind != stock_kind(said.plate_kind, said.vehicle_class).value:
        raise ConditionMissing("plate-other-kind", plate=plate.number)
    if plate.plates != plate_count(said.vehicle_class):
        raise ConditionMissing("plate-other-count", plate=plate.number)
    return plate


def release_plates(session: Session, case: Case, version: int, *, act: Act) -> PlateNumber:
    """Put the number that was assigned to `case` back into the stock, until the decision leaves.

    An individual number is nobody else's: it is withdrawn for good, and plates that came already will be destroyed.

    Raises what `claim` and `refuse_decided` raise, ConditionMissing (`number-not-assigned`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    if not case.plate_numbers:
        raise ConditionMissing("number-not-assigned")
    plate = case.plate_numbers[0]
    made = [item for item in prepared(case, ItemKind.NEW_PLATE) if item.label == plate.number]
    discard_extra_plates(case)
    if plate.kind == PlateKind.INDIVIDUAL.value:
        for item in made:
            item.fate = Fate.DESTROYED
        plate.state, plate.retired_because = PlateState.RETIRED, ORDER_WITHDRAWN
    else:
        for item in made:
            item.move(Movement.FORWARDED, authored(act), remark=TO_STOCK)
        plate.state = PlateState.IN_STOCK
    plate.assigned_at, plate.case = None, None
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
    keep_clock(session, case, act)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "certificate-arrived", {"certificate": blank}, act=act)
    return item


def _refuse_early(case: Case) -> None:
    if case.stage != Stage.ORIGINALS_COMPLETE.value:
        raise ConditionMissing("originals-first")
