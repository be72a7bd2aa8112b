"""A clerk says what a party asks for whose form the program could not read, and corrects what was said wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import parse_case_sign
from app.domain.documents import ground_of
from app.domain.errors import BadInput, StepNotOpen
from app.domain.procedures.editions import edition_for
from app.domain.procedures.stages import Doer, ProcedureName
from app.equipment import Equipment
from app.models import Case, Finding, Party, PartyRole, SearchKey, Vehicle
from app.usecases.assess_fees import assess_fees
from app.usecases.case_facts import acts_ex_officio
from app.usecases.doubt_description import doubt_description
from app.usecases.move_case import move_case
from app.usecases.open_case import PESEL_CONTEXT, make_findable
from app.usecases.record import record
from app.usecases.whose_case import claim


@dataclass(frozen=True, slots=True)
class Description:
    """What the clerk read from the papers. `without_pesel` is not empty where the one that stands there is wrong."""

    procedure: str
    applicant_name: str
    pesel: str = ""
    plate: str = ""
    vin: str = ""
    make_and_model: str = ""
    without_pesel: str = ""
    regon: str = ""
    street: str = ""
    postal_code: str = ""
    locality: str = ""
    ground: str = ""


def describe_case(
    session: Session, case: Case, version: int, description: Description, *, equipment: Equipment, act: Act
) -> Case:
    """Make of `case` one of the procedure that fits, at the same stage, and note what is doubtful about it.

    At the first time an empty field leaves what the form said; a correction takes the fields as they stand, except an
    empty PESEL, which nobody was shown. Names and PESELs are no part of the event, only that they were changed.

    Raises BadInput (`procedure-unknown`, `applicant-missing`, `ground-unknown`), Stale, NotAllowed (`case-not-yours`),
    StepNotOpen where the procedure has no such step or a readable form describes the case.
    """
    procedure = _procedure(description)
    claim(case, version, act=act, doer=Doer.CLERK)
    if not is_described_by_clerks(case):
        raise StepNotOpen("step-not-open", step="describe", stage=case.stage, procedure=case.procedure)
    first = case.procedure == ProcedureName.UNDESCRIBED
    before = _said(case)
    move_case(session, case, "describe", act=act, doers={Doer.CLERK})
    case.procedure, case.edition = procedure.value, edition_for(procedure, case.received_on, equipment.periods)
    case.applicant_name = description.applicant_name.strip()[:200]
    _write_party(case, description, equipment)
    _write_vehicle(case, description, keep_empty=first)
    _write_ground(case, description.ground, keep_empty=first)
    if case.packages:
        # Whoever informs the office of what it acts on by itself is no party, and gets none of the owner's letters.
        case.citizen_id = None if acts_ex_officio(case) else case.packages[0].citizen_id
    assess_fees(case)
    session.flush()
    session.execute(sa.delete(SearchKey).where(SearchKey.case_id == case.id))
    parties = ((party.name, party.pesel_digest, party.regon) for party in case.parties)
    make_findable(session, case, parse_case_sign(case.sign), parties)
    for doubt in doubt_description(session, case, equipment=equipment, act=act):
        case.findings.append(Finding(code=doubt.code, details=dict(doubt.details), at=act.at))
    if first:
        record(session, f"case:{case.id}", "case-described", {"procedure": procedure.value}, act=act)
    else:
        record(session, f"case:{case.id}", "description-corrected", _change(before, _said(case)), act=act)
    return case


def is_described_by_clerks(case: Case) -> bool:
    """Return whether what is known of `case` is for clerks to say: no form that the program could read says it."""
    return case.procedure == ProcedureName.UNDESCRIBED or any(step.step == "describe" for step in case.steps)


def make_and_model(case: Case) -> str:
    """Return make and model of the vehicle as one text, empty where nothing is known of them."""
    vehicle = case.vehicle
    return " ".join(filter(None, (vehicle.make, vehicle.model))) if vehicle else ""


def _procedure(description: Description) -> ProcedureName:
    try:
        procedure = ProcedureName(description.procedure)
    except ValueError:
        raise BadInput("procedure-unknown") from None
    if procedure is ProcedureName.UNDESCRIBED:
        raise BadInput("procedure-unknown")
    if not description.applicant_name.strip():
        raise BadInput("applicant-missing")
    return procedure


def _owner(case: Case) -> Party | None:
    return next((party for party in case.parties if party.role is PartyRole.OWNER), None)


_PERSONAL = ("applicant_name", "pesel", "regon", "address")


def _said(case: Case) -> dict[str, str]:
    """Return what stands about `case` now; of the PESEL only its digest, to tell whether it was changed."""
    owner = _owner(case)
    return {
        "procedure": case.procedure,
        "plate": case.plate or "",
        "vin": case.vin or "",
        "make_and_model": make_and_model(case),
        "applicant_name": case.applicant_name,
        "pesel": (owner.pesel_digest or "") if owner else "",
        "regon": (owner.regon or "") if owner else "",
        "address": str(owner.address) if owner else "",
        "ground": (case.answers or {}).get("ground", ""),
    }


def _change(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, object]:
    changed = [name for name, value in after.items() if value != before[name]]
    told = [name for name in changed if name not in _PERSONAL]
    return {
        "was": {name: before[name] for name in told},
        "now": {name: after[name] for name in told},
        "personal": [name for name in changed if name in _PERSONAL],
    }


def _write_party(case: Case, description: Description, equipment: Equipment) -> None:
    owner = _owner(case)
    if owner is None:
        owner = Party(role=PartyRole.OWNER, name="", address={})
        case.parties.append(owner)
    owner.name = case.applicant_name
    address = {name: getattr(description, name).strip()[:120] for name in ("street", "postal_code", "locality")}
    if any(address.values()):
        owner.address = address
    if regon := description.regon.strip():
        owner.regon = regon[:14]
    if pesel := description.pesel.strip():
        owner.pesel_sealed = equipment.ring.seal(pesel, context=PESEL_CONTEXT)
        owner.pesel_digest = equipment.ring.digest(pesel)
    elif description.without_pesel:
        owner.pesel_sealed = owner.pesel_digest = None


def _write_ground(case: Case, ground: str, *, keep_empty: bool) -> None:
    """Write why the vehicle is deregistered: which documents are asked for follows from it."""
    if case.procedure != ProcedureName.DEREGISTRATION or (keep_empty and not ground):
        return
    if ground and ground_of(ground) is None:
        raise BadInput("ground-unknown")
    case.answers = {**(case.answers or {}), "ground": ground}


def _write_vehicle(case: Case, description: Description, *, keep_empty: bool) -> None:
    vehicle = case.vehicle or Vehicle()
    plate, vin = description.plate.strip().upper()[:16], description.vin.strip().upper()[:40]
    vehicle.plate = plate or (vehicle.plate if keep_empty else None)
    vehicle.vin = vin or (vehicle.vin if keep_empty else None)
    named = description.make_and_model.strip()[:80]
    if named != make_and_model(case) and (named or not keep_empty):
        vehicle.make, vehicle.model = None, named or None
        case.vehicle_label = named or None
    case.vehicle = vehicle
    case.plate, case.vin = vehicle.plate, vehicle.vin
