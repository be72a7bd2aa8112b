"""Which act comes first in a case? Its page proposes it, and "Moja praca" names the same one in its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.custody import ItemState
from app.domain.delivery import Method
from app.domain.items import Fate
from app.domain.procedures.facts import CaseFacts, Verdict
from app.domain.procedures.machine import Offer
from app.domain.procedures.stages import DESK, SETTLED_STAGES, Doer, ProcedureName, Stage
from app.house import equipment
from app.models import Case, LetterState, ProposalState
from app.usecases.agreements import AGREEING
from app.usecases.case_facts import (
    certificates_to_invalidate,
    newest_proposal,
    office_waits,
    papers_to_come,
    renewed,
    requirements,
)
from app.usecases.compare_item import is_to_compare
from app.usecases.describe_case import is_described_by_clerks
from app.usecases.may_leave import may_leave
from app.usecases.other_office import last_county
from app.usecases.send_again import is_not_collected
from app.usecases.summons_in_force import WITHDRAWAL_SUMMONS, newest_summons
from app.views.office.obstacles import REMOVABLE

_OUT = ("transfer", "discontinue", "refuse")
"""A clerk has determined that the case ends this way."""
_FIRST = (
    "take", "transfer", "discontinue", "describe", "accept_signature", "refuse", "verify", "answer_handover",
    "summon_originals", "skip_originals", "summon_remedy", "confirm_originals", "summon_further",
    "register_directly", "register_temporarily", "deregister", "prepare", "hand_out", "dispatch", "take_back_parcel",
    "announce_certificate", "invalidate", "compare", "register", "issue", "archive", "deregister_ex_officio",
    "propose_handover", "close", "send_back", "destroy", "file", "resume", "leave_unexamined", "remind",
)  # fmt: skip
"""The order in which open acts are the next one; others are never proposed by themselves."""
_LEAD_ON = frozenset(
    {
        "compare", "summon_further", "confirm_originals", "invalidate", "register", "propose_handover",
        "notify_office", "notify_delay", "send_again", "extend_permit", "summon_plates", "announce_certificate",
        "serve_by_post", "set_default",
    }
)  # fmt: skip
"""What came may call for these: a case that ends by a way out does without them."""
READINGS = frozenset(
    {
        "compare", "look", "read", "answer", "forward_appeal", "leaving", "send_again", "serve_by_post", "set_default",
        "replace_lost",
    }
)  # fmt: skip
"""Acts that are no step of the procedure; something that came, or a letter, asks for them."""

_AFTER_THE_PERMIT = frozenset({Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY})
"""Here a customs or excise document of a vehicle that is registered conditionally is compared when it comes."""
DECISIONS = ("register_temporarily", "register_directly", "deregister")
"""What the stage of complete originals is there for."""


def first_act(case: Case, facts: CaseFacts, doers: frozenset[Doer], called: str = "") -> str:
    """Return the name of the act that comes first for `doers`; nothing where others are to act.

    `called`: the act for which something that came calls, or a term that passed (`calling.called_for`).
    """
    return first_of(case, facts, doers, list(offers_of(case, facts, doers)), called)


def first_of(case: Case, facts: CaseFacts, doers: frozenset[Doer], offers: Iterable[Offer], called: str) -> str:
    """Return what `first_act` says, where the `offers` of the case are known."""
    offers = list(offers)
    opened = {one.step.name for one in offers if one.is_open and not needless(one.step.name, case)}
    opened |= set(beside_the_table(case, doers, offers)) | ({called} & READINGS)
    if called in opened and not (called in _LEAD_ON and opened.intersection(_OUT)):
        return called
    return next((name for name in _FIRST if name in opened and _is_next(name, case, facts)), "")


def beside_the_table(case: Case, doers: frozenset[Doer], offers: Iterable[Offer]) -> Iterator[str]:
    """Yield the acts that the case has beside the steps of its procedure, the last of them to be shown first."""
    clerk, stage = Doer.CLERK in doers, Stage(case.stage)
    if clerk and stage is Stage.VERIFICATION and case.procedure != ProcedureName.UNDESCRIBED.value:
        yield "verify"
    if _is_to_prepare(offers):
        yield "prepare"
    if stage is Stage.PERMANENT_READY and not doers.isdisjoint(DESK) and _is_to_invalidate(case):
        yield "invalidate"
    if clerk and stage.value in AGREEING and any(map(is_not_collected, case.letters)):
        yield "serve_by_post"
    if clerk and stage in _AFTER_THE_PERMIT and _papers_to_compare(case):
        yield "compare"
    if clerk and stage is Stage.CLOSED:
        kept = {item.fate for item in case.items if item.state is ItemState.IN_OFFICE and not item.is_owed}
        if kept - {Fate.DESTROYED}:
            yield "file"
        if Fate.DESTROYED in kept:
            yield "destroy"


def offers_of(case: Case, facts: CaseFacts, doers: frozenset[Doer]) -> Iterator[Offer]:
    """Yield the steps that `doers` may see: none that the case could not be about, and none asked about before."""
    stage = Stage(case.stage)
    offers = list(case.table.offers(stage, facts, doers))
    if Doer.SUPERVISOR in doers and Doer.CLERK not in doers:
        # A supervisor settles a signature in any case.
        offers += [one for one in case.table.offers(stage, facts, {Doer.CLERK}) if one.step.name == "accept_signature"]
    return (offer for offer in offers if not (_is_idle(case, offer, facts) or _is_asked_before(offer)))


def needless(name: str, case: Case) -> str:
    """Return the code of why an agreement cannot be proposed or answered now, though its step is open."""
    newest = newest_proposal(case)
    waits = newest if newest is not None and newest.state is ProposalState.PROPOSED else None
    if name == "answer_handover" and waits is None:
        return "nothing-to-answer"
    if name == "propose_handover" and waits is not None and not waits.by_office:
        return "answer-first"
    if name == "propose_handover" and not any(may_leave(case, item) for item in case.items):
        return "nothing-to-hand-over"
    return ""


def _is_to_prepare(offers: Iterable[Offer]) -> bool:
    """Whether every decision waits for something that is done first, somewhere."""
    decisions = [one for one in offers if one.step.name in DECISIONS]
    missing = {lacking.code for one in decisions for lacking in one.missing}
    return not any(one.is_open for one in decisions) and bool(missing & REMOVABLE)


def _is_asked_before(offer: Offer) -> bool:
    """Whether verification has asked for what the step needs: later it is shown once somebody has determined that."""
    missing = {one.code for one in offer.missing}
    return offer.step.origin is not Stage.VERIFICATION and bool(missing & {"other-authority-named", "pointless"})


def _is_idle(case: Case, offer: Offer, facts: CaseFacts) -> bool:
    """Whether there is nothing in `case` that the step could be about: it is not shown, not even with its reason."""
    stage, codes = Stage(case.stage), {one.code for one in offer.missing}
    match offer.step.name:
        case "accept_signature":
            return case.signature_settled
        case "deregister_ex_officio" | "notify_initiation" if "acts-ex-officio" in codes:
            return True
        case "notify_initiation":
            return _is_written(case, offer)
        case "notify_office":
            return "last-office-not-told" in codes or (
                "last-office-named" in codes and last_county(case, equipment().office.plate_prefixes) is None
            )
        case "skip_originals" | "summon_originals" | "withdraw":
            return bool(codes & {"on-application", "no-originals-required", "originals-required"})
        case "describe":
            return not is_described_by_clerks(case)
        case "resume" if stage in SETTLED_STAGES:
            # What ended the case is in force.
            return not facts.decision_repealed
        case "extend_permit" | "summon_plates" | "summon_further" | "notify_tax_office" | "refuse":
            # A permit ends with the registration, or by itself; where nothing was promised or given, nothing is missed.
            over = codes & {"not-registered-yet", "permit-runs", "registered-conditionally", "plates-out"}
            nothing_to_ask = offer.step.name == "summon_plates" and not (facts.plates_out or facts.papers_to_come)
            written = offer.step.name == "notify_tax_office" and _is_written(case, offer)
            return bool(over) or nothing_to_ask or written
        case "send_back" | "take_back_parcel":
            # Whoever notes that a parcel came back has taken the second of them.
            return not offer.is_open
        case "remind" if stage is not Stage.AWAITING_ORIGINALS:
            return not (office_waits(newest_proposal(case)) or facts.summons_expired)
        case "summon_remedy" if stage is Stage.WITHDRAWN:
            summons = newest_summons(case)
            asked = summons is not None and summons.kind == WITHDRAWAL_SUMMONS and summons.met_at is None
            return asked and not facts.withdrawal_not_remedied
        case _:
            return False


def _is_to_invalidate(case: Case) -> bool:
    """Whether an old certificate is to be cut; never before the customs papers came, without which it goes back."""
    return bool(certificates_to_invalidate(case)) and not papers_to_come(case)


def _papers_to_compare(case: Case) -> bool:
    return any(paper.item is not None and is_to_compare(paper.item) for paper in papers_to_come(case))


def _is_written(case: Case, offer: Offer) -> bool:
    """Whether the letter of a step that is taken once is out, or leaving."""
    written = {LetterState.LEAVING, LetterState.SENT}
    return any(one.step == offer.step.name and one.state in written for one in case.letters)


def _is_next(name: str, case: Case, facts: CaseFacts) -> bool:
    """Tell whether an open act is what the case waits for."""
    proposal = newest_proposal(case)
    awaited = proposal is not None and proposal.state is ProposalState.PROPOSED
    match name:
        case "describe":
            return case.procedure == ProcedureName.UNDESCRIBED
        case "summon_remedy" if case.stage == Stage.WITHDRAWN.value:
            return not facts.withdrawal_not_remedied  # the case goes on
        case "close":
            return not facts.decision_repealed or facts.things_moved > 0
        case "verify":
            return Verdict.PENDING in facts.verdicts or any(renewed(case, one.kind) for one in requirements(case))
        case "remind" if proposal is not None and awaited and case.stage in AGREEING:
            return proposal.reminded_at is None
        case "remind" if case.stage in AGREEING:
            # An agreed visit, and a parcel, come first.
            return not facts.to_post and (proposal is None or proposal.slot is None or not facts.to_hand_out)
        case "destroy":
            # Until it is served, the decision binds nobody (KPA art. 110 § 1).
            return case.procedure != ProcedureName.DEREGISTRATION.value or facts.acknowledgements_awaited == 0
        case "answer_handover":
            return awaited and proposal is not None and not proposal.by_office
        case "send_back" if facts.decision_repealed and not facts.things_moved:
            return False  # the case needs them anew
        case "send_back":
            return not (proposal is not None and proposal.sends_back and proposal.left(Method.POST))
        case "propose_handover":
            return facts.may_go_back > 0 and not awaited and not facts.to_hand_out + facts.to_post
        case _:
            return True
