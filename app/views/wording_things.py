"""Which words stand for things, their movements, letters, their service, proposals, decisions and determinations?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext, pgettext
from flask_babel.speaklater import LazyString

from app.domain.custody import Movement
from app.models import Handover, Item
from app.views.wording_findings import DOCUMENTS

THINGS: Mapping[str, LazyString] = {
    **DOCUMENTS,
    "PLATE": _("Registration plate"),
    "NEW_PLATE": _("New registration plate"),
    "NEW_EXTRA_PLATE": _("New additional plate"),
    "CONTROL_STICKER": _("Control sticker"),
    "LEGALISATION_STICKERS": _("Legalisation stickers"),
    "REGISTRATION_CERTIFICATE": _("Permanent registration certificate"),
    "NEW_VEHICLE_CARD": _("New vehicle card"),
    "DECISION": _("Decision"),
}
MOVEMENTS: Mapping[str, LazyString] = {
    "expected": lazy_pgettext("movement", "asked for"),
    "received": lazy_pgettext("movement", "received"),
    "compared": lazy_pgettext("movement", "compared"),
    "stored": lazy_pgettext("movement", "put on the shelf"),
    "made": lazy_pgettext("movement", "prepared"),
    "handed_out": lazy_pgettext("movement", "handed out"),
    "posted": lazy_pgettext("movement", "posted"),
    "delivered": lazy_pgettext("movement", "delivered"),
    "lost": lazy_pgettext("movement", "lost by the post"),
    "replaced": lazy_pgettext("movement", "replaced by another one"),
    "written_off": lazy_pgettext("movement", "written off, none comes instead"),
    "came_back": lazy_pgettext("movement", "came back"),
    "invalidated": lazy_pgettext("movement", "invalidated"),
    "destroyed": lazy_pgettext("movement", "destroyed"),
    "to_maker": lazy_pgettext("movement", "handed over to the maker of plates"),
    "forwarded": lazy_pgettext("movement", "forwarded"),
    "filed": lazy_pgettext("movement", "put into the file"),
    "called_off": lazy_pgettext("movement", "called off"),
    "mistaken": lazy_pgettext("movement", "received by mistake"),
    "annotated": lazy_pgettext("movement", "annotated"),
    "struck_out": lazy_pgettext("movement", "struck out"),
}
ANNOTATIONS: Mapping[str, LazyString] = {
    "registered": _("annotation of the registration"),
    "registered_pl_en": _("annotation of the registration in Polish and English"),
    "copy_certified": _("certified copy for the file"),
    "number_kept": _("annotation of the number kept"),
    "deregistered": _("annotation of the deregistration"),
    "certificate_returned": _("annotation of the return, on the copy for the file"),
    "permit_extended": _("annotation of the extension"),
    "conditional": _("annotation of the conditional registration"),
}

HOLDERS: Mapping[str, LazyString] = {
    "expected": _("the party has it"),
    "in_office": _("the office has it"),
    "with_party": _("given to the party"),
    "in_post": _("on its way by post"),
    "lost": _("lost by the post, to be settled"),
    "written_off": _("lost by the post, settled"),
    "destroyed": _("destroyed, record in the file"),
    "with_maker": _("with the maker of plates"),
    "forwarded": _("with another authority or the stock"),
    "in_file": _("in the file"),
    "called_off": _("no longer awaited"),
}
"""Who has a thing now, at the end of its chain."""
_IN_STOCK = _("returned to the stock")
"""Of a plate or blank that was taken back before the decision."""

DISCREPANCIES: Mapping[str, LazyString] = {
    "missing": _("missing"),
    "different": _("differs from the scan"),
    "damaged": _("damaged"),
    "not_asked_for": _("not asked for"),
}
REMEDIES: Mapping[str, LazyString] = {
    "missing": _("Summon for the rest, or take the case as it is with a reason."),
    "different": _("Summon for the right one, or accept it with a reason."),
    "damaged": _("Summon for another one, or accept it with a reason."),
    "not_asked_for": _("Give it back at the counter or by post, or accept it with a reason."),
}
"""What can be done about a discrepancy."""

METHODS: Mapping[str, LazyString] = {
    "in_person": _("collected in person"),
    "post": _("by post, with acknowledgement"),
}
PROPOSALS: Mapping[str, tuple[LazyString, str, str]] = {
    "proposed": (_("waits for an answer"), "", "clock"),
    "accepted": (lazy_pgettext("proposal", "accepted"), "ok", "check"),
    "countered": (_("answered with another proposal"), "warn", "message-reply"),
    "replaced": (_("replaced by a newer one"), "", "arrow-back-up"),
    "set_by_office": (_("set by the office, nobody answered"), "", "building"),
}
"""Words, kind of the chip and icon."""

OFFICE_STEPS: Mapping[str, LazyString] = {
    "supplement": _("Note that the supplement came"),
    "withdraw": _("Note that the application is withdrawn"),
    "answer_handover": _("Write down the answer to the proposal"),
}
"""What a button of the office says where the step is the party's."""


def movement_in_words(movement: str, annotation: str | None = None) -> str:
    """Return what happened to a thing; of an annotation, which one was made or struck out."""
    if annotation is None:
        return str(MOVEMENTS[movement])
    words = str(ANNOTATIONS[annotation])
    return words if movement == Movement.ANNOTATED.value else f"{MOVEMENTS[movement]}: {words}"


def handover_in_words(row: Handover) -> str:
    """Return what happened to a thing, as `movement_in_words`; what went back to the stock was forwarded to nobody."""
    if row.to_stock:
        return str(pgettext("movement", "returned to the stock"))
    return movement_in_words(row.movement, row.annotation)


def holder_in_words(item: Item) -> str:
    """Return who has a thing now."""
    return str(_IN_STOCK if item.in_stock else HOLDERS[item.state.value])
