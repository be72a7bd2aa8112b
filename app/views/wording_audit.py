"""Which words stand for what the audit trail writes down? The codes themselves are part of what is sealed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

ACTIONS: Mapping[str, LazyString] = {
    "anchor-added": _("added a trust anchor"),
    "anchor-withdrawn": _("withdrew a trust anchor"),
    "arrival-registered": _("registered an envelope without a case"),
    "calendar-changed": _("changed the days off"),
    "case-described": _("described the case"),
    "case-given-back": _("gave the case back to the queue"),
    "case-opened": _("opened the case"),
    "case-read": _("read the case"),
    "case-taken": _("took the case"),
    "centre-founded": _("founded the certification centre"),
    "certificate-arrived": _("registered the permanent certificate"),
    "certificate-issued": _("issued a certificate"),
    "crl-imported": _("imported a revocation list"),
    "description-corrected": _("corrected the description of the case"),
    "determined": _("determined something"),
    "discrepancy-accepted": _("accepted what is not as it should be"),
    "document-downloaded": _("downloaded a document"),
    "documents-examined": _("looked into the documents"),
    "fee-proved": _("noted that a fee was paid"),
    "form-printed": _("printed the form"),
    "handover-accepted": _("the way of handing over was agreed"),
    "handover-proposed": _("proposed how things are handed over"),
    "item-compared": _("compared a thing with its scan"),
    "item-made": _("made a thing"),
    "items-announced": _("said how the things of a case will come"),
    "items-handed-out": _("handed things out"),
    "items-moved": _("moved things"),
    "items-received": _("received things"),
    "job-given-up": _("gave up a job"),
    "job-retried": _("ran a job again"),
    "letter-deemed-served": _("the letter counts as served"),
    "letter-downloaded": _("downloaded a letter"),
    "letter-opened": _("the addressee opened the letter"),
    "letter-posted": _("posted a letter"),
    "letter-prepared": _("wrote a letter"),
    "letter-read": _("read a letter"),
    "letter-reminded": _("the addressee was reminded of the letter"),
    "letter-sent": _("the letter left"),
    "letter-stopped": _("the letter was stopped"),
    "letter-taken-back": _("took a letter back"),
    "letter-text-edited": _("changed the text of a kind of letter"),
    "log-in-refused": _("log-in refused"),
    "logged-in": _("logged in"),
    "logged-out": _("logged out"),
    "note-written": _("wrote a note"),
    "package-attached": _("added the package to a case"),
    "package-judged": _("judged the package"),
    "package-received": _("received the package"),
    "package-refused": _("refused the package"),
    "paper-service-noted": _("noted what the post did with a letter"),
    "parcel-outcome": _("noted what became of a parcel"),
    "parcel-posted": _("posted a parcel"),
    "password-changed": _("changed the password"),
    "password-link-made": _("made a link for a password"),
    "permit-prepared": _("prepared the temporary permit"),
    "pesel-shown": _("saw a PESEL"),
    "plates-assigned": _("assigned a registration number"),
    "plates-released": _("put the registration number back"),
    "platform-added": _("added a platform"),
    "platform-revoked": _("took a platform's right away"),
    "quarantine-downloaded": _("downloaded from quarantine"),
    "question-asked": _("asked a question in a case"),
    "receipt-issued": _("issued the receipt"),
    "register-exported": _("exported a register"),
    "roles-set": _("set somebody's roles"),
    "roles-synced": _("set what the roles may do"),
    "seal-taken-into-use": _("took a seal into use"),
    "second-factor-off": _("turned the second factor off"),
    "second-factor-on": _("turned the second factor on"),
    "shelf-reconciled": _("counted a shelf"),
    "signature-accepted": _("accepted the signature"),
    "staff-added": _("opened an account"),
    "staff-disabled": _("closed an account"),
    "staff-enabled": _("opened an account again"),
    "step-taken": _("took a step of the procedure"),
    "tracking-noted": _("noted a tracking number"),
    "trusted-list-imported": _("imported a trusted list"),
    "verdict-given": _("gave a verdict on a document"),
}
"""What somebody did, after their name, by the code of the event."""

PROBLEMS: Mapping[str, LazyString] = {
    "altered": _("The event was changed after it was written."),
    "gap": _("The event before it was removed."),
    "unlinked": _("The event does not follow the one before it."),
    "count": _("There are more or fewer events than were sealed."),
    "root": _("The events are not the ones that were sealed."),
    "seal-gap": _("A seal before it was removed."),
    "seal-unlinked": _("The seal does not follow the one before it."),
    "signature": _("The office's seal did not sign this."),
}
"""What is wrong with the trail, by the code of the problem."""


def action(code: str) -> str:
    """Return the words for an event of the audit trail; a code without words stands as it is."""
    return str(ACTIONS.get(code, code))
