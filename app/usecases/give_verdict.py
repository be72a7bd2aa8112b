"""A clerk says what a required document is worth, and what else is determined about a case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.determinations import DOUBTFUL_FEES, NEEDS_TEXT, OF_A_CONDITION, DeterminationCode, fits
from app.domain.documents import DocumentKind
from app.domain.errors import BadInput, ConditionMissing, StepNotOpen
from app.domain.items import Fate, ItemKind, fate_of
from app.domain.procedures.facts import REJECTING, Verdict
from app.domain.procedures.stages import SETTLED_STAGES, Doer, ProcedureName, Stage
from app.models import Case, Determination, Document, DocumentVerdict, authored
from app.usecases.addressees import is_named_in, parties_of
from app.usecases.assess_fees import assess_fees
from app.usecases.case_facts import determinations, may_be_conditional, requirements
from app.usecases.electronic_invoice import keep_invoice
from app.usecases.keep_clock import keep_clock
from app.usecases.may_leave import UNDER_WAY
from app.usecases.other_office import keep_office_terms
from app.usecases.receive_items import meet_demands
from app.usecases.record import record
from app.usecases.whose_case import claim
from app.usecases.withdrawal import meet_summons


def give_verdict(
    session: Session,
    case: Case,
    version: int,
    kind: str,
    verdict: Verdict,
    *,
    act: Act,
    document: Document | None = None,
    reason: str = "",
) -> DocumentVerdict:
    """Write down what the clerk found of the required document `kind`, and on which file it rests.

    Raises:
        StepNotOpen: `step-not-open`: the case is not being verified.
        Stale, NotAllowed: what `claim` raises.
        BadInput: `document-not-required`; `reason-missing` for a verdict against the party; `accepted-without-file`:
            no file of it came, and nothing says on what the acceptance rests; `waived-without-reason`: the rules call
            for it, and nothing says why not here.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    if case.stage != Stage.VERIFICATION.value:
        raise StepNotOpen("step-not-open", step="verdict", stage=case.stage, procedure=case.procedure)
    required = next((one for one in requirements(case) if one.kind.value == kind), None)
    if required is None:
        raise BadInput("document-not-required", kind=kind)
    if verdict in REJECTING and not reason.strip():
        raise BadInput("reason-missing")
    came = document is not None or any(one.kind == kind for one in case.documents)
    if verdict is Verdict.ACCEPTED and not came and not reason.strip():
        raise BadInput("accepted-without-file", kind=kind)
    if verdict is Verdict.NOT_APPLICABLE and not required.if_issued and not reason.strip():
        raise BadInput("waived-without-reason", kind=kind)
    row = DocumentVerdict(
        kind=kind, verdict=verdict, document=document, reason=reason.strip()[:1000] or None, **authored(act)
    )
    case.verdicts.append(row)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "verdict-given", {"kind": kind, "verdict": verdict.value}, act=act)
    return row


_CHANGE_FEES = DOUBTFUL_FEES | {DeterminationCode.NUMBER_KEPT, DeterminationCode.ROOM_FOR_ANNOTATION}
_ENDS_REST_ON = frozenset(
    {
        DeterminationCode.REFUSAL_REASONS,
        DeterminationCode.REGISTERS_CLEAR,
        DeterminationCode.REGISTERS_REPORT,
        DeterminationCode.POINTLESS,
        DeterminationCode.OTHER_AUTHORITY,
        DeterminationCode.WITHDRAWAL_SIGNED,
        DeterminationCode.PARTY_OBJECTS,
    }
)
"""What a decision or a notice that ended the case rests on."""

_NOTHING_ASKED = frozenset({Stage.RECEIVED, Stage.VERIFICATION, Stage.AWAITING_REMEDY})

_MEET_DEMANDS = frozenset(
    {
        DeterminationCode.POLICY_SHOWN,
        DeterminationCode.PERMIT_LOST,
        DeterminationCode.OLD_CERTIFICATE_LOST,
        DeterminationCode.ELECTRONIC_INVOICE,
    }
)
"""With these what a summons asks for need not come any more."""


