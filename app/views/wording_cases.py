"""Which words stand for procedures, stages, steps and lines of the ledger of a case."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

PROCEDURES: Mapping[str, LazyString] = {
    "registration": _("Vehicle registration"),
    "deregistration": _("Vehicle deregistration"),
    "undescribed": _("Case to be described"),
}
SHORT_PROCEDURES: Mapping[str, LazyString] = {
    "registration": _("registration"),
    "deregistration": _("deregistration"),
    "undescribed": _("to be described"),
}
EDITIONS: Mapping[str, LazyString] = {
    "sekap": _("edition with control sticker and vehicle card"),
    "2022": _("law in force since 4 September 2022"),
}
STAGES: Mapping[str, LazyString] = {
    "received": _("Received"),
    "verification": _("Verification"),
    "awaiting_remedy": _("Formal defects"),
    "awaiting_originals": _("Waiting for originals"),
    "originals_complete": _("Originals complete"),
    "agreeing_handover": _("Agreeing the handover"),
    "handed_over": _("Handed over"),
    "permanent_ready": _("Permanent certificate ready"),
    "closed": _("Closed"),
    "archived": _("Archived"),
    "withdrawn": _("Application withdrawn"),
    "left_unexamined": _("Left unexamined"),
    "transferred": _("Transferred"),
    "refused": _("Refused"),
    "discontinued": _("Discontinued"),
}
EVENTS: Mapping[str, LazyString] = {
    "open": _("opened the case"),
    "take": _("took the case"),
    "give_back": _("gave the case back to the queue"),
    "describe": _("described the case"),
    "accept_signature": _("accepted the signature"),
    "supplement": _("sent a supplement"),
}
"""What somebody did by a step, after their name."""

LEDGER: Mapping[str, LazyString] = {
    "started": _("The application arrived, one month"),
    "stopped": _("The case waited for the party"),
    "still-stopped": _("The case is waiting for the party"),
    "extended": _("The party was notified of a new date"),
    "saturday": _("A Saturday"),
    "sunday": _("A Sunday"),
    "holiday": _("A statutory day off"),
    "due": _("Deadline"),
}
OUTCOMES: Mapping[str, LazyString] = {
    "valid": _("valid"),
    "undecided": _("undecided"),
    "invalid": _("invalid"),
    "unreadable": _("unreadable"),
}
IDENTITIES: Mapping[str, LazyString] = {
    "qualified": _("qualified signature"),
    "trusted": _("trusted signature"),
    "personal": _("personal signature"),
    "certification-centre": _("certificate of the certification centre, identity seen at the registration point"),
    "unknown": _("identity not known to the office"),
}
CHANNELS: Mapping[str, LazyString] = {
    "mailbox": _("mailbox"),
    "api": _("another platform"),
    "import": _("imported file"),
}
PURPOSES: Mapping[str, LazyString] = {
    "application": _("application"),
    "supplement": _("supplement"),
    "answer": _("answer"),
}
