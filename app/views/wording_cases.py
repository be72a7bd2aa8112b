"""Which words stand for procedures, stages, steps, findings and lines of the ledger of a case."""

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

FINDINGS: Mapping[str, LazyString] = {
    "signature-undecided": _("The signature could not be confirmed (%(reasons)s). Settle it before you go on."),
    "signature-confirmed": _("The signature of %(number)s was confirmed later, by itself."),
    "signature-failed": _("The signature turned out to be bad (%(reasons)s). Decide what follows."),
    "form-unreadable": _("The package has no form that the program can read. Describe the case."),
    "request-not-covered": _("The form asks for something else than registration or deregistration."),
    "answers-unknown-case": _("The letter answers %(sign)s, but its sender is not known in that case."),
    "attachment-absent": _("The form lists %(name)s, but the package does not contain it."),
    "attachment-differs": _("%(name)s differs from what the form lists."),
    "attachment-twice": _("The form lists %(name)s twice."),
    "attachment-unlisted": _("%(name)s came with the package, but the form does not list it."),
}
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

DOCUMENTS: Mapping[str, LazyString] = {
    "OWNERSHIP": _("Proof of ownership"),
    "CONFORMITY": _("Certificate of conformity"),
    "INSPECTION": _("Technical inspection certificate"),
    "REG_CERT": _("Registration certificate"),
    "PLATES": _("Registration plates (photographs)"),
    "EXTRA_PLATE": _("Additional plate"),
    "CUSTOMS": _("Proof of customs clearance"),
    "EXCISE": _("Excise document"),
    "EU_DATE": _("Statement of the import date"),
    "TRANSLATION": _("Sworn translation"),
    "PROXY": _("Power of attorney"),
    "STAMP_DUTY": _("Proof of stamp duty"),
    "FEE_PROOF": _("Proof of fees paid"),
    "OC_POLICY": _("Liability insurance policy"),
    "VEHICLE_CARD": _("Vehicle card"),
    "OTHER": _("Other document"),
}


def finding(code: str, details: Mapping[str, object]) -> str:
    """Return the sentence for what a machine noticed; the bare code where there is none, so that nothing is hidden."""
    text = FINDINGS.get(code)
    if text is None:
        return code
    try:
        return str(text) % dict(details)
    except (KeyError, TypeError, ValueError):
        return code
