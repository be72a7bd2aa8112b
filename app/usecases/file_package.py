"""Putting an accepted package where it belongs: into the case it answers, or into a new one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.case_signs import recognise_case_sign
from app.domain.procedures.stages import Doer, Stage
from app.epackages.application import AnswerKind, Application
from app.equipment import Equipment
from app.models import Case, Document, Finding, Outcome, Package, Purpose
from app.models.statements import add_rows
from app.usecases.move_case import move_case
from app.usecases.open_case import open_case
from app.usecases.read_form import FormReading
from app.usecases.record import record

OTHER = "OTHER"
_SIGNATURE_STILL_COUNTS = frozenset({Stage.RECEIVED.value, Stage.VERIFICATION.value, Stage.AWAITING_REMEDY.value})
"""Stages from which a doubt about a signature can still be settled."""


def file_package(session: Session, package: Package, reading: FormReading, *, equipment: Equipment, act: Act) -> Case:
    """Attach `package` to the case that it answers, or open one for it. Returns the case."""
    form = reading.application
    package.form_problem = reading.problem
    package.procedure = form.procedure if form else None
    case = _answered_case(session, package, form) if form and form.answers else None
    if case is not None and form is not None and form.answers is not None:
        package.purpose = Purpose.SUPPLEMENT if form.answers.kind is AnswerKind.SUPPLEMENT else Purpose.ANSWER
        _attach(session, case, package, act=act)
        there = session.scalar(sa.select(sa.func.max(Document.position)).where(Document.case_id == case.id)) or 0
    else:
        there = 0
        package.purpose = Purpose.APPLICATION
        case = open_case(session, package, form, equipment=equipment, act=act)
        if form and form.answers:
            # Whoever may answer a case must be known in it; what they sent is kept, and a clerk looks.
            case.findings.append(
                Finding(code="answers-unknown-case", details={"sign": form.answers.case_sign[:40]}, at=act.at)
            )
    package.case = case
    session.flush()
    _list_documents(session, case, package, reading, first=there + 1)
    return case


def _answered_case(session: Session, package: Package, form: Application) -> Case | None:
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
    if package.platform_id is not None and not _signers(package) & {
        one for other in earlier for one in _signers(other)
    }:
        # A platform carries the letters of many people: being one of them is not being the one of this case.
        return None
    return case if earlier else None


def _signers(package: Package) -> set[str]:
    """Return the digests of the numbers of those whose good signatures `package` bears."""
    return {
        signature["identifier_digest"]
        for verification in package.verifications[:1]
        for signature in verification.report["signatures"]
        if signature["indication"] == "TOTAL-PASSED" and signature["identifier_digest"]
    }


def _attach(session: Session, case: Case, package: Package, *, act: Act) -> None:
    if package.purpose is Purpose.SUPPLEMENT and case.stage == Stage.AWAITING_REMEDY.value:
        move_case(session, case, "supplement", act=act, doers={Doer.CITIZEN})
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


def _list_documents(session: Session, case: Case, package: Package, reading: FormReading, *, first: int) -> None:
    """Give each file of the package, but for the form, its place in the case, from `first` on."""
    form = reading.application
    said = {attachment.name: attachment.kind for attachment in form.attachments} if form else {}
    files = [member for member in package.members if member.name != reading.name]
    documents = [
        {
            "case_id": case.id,
            "member_id": member.id,
            "position": position,
            "kind": said.get(member.name, OTHER)[:48],
            "title": member.name,
        }
        for position, member in enumerate(files, first)
    ]
    add_rows(session, Document, documents)
