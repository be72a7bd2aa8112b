"""The applicant withdraws the application: what is signed counts, and what is not waits for its signature.

A withdrawal is a demand of the party, and as an electronic document it bears a qualified, trusted or personal signature
(KPA art. 63 § 3a); one without is remedied within seven days or does not count (art. 64 § 2). Being logged in is no
signature. What a clerk or the front desk writes down rests on paper or a record that the party signed (art. 63 § 3).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.determinations import DeterminationCode
from app.domain.procedures.stages import Doer, Stage
from app.equipment import Equipment
from app.models import Case, CaseStep, Determination, Outcome, Package, authored
from app.usecases.case_facts import acts_ex_officio, withdrawal_of
from app.usecases.judge_received import GOOD
from app.usecases.move_case import move_case
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.record import record
from app.usecases.summons_in_force import WITHDRAWAL_SUMMONS, newest_summons


def withdraw_by_party(session: Session, case: Case, reason: str = "", *, act: Act) -> CaseStep:
    """The applicant withdraws the application in the mailbox, without a signature (KPA art. 105 § 2).

    Nobody has to say why. Raises what the procedure raises.
    """
    row = move_case(session, case, "withdraw", act=act, doers={Doer.CITIZEN}, reason=reason.strip()[:1000] or None)
    record(session, f"case:{case.id}", "step-taken", {"step": "withdraw", "to": case.stage}, act=act)
    return row


def withdraw_by_package(
    session: Session, case: Case, package: Package, reason: str, *, equipment: Equipment, act: Act
) -> None:
    """A document that withdraws the application has come in `package`, and its signatures were judged.

    With a good signature of somebody who takes part, the withdrawal is signed; any other doubt is left to the clerk.
    A case that has gone too far, or that nobody applied for, is not moved: the clerk reads what came.
    """
    if case.table.rows(Stage(case.stage), "withdraw") and not acts_ex_officio(case):
        withdraw_by_party(session, case, reason, act=act)
    if (
        withdrawal_of(case) is None
        or package.outcome is not Outcome.VALID
        or not _is_of_a_party(case, package, equipment)
    ):
        return
    words = f"Oświadczenie podpisane elektronicznie, paczka {package.number}"
    case.determinations.append(
        Determination(code=DeterminationCode.WITHDRAWAL_SIGNED.value, holds=True, text=words, **authored(act))
    )
    details = {"code": DeterminationCode.WITHDRAWAL_SIGNED.value, "holds": True}
    record(session, f"case:{case.id}", "determined", details, act=act)
    meet_summons(case, act)


def meet_summons(case: Case, act: Act) -> None:
    """The withdrawal is signed: a summons that asked for the signature is met."""
    summons = newest_summons(case)
    if summons is None or summons.kind != WITHDRAWAL_SUMMONS or summons.met_at is not None:
        return
    summons.met_at = act.at
    for demand in summons.demands:
        demand.met_at = act.at


def signers_of(package: Package) -> set[str]:
    """Return the digests of the numbers of those whose good signatures `package` bears."""
    return {
        signature["identifier_digest"]
        for verification in package.verifications[:1]
        for signature in verification.report["signatures"]
        if signature["indication"] == GOOD and signature["identifier_digest"]
    }


def _is_of_a_party(case: Case, package: Package, equipment: Equipment) -> bool:
    """Whether the certificate of a signer names the PESEL of somebody in the case; another one is left to the clerk."""
    ring = equipment.ring
    numbers = [ring.open(one.pesel_sealed, context=PESEL_CONTEXT) for one in case.parties if one.pesel_sealed]
    return bool(signers_of(package) & {digest for number in numbers for digest in ring.digests(f"PNOPL-{number}")})
