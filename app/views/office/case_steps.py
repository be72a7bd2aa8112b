"""What can be done with a case now: each step of its procedure that this person may see, open or with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.domain.correspondence import STEP_LETTERS
from app.domain.custody import Movement
from app.domain.delivery import Method
from app.domain.procedures.facts import CaseFacts, Verdict
from app.domain.procedures.machine import Offer
from app.domain.procedures.stages import DESK, SETTLED_STAGES, Doer, ProcedureName, Stage
from app.house import equipment
from app.models import Case, LetterState, ProposalState
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
from app.usecases.other_office import last_county
from app.usecases.summons_in_force import WITHDRAWAL_SUMMONS, newest_summons
from app.usecases.take_step import NEED_REASON, PLAIN_STEPS
from app.views.office import case_doers as places
from app.views.office.obstacles import Obstacle, obstacles
from app.views.wording import REFUSALS
from app.views.wording_cases import STEPS
from app.views.wording_things import OFFICE_STEPS


@dataclass(frozen=True, slots=True)
class Choice:
    """An act that the page shows. `way`: `link`, `post` (a button), `reason` (with words), `form` or `closed`."""

    name: str
    label: str
    way: str
    icon: str = ""
    url: str = ""
    why: tuple[Obstacle, ...] = ()
    primary: bool = False


_FIRST = (
    "take", "transfer", "discontinue", "describe", "accept_signature", "verify", "refuse", "answer_handover",
    "summon_originals", "skip_originals", "summon_remedy", "confirm_originals", "summon_further",
    "register_directly", "register_temporarily", "deregister", "prepare", "hand_out", "dispatch", "take_back_parcel",
    "announce_certificate", "invalidate", "compare", "register", "issue", "archive", "deregister_ex_officio",
    "propose_handover", "close", "send_back", "resume", "leave_unexamined", "remind",
)  # fmt: skip
"""The order in which open acts are the next one; others are never proposed by themselves."""

_AFTER_THE_PERMIT = frozenset({Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY})
"""Here a customs or excise document of a vehicle that is registered conditionally is compared when it comes."""
_DECISIONS = ("register_temporarily", "register_directly", "deregister")
"""What the stage of complete originals is there for."""

_ICONS = {
    "take": "hand-grab", "give_back": "arrow-back-up", "accept_signature": "writing-sign", "verify": "zoom-check",
    "summon_originals": "mail-forward", "summon_remedy": "mail-forward", "summon_further": "mail-forward",
    "summon_plates": "mail-forward", "extend_summons": "calendar", "remind": "bell", "confirm_originals": "checks",
    "skip_originals": "arrow-right", "register_temporarily": "certificate", "register_directly": "certificate",
    "register": "certificate", "deregister": "certificate", "deregister_ex_officio": "certificate",
    "notify_initiation": "mail-forward", "notify_office": "mail-forward", "notify_tax_office": "mail-forward",
    "propose_handover": "arrows-exchange",
    "answer_handover": "message-reply", "hand_out": "package-export", "dispatch": "truck-delivery",
    "take_back_parcel": "truck-return", "send_back": "truck-delivery", "extend_permit": "calendar",
    "announce_certificate": "id", "issue": "id",
    "notify_delay": "clock-exclamation", "transfer": "arrow-forward-up", "leave_unexamined": "file-off",
    "refuse": "ban", "discontinue": "circle-minus", "resume": "player-play", "close": "check", "archive": "archive",
    "suspend": "player-pause", "take_up": "player-play", "await_party": "clock-pause",
    "await_outside": "clock-pause", "go_on": "player-play", "deem_complicated": "calendar",
    "withdraw": "x", "supplement": "file-plus", "describe": "edit",
}  # fmt: skip


def choices(case: Case, facts: CaseFacts, doers: frozenset[Doer], called: str = "") -> list[Choice]:
    """Return the acts, the next one first, then the open ones, then those that are closed, with their reasons.

    `called`: the act that the list "Moja praca" names, where something came or a term passed (`calling.called_for`).
    """
    found = [_choice(case, offer, doers) for offer in _offers(case, facts, doers)]
    if Doer.CLERK in doers and case.stage == Stage.VERIFICATION.value and case.procedure != ProcedureName.UNDESCRIBED:
        found.insert(
            0, Choice("verify", _("Verify the documents"), "link", "zoom-check", places.verification_page(case.sign))
        )
    if place := _preparing(found):
        found.insert(0, Choice("prepare", _("Prepare the decision"), "link", "clipboard", place))
    if case.stage == Stage.PERMANENT_READY.value and doers.intersection(DESK) and certificates_to_invalidate(case):
        place = places.things_page(case.sign, Movement.INVALIDATED)
        found.insert(0, Choice("invalidate", _("Invalidate the old certificate"), "link", "ban", place))
    if case.stage in _AFTER_THE_PERMIT and Doer.CLERK in doers and _papers_to_compare(case):
        found.insert(0, _readings(case)["compare"])
    if called in (reading := _readings(case)):
        found.insert(0, reading[called])
    opened = {one.name for one in found if one.way != "closed"}
    following = (
        called
        if called in opened
        else next((name for name in _FIRST if name in opened and _is_next(name, case, facts)), None)
    )
    marked = [_primary(one) if one.name == following else one for one in found]
    return sorted(marked, key=lambda one: (not one.primary, one.way == "closed"))


def _readings(case: Case) -> dict[str, Choice]:
    """Return the acts that are no step of the procedure, but what came asks for them."""
    verifying = case.stage == Stage.VERIFICATION.value
    came = places.verification_page(case.sign) if verifying else "#documents"
    return {
        "compare": Choice("compare", _("Compare the originals"), "link", "eye", places.things_page(case.sign)),
        "look": Choice("look", _("Look at what came"), "link", "eye", places.things_page(case.sign)),
        "read": Choice("read", _("Read what came"), "link", "inbox", came),
        "answer": Choice(
            "answer", _("Answer the question"), "link", "message", places.letter_of_step(case.sign, "odpowiedz")
        ),
        "forward_appeal": Choice("forward_appeal", _("Forward the appeal"), "link", "send", "#decisions"),
        "leaving": Choice("leaving", _("See the letter that is leaving"), "link", "send", "#letters"),
        "send_again": Choice("send_again", _("Send the letter again"), "link", "mail-off", "#letters"),
        "replace_lost": Choice("replace_lost", _("Settle what was lost"), "link", "package-off", "#lost"),
    }


def _offers(case: Case, facts: CaseFacts, doers: frozenset[Doer]) -> Iterator[Offer]:
    stage = Stage(case.stage)
    offers = list(case.table.offers(stage, facts, doers))
    if Doer.SUPERVISOR in doers and Doer.CLERK not in doers:
        # A supervisor settles a signature in any case.
        offers += [one for one in case.table.offers(stage, facts, {Doer.CLERK}) if one.step.name == "accept_signature"]
    return (offer for offer in offers if not (_is_idle(case, offer, facts) or _is_asked_before(offer)))


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
        case "remind" if stage is Stage.AGREEING_HANDOVER:
            return not office_waits(newest_proposal(case))
        case "summon_remedy" if stage is Stage.WITHDRAWN:
            summons = newest_summons(case)
            asked = summons is not None and summons.kind == WITHDRAWAL_SUMMONS and summons.met_at is None
            return asked and not facts.withdrawal_not_remedied
        case _:
            return False


def _papers_to_compare(case: Case) -> bool:
    return any(paper.item is not None and is_to_compare(paper.item) for paper in papers_to_come(case))


def _is_written(case: Case, offer: Offer) -> bool:
    """Whether the letter of a step that is taken once is out, or leaving."""
    written = {LetterState.LEAVING, LetterState.SENT}
    return any(one.step == offer.step.name and one.state in written for one in case.letters)


def _preparing(found: list[Choice]) -> str:
    """Return where the first thing is done that the decision waits for; nothing where it waits for none."""
    decisions = [one for one in found if one.name in _DECISIONS]
    if any(one.way != "closed" for one in decisions):
        return ""
    return next((obstacle.url for one in decisions for obstacle in one.why if obstacle.url), "")


def _choice(case: Case, offer: Offer, doers: frozenset[Doer]) -> Choice:
    name = offer.step.name
    signing = name == "summon_remedy" and case.stage == Stage.WITHDRAWN.value
    label = _("Summon to sign the withdrawal") if signing else str(OFFICE_STEPS.get(name) or STEPS[name])
    icon = _ICONS.get(name, "")
    if not offer.is_open:
        return Choice(name, label, "closed", icon, why=obstacles(case, (one.code for one in offer.missing), doers))
    if why := _needless(name, case):
        return Choice(name, label, "closed", icon, why=(why,))
    if name in STEP_LETTERS:
        return Choice(name, label, "link", icon, places.letter_of_step(case.sign, name))
    if name in PLAIN_STEPS:
        return Choice(name, label, "reason" if name in NEED_REASON else "post", icon)
    if name == "take":
        return Choice(name, label, "take", icon, url_for("CaseFile.take", sign=case.sign))
    if name in {"hand_out", "issue"}:
        return Choice(name, label, "link", icon, places.handing_out_page(case.sign))
    if name == "dispatch":
        return Choice(name, label, "link", icon, places.posting_room())
    if name in {"propose_handover", "answer_handover", "send_back"}:
        return Choice(name, label, "link", icon, "#agreement")
    return Choice(name, label, "form", icon)


def _needless(name: str, case: Case) -> Obstacle | None:
    """Return why an agreement cannot be proposed or answered now, though its step is open."""
    newest = newest_proposal(case)
    waits = newest if newest is not None and newest.state is ProposalState.PROPOSED else None
    if name == "answer_handover" and waits is None:
        return Obstacle(str(REFUSALS["nothing-to-answer"]))
    if name == "propose_handover" and waits is not None and not waits.by_office:
        return Obstacle(str(REFUSALS["answer-first"]), "#agreement")
    if name == "propose_handover" and not any(item.is_owed for item in case.items):
        return Obstacle(_("Nothing waits to be handed over."))
    return None


def _is_next(name: str, case: Case, facts: CaseFacts) -> bool:
    """Tell whether an open act is what the case waits for."""
    proposal = newest_proposal(case)
    awaited = proposal is not None and proposal.state is ProposalState.PROPOSED
    match name:
        case "describe":
            return case.procedure == ProcedureName.UNDESCRIBED
        case "refuse":
            return facts.vehicle_reported
        case "close":
            return not facts.decision_repealed or facts.things_moved > 0
        case "verify":
            return Verdict.PENDING in facts.verdicts or any(renewed(case, one.kind) for one in requirements(case))
        case "answer_handover":
            return awaited and proposal is not None and not proposal.by_office
        case "send_back" if facts.decision_repealed and not facts.things_moved:
            return False  # the case needs them anew
        case "send_back":
            return not (proposal is not None and proposal.sends_back and proposal.left(Method.POST))
        case "propose_handover":
            return facts.owed > 0 and not awaited and not facts.to_hand_out + facts.to_post
        case _:
            return True


def _primary(one: Choice) -> Choice:
    return Choice(one.name, one.label, one.way, one.icon, one.url, one.why, primary=True)
