"""Is what a clerk typed about a case right? A PESEL must be; an odd VIN or plate is kept, and the case file says so."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.documents import grounds
from app.domain.identifiers import parse_pesel, parse_postal_code, parse_vin
from app.letters.names import GROUNDS
from app.models import Case, PartyRole
from app.usecases.case_facts import answers_of_case
from app.usecases.describe_case import is_described_by_clerks, make_and_model
from app.views.wording_findings import finding


def errors_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what must be corrected before the description is kept: field -> sentence."""
    read = parse_pesel(typed["pesel"]) if typed["pesel"].strip() else None
    wrong = " ".join(finding(code, {"value": read.value}) for code in read.warnings) if read else ""
    return {"pesel": wrong} if wrong else {}


def said_of(case: Case) -> dict[str, str]:
    """Return what stands about `case`, for the form in which a clerk describes it; nothing where no clerk does.

    A PESEL is not shown again: an empty field leaves the one that is there.
    """
    if not is_described_by_clerks(case):
        return {}
    owner = next((party for party in case.parties if party.role is PartyRole.OWNER), None)
    return {
        "procedure": case.procedure,
        "applicant_name": case.applicant_name,
        "pesel": "",
        "plate": case.plate or "",
        "vin": case.vin or "",
        "make_and_model": make_and_model(case),
        "without_pesel": "",
        "regon": (owner.regon or "") if owner else "",
        **{
            name: (owner.address or {}).get(name, "") if owner else "" for name in ("street", "postal_code", "locality")
        },
        "ground": (case.answers or {}).get("ground", ""),
    }


def grounds_to_choose() -> list[tuple[str, str]]:
    """Return (code, words) of the grounds of a deregistration, in the order of the law."""
    return [(code, GROUNDS[code]) for code in grounds()]


def ground_in_words(case: Case) -> str:
    """Return why the vehicle is to be deregistered, empty where it is not or nobody said it."""
    return GROUNDS.get(answers_of_case(case).ground, "")


def knows_pesel(case: Case) -> bool:
    """Return whether a PESEL of the applicant is written down."""
    return any(party.pesel_sealed for party in case.parties if party.role is PartyRole.OWNER)


def tidied(typed: Mapping[str, str]) -> dict[str, str]:
    """Return `typed` as it is stored: PESEL and VIN without spaces and dashes, the postal code with its dash."""
    return {
        **typed,
        "pesel": parse_pesel(typed["pesel"]).value if typed["pesel"].strip() else "",
        "vin": parse_vin(typed["vin"]).value if typed["vin"].strip() else "",
        "postal_code": parse_postal_code(typed["postal_code"]).value,
    }
