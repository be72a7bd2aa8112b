"""Opening a case from an accepted package: sign, first history row, parties, vehicle, documents, term, search keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import CaseSign
from app.domain.checks import answers_of
from app.domain.deadlines import ORDINARY_CASE, Clock, office_day, started
from app.domain.folding import keys_for_case
from app.domain.procedures.editions import edition_for
from app.domain.procedures.stages import ProcedureName
from app.epackages.application import Address, Application, Contact
from app.epackages.application import Party as FormParty
from app.equipment import Equipment
from app.models import (
    Case,
    Deadline,
    DeadlineEvent,
    Finding,
    Outcome,
    Package,
    Party,
    PartyRole,
    SearchKey,
    Team,
    Vehicle,
)
from app.models.statements import add_rows
from app.usecases.case_clock import SETTLING_TERM
from app.usecases.findings import find_doubts
from app.usecases.number import next_number
from app.usecases.record import record

PESEL_CONTEXT = "pesel"


def open_case(session: Session, package: Package, form: Application | None, *, equipment: Equipment, act: Act) -> Case:
    """Open a case for `package`. Without a readable `form` it is a case that a clerk describes first."""
    office = equipment.office
    year = act.today.year
    number = next_number(session, f"case:{office.unit}:{office.case_class}:{year}")
    sign = CaseSign(office.unit, office.case_class, number, year)
    received = office_day(package.received_at)
    case = Case(
        sign=str(sign),
        unit=sign.unit,
        case_class=sign.klass,
        year=sign.year,
        number=sign.number,
        opened_at=act.at,
        received_on=received,
        citizen_id=package.citizen_id,
        team_id=session.scalar(sa.select(Team.id).order_by(Team.id).limit(1)),
        applicant_name=_fit(form.applicant_name if form else "", 200) or package.sender_name,
        signature_settled=package.outcome is Outcome.VALID,
    )
    procedure = ProcedureName(form.procedure) if form and form.procedure else ProcedureName.UNDESCRIBED
    case.open_as(procedure, edition_for(procedure, received, equipment.periods), act)
    session.add(case)
    if form is not None:
        _write_down(case, form, equipment)
    case.deadlines.append(_settling_term(case, act))
    case.packages.append(package)
    doubts = list(find_doubts(session, case, package, form, equipment=equipment, act=act))
    session.flush()
    make_findable(session, case, sign)
    noticed = [{"case_id": case.id, "code": one.code, "details": dict(one.details), "at": act.at} for one in doubts]
    add_rows(session, Finding, noticed)
    record(
        session,
        f"case:{case.id}",
        "case-opened",
        {"sign": case.sign, "procedure": case.procedure, "edition": case.edition, "package": package.number},
        act=act,
        begins=True,
    )
    return case


def _write_down(case: Case, form: Application, equipment: Equipment) -> None:
    """Take parties, vehicle and what the rules about documents ask over from the form, as it writes them."""
    case.answers = asdict(answers_of(asdict(form)))
    case.parties.extend(_party(role, party, form.contact, equipment) for role, party in _parties(form))
    if form.vehicle is None:
        return
    vehicle = form.vehicle
    case.vehicle = Vehicle(
        vin=_fit(vehicle.vin, 40) or None,
        plate=_fit(vehicle.plate, 16) or None,
        kind=_fit(vehicle.kind, 80) or None,
        purpose=_fit(vehicle.purpose, 80) or None,
        make=_fit(vehicle.make, 80) or None,
        type=_fit(vehicle.type, 80) or None,
        model=_fit(vehicle.model, 80) or None,
        production_year=vehicle.production_year,
    )
    case.vin, case.plate = case.vehicle.vin, case.vehicle.plate
    named = f"{vehicle.make} {vehicle.model}".strip()
    case.vehicle_label = _fit(f"{named}, {vehicle.production_year}" if vehicle.production_year else named, 160) or None


def _parties(form: Application) -> Iterator[tuple[PartyRole, FormParty]]:
    owner = form.owner or form.sender or form.holder
    if owner is not None:
        yield PartyRole.OWNER, owner
    for co_owner in form.co_owners:
        yield PartyRole.CO_OWNER, co_owner
    if form.proxy is not None:
        yield PartyRole.PROXY, form.proxy


def _party(role: PartyRole, party: FormParty, contact: Contact | None, equipment: Equipment) -> Party:
    own = contact if role is PartyRole.OWNER else None
    return Party(
        role=role,
        name=_fit(party.name, 200),
        pesel_sealed=equipment.ring.seal(party.pesel, context=PESEL_CONTEXT) if party.pesel else None,
        pesel_digest=equipment.ring.digest(party.pesel) if party.pesel else None,
        regon=_fit(party.regon, 14) or None,
        address=asdict(party.address or Address()),
        email=_fit(own.email, 254) or None if own else None,
        phone=_fit(own.phone, 40) or None if own else None,
    )


def _settling_term(case: Case, act: Act) -> Deadline:
    """Start the clock of KPA art. 35 § 3 on the day of receipt (art. 61 § 3a)."""
    case.due_on = Clock((started(case.received_on),)).reckon(act.today).due
    term = Deadline(
        kind=SETTLING_TERM,
        law="KPA art. 35 § 3",
        length=ORDINARY_CASE.length,
        unit=ORDINARY_CASE.unit.value,
        due_on=case.due_on,
    )
    term.events.append(DeadlineEvent(kind="started", on=case.received_on, law="KPA art. 61 § 3a", at=act.at))
    return term


def make_findable(session: Session, case: Case, sign: CaseSign) -> None:
    """Write the folded keys by which `case` is found."""
    keys = keys_for_case(
        sign,
        plates=_there(case.plate),
        vins=_there(case.vin),
        pesel_digests=[party.pesel_digest for party in case.parties if party.pesel_digest],
        regons=[party.regon for party in case.parties if party.regon],
        names=[case.applicant_name, *(party.name for party in case.parties)],
    )
    unique = dict.fromkeys((key.kind.value, key.key[:80]) for key in keys)
    add_rows(session, SearchKey, [{"kind": kind, "key": key, "case_id": case.id} for kind, key in unique])


def _there(value: str | None) -> Iterable[str]:
    return (value,) if value else ()


def _fit(text: str, length: int) -> str:
    """Cut what a form may say at length to what a column holds; the form itself is kept whole."""
    return text.strip()[:length]
