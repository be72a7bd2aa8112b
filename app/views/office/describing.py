"""Is what a clerk typed about a case right? A PESEL must be; an odd VIN or plate is pointed out and kept."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.identifiers import Identified, parse_pesel, parse_plate, parse_vin
from app.views.wording_findings import finding

_EXPECTED = frozenset({"vin-check-digit-optional"})
"""True of most European vehicles: no news to a clerk."""


def errors_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what must be corrected before the description is kept: field -> sentence."""
    wrong = _doubts(parse_pesel(typed["pesel"])) if typed["pesel"].strip() else []
    return {"pesel": " ".join(wrong)} if wrong else {}


def doubts_of(typed: Mapping[str, str]) -> list[str]:
    """Return what to compare with the papers once more. Old vehicles and foreign plates are odd and right."""
    return [
        *(_doubts(parse_vin(typed["vin"])) if typed["vin"].strip() else []),
        *(_doubts(parse_plate(typed["plate"])) if typed["plate"].strip() else []),
    ]


def tidied(typed: Mapping[str, str]) -> dict[str, str]:
    """Return `typed` with the PESEL and the VIN as they are stored and searched for: no spaces, no dashes."""
    return {
        **typed,
        "pesel": parse_pesel(typed["pesel"]).value if typed["pesel"].strip() else "",
        "vin": parse_vin(typed["vin"]).value if typed["vin"].strip() else "",
    }


def _doubts(read: Identified) -> list[str]:
    return [finding(code, {"value": read.value}) for code in read.warnings if code not in _EXPECTED]
