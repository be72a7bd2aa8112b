"""Which words stand for things, their movements, letters, their service, proposals, decisions and determinations?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.views.wording_findings import DOCUMENTS

THINGS: Mapping[str, LazyString] = {
    **DOCUMENTS,
    "PLATE": _("Registration plate"),
    "NEW_PLATE": _("New registration plate"),
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
    "came_back": lazy_pgettext("movement", "came back"),
    "invalidated": lazy_pgettext("movement", "invalidated"),
    "destroyed": lazy_pgettext("movement", "destroyed"),
    "forwarded": lazy_pgettext("movement", "forwarded"),
    "filed": lazy_pgettext("movement", "put into the file"),
    "called_off": lazy_pgettext("movement", "called off"),
}
HOLDERS: Mapping[str, LazyString] = {
    "expected": _("the party has it"),
    "in_office": _("the office has it"),
    "with_party": _("given to the party"),
    "in_post": _("on its way by post"),
    "destroyed": _("destroyed, record in the file"),
    "forwarded": _("with another authority or the stock"),
    "in_file": _("in the file"),
    "called_off": _("no longer awaited"),
}
"""Who has a thing now, at the end of its chain."""

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
    "not_asked_for": _("Give it back with the other things, or accept it with a reason."),
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

VERDICTS: Mapping[str, LazyString] = {
    "pending": _("not looked at yet"),
    "accepted": lazy_pgettext("document", "accepted"),
    "not_applicable": lazy_pgettext("document", "not applicable"),
    "illegible": lazy_pgettext("document", "illegible"),
    "wrong": lazy_pgettext("document", "wrong document"),
    "missing": lazy_pgettext("document", "not sent"),
    "outdated": lazy_pgettext("document", "out of date"),
}
DECISIONS: Mapping[str, LazyString] = {
    "temporary_registration_decision": _("Decision on temporary registration"),
    "registration_decision": _("Decision on registration"),
    "deregistration_decision": _("Decision on deregistration"),
    "refusal_decision": _("Decision of refusal"),
    "discontinuance_decision": _("Decision to discontinue"),
}
DETERMINATIONS: Mapping[str, LazyString] = {
    "formal_defect": _("Formal defect beside the documents"),
    "address_missing": _("No address is known, and none can be found"),
    "other_authority": _("Another authority is competent"),
    "pointless": _("There is nothing left to decide"),
    "party_objects": _("Another party wants the case to go on"),
    "refusal_reasons": _("Reasons of a refusal"),
    "number_kept": _("The owner keeps the number"),
    "old_certificate_confirmed": _("The central register confirmed the old certificate"),
    "room_for_annotation": _("The old certificate has room for the annotation"),
    "policy_shown": _("The insurance policy was shown"),
    "annotation": _("Annotation on a document"),
}
SERVICE_EVENTS: Mapping[str, LazyString] = {
    "arrived": _("was put into the mailbox"),
    "reminded": _("was announced again"),
    "opened": _("was opened"),
    "deemed": _("counts as served"),
    "posted": _("was posted"),
    "first_notice": _("first notice at the post office"),
    "second_notice": _("second notice at the post office"),
    "delivered": _("was delivered"),
    "refused": _("was refused by the addressee"),
    "unclaimed": _("was not claimed"),
    "unknown_addressee": _("came back: the addressee is unknown there"),
}
"""What happened to a letter, after its title."""

OFFICE_STEPS: Mapping[str, LazyString] = {
    "supplement": _("Note that the supplement came"),
    "withdraw": _("Note that the application is withdrawn"),
    "answer_handover": _("Write down the answer to the proposal"),
}
"""What a button of the office says where the step is the party's."""
