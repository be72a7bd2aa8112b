"""Which words stand for the codes in the registers of the procedure: letters, things, consignments, plates, permits?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.views.wording_findings import DOCUMENTS

LETTERS: Mapping[str, LazyString] = {
    "originals_summons": _("Summons for originals"),
    "remedy_summons": _("Summons to remedy defects"),
    "further_summons": _("Further summons"),
    "permit_return_summons": _("Notice of the permanent certificate"),
    "plates_return_summons": _("Summons for the return of plates"),
    "reminder": _("Reminder of a summons"),
    "left_unexamined": _("Notice that the application is left unexamined"),
    "transfer_notice": _("Notice of a transfer"),
    "delay_notice": _("Notice of a delay"),
    "permit_extension": _("Extension of the temporary permit"),
    "handover_proposal": _("Proposal of a handover"),
    "temporary_registration_decision": _("Decision on temporary registration"),
    "registration_decision": _("Decision on registration"),
    "deregistration_decision": _("Decision on deregistration"),
    "refusal_decision": _("Decision to refuse"),
    "discontinuance_decision": _("Decision to discontinue"),
    "shipment_letter": _("Letter with a parcel"),
    "answer": _("Answer to the party"),
}
SUMMONSES = {code: words for code, words in LETTERS.items() if code.endswith("_summons")}
DECISIONS = {code: words for code, words in LETTERS.items() if code.endswith("_decision")}
LETTER_STATES: Mapping[str, tuple[LazyString, str, str]] = {
    "leaving": (_("leaving"), "info", "clock-pause"),
    "sent": (lazy_pgettext("letter", "sent"), "ok", "send"),
    "taken_back": (_("taken back"), "", "arrow-back-up"),
    "stopped": (_("stopped"), "warn", "hand-stop"),
}
"""Words, kind of the chip and icon."""

WAYS: Mapping[str, LazyString] = {
    "mailbox": lazy_pgettext("way", "mailbox"),
    "post": lazy_pgettext("way", "post"),
    "with_items": lazy_pgettext("way", "with the things"),
}
SERVICE_OUTCOMES: Mapping[str, LazyString] = {
    "collected": lazy_pgettext("service", "opened, receipt confirmed"),
    "deemed": lazy_pgettext("service", "deemed served"),
    "delivered": lazy_pgettext("service", "delivered by the post"),
    "refused": lazy_pgettext("service", "refused by the addressee"),
    "unclaimed": lazy_pgettext("service", "not claimed"),
    "unknown_addressee": lazy_pgettext("service", "addressee unknown"),
}
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
DIRECTIONS: Mapping[str, LazyString] = {"in": lazy_pgettext("consignment", "came in"), "out": _("went out")}
CARRIAGES: Mapping[str, LazyString] = {
    "in_person": lazy_pgettext("carriage", "in person"),
    "post": lazy_pgettext("carriage", "by post"),
    "courier": lazy_pgettext("carriage", "by courier"),
}
PARCEL_OUTCOMES: Mapping[str, LazyString] = {
    "delivered": lazy_pgettext("parcel", "delivered"),
    "refused": lazy_pgettext("parcel", "refused by the addressee"),
    "unclaimed": lazy_pgettext("parcel", "not claimed"),
    "unknown_addressee": lazy_pgettext("parcel", "addressee unknown"),
}
PROPOSALS: Mapping[str, tuple[LazyString, str, str]] = {
    "proposed": (_("waits for an answer"), "", "clock"),
    "accepted": (lazy_pgettext("proposal", "accepted"), "ok", "check"),
    "countered": (_("answered with another proposal"), "warn", "message-reply"),
    "replaced": (_("replaced by a newer one"), "", "arrow-back-up"),
    "set_by_office": (_("set by the office, nobody answered"), "", "building"),
}
PLATE_KINDS: Mapping[str, LazyString] = {
    "ordinary": lazy_pgettext("plates", "ordinary"),
    "motorcycle": lazy_pgettext("plates", "of a motorcycle"),
    "reduced": lazy_pgettext("plates", "reduced"),
    "antique": lazy_pgettext("plates", "of an antique vehicle"),
    "temporary": lazy_pgettext("plates", "temporary"),
    "individual": lazy_pgettext("plates", "individual"),
    "diplomatic": lazy_pgettext("plates", "diplomatic"),
}
PLATE_STATES: Mapping[str, tuple[LazyString, str, str]] = {
    "in_stock": (lazy_pgettext("plates", "in stock"), "ok", "package"),
    "assigned": (lazy_pgettext("plates", "assigned"), "info", "car"),
    "retired": (lazy_pgettext("plates", "retired"), "", "ban"),
}
