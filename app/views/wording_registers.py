"""Which words stand for the codes in the registers: letters, consignments, plates, permits, days off?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.views.wording_letters import LETTERS

SUMMONSES = {code: words for code, words in LETTERS.items() if code.endswith("_summons")}
DECISIONS = {code: words for code, words in LETTERS.items() if code.endswith("_decision")}
WAYS: Mapping[str, LazyString] = {
    "mailbox": lazy_pgettext("way", "into the mailbox"),
    "post": lazy_pgettext("way", "by post"),
    "with_items": lazy_pgettext("way", "with the things"),
}
SERVICE_OUTCOMES: Mapping[str, LazyString] = {
    "collected": lazy_pgettext("service", "opened, receipt confirmed"),
    "deemed": lazy_pgettext("service", "deemed served"),
    "delivered": lazy_pgettext("service", "delivered by the post"),
    "refused": lazy_pgettext("service", "refused by the addressee"),
    "unclaimed": lazy_pgettext("service", "not claimed"),
    "unknown_addressee": lazy_pgettext("service", "addressee unknown"),
    "lost": lazy_pgettext("service", "lost by the post"),
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
    "unclaimed": lazy_pgettext("parcel", "not claimed in time"),
    "unknown_addressee": lazy_pgettext("parcel", "addressee unknown"),
    "lost": lazy_pgettext("parcel", "lost, as the post answered"),
}
DAYS_OFF: Mapping[str, LazyString] = {
    "by_law": _("off by a new law"),
    "closed": _("the office is closed"),
    "working": _("a working day by a new law"),
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
RETIRED_BECAUSE: Mapping[str, LazyString] = {
    "order-withdrawn": lazy_pgettext("plates", "the order was withdrawn"),
}
"""Why the program itself retired a number; people write their own reasons."""
PLATE_STATES: Mapping[str, tuple[LazyString, str, str]] = {
    "in_stock": (lazy_pgettext("plates", "in stock"), "ok", "package"),
    "assigned": (lazy_pgettext("plates", "assigned"), "info", "car"),
    "retired": (lazy_pgettext("plates", "retired"), "", "ban"),
}
