"""What a machine notices about what a clerk wrote down of a case. It warns; it never blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.checks import check_application
from app.equipment import Equipment
from app.models import Case, Party, PartyRole
from app.usecases.findings import NO_CLERK_WOULD_LOOK, Doubt, same_vehicle, signers_of
from app.usecases.open_case import PESEL_CONTEXT

_DESCRIBED = ("owner.pesel", "vehicle.vin", "vehicle.plate", "signatures.")
_SAME_VEHICLE = frozenset({"same-vin-open", "same-plate-open", "vehicle-deregistered"})


def doubt_description(session: Session, case: Case, *, equipment: Equipment, act: Act) -> Iterator[Doubt]:
    """Yield what to look at twice in what stands about `case` now, seen on the day of `act`.

    Only about what a description says: the other papers nobody but a person has read.
    """
    values = _plain(case, equipment)
    reports = [package.verifications[0].report for package in case.packages if package.verifications]
    signers = [signer for report in reports for signer in signers_of(report, values, equipment)]
    own = equipment.office.plate_prefixes
    for warning in check_application(values, today=act.today, signers=signers, edition=case.edition, own_prefixes=own):
        details = {"field": warning.field, **warning.details}
        if is_about_description(warning.code, details) and warning.code not in NO_CLERK_WOULD_LOOK:
            yield Doubt(warning.code, details)
    yield from same_vehicle(session, case)


def is_about_description(code: str, details: Mapping[str, object]) -> bool:
    """Return whether the doubt `code` is about something that a description says: the next one answers it."""
    return code in _SAME_VEHICLE or str(details.get("field", "")).startswith(_DESCRIBED)


def _plain(case: Case, equipment: Equipment) -> dict[str, object]:
    """Return what stands about `case` as the plain values that the checks read."""
    people: dict[PartyRole, list[dict[str, str]]] = {role: [] for role in PartyRole}
    for party in case.parties:
        people[party.role].append(_plain_party(party, equipment))
    return {
        "request": {"kind": case.procedure},
        "owner": next(iter(people[PartyRole.OWNER]), None),
        "co_owners": people[PartyRole.CO_OWNER],
        "proxy": next(iter(people[PartyRole.PROXY]), None),
        "vehicle": {"vin": case.vin or "", "plate": case.plate or ""},
    }


def _plain_party(party: Party, equipment: Equipment) -> dict[str, str]:
    sealed = party.pesel_sealed
    return {
        "kind": "entity" if party.regon else "",
        "name": party.name,
        "pesel": equipment.ring.open(sealed, context=PESEL_CONTEXT) if sealed else "",
        "regon": party.regon or "",
    }
