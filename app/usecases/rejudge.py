"""What a new judging of a package changes in its case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import SYSTEM, Act
from app.epackages.verdict import PackageVerdict
from app.equipment import Equipment
from app.models import Finding, Outcome, Package
from app.pki.trust_store import TrustStore
from app.usecases.judge_received import record_verdict
from app.usecases.published_lists import note_distribution_points


def rejudge(
    session: Session, package: Package, verdict: PackageVerdict, trust: TrustStore, *, equipment: Equipment, act: Act
) -> None:
    """Add a verification, and tell the case where the answer is another one.

    The office's own rounds (an act of the system) leave nothing where the answer is the same; a person who has a
    package judged again finds in the file that it was, and when. The receipt stays: what was received was received. A
    signature that turned out bad is a finding for the clerk.
    """
    note_distribution_points(session, verdict, act=act)
    same = package.outcome is Outcome(verdict.outcome) and package.reasons == list(verdict.reasons)
    if same and act.actor == SYSTEM:
        return
    record_verdict(session, package, verdict, trust, equipment=equipment, act=act)
    if same:
        return
    case = package.case
    if case is None:
        return
    open_questions = any(other.outcome is not Outcome.VALID for other in case.packages)
    if not open_questions:
        case.signature_settled = True
        case.findings.append(Finding(code="signature-confirmed", details={"number": package.number}, at=act.at))
    elif package.outcome in {Outcome.INVALID, Outcome.UNREADABLE}:
        case.signature_settled = False
        case.findings.append(
            Finding(code="signature-failed", details={"reasons": ", ".join(package.reasons)}, at=act.at)
        )