def says_something(case: Case, code: DeterminationCode) -> bool:
    """Return whether `code` says anything about `case`: its procedure, its edition, the documents that it needs."""
    if code in OF_A_CONDITION and not may_be_conditional(case):
        return False
    return fits(code, ProcedureName(case.procedure), case.edition)


def is_decided(case: Case, code: DeterminationCode) -> bool:
    """Return whether what `case` has been decided with rests on `code`, so that it is determined no more."""
    stage = Stage(case.stage)
    if code is DeterminationCode.ELECTRONIC_INVOICE:
        # Once originals were asked for without it, it is not taken back any more.
        return stage not in UNDER_WAY or (code in determinations(case) and stage not in _NOTHING_ASKED)
    rests = code in _CHANGE_FEES or code is DeterminationCode.REGISTERED_CONDITIONALLY
    return (rests and stage not in UNDER_WAY) or (code in _ENDS_REST_ON and stage in SETTLED_STAGES)


def determine(
    session: Session,
    case: Case,
    version: int,
    code: DeterminationCode,
    *,
    act: Act,
    doer: Doer,
    text: str = "",
    holds: bool = True,
) -> Determination:
    """Write down that `code` was determined about `case`, or, with `holds` false, that it no longer is.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        BadInput: `words-missing`: this one says nothing without them; `party-unknown`: it names nobody of the case;
            `invoice-without-file`: nothing came that could be one.
        ConditionMissing: `decided-already`: what the decision rests on is determined before it; `no-customs-papers`:
            the case needs none that could come later.
    """
    claim(case, version, act=act, doer=doer)
    if holds:
        _check_said(case, code, text)
    if is_decided(case, code):
        raise ConditionMissing("decided-already")
    row = Determination(code=code.value, holds=holds, text=text.strip()[:4000] or None, **authored(act))
    case.determinations.append(row)
    if code in _CHANGE_FEES:
        assess_fees(case)
    if code is DeterminationCode.NUMBER_KEPT:
        _refate(case, kept=holds)
    if code is DeterminationCode.WITHDRAWAL_SIGNED and holds:
        meet_summons(case, act)
    if code is DeterminationCode.POLICY_SHOWN and holds:
        _call_off(case, ItemKind.OC_POLICY, act)
    if code is DeterminationCode.ELECTRONIC_INVOICE:
        keep_invoice(session, case, row, act)
        if holds:
            _call_off(case, ItemKind.OWNERSHIP, act)
    if code in _MEET_DEMANDS and holds:
        meet_demands(case, act)
    keep_clock(session, case, act)
    keep_office_terms(session, case, act)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "determined", {"code": code.value, "holds": holds}, act=act)
    return row


def _check_said(case: Case, code: DeterminationCode, text: str) -> None:
    """Refuse what cannot be determined about `case`, or not in these words."""
    if code in NEEDS_TEXT and not text.strip():
        raise BadInput("words-missing")
    if code is DeterminationCode.ONE_RECEIVES and not any(is_named_in(party, text) for party in parties_of(case)):
        raise BadInput("party-unknown")
    came = {document.kind for document in case.documents}
    if code is DeterminationCode.ELECTRONIC_INVOICE and DocumentKind.OWNERSHIP.value not in came:
        raise BadInput("invoice-without-file")
    if code is DeterminationCode.REGISTERED_CONDITIONALLY and not says_something(case, code):
        raise ConditionMissing("no-customs-papers")


def _refate(case: Case, *, kept: bool) -> None:
    """Plates whose number is kept go back after legalisation (PRD art. 73 ust. 1a)."""
    for item in case.items:
        if item.kind is ItemKind.NEW_EXTRA_PLATE and not kept:
            item.fate = Fate.DESTROYED  # it bears the number that is not kept after all
        if item.kind in {ItemKind.PLATE, ItemKind.EXTRA_PLATE} and not (item.is_replaced or item.is_stray):
            item.fate = fate_of(item.kind, ProcedureName(case.procedure), case.edition, number_kept=kept)


def _call_off(case: Case, kind: ItemKind, act: Act) -> None:
    """A thing of `kind` need not come any more."""
    for item in case.items:
        if item.kind is kind and item.state is ItemState.EXPECTED:
            item.move(Movement.CALLED_OFF, authored(act))
