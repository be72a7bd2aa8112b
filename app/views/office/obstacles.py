"""What keeps a step from being open, in words, and where somebody removes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app import clock
from app.domain.custody import ItemState, Movement
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer, ProcedureName
from app.extensions import db
from app.models import Case, LetterWay
from app.usecases.after_refusal import waits_for_plates
from app.usecases.case_facts import old_certificates
from app.usecases.counted_things import awaits_service
from app.usecases.days_off import office_calendar
from app.usecases.may_leave import is_forwarded_next
from app.usecases.serve_letter import deemed_day
from app.views.office import case_doers as places
from app.views.office import formats
from app.views.office.originals_open import why_not_complete
from app.views.wording_cases import CONDITIONS

_DETERMINATIONS, _PREPARING, _AGREEMENT = "#determinations", "#preparing", "#agreement"
_DECISIONS = "#decisions"


def _defects(case: Case) -> str:
    """Return where a document is rejected or a defect noted; what nobody has described has no documents yet."""
    if case.procedure == ProcedureName.UNDESCRIBED.value:
        return _DETERMINATIONS
    return places.verification_page(case.sign)


def _originals(case: Case) -> str:
    """Return where things are compared while some are here that were not, or do not agree; else where they come in."""
    here = [item for item in case.items if item.state is ItemState.IN_OFFICE]
    if any(not item.compared or item.open_discrepancies for item in here):
        return places.things_page(case.sign)
    return places.reception_page(case.sign)


def _acknowledgements(case: Case) -> str:
    """Return the return card of the first parcel or letter that the post still has; a mailbox needs none."""
    for parcel in case.consignments:
        if parcel.awaits_acknowledgement:
            if parcel.letter_id is not None:
                return url_for("PostingRoom.letter", pk=parcel.letter_id)
            return url_for("PostingRoom.parcel", pk=parcel.id)
    posted = (one for one in case.letters if one.way is LetterWay.POST and one.service and awaits_service(one))
    return next((url_for("PostingRoom.letter", pk=letter.id) for letter in posted), "")


def _certificate_is_away(case: Case) -> bool:
    return any(one.state is not ItemState.IN_OFFICE and not one.invalidated for one in old_certificates(case))


def _permit_is_away(case: Case) -> bool:
    return any(one.kind is ItemKind.TEMPORARY_PERMIT and one.state is ItemState.WITH_PARTY for one in case.items)


def _invalidating(case: Case) -> str:
    """Return where the old certificate is invalidated, or received, while its party has it."""
    if _certificate_is_away(case):
        return places.reception_page(case.sign)
    return places.things_page(case.sign, Movement.INVALIDATED)


_SECTIONS = {
    "signature-settled": "#settle-reason",
    "address-missing": _DETERMINATIONS,
    "other-authority-named": _DETERMINATIONS,
    "last-office-named": _DETERMINATIONS,
    "refusal-reasoned": _DETERMINATIONS,
    "pointless": _DETERMINATIONS,
    "withdrawal-signed": _DETERMINATIONS,
    "no-party-objects": _DETERMINATIONS,
    "withdrawal-void": _DETERMINATIONS,
    "nothing-reported": _DETERMINATIONS,
    "nothing-reported-before-registration": _DETERMINATIONS,
    "customs-papers-here-or-later": _DETERMINATIONS,
    "tax-authority-named": _DETERMINATIONS,
    "number-kept": _DETERMINATIONS,
    "old-certificate-confirmed": _DETERMINATIONS,
    "room-for-annotation": _DETERMINATIONS,
    "policy-shown": _DETERMINATIONS,
    "fees-paid": _PREPARING,
    "number-assigned": _PREPARING,
    "plates-here": _PREPARING,
    "extra-plate-here": _PREPARING,
    "permit-prepared": _PREPARING,
    "no-permit-prepared": _PREPARING,
    "sticker-prepared": _PREPARING,
    "certificate-arrived": _PREPARING,
    "no-appeal-open": _DECISIONS,
    "agreement-accepted": _AGREEMENT,
    "everything-agreed": _AGREEMENT,
    "nothing-owed": _AGREEMENT,
}
"""The section of the case file where a condition is made true."""
_PAGES: dict[str, Callable[[Case], str]] = {
    "documents-accepted": lambda case: places.verification_page(case.sign),
    "something-to-remedy": _defects,
    "certificate-invalidated": _invalidating,
    "every-item-settled": lambda case: places.things_page(case.sign),
    "permit-returned": lambda case: places.reception_page(case.sign),
    "originals-in-order": _originals,
    "customs-papers-here": _originals,
    "acknowledgements-in": _acknowledgements,
    "letters-posted": lambda _case: places.posting_room(),
    "reminded": lambda case: places.letter_of_step(case.sign, "remind"),
    "registration-decided": lambda case: places.letter_of_step(case.sign, "register"),
    "plates-asked-back": lambda case: places.letter_of_step(case.sign, "summon_plates"),
    "not-suspended": lambda case: places.letter_of_step(case.sign, "take_up"),
}
"""The page where a condition is made true."""
_CLERKS = frozenset(code for code, place in _SECTIONS.items() if place != _AGREEMENT) | {
    "documents-accepted", "something-to-remedy", "reminded", "registration-decided", "plates-asked-back",
    "not-suspended",
}  # fmt: skip
"""Only the clerk of the case finds the place there."""
REMOVABLE = frozenset({*_SECTIONS, *_PAGES})
OUT_OF_HAND = frozenset(
    {
        "signature-undecided", "summons-expired", "originals-required", "no-originals-required", "discrepancy-found",
        "answer-overdue", "something-to-hand-out", "something-to-post", "nothing-to-hand-out", "nothing-to-post",
        "something-to-send-back", "parcel-returned", "permit-not-extended", "permit-runs", "permit-expired",
        "not-registered-yet",
        "deregistration-decided", "decision-final", "decision-repealed", "nothing-moved", "withdrawal-unsigned",
        "acts-ex-officio", "on-application", "appeal-term-passed", "suspended", "delay-noted", "no-delay-noted",
        "may-be-complicated", "last-office-not-told", "registered-conditionally", "plates-out",
        "plates-asked-in-vain",
    }
)  # fmt: skip
"""Time, the party or the law makes these true, or another row of the table is taken instead."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is missing, in words; `url`: where it is made good, or nothing."""

    words: str
    url: str = ""


