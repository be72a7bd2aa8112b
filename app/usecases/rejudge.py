"""What a new judging of a package changes in its case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.verdict import PackageVerdict
from app.equipment import Equipment
from app.models import Finding, Outcome, Package
from app.pki.trust_store import TrustStore
from app.usecases.judge_received import record_verdict
from app.usecases.published_lists import note_distribution_points


def rejudge(
    session: Session, package: Package, verdict: PackageVerdict, trust: TrustStore, *, equipment: Equipment, act: Act
) -> None:
    """Add a verification where the answer is another one, and tell the case.

    The receipt stays: what was received was received. A signature that turned out bad is a finding for the clerk.
    """
    note_distribution_points(session, verdict, act=act)
    if package.outcome is Outcome(verdict.outcome) and package.reasons == list(verdict.reasons):
        return
    record_verdict(session, package, verdict, trust, equipment=equipment, act=act)
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
