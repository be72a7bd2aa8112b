"""Opening a case from an accepted package: sign, first history row, parties, vehicle, documents, term, search keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import CaseSign
from app.domain.checks import answers_of
from app.domain.deadlines import ORDINARY_CASE, Clock, office_day, started
from app.domain.documents import is_ex_officio
from app.domain.folding import keys_for_case
from app.domain.procedures.editions import edition_for
from app.domain.procedures.stages import ProcedureName
from app.epackages.application import Address, Application, Contact, FormVehicle
from app.epackages.application import Party as FormParty
from app.equipment import Equipment
from app.models import (
    Case,
    CaseStep,
    Deadline,
    DeadlineEvent,
    Finding,
    Outcome,
    Package,
    Party,
    PartyRole,
    SearchKey,
    Vehicle,
)
from app.models.statements import add_row, columns_of, leave_rows
from app.usecases.case_clock import SETTLING_TERM
from app.usecases.days_off import office_calendar
from app.usecases.findings import find_doubts
from app.usecases.judge_received import Judged
from app.usecases.number import next_number
from app.usecases.record import record

PESEL_CONTEXT = "pesel"


def open_case(
    session: Session, package: Package, form: Application | None, judged: Judged, *, equipment: Equipment, act: Act
) -> tuple[int, str]:
    """Open a case for `package`; without a readable `form` it is one that a clerk describes first.

    Returns its id and its sign. Rows, not objects: a unit of work over all that belongs to a case takes longer than
    all the statements.
    """
    office = equipment.office
    year = act.today.year
    number = next_number(session, f"case:{office.unit}:{office.case_class}:{year}")
    sign = CaseSign(office.unit, office.case_class, number, year)
    received = office_day(package.received_at)
    vehicle = _vehicle(form.vehicle) if form and form.vehicle else {}
    case = Case(
        sign=str(sign),
        unit=sign.unit,
        case_class=sign.klass,
        year=sign.year,
        number=sign.number,
        opened_at=act.at,
        received_on=received,
        due_on=Clock((started(received),)).reckon(act.today, office_calendar(session)).due,
        citizen_id=package.citizen_id,
        applicant_name=_fit(form.applicant_name if form else "", 200) or package.sender_name,
        signature_settled=package.outcome is Outcome.VALID,
        answers=asdict(answers_of(asdict(form))) if form else None,
        vin=vehicle.get("vin"),
        plate=vehicle.get("plate"),
        vehicle_label=_label(form.vehicle) if form and form.vehicle else None,
    )
    procedure = _procedure(form)
    step = case.open_as(procedure, edition_for(procedure, received, equipment.periods), act)
    case.id = add_row(session, Case, columns_of(case))
    leave_rows(session, CaseStep, {"case_id": case.id, **columns_of(step)})
    parties = [_party(role, party, form.contact, equipment) for role, party in _parties(form)] if form else []
    leave_rows(session, Party, *({"case_id": case.id, **party} for party in parties))
    if vehicle:
        leave_rows(session, Vehicle, {"case_id": case.id, **vehicle})
    _start_term(session, case, act)
    doubts = find_doubts(session, case, package, form, judged, equipment=equipment, act=act)
    noticed = ({"case_id": case.id, "code": one.code, "details": dict(one.details), "at": act.at} for one in doubts)
    leave_rows(session, Finding, *noticed)
    make_findable(session, case, sign, ((row["name"], row["pesel_digest"], row["regon"]) for row in parties))
    record(
        session,
        f"case:{case.id}",
        "case-opened",
        {"sign": case.sign, "procedure": case.procedure, "edition": case.edition, "package": package.number},
        act=act,
        begins=True,
    )
    return case.id, case.sign


def _procedure(form: Application | None) -> ProcedureName:
    """Return the procedure that `form` asks for; a clerk describes a case that it leaves open.

    On some grounds only the office acts (PRD art. 79 ust. 3, 3a, 3b): who names one asks for something else.
    """
    if form is None or not form.procedure or (form.request and is_ex_officio(form.request.ground)):
        return ProcedureName.UNDESCRIBED
    return ProcedureName(form.procedure)


def _vehicle(vehicle: FormVehicle) -> dict[str, Any]:
    """Return the row of the vehicle as the form writes it."""
    lengths = {"vin": 40, "plate": 16, "kind": 80, "purpose": 80, "make": 80, "type": 80, "model": 80}
    said = {name: _fit(getattr(vehicle, name), length) or None for name, length in lengths.items()}
    return {**said, "production_year": vehicle.production_year}


def _label(vehicle: FormVehicle) -> str | None:
    named = f"{vehicle.make} {vehicle.model}".strip()
    return _fit(f"{named}, {vehicle.production_year}" if vehicle.production_year else named, 160) or None


def _parties(form: Application) -> Iterator[tuple[PartyRole, FormParty]]:
    owner = form.owner or form.sender or form.holder
    if owner is not None:
        yield PartyRole.OWNER, owner
    for co_owner in form.co_owners:
        yield PartyRole.CO_OWNER, co_owner
    if form.proxy is not None:
        yield PartyRole.PROXY, form.proxy


def _party(role: PartyRole, party: FormParty, contact: Contact | None, equipment: Equipment) -> dict[str, Any]:
    """Return the row of a party as the form names it."""
    own = contact if role is PartyRole.OWNER else None
    return {
        "role": role,
        "name": _fit(party.name, 200),
        "pesel_sealed": equipment.ring.seal(party.pesel, context=PESEL_CONTEXT) if party.pesel else None,
        "pesel_digest": equipment.ring.digest(party.pesel) if party.pesel else None,
        "regon": _fit(party.regon, 14) or None,
        "address": asdict(party.address or Address()),
        "email": _fit(own.email, 254) or None if own else None,
        "phone": _fit(own.phone, 40) or None if own else None,
    }


def _start_term(session: Session, case: Case, act: Act) -> None:
    """Start the clock of KPA art. 35 § 3 on the day of receipt (art. 61 § 3a)."""
    term = {
        "case_id": case.id,
        "kind": SETTLING_TERM,
        "law": "KPA art. 35 § 3",
        "length": ORDINARY_CASE.length,
        "unit": ORDINARY_CASE.unit.value,
        "due_on": case.due_on,
    }
    start = {"kind": "started", "on_day": case.received_on, "law": "KPA art. 61 § 3a", "at": act.at}
    leave_rows(session, DeadlineEvent, {"deadline_id": add_row(session, Deadline, term), **start})


def make_findable(
    session: Session, case: Case, sign: CaseSign, parties: Iterable[tuple[str, str | None, str | None]]
) -> None:
    """Write the folded keys by which `case` is found; of each party the name, the PESEL's digest and the REGON."""
    known = list(parties)
    keys = keys_for_case(
        sign,
        plates=filter(None, (case.plate,)),
        vins=filter(None, (case.vin,)),
        pesel_digests=(digest for _, digest, _ in known if digest),
        regons=(regon for _, _, regon in known if regon),
        names=(case.applicant_name, *(name for name, _, _ in known)),
    )
    unique = dict.fromkeys((key.kind.value, key.key[:80]) for key in keys)
    leave_rows(session, SearchKey, *({"kind": kind, "key": key, "case_id": case.id} for kind, key in unique))


def _fit(text: str, length: int) -> str:
    """Cut what a form may say at length to what a column holds; the form itself is kept whole."""
    return text.strip()[:length]
