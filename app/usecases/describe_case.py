"""A clerk says what a party asks for whose form the program could not read."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import parse_case_sign
from app.domain.errors import BadInput
from app.domain.procedures.editions import edition_for
from app.domain.procedures.stages import Doer, ProcedureName
from app.equipment import Equipment
from app.models import Case, Party, PartyRole, SearchKey, Vehicle
from app.usecases.assess_fees import assess_fees
from app.usecases.move_case import move_case
from app.usecases.open_case import PESEL_CONTEXT, make_findable
from app.usecases.record import record
from app.usecases.whose_case import claim


@dataclass(frozen=True, slots=True)
class Description:
    """What the clerk read from the papers."""

    procedure: str
    applicant_name: str
    pesel: str = ""
    plate: str = ""
    vin: str = ""
    make_and_model: str = ""


def describe_case(
    session: Session, case: Case, version: int, description: Description, *, equipment: Equipment, act: Act
) -> Case:
    """Make of an undescribed case one of the procedure that fits, at the same stage.

    Raises BadInput (`procedure-unknown`, `applicant-missing`), Stale, NotAllowed (`case-not-yours`), and what the
    procedure refuses.
    """
    try:
        procedure = ProcedureName(description.procedure)
    except ValueError:
        raise BadInput("procedure-unknown") from None
    if procedure is ProcedureName.UNDESCRIBED:
        raise BadInput("procedure-unknown")
    if not description.applicant_name.strip():
        raise BadInput("applicant-missing")
    claim(case, version, act=act, doer=Doer.CLERK)
    move_case(session, case, "describe", act=act, doers={Doer.CLERK})
    case.procedure, case.edition = procedure.value, edition_for(procedure, case.received_on)
    case.applicant_name = description.applicant_name.strip()[:200]
    _write_down(case, description, equipment)
    assess_fees(case)
    session.flush()
    session.execute(sa.delete(SearchKey).where(SearchKey.case_id == case.id))
    make_findable(session, case, parse_case_sign(case.sign))
    record(session, f"case:{case.id}", "case-described", {"procedure": procedure.value}, act=act)
    return case


def _write_down(case: Case, description: Description, equipment: Equipment) -> None:
    owner = next((party for party in case.parties if party.role is PartyRole.OWNER), None)
    if owner is None:
        owner = Party(role=PartyRole.OWNER, name="", address={})
        case.parties.append(owner)
    owner.name = case.applicant_name
    if description.pesel.strip():
        pesel = description.pesel.strip()
        owner.pesel_sealed = equipment.ring.seal(pesel, context=PESEL_CONTEXT)
        owner.pesel_digest = equipment.ring.digest(pesel)
    vehicle = case.vehicle or Vehicle()
    vehicle.plate = description.plate.strip().upper()[:16] or vehicle.plate
    vehicle.vin = description.vin.strip().upper()[:40] or vehicle.vin
    if named := description.make_and_model.strip()[:80]:
        vehicle.make, vehicle.model = None, named
        case.vehicle_label = named
    case.vehicle = vehicle
    case.plate, case.vin = vehicle.plate, vehicle.vin
