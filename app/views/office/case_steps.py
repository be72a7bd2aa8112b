"""What can be done with a case now: each step of its procedure that this person may see, open or with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from app.domain.correspondence import STEP_LETTERS
from app.domain.custody import Movement
from app.domain.procedures.facts import CaseFacts
from app.domain.procedures.machine import Offer
from app.domain.procedures.stages import Doer, Stage
from app.models import Case
from app.usecases.case_facts import newest_proposal
from app.usecases.send_again import is_not_collected
from app.usecases.take_step import NEED_REASON, PLAIN_STEPS
from app.views.office import case_doers as places
from app.views.office.first_act import DECISIONS, READINGS, beside_the_table, first_of, needless, offers_of
from app.views.office.obstacles import Obstacle, obstacles
from app.views.wording import REFUSALS
from app.views.wording_cases import BESIDE_THE_STEPS, STEPS
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
    "prepare": "clipboard", "invalidate": "ban", "destroy": "trash", "file": "archive", "compare": "eye",
    "look": "eye", "read": "inbox", "answer": "message", "forward_appeal": "send", "leaving": "send",
    "send_again": "mail-off", "serve_by_post": "mail", "set_default": "arrows-exchange", "replace_lost": "package-off",
}  # fmt: skip


_MOVEMENTS = {"invalidate": Movement.INVALIDATED, "destroy": Movement.DESTROYED, "file": Movement.FILED}
_SECTIONS = {
    "forward_appeal": "#decisions", "set_default": "#agreement",
    "leaving": "#letters", "send_again": "#letters", "replace_lost": "#lost",
}  # fmt: skip


def choices(case: Case, facts: CaseFacts, doers: frozenset[Doer], called: str = "") -> list[Choice]:
    """Return the acts, the next one first, then the open ones, then those that are closed, with their reasons.

    `called`: what came, or a term that passed, calls for it (`calling.called_for`).
    """
    offers = list(offers_of(case, facts, doers))
    found = [_choice(case, offer, doers) for offer in offers]
    for name in beside_the_table(case, doers, offers):
        found.insert(0, _beside(case, name, offers, doers))
    if called in READINGS and called not in {one.name for one in found}:
        found.insert(0, _beside(case, called, offers, doers))
    following = first_of(case, facts, doers, offers, called)
    marked = [replace(one, primary=True) if one.name == following else one for one in found]
    return sorted(marked, key=lambda one: (not one.primary, one.way == "closed"))


def first_choice(case: Case, facts: CaseFacts, doers: frozenset[Doer], called: str = "") -> Choice | None:
    """Return the first of what `choices` returns, if it is the next act, without the others."""
    offers = list(offers_of(case, facts, doers))
    name = first_of(case, facts, doers, offers, called)
    offer = next((one for one in offers if one.step.name == name), None)
    if not name:
        return None
    return _choice(case, offer, doers) if offer is not None else _beside(case, name, offers, doers)


def _beside(case: Case, name: str, offers: Iterable[Offer], doers: frozenset[Doer]) -> Choice:
    """Return an act that is no step of the procedure, or that is done elsewhere than its step."""
    url = _preparing(case, offers, doers) if name == "prepare" else _place_beside(case, name)
    return Choice(name, str(BESIDE_THE_STEPS[name]), "link", _ICONS.get(name, ""), url)


def _place_beside(case: Case, name: str) -> str:
    match name:
        case "read" if case.stage != Stage.VERIFICATION.value:
            return "#documents"
        case "verify" | "read":
            return places.verification_page(case.sign)
        case "compare" | "look":
            return places.things_page(case.sign)
        case "answer":
            return places.letter_of_step(case.sign, "odpowiedz")
        case "serve_by_post":
            return next(places.letter_page(case.sign, one.seq) for one in case.letters if is_not_collected(one))
        case _:
            return _SECTIONS.get(name) or places.things_page(case.sign, _MOVEMENTS[name])


def _preparing(case: Case, offers: Iterable[Offer], doers: frozenset[Doer]) -> str:
    """Return where the first thing is done for which the decision waits."""
    decisions = (one for one in offers if one.step.name in DECISIONS)
    waits = (why for one in decisions for why in obstacles(case, (lacking.code for lacking in one.missing), doers))
    return next(why.url for why in waits if why.url)


def _choice(case: Case, offer: Offer, doers: frozenset[Doer]) -> Choice:
    name = offer.step.name
    label = _label(case, name)
    icon = _ICONS.get(name, "")
    if not offer.is_open:
        return Choice(name, label, "closed", icon, why=obstacles(case, (one.code for one in offer.missing), doers))
    if why := needless(name, case):
        return Choice(name, label, "closed", icon, why=(_why_needless(why),))
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


def _label(case: Case, name: str) -> str:
    if name == "summon_remedy" and case.stage == Stage.WITHDRAWN.value:
        return str(_("Summon to sign the withdrawal"))
    if name == "answer_handover" and (newest := newest_proposal(case)) is not None and not newest.by_office:
        return str(_("Answer the party's proposal"))
    return str(OFFICE_STEPS.get(name) or STEPS[name])


def _why_needless(code: str) -> Obstacle:
    if code == "nothing-to-hand-over":
        return Obstacle(_("Nothing waits to be handed over."))
    return Obstacle(str(REFUSALS[code]), "#agreement" if code == "answer-first" else "")
