"""What a letter says of its case: the values for the fields of its text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.acts import OFFICE_ZONE, Act
from app.domain.correspondence import REMINDERS_OF_SUMMONS, TO_AUTHORITIES
from app.domain.deadlines import LEAST_AFTER_REMINDER, PERMIT_DAYS, extended_permit, office_day, permit_valid_until
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.documents import ground_of
from app.domain.items import Fate, ItemKind
from app.domain.persons import is_male
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Stage
from app.domain.summonses import Demand, only_ways
from app.equipment import Equipment
from app.letters.kinds import LETTER_KINDS
from app.letters.names import (
    FAULTS,
    GROUNDS,
    INFORMATION,
    REFUSED,
    REQUESTS,
    named_together,
    only_in_words,
    subject_in_words,
)
from app.letters.texts import FieldValue
from app.letters.words import day_in_words
from app.models import BINDING, Case, Party, PartyRole, ProposalState
from app.usecases.addressees import address_lines, addressees_of, parties_of
from app.usecases.authorities import authority_fields
from app.usecases.case_facts import acts_ex_officio, answers_of_case, determinations, newest_agreement
from app.usecases.comes_back import fields_of_what_comes_back
from app.usecases.earlier_summons import earlier_summons
from app.usecases.items import things_to_forward
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.summons_in_force import summons_in_force
from app.usecases.what_goes_out import goes_out, no_longer_valid

_SAY_THE_NUMBER = frozenset({"permit_return_summons", "plates_return_summons"})
"""Their texts name the number that the vehicle has now beside the vehicle."""
_NO_ADDRESS = "adres w aktach sprawy"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """What a clerk says in the letter of a `step`; `kind` is that of the step, or one of a letter without a step."""

    kind: str
    step: str | None = None
    days: int | None = None
    demands: tuple[Demand, ...] = ()
    reasons: str = ""
    until: dt.date | None = None
    subject: str = ""
    appeal: int | None = None
    """The place of the appeal that it forwards, among those of the case."""


def letter_fields(case: Case, draft: LetterDraft, *, equipment: Equipment, act: Act) -> dict[str, FieldValue]:
    """Return every field that is known of `case` for the letter that `draft` describes, as of the day of `act`."""
    office, kind = equipment.office, LETTER_KINDS[draft.kind]
    people = addressees_of(case)
    lines = address_lines(people[0] if people else None)
    fields: dict[str, FieldValue | None] = {
        "case_sign": case.sign,
        "letter_day": act.today,
        "salutation": _salutation(people[0] if len(people) == 1 else None, equipment),
        "party": _names(people) or case.applicant_name,
        "party_address": ", ".join(lines) or _NO_ADDRESS,
        "parties_label": "Strona",
        **(_parties(case) if kind.is_decision or kind.is_order or draft.kind in TO_AUTHORITIES else {}),
        "request": REQUESTS.get(case.procedure, "załatwienie sprawy pojazdu"),
        "received_day": case.received_on,
        **_matter(case),
        "vehicle": _vehicle(case, draft.kind),
        "authority": office.authority,
        "office_name": office.name,
        "office_unit": office.department,
        "office_address": f"{office.street}, {office.postal_code} {office.city}",
        "office_hours": office.hours,
        "office_contact": f"tel. {office.phone}",
        "data_protection_officer": office.data_protection_officer,
        "capacity": _capacity(people),
        "demands": [demand_in_words(demand) for demand in draft.demands],
        "term": _term(case, draft),
        "reasons": draft.reasons,
        "factual_reasons": _factual_reasons(case, draft),
        "legal_reasons": draft.reasons,
        "answer": draft.reasons,
        "subject": draft.subject,
        "new_day": draft.until,
        "refused": REFUSED.get(case.procedure, "załatwienia sprawy zgodnie z wnioskiem"),
        "refusal_law": _law_of_refusal(case),
        **_discontinuance(case),
        "vehicle_data": _vehicle_data(case, draft.kind),
        **authority_fields(case, draft.kind, draft.appeal),
        **_ground(case),
        **_made(case, draft, act),
        **earlier_summons(case),
        **fields_of_what_comes_back(case),
        "things_back": named_together((one.kind.value, one.label) for one in things_to_forward(case)),
        **_proposed(case),
        "outcome": _outcome(case),
        "originals_law": "art. 79 ust. 1" if case.procedure == "deregistration" else "art. 72 ust. 1",
    }
    return {name: value for name, value in fields.items() if value}


def _names(people: Sequence[Party]) -> str:
    """Return the names of `people` as a sentence has them."""
    *first, last = [one.name for one in people] or [""]
    return f"{', '.join(first)} i {last}" if first else last


def _capacity(people: Sequence[Party]) -> str:
    if len(people) > 1:
        return "stron postępowania"
    return "pełnomocnika strony" if people and people[0].role is PartyRole.PROXY else "strony postępowania"


def _parties(case: Case) -> dict[str, FieldValue | None]:
    """Return the parties as a decision names them, all of them and not their proxy (KPA art. 107 § 1 pkt 3).

    Those at one address are named together; the text puts the name first, then a comma and the address.
    """
    homes: dict[str, list[Party]] = {}
    for party in parties_of(case):
        homes.setdefault(", ".join(address_lines(party)) or _NO_ADDRESS, []).append(party)
    if not homes:
        return {}
    *first, (address, people) = homes.items()
    before = "".join(f"{_names(named)}, {home}; " for home, named in first)
    proxy = next((one.name for one in case.parties if one.role is PartyRole.PROXY), None)
    return {
        "parties_label": "Strona" if sum(map(len, homes.values())) == 1 else "Strony",
        "party": before + _names(people),
        "party_address": f"{address} (pełnomocnik: {proxy})" if proxy else address,
    }


def demand_in_words(demand: Demand) -> tuple[str, str]:
    """Return a demand as a row of a list: what, and a remark, with its ways where they are narrowed."""
    fault = FAULTS.get(demand.verdict.value, "") if demand.verdict and demand.verdict is not Verdict.PENDING else ""
    what = subject_in_words(demand.subject) if demand.kind != "defect" else demand.words
    ways = only_in_words(only_ways(demand.kind, demand.ways))
    remark = "; ".join(part for part in (fault, demand.words if what != demand.words else "", ways) if part)
    return what, remark


def term_in_words(days: int) -> str:
    """Return the term of a summons, as it stands in a sentence."""
    return f"w terminie {days} {'dnia' if days == 1 else 'dni'} od dnia doręczenia pisma"


def _salutation(party: Party | None, equipment: Equipment) -> str:
    if party is None or not party.pesel_sealed:
        return "Szanowni Państwo,"
    pesel = equipment.ring.open(party.pesel_sealed, context=PESEL_CONTEXT)
    if len(pesel) != 11 or not pesel.isdecimal():
        return "Szanowni Państwo,"
    return "Szanowny Panie," if is_male(pesel) else "Szanowna Pani,"


def _vehicle(case: Case, kind: str) -> str:
    """Name the vehicle. Where a letter of `kind` says the number beside it, only a former one stands here, too."""
    plate, said_beside = case.plate, kind in _SAY_THE_NUMBER
    if plate and case.plate_numbers and case.plate_numbers[-1].number != plate:
        number = f"dotychczasowy nr rej. {plate}"
    else:
        number = f"nr rej. {plate}" if plate and not said_beside else ""
    parts = [case.vehicle_label, number, f"VIN {case.vin}" if case.vin else ""]
    return ", ".join(part for part in parts if part) or "pojazd wskazany we wniosku"


def _vehicle_data(case: Case, kind: str) -> Sequence[tuple[str, str]]:
    """The vehicle, and who owns it beside the first owner: the certificate bears that as an annotation."""
    others = [one.name for one in case.parties if one.role is PartyRole.CO_OWNER]
    label = "Współwłaściciel" if len(others) == 1 else "Współwłaściciele"
    return [*_described(case, kind), *([(label, ", ".join(others))] if others else [])]


def _described(case: Case, kind: str) -> Sequence[tuple[str, str]]:
    vehicle = case.vehicle
    if vehicle is None:
        return [("Pojazd", _vehicle(case, kind))]
    named = " ".join(part for part in (vehicle.make, vehicle.type, vehicle.model) if part)
    rows = [
        ("Rodzaj pojazdu", vehicle.kind),
        ("Marka, typ, model", named),
        ("Rok produkcji", str(vehicle.production_year) if vehicle.production_year else ""),
        ("Numer VIN", vehicle.vin),
        ("Przeznaczenie", vehicle.purpose),
    ]
    return [(label, value) for label, value in rows if value] or [("Pojazd", _vehicle(case, kind))]


def _factual_reasons(case: Case, draft: LetterDraft) -> str:
    """The reasons that were determined before; what the clerk writes in the letter itself comes after them."""
    found = determinations(case)
    codes = {
        "refusal_decision": (DeterminationCode.REGISTERS_REPORT, DeterminationCode.REFUSAL_REASONS),
        "discontinuance_decision": (DeterminationCode.POINTLESS,),
    }.get(draft.kind, ())
    determined = "\n\n".join(found[code].text or "" for code in codes if code in found)
    withdrawn = next((step for step in reversed(case.steps) if step.step == "withdraw"), None)
    if not determined and draft.kind == "discontinuance_decision" and withdrawn is not None:
        day = withdrawn.at.astimezone(OFFICE_ZONE).strftime("%d.%m.%Y")
        others = ", a inne strony nie wniosły o dalsze prowadzenie sprawy" if len(parties_of(case)) > 1 else ""
        determined = f"Strona cofnęła wniosek {day}{others}."
    return determined or draft.reasons


def _law_of_refusal(case: Case) -> str:
    if case.procedure == "registration" and case.edition == "2022":
        return "art. 73 ust. 1e ustawy z dnia 20 czerwca 1997 r. – Prawo o ruchu drogowym"
    article = "art. 79 ust. 1" if case.procedure == "deregistration" else "art. 72 ust. 1 i art. 73 ust. 1"
    return f"{article} ustawy z dnia 20 czerwca 1997 r. – Prawo o ruchu drogowym"


def _discontinuance(case: Case) -> dict[str, FieldValue | None]:
    """By which law proceedings end: the party has withdrawn, or there is nothing left to decide."""
    if case.stage == Stage.WITHDRAWN.value:
        return {
            "discontinuance_law": "art. 105 § 2",
            "discontinuance_rule": "Zgodnie z art. 105 § 2 k.p.a. organ może umorzyć postępowanie, jeżeli wystąpi o to "
            "strona, na której żądanie zostało ono wszczęte, a nie sprzeciwiają się temu inne strony oraz nie jest to "
            "sprzeczne z interesem społecznym. Warunki te są w tej sprawie spełnione.",
        }
    return {
        "discontinuance_law": "art. 105 § 1",
        "discontinuance_rule": "Zgodnie z art. 105 § 1 k.p.a., gdy postępowanie z jakiejkolwiek przyczyny stało się "
        "bezprzedmiotowe, organ wydaje decyzję o jego umorzeniu.",
    }


def _matter(case: Case) -> dict[str, FieldValue | None]:
    """Return what the case is about: an application, or what the office does by itself (KPA art. 61 § 1)."""
    ground = ground_of(answers_of_case(case).ground)
    if ground is None or not acts_ex_officio(case):
        return {"matter": f"wniosku o {REQUESTS.get(case.procedure, 'załatwienie sprawy pojazdu')}"}
    return {"matter": "wyrejestrowania pojazdu z urzędu", "information": INFORMATION[ground.code]}


def _ground(case: Case) -> dict[str, FieldValue | None]:
    found = ground_of(answers_of_case(case).ground)
    if found is None:
        return {}
    return {
        "ground": GROUNDS[found.code],
        "ground_law": found.law.removeprefix("PRD "),
        "certificate_fate": _certificate_fate(case),
    }


def _certificate_fate(case: Case) -> str:
    """It goes back where the ground is export, else it stays (CZYNN annex 1 § 8)."""
    fates = {item.fate for item in case.items if item.kind is ItemKind.REG_CERT and not item.is_replaced}
    if Fate.RETURNED_ABROAD in fates:
        return "Unieważniony dowód rejestracyjny zwraca się właścicielowi."
    if fates:
        return "Unieważniony dowód rejestracyjny pozostaje w aktach sprawy."
    return "Dowodu rejestracyjnego nie przedłożono."


def _made(case: Case, draft: LetterDraft, act: Act) -> dict[str, FieldValue | None]:
    """What the office made for the case: number, permit, certificate, and the list of what goes out."""
    permit, order = case.permit, case.certificate_order
    end = permit.valid_until if permit else None
    if permit is not None and end is None:
        end = permit_valid_until(act.today, days=permit.days)
    if end is None and draft.kind == "temporary_registration_decision":
        end = permit_valid_until(act.today, days=PERMIT_DAYS)
    number = case.plate_numbers[-1].number if case.plate_numbers else case.plate
    return {
        "registration_number": number,
        "permit_number": permit.number if permit else None,
        "permit_end": end,
        "permit_runs_until": end if end and end >= act.today else None,
        "permit_ended": end if end and end < act.today else None,
        "new_end": extended_permit(end) if end else None,
        "certificate_number": order.number if order else None,
        "items": goes_out(case, draft.kind, draft.step),
        "documents": no_longer_valid(case),
    }


def _proposed(case: Case) -> dict[str, FieldValue | None]:
    """What the newest proposal of a handover says: each thing with its way, and the particulars of each way."""
    proposal = newest_agreement(case)
    if proposal is None:
        return {}
    things = [item for item in case.items if str(item.number) in proposal.methods]
    ways = {Method(way) for way in proposal.methods.values()}
    particulars = []
    if Method.IN_PERSON in ways:
        slot = proposal.slot.astimezone(OFFICE_ZONE) if proposal.slot else None
        visit = f"{day_in_words(slot.date())}, godz. {slot:%H:%M}" if slot else "w godzinach przyjmowania interesantów"
        who = f"; odbierze: {proposal.collector}" if proposal.collector else ""
        particulars.append(("odbiór osobisty", f"{visit}{who}"))
    if Method.POST in ways:
        address = ", ".join(proposal.address)
        particulars.append(
            ("przesyłka polecona za potwierdzeniem odbioru, na koszt właściciela", f"na adres: {address}")
        )
    return {
        "proposed": [
            (
                " ".join(part for part in (subject_in_words(item.kind.value), item.label) if part),
                _WAYS[Method(proposal.methods[str(item.number)])],
            )
            for item in things
        ],
        "particulars": particulars,
    }


def _outcome(case: Case) -> str | None:
    """What became of a proposal: the office takes the party's, or nobody answered the office's."""
    proposal = newest_agreement(case)
    if proposal is None or proposal.state not in BINDING:
        return None
    if proposal.state is ProposalState.SET_BY_OFFICE:
        asked = day_in_words(office_day(case.proposals[-2].at))
        return (
            f"na propozycję z dnia {asked} nie otrzymaliśmy odpowiedzi w terminie, więc urząd ustalił, że wszystko "
            "można odebrać osobiście"
        )
    said = day_in_words(office_day(proposal.at))
    return f"urząd przyjął sposób przekazania, który {said} zaproponowała strona"


_WAYS = {Method.IN_PERSON: "odbiór osobisty", Method.POST: "przesyłka pocztowa"}


def _term(case: Case, draft: LetterDraft) -> str | None:
    """By when: so many days from the service, the day that the letter names, or that of the summons before."""
    if draft.days:
        return term_in_words(draft.days)
    summons = summons_in_force(case)
    due = draft.until or (summons.due_on if summons else None)
    if due and draft.kind in REMINDERS_OF_SUMMONS:
        least = term_in_words(LEAST_AFTER_REMINDER.length)
        return f"do {day_in_words(due)}, a jeżeli to przypomnienie zostanie doręczone później – {least}"
    return f"do {day_in_words(due)}" if due else "niezwłocznie" if summons else None
