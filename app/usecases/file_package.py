"""Putting an accepted package where it belongs: into the case it answers, or into a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import recognise_case_sign
from app.domain.procedures.stages import Doer, Stage
from app.epackages.application import AnswerKind, Application
from app.equipment import Equipment
from app.models import Case, Document, Finding, Outcome, Package, Purpose
from app.models.statements import leave_rows
from app.usecases.judge_received import Judged, WrittenMember
from app.usecases.move_case import move_case
from app.usecases.open_case import open_case
from app.usecases.read_form import FormReading
from app.usecases.record import record
from app.usecases.withdrawal import signers_of, withdraw_by_package

OTHER = "OTHER"
_SIGNATURE_STILL_COUNTS = frozenset({Stage.RECEIVED.value, Stage.VERIFICATION.value, Stage.AWAITING_REMEDY.value})
"""Stages from which a doubt about a signature can still be settled."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The case to which a package came."""

    case_id: int
    sign: str


def file_package(
    session: Session, package: Package, judged: Judged, reading: FormReading, *, equipment: Equipment, act: Act
) -> Filed:
    """Attach `package` to the case that it answers, or open one for it."""
    form = reading.application
    package.form_problem = reading.problem
    package.procedure = form.procedure if form else None
    case = _answered_case(session, package, form, judged) if form and form.answers else None
    if case is not None and form is not None and form.answers is not None:
        filed, there = Filed(case.id, case.sign), _last_position(session, case)
        package.purpose = Purpose.SUPPLEMENT if form.answers.kind is AnswerKind.SUPPLEMENT else Purpose.ANSWER
        if form.answers.kind is AnswerKind.WITHDRAWAL:
            # First, so that a doubt about this signature is none about that of the application.
            withdraw_by_package(session, case, package, form.remarks, equipment=equipment, act=act)
        _attach(session, case, package, act=act)
    else:
        package.purpose = Purpose.APPLICATION
        filed, there = Filed(*open_case(session, package, form, judged, equipment=equipment, act=act)), 0
        if form and form.answers:
            # Whoever may answer a case must be known in it; what they sent is kept, and a clerk looks.
            unknown = {"code": "answers-unknown-case", "details": {"sign": form.answers.case_sign[:40]}, "at": act.at}
            leave_rows(session, Finding, {"case_id": filed.case_id, **unknown})
    package.case_id = filed.case_id
    files = [member for member in judged.members if member.name != reading.name]
    _list_documents(session, filed.case_id, files, form, first=there + 1)
    return filed


def _last_position(session: Session, case: Case) -> int:
    return session.scalar(sa.select(sa.func.max(Document.position)).where(Document.case_id == case.id)) or 0


def _answered_case(session: Session, package: Package, form: Application, judged: Judged) -> Case | None:
    """Return the case that `form` answers, if its sender is known in it: by mailbox, or by an earlier package."""
    if form.answers is None:
        return None
    sign = recognise_case_sign(form.answers.case_sign)
    if sign is None:
        return None
    case = session.scalars(sa.select(Case).where(Case.sign == str(sign)).with_for_update()).one_or_none()
    if case is None:
        return None
    if package.citizen_id is not None and package.citizen_id == case.citizen_id:
        return case
    earlier = session.scalars(
        sa.select(Package).where(Package.case_id == case.id, Package.sender_key == package.sender_key)
    ).all()
    if package.platform_id is not None and judged.signers.isdisjoint(chain(*map(signers_of, earlier))):
        # A platform carries the letters of many people: being one of them is not being the one of this case.
        return None
    return case if earlier else None


def _attach(session: Session, case: Case, package: Package, *, act: Act) -> None:
    if package.purpose is Purpose.SUPPLEMENT and case.stage == Stage.AWAITING_REMEDY.value:
        move_case(session, case, "supplement", act=act, doers={Doer.CITIZEN}, cause=package)
    if package.outcome is Outcome.UNDECIDED:
        # Who it is from is as open as with a first letter, and a good first one must not hide it.
        doubt = {"reasons": ", ".join(package.reasons)}
        case.findings.append(Finding(code="signature-undecided", details=doubt, at=act.at))
        case.signature_settled = case.signature_settled and case.stage not in _SIGNATURE_STILL_COUNTS
    record(
        session,
        f"case:{case.id}",
        "package-attached",
        {"package": package.number, "purpose": package.purpose.value if package.purpose else ""},
        act=act,
    )


def _list_documents(
    session: Session, case_id: int, files: Sequence[WrittenMember], form: Application | None, *, first: int
) -> None:
    """Give each of `files`, the members of a package but for the form, its place in the case, from `first` on."""
    said = {attachment.name: attachment.kind for attachment in form.attachments} if form else {}
    documents = [
        {
            "case_id": case_id,
            "member_id": member.id,
            "position": position,
            "kind": said.get(member.name, OTHER)[:48],
            "title": member.name,
        }
        for position, member in enumerate(files, first)
    ]
    leave_rows(session, Document, *documents)