def obstacles(case: Case, codes: Iterable[str], doers: AbstractSet[Doer], page: str = "") -> tuple[Obstacle, ...]:
    """Return what is missing for a step of `case`. `page`: the address of the case file, for other pages than it."""
    return tuple(Obstacle(what_is_missing(case, code), _place(case, code, doers, page)) for code in codes)


def what_is_missing(case: Case, code: str) -> str:
    """Return what is missing; a letter that only lies in the mailbox is named, with the day on which it is served."""
    if code == "certificate-invalidated" and _certificate_is_away(case):
        return str(_("The old certificate is not back yet. If its owner states that it is lost, determine that."))
    if code == "permit-returned" and _permit_is_away(case):
        return str(_("The temporary permit is not back yet. If its owner states that it is lost, determine that."))
    if code == "nothing-owed" and any(waits_for_plates(case, item) for item in case.items):
        return str(_("The old certificate and plates go back once the new plates are here."))
    if code == "nothing-owed" and any(is_forwarded_next(case, item) for item in case.items):
        return str(_("The things go to the other authority with the letter that waits to be posted."))
    if code == "originals-in-order":
        return why_not_complete(case)
    if code == "acknowledgements-in" and not any(parcel.awaits_acknowledgement for parcel in case.consignments):
        waiting = [one for one in case.letters if awaits_service(one)]
        if all(one.way is LetterWay.MAILBOX for one in waiting):
            for letter in waiting:
                if letter.service is not None:
                    day = deemed_day(case, letter.service, office_calendar(db.session()), clock.today())
                    sentence = _("The letter “%(title)s” is not opened yet; it counts as served on %(day)s.",
                                 title=letter.title, day=formats.day(day))  # fmt: skip
                    return str(sentence)
    return str(CONDITIONS[code])


def _place(case: Case, code: str, doers: AbstractSet[Doer], page: str) -> str:
    if code in _CLERKS and Doer.CLERK not in doers:
        return ""
    place = _SECTIONS.get(code) or (_PAGES[code](case) if code in _PAGES else "")
    return page + place if place.startswith("#") else place
