"""Which words stand for procedures, stages, steps, their conditions and lines of the ledger of a case."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
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
    "received": lazy_pgettext("stage", "Received"),
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
STEPS: Mapping[str, LazyString] = {
    "take": _("Take the case"),
    "give_back": _("Give back to the queue"),
    "describe": _("Describe"),
    "accept_signature": _("Accept the signature"),
    "supplement": _("Send a supplement"),
    "withdraw": _("Withdraw the application"),
    "summon_remedy": _("Summon to remedy defects"),
    "summon_originals": _("Summon for originals and plates"),
    "summon_further": _("Summon for the rest"),
    "summon_plates": _("Summon for the return of the plates"),
    "notify_tax_office": _("Notify the tax or customs authority"),
    "extend_summons": _("Extend the term of the summons"),
    "remind": _("Send a reminder"),
    "confirm_originals": _("Confirm that the originals are complete"),
    "skip_originals": _("Go on without a summons for originals"),
    "register_temporarily": _("Register temporarily"),
    "register_directly": _("Register without a temporary registration"),
    "register": _("Register the vehicle"),
    "deregister": _("Deregister"),
    "deregister_ex_officio": _("Deregister, by the office itself"),
    "notify_office": _("Notify the office that registered the vehicle last"),
    "notify_initiation": _("Notify that the office acts by itself"),
    "propose_handover": _("Propose how things are handed over"),
    "answer_handover": _("Answer the proposal"),
    "hand_out": _("Hand out in person"),
    "dispatch": _("Send by post"),
    "take_back_parcel": _("Take back a returned parcel"),
    "send_back": _("Send back by post"),
    "extend_permit": _("Extend the temporary permit"),
    "announce_certificate": _("Announce the permanent certificate"),
    "issue": _("Issue the permanent certificate"),
    "notify_delay": _("Notify of a delay"),
    "suspend": _("Suspend the proceedings"),
    "take_up": _("Take up the proceedings"),
    "await_party": _("Stop the term: delay of the party"),
    "await_outside": _("Stop the term: cause beyond the office"),
    "go_on": _("Let the term run again"),
    "deem_complicated": _("Find the case particularly complicated"),
    "transfer": _("Transfer to the competent authority"),
    "leave_unexamined": _("Leave without examination"),
    "refuse": _("Refuse"),
    "discontinue": _("Discontinue the proceedings"),
    "resume": _("Resume the proceedings"),
    "close": _("Close"),
    "archive": _("Put into the archive"),
}
"""What a button says that takes a step."""
BESIDE_THE_STEPS: Mapping[str, LazyString] = {
    "verify": _("Verify the documents"),
    "prepare": _("Prepare the decision"),
    "invalidate": _("Invalidate the old certificate"),
    "destroy": _("Destroy the plates"),
    "file": _("Put into the file"),
    "compare": _("Compare the originals"),
    "look": _("Look at what came"),
    "read": _("Read what came"),
    "answer": _("Answer the question"),
    "forward_appeal": _("Forward the appeal"),
    "leaving": _("See the letter that is leaving"),
    "send_again": _("Send the letter again"),
    "serve_by_post": _("Serve the decision by post"),
    "set_default": _("Let all be collected in person"),
    "replace_lost": _("Settle what was lost"),
}
"""What a button says that leads to an act which is no step."""

EVENTS: Mapping[str, LazyString] = {
    "open": _("opened the case"),
    "take": _("took the case"),
    "give_back": _("gave the case back to the queue"),
    "describe": _("described the case"),
    "accept_signature": _("accepted the signature"),
    "supplement": _("sent a supplement"),
    "withdraw": _("withdrew the application"),
    "summon_remedy": _("summoned to remedy defects"),
    "summon_originals": _("summoned for originals and plates"),
    "summon_further": _("summoned for the rest"),
    "summon_plates": _("summoned for the return of the plates"),
    "notify_tax_office": _("notified the tax or customs authority"),
    "extend_summons": _("extended the term of the summons"),
    "remind": _("sent a reminder"),
    "confirm_originals": _("confirmed that the originals are complete"),
    "skip_originals": _("went on without a summons for originals"),
    "register_temporarily": _("registered temporarily"),
    "register_directly": _("registered without a temporary registration"),
    "register": _("registered"),
    "deregister": _("deregistered"),
    "deregister_ex_officio": _("deregistered, by the office itself"),
    "notify_office": _("notified the office that registered the vehicle last"),
    "notify_initiation": _("notified that the office acts by itself"),
    "propose_handover": _("proposed how things are handed over"),
    "answer_handover": _("answered the proposal"),
    "hand_out": _("handed out in person"),
    "dispatch": _("sent by post"),
    "take_back_parcel": _("took back a returned parcel"),
    "send_back": _("sends back by post"),
    "extend_permit": _("extended the temporary permit"),
    "announce_certificate": _("announced the permanent certificate"),
    "issue": _("issued the permanent certificate"),
    "notify_delay": _("notified of a delay"),
    "suspend": _("suspended the proceedings"),
    "take_up": _("took up the proceedings"),
    "await_party": _("stopped the term for a delay of the party"),
    "await_outside": _("stopped the term for a cause beyond the office"),
    "go_on": _("let the term run again"),
    "deem_complicated": _("found the case particularly complicated"),
    "transfer": _("transferred to the competent authority"),
    "leave_unexamined": _("left without examination"),
    "refuse": _("refused"),
    "discontinue": _("discontinued the proceedings"),
    "resume": _("resumed the proceedings"),
    "close": _("closed the case"),
    "archive": _("put into the archive"),
}
"""What somebody did by a step, after their name."""

CONDITIONS: Mapping[str, LazyString] = {
    "signature-undecided": _("The signature is not in doubt."),
    "signature-settled": _("Settle the doubt about the signature first."),
    "documents-accepted": _("Accept every required document first."),
    "something-to-remedy": _("No document is rejected and no defect is named."),
    "address-missing": _("The sender can be reached."),
    "other-authority-named": _("Say first which authority is competent."),
    "summons-expired": _("The term of the summons has not passed yet."),
    "reminded": _("Send a reminder first."),
    "originals-required": _("No original and no plate has still to come."),
    "no-originals-required": _("Some originals or plates have still to come."),
    "originals-in-order": _("Not all originals are here and compared yet."),
    "discrepancy-found": _("Nothing is missing, different or damaged."),
    "last-office-named": _("Determine first which other office registered the vehicle last."),
    "last-office-not-told": _("That office was told already."),
    "customs-papers-here": _("The customs or excise document is not here and compared yet."),
    "customs-papers-here-or-later": _(
        "The customs or excise document is not here. If its owner declares no change of ownership, determine that the"
        " vehicle is registered conditionally."
    ),
    "registered-conditionally": _("The vehicle is not registered conditionally."),
    "plates-out": _("No plates of this case are with their owner."),
    "plates-asked-back": _("The plates that were given with the temporary permit were not asked back."),
    "plates-asked-in-vain": _("No term has passed in which the plates were to come back."),
    "tax-authority-named": _("Say first which tax or customs authority is told."),
    "nothing-reported": _(
        "A register says something against the vehicle. Refuse the registration or, once the report is gone, determine"
        " that."
    ),
    "nothing-reported-before-registration": _(
        "A register says something against the vehicle, and so nothing is given out. Refuse the registration or, once"
        " the report is gone, determine that."
    ),
    "fees-paid": _("The fees are not proved yet."),
    "number-assigned": _("Assign the registration number first."),
    "plates-here": _("The individual plates have not come from their maker yet."),
    "extra-plate-here": _("The additional plate that was paid for has not come from its maker yet."),
    "permit-prepared": _("Prepare the temporary permit first."),
    "no-permit-prepared": _("A temporary permit is prepared. Withdraw it first: empty its field and save."),
    "sticker-prepared": _("Prepare the control sticker first."),
    "number-kept": _("Determine first that the owner keeps the number."),
    "old-certificate-confirmed": _("Determine first that the central register confirms the old certificate today."),
    "room-for-annotation": _("Determine first that the old certificate has room for the annotation."),
    "certificate-invalidated": _("Invalidate the old certificate first."),
    "refusal-reasoned": _("Write the reasons of the refusal first."),
    "pointless": _("Note first why there is nothing left to decide."),
    "withdrawal-signed": _(
        "No signature under the withdrawal is confirmed (KPA art. 63 § 3a). Summon to sign it, or write down which"
        " signed document confirms it."
    ),
    "withdrawal-unsigned": _("The withdrawal is signed, or was written down at the office."),
    "withdrawal-void": _("No party objects to the withdrawal, and no term for signing it has passed."),
    "no-party-objects": _("Another party wants the case to go on."),
    "agreement-accepted": _("The way of handing over is not agreed yet."),
    "answer-overdue": _("There is still time to answer."),
    "something-to-hand-out": _("Nothing waits to be handed out in person."),
    "nothing-to-hand-out": _("Something still waits to be handed out in person."),
    "something-to-post": _("Nothing waits to be posted."),
    "nothing-to-post": _("Something still waits to be posted."),
    "something-to-send-back": _("The office holds nothing that the party may have back now."),
    "everything-agreed": _("The agreement does not cover everything that the office still has to give."),
    "parcel-returned": _("No parcel has come back."),
    "certificate-arrived": _("The permanent certificate has not come from its manufacturer yet."),
    "permit-not-extended": _("The permit was extended already; this can be done once."),
    "permit-runs": _("The temporary permit has ended; it cannot be extended any more."),
    "permit-expired": _("The temporary permit is still valid."),
    "permit-returned": _("The temporary permit has not been returned yet."),
    "policy-shown": _("The insurance policy has not been shown yet."),
    "not-registered-yet": _("The vehicle is registered already."),
    "registration-decided": _("Issue the decision on registration first."),
    "deregistration-decided": _("There is no decision on deregistration yet."),
    "decision-final": _("The decision is not final yet."),
    "acts-ex-officio": _("The office does not act by itself in this case."),
    "on-application": _("Nobody applied: the office acts by itself."),
    "appeal-term-passed": _("The decision can still be appealed."),
    "no-appeal-open": _("An appeal waits for its end."),
    "decision-repealed": _("The decision was not repealed on appeal."),
    "nothing-moved": _(
        "Something was made, passed on or destroyed in this case, or is in the post; it cannot be taken up again."
    ),
    "nothing-owed": _("The office still holds something of the party."),
    "letters-posted": _("A letter waits to be posted."),
    "every-item-settled": _("Not every thing is in its lawful place yet."),
    "acknowledgements-in": _("A proof of delivery is still missing."),
    "not-suspended": _("The proceedings are suspended. Take them up first."),
    "suspended": _("The proceedings are not suspended."),
    "no-delay-noted": _("A delay is written down already, and goes on."),
    "delay-noted": _("No delay is written down that goes on."),
    "may-be-complicated": _("The month has passed, or the case has another term already."),
}
"""Why a step is not open yet, by the code of the condition that does not hold."""

SETTLED: Mapping[str, LazyString] = {
    "register": lazy_pgettext("settled", "registered"),
    "register_directly": lazy_pgettext("settled", "registered"),
    "deregister": lazy_pgettext("settled", "deregistered"),
    "deregister_ex_officio": lazy_pgettext("settled", "deregistered"),
    "refuse": lazy_pgettext("settled", "refused"),
    "discontinue": lazy_pgettext("settled", "discontinued"),
    "leave_unexamined": lazy_pgettext("settled", "left unexamined"),
    "transfer": lazy_pgettext("settled", "passed on"),
}
"""How a case was settled, by the step that settled it, for the list of cases."""

LEDGER: Mapping[str, LazyString] = {
    "started": _("The application arrived, one month"),
    "stopped": _("The case waited for the party"),
    "still-stopped": _("The case is waiting for the party"),
    "complicated": _("A particularly complicated case, two months"),
    "extended": _("The party was notified of a new date"),
    "saturday": _("A Saturday"),
    "sunday": _("A Sunday"),
    "holiday": _("A statutory day off"),
    "due": _("Deadline"),
}
STOPS: Mapping[str, LazyString] = {
    "awaiting-remedy": _("the case waits for the party to remedy defects"),
    "awaiting-originals": _("the case waits for the originals and plates"),
    "awaiting-agreement": _("the party chooses how things are handed over"),
    "awaiting-party": _("the party brings back the permit and shows the policy"),
    "collects": _("the party collects the permanent certificate"),
    "agreed": _("the party is to collect the things as agreed"),
    "suspended": _("the proceedings are suspended"),
    "delay-by-party": _("the party delays the case"),
    "delay-elsewhere": _("a cause beyond the office delays the case"),
    "outside-the-office": _("the certificate is being made outside the office"),
    "under-appeal": _("the decision was under appeal"),
    "in-the-post": _("a parcel with the decision or the certificate was in the post"),
}
"""Why the clock of a case stands, after "because": by reason, or by what the party still has to do."""
CLOCK_DONE: Mapping[str, LazyString] = {
    "await_party": _("Done. The term does not run from now on."),
    "await_outside": _("Done. The term does not run from now on."),
    "go_on": _("Done. The term runs on."),
    "deem_complicated": _("Done. The case has two months from its start."),
}
"""What an act on the clock did, by step."""
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
