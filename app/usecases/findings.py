"""What a machine notices about an application before a person looks. It warns; it never blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.appeals import WITHOUT_FORCE
from app.domain.checks import check_application, parties
from app.domain.correspondence import EX_OFFICIO
from app.domain.folding import KeyKind, fold
from app.domain.procedures.stages import ProcedureName
from app.epackages.application import Application, compare_attachments
from app.epackages.container import Member
from app.equipment import Equipment
from app.models import Appeal, Case, Decision, Outcome, Package, SearchKey
from app.usecases.judge_received import Judged

_SAME_AT_MOST = 3
NO_CLERK_WOULD_LOOK = frozenset({"vin-check-digit-optional"})
"""True of most European vehicles: only what fails is shown."""


_LOOKED_AT = 50
"""So many of the newest cases of a vehicle are looked through for open ones."""


def _cases_with(kind: KeyKind) -> sa.Select[str, int]:
    found = (
        sa.select(SearchKey.kind, SearchKey.case_id)
        .where(SearchKey.kind == kind.value, SearchKey.key == sa.bindparam(kind.value))
        .order_by(SearchKey.case_id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    return sa.select(found.c.kind, found.c.case_id)


_OF_VEHICLE = sa.union_all(_cases_with(KeyKind.VIN), _cases_with(KeyKind.PLATE))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A code for `views/wording_findings.py`, and what fills its sentence."""

    code: str
    details: Mapping[str, str | int] = field(default_factory=dict)


def find_doubts(
    session: Session,
    case: Case,
    package: Package,
    form: Application | None,
    judged: Judged,
    *,
    equipment: Equipment,
    act: Act,
) -> Iterator[Doubt]:
    """Yield what a clerk should look at in `package`, as `judged`, and in its `form`, seen on the day of `act`.

    `case` was opened just now and cannot be found yet.
    """
    if package.outcome is Outcome.UNDECIDED:
        yield Doubt("signature-undecided", {"reasons": ", ".join(package.reasons)})
    if form is None:
        yield Doubt("form-unreadable", {"problem": package.form_problem or ""})
        return
    if form.procedure is None and form.answers is None:
        yield Doubt("request-not-covered", {"request": form.request.kind.value if form.request else ""})
    # The rows carry the names and digests that the comparison reads.
    for remark in compare_attachments(form.attachments, cast("Iterable[Member]", judged.members)):
        yield Doubt(remark.code, {"name": remark.name})
    if form.request is not None:
        values = asdict(form)
        signers = signers_of(judged.report, values, equipment)
        own = equipment.office.plate_prefixes
        for warning in check_application(
            values, today=act.today, signers=signers, edition=case.edition, own_prefixes=own
        ):
            if warning.code not in NO_CLERK_WOULD_LOOK:
                yield Doubt(warning.code, {"field": warning.field, **warning.details})
    yield from same_vehicle(session, case)


def same_vehicle(session: Session, case: Case) -> Iterator[Doubt]:
    """Yield the other open cases about the vehicle of `case`, and one in which it was deregistered."""
    keys = {KeyKind.VIN.value: fold(case.vin or "")[:80], KeyKind.PLATE.value: fold(case.plate or "")[:80]}
    found = session.execute(_OF_VEHICLE, keys).all() if any(keys.values()) else ()
    if not found:
        return
    others = sa.select(Case.id, Case.sign).where(Case.id.in_({row.case_id for row in found}), Case.closed_at.is_(None))
    signs = {id_: sign for id_, sign in session.execute(others) if sign != case.sign}
    for kind in keys:
        known = [signs[row.case_id] for row in found if row.kind == kind and row.case_id in signs]
        for sign in known[:_SAME_AT_MOST]:
            yield Doubt(f"same-{kind}-open", {"sign": sign})
    yield from _deregistered(session, case, {row.case_id for row in found if row.kind == KeyKind.VIN.value})


def _deregistered(session: Session, case: Case, found: set[int]) -> Iterator[Doubt]:
    """Yield which of the cases `found` by the VIN ended with the deregistration of the vehicle (PRD art. 79 ust. 4)."""
    if case.procedure == ProcedureName.DEREGISTRATION.value or not found:
        return
    repealed = sa.select(Appeal.decision_id).where(Appeal.outcome.in_(WITHOUT_FORCE))
    signs = (
        sa.select(Case.sign)
        .join(Decision, Decision.case_id == Case.id)
        .where(Case.id.in_(found), Case.sign != case.sign, Decision.id.not_in(repealed))
        .where(Decision.kind.in_(("deregistration_decision", EX_OFFICIO)))
        .order_by(Case.id.desc())
        .limit(1)
    )
    for sign in session.scalars(signs):
        yield Doubt("vehicle-deregistered", {"sign": sign})


def signers_of(report: Mapping[str, Any], values: Mapping[str, object], equipment: Equipment) -> list[dict[str, str]]:
    """Return who signed, by the `report` of a verification, with the number where it belongs to a party.

    Our rows hold only a digest of the number that a certificate names. Another person's number is therefore not known
    here, but that it is another one is: such a signer goes without a name, so that a namesake is not taken for them.
    """
    numbers = [str(party["pesel"]) for _place, party in parties(values) if party.get("pesel")]
    identifiers = [f"PNOPL-{number}" for number in numbers]
    known = {digest: identifier for identifier in identifiers for digest in equipment.ring.digests(identifier)}
    signers = []
    for signature in report["signatures"]:
        number = known.get(signature["identifier_digest"], "")
        other = bool(numbers) and not number and signature["identifier"].startswith("PNOPL-")
        signers.append({"name": "" if other else signature["signer"], "identifier": number})
    return signers
