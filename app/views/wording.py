"""Which sentence stands for a refusal of the rules? Its details fill the sentence. Words of cases: `wording_cases`."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.errors import ConditionMissing, NotAllowed, Refused, StepNotOpen
from app.views.wording_cases import CONDITIONS
from app.views.wording_items import REFUSALS as OF_THINGS

REFUSALS: Mapping[str, LazyString] = {
    # coming in
    "too-many-attempts": _("There were too many failed attempts. You can try again in %(seconds)s seconds."),
    "link-spent": _("This link was used already, or its time has passed. Ask the administrator for a new one."),
    "password-too-short": _("The password is too short: staff need at least 12 characters, citizens at least 8."),
    "password-too-long": _("The password is too long: at most 256 characters."),
    "password-guessable": _("This password is easy to guess. Take a few words that do not belong together."),
    "password-no-lower": _("The password needs a lower-case letter."),
    "password-no-upper": _("The password needs an upper-case letter."),
    "password-no-digit": _("The password needs a digit."),
    # people who work here
    "user-name-bad": _("A user name has letters, digits, dots and hyphens, at most 64 in all."),
    "user-name-taken": _("There is an account with this user name already."),
    "email-taken": _("There is an account with this e-mail address already."),
    "email-bad": _("This is not an e-mail address."),
    "role-missing": _("This role does not exist. Run the set-up of the office again."),
    "own-rights": _("Nobody changes or closes their own account's rights. Ask another administrator."),
    "last-administrator": _("This is the last administrator. Make another one first."),
    # cases
    "case-taken": _("The case %(sign)s has just been taken by somebody else."),
    "case-not-yours": _("The case %(sign)s is not in your hands. Take it first, or ask whoever has it."),
    "case-changed": _("The case %(sign)s was changed by somebody else meanwhile."),
    "queue-empty": _("There is no case left in the queue."),
    "step-not-open": _("The case has moved on; this step is no longer open at its stage."),
    "step-not-yours": _("This step belongs to another role."),
    "condition-missing": _("Something must be done first before this step is open."),
    "procedure-unknown": _("There is no procedure of this name."),
    "words-missing": _("Write it down in words first."),
    "party-unknown": _("Write the name of a party as the case has it."),
    "reason-missing": _("Give the reason; it stays in the history of the case."),
    "waived-without-reason": _("The rules call for this document. Say why it is not needed here."),
    "accepted-without-file": _("No file of this document came. Accept it only with a word on what that rests."),
    "ground-unknown": _("Choose the ground of the deregistration from the list."),
    "applicant-missing": _("Name the applicant first."),
    "case-sign-unreadable": _("This is not a case sign."),
    # things and summonses
    "nothing-to-compare": _("Everything that is here was compared already."),
    "movement-not-open": _("This thing is not where it would have to be for this. Look at its history."),
    "term-too-short": _("A term of %(days)s days is too short; the least is %(least)s."),
    "demand-without-way": _("Say in which way this can be brought or sent."),
    "thing-not-electronic": _("The thing itself has to come; it cannot be sent as a file."),
    "document-not-required": _("This case does not need this document."),
    "decision-first": _(
        "Before the decision nothing is destroyed, invalidated or filed: it could not be given back as it was."
    ),
    "annotation-stands": _(
        "The thing number %(item)s bears the annotation that the vehicle is registered, which was refused. The clerk of"
        " the case strikes it out first."
    ),
    # letters
    "letter-failed": _("The letter could not be printed or signed. Write it anew; if it stops again, tell us."),
    "no-letter": _("No letter goes out with this step."),
    "letter-kind-unknown": _("There is no such kind of letter."),
    "head-too-long": _("The title or the legal basis is longer than 250 characters. Shorten the text of the letter."),
    "letter-lacks": _("The letter lacks something that its text asks for."),
    "letter-leaving": _("Another letter of this case is leaving. Wait until it has left, or take it back."),
    "letter-not-back": _(
        "Only a letter that came back, its addressee unknown, or a decision that nobody has collected goes out again."
    ),
    "letter-left": _("The letter has left already. Only a new one can correct it."),
    "reasons-missing": _("Write the text first: the letter has to say it."),
    "clerk-changed": _("The case passed to another clerk before the letter left."),
    "nothing-demanded": _("A summons asks for at least one thing."),
    "until-passed": _("The new day has to lie after the term that runs now."),
    "until-day-off": _("No term ends on %(day)s, a day off. The next working day is %(working)s."),
    "text-changed": _("Somebody else changed this text meanwhile. Compare both and keep yours again."),
    "text-unknown-kind": _("There is no such kind of letter."),
    "text-too-long": _("The text is too long: at most %(longest)s characters."),
    "text-no-title": _("The text has no title. Its first line has to name it."),
    "text-header-unknown": _("Before the first empty line only the title and the legal basis may stand."),
    "text-empty": _("The text says nothing below its title."),
    "text-field-unknown": _("This kind of letter has no field {%(field)s}."),
    "text-field-not-alone": _("The field {%(field)s} has to stand alone on its line."),
    "text-brace": _("A curly bracket is not closed, or one too many stands here."),
    "text-field-missing": _("The field {%(field)s} must occur: the law wants it in this letter."),
    # the case file
    "letter-unknown": _("The case has no letter with this number."),
    "step-not-plain": _("This step is taken by a letter, or together with a thing."),
    "note-empty": _("Write something first."),
    "note-too-long": _("A note has at most %(most)s characters."),
    "fee-unknown": _("This fee is not due in the case."),
    "proof-missing": _("Give the number of the transfer or of the receipt."),
    "plate-unknown": _("The stock has no such number."),
    "plate-taken": _("The number %(plate)s is not free any more. Take another one."),
    "extra-plate-of-a-car": _("Only a car may bear an additional plate."),
    "plate-other-count": _("Of the number %(plate)s the stock has more or fewer plates than this vehicle bears."),
    "plate-other-kind": _("The number %(plate)s is on plates of another kind. Choose the kind first."),
    "plate-known": _("The number %(plate)s is, or was, on a vehicle, or was ordered before. Take another digit."),
    "plate-kind-unknown": _("Choose the kind of plates."),
    "plates-not-awaited": _("No plates are ordered in this case, or they are here already."),
    "number-assigned-already": _("The vehicle has its number already. Put that one back first."),
    "number-not-assigned": _("No number is assigned to the vehicle."),
    "appeal-not-open": _("An appeal can be waived from the service of the decision to the end of its term."),
    "appeal-impossible": _("An appeal can be written down once the decision was served, of each party one at a time."),
    "appeal-party": _("Choose whose appeal it is."),
    "appeal-day": _("Write a day between the decision, or what came before, and today, like this: 02.11.2026."),
    "appeal-posted": _("The day of posting lies between the decision and the day of arrival."),
    "appeal-not-here": _("There is no appeal here that waits to be forwarded."),
    "appeal-over": _("There is no open appeal against this decision."),
    "appeal-not-forwarded": _("First the letter that forwards the appeal to the SKO has to be posted."),
    "appeal-gone": _("The appeal is forwarded already; only the SKO decides on it now."),
    "originals-first": _("This is done when the originals are complete, before the decision."),
    "permit-number-missing": _("Give series and number of the blank."),
    "permit-number-unreadable": _("A permit has a series of letters and seven digits, such as PC/A 1234567."),
    "permit-days": _("A temporary permit is valid for 1 to 30 days."),
    "permit-prepared-already": _("The temporary permit is prepared already."),
    "permit-number-used": _("A permit with this number exists already. Look at the blank once more."),
    "invoice-without-file": _("No file of the proof of ownership came that could be an electronic invoice."),
    "printout-without-receipt": _("The receipt (UPO) of this package is not issued yet; print the document after it."),
    "printout-too-long": _("Documents of more than %(most)s pages are printed from the file itself."),
    "printout-impossible": _("This document cannot be printed from here. Download the file and print it from there."),
    "no-customs-papers": _("The case needs no customs or excise document that could come later."),
    "decided-already": _("The case is decided already; what the decision rests on is determined before it."),
    "certificate-number-missing": _("Give series and number of the certificate."),
    "certificate-number-used": _("Another certificate has this number. Look at the blank once more."),
    "certificate-not-ordered": _("No certificate is ordered in this case."),
    "certificate-arrived-already": _("The certificate is registered already."),
    "not-to-prepare": _("This is not to be prepared in this case now."),
    "label-missing": _("Give the number on the thing."),
    "label-unreadable": _("A number on a sticker or card has letters and digits only, at least one digit."),
    "label-used": _("Another thing of this kind has this number. Look at it once more."),
    "not-lost": _("This thing is not lost, or it is settled already."),
    "not-replaceable": _("The office cannot make this thing again. Write down why none comes instead."),
    "not-prepared": _("This is not prepared in the case."),
    "not-prepared-so": _("Nothing was saved yet: correct what is marked."),
    "item-not-owed": _("One of the things is not here, or not the party's. Open the page again."),
    "slot-unreadable": _("Choose a date of the visit from the list."),
    # deliveries
    "delivery-empty": _("Say which things are to be delivered."),
    "delivery-address": _("Post needs an address."),
    "delivery-cost": _("Post is at the owner's cost."),
    "collector-name": _("Say who will come instead of the owner."),
    "slot-passed": _("The date of the visit has passed already."),
    "slot-not-offered": _("The office receives nobody at that time. Choose another date of the visit."),
    "slot-full": _("That date of the visit has just been taken. Choose another one."),
    "items-differ": _("A counter-proposal is about the same things as the proposal."),
    "nothing-changed": _("Nothing is different in this proposal. Accept the one that waits, or change something."),
    "item-gone-out": _("This thing was given out already."),
    "answer-first": _("Answer the other side's proposal first."),
    "nothing-to-answer": _("There is no proposal that waits for this answer."),
    "version-superseded": _("There is a newer proposal; answer that one."),
    # what parties say
    "nothing-awaited": _("The office waits for nothing in this case now."),
    "planned-in-past": _("The day has passed already. Choose today or a later day."),
    "question-empty": _("Write what you want to ask."),
    "question-too-long": _("The question is too long: at most %(most)s characters."),
    "questions-wait": _("Several of your questions wait for an answer already. Wait for it, or call us."),
    # plates and visits
    "series-start": _("No series of this kind can begin with %(number)s."),
    "series-length": _("A series has at least one number."),
    "series-exhausted": _("There are not so many numbers left; only %(left)s."),
    "individual-start": _("An individual number begins with %(letter)s and a digit, such as %(letter)s0."),
    "individual-characters": _("Plates show letters without Polish marks, without Q, and digits."),
    "individual-length": _("The text for individual plates has %(least)s to %(most)s characters."),
    "individual-digits": _("Only the last two characters of an individual text may be digits."),
    "hours-parts": _("Write days with hours; then the length of a slot; then how many visits, between semicolons."),
    "hours-empty": _("Name at least one day on which the office is open."),
    "hours-day": _("Write a day with its hours like this: pn 8-16:30; not “%(day)s”."),
    "hours-twice": _("The day “%(day)s” is named twice."),
    "hours-order": _("On “%(day)s” the office would close before it opens, or after midnight."),
    "hours-slot": _("Write a length for which a day has room, like this: 15 min; not “%(minutes)s”."),
    "hours-capacity": _("How many visits may begin at a time is a number from 1."),
    # the calendar
    "day-name-missing": _("Say what the day off is called."),
    "day-off-already": _("This day is off already."),
    "day-struck": _("A new law made this a working day; that the office is closed on it as well cannot be kept here."),
    "day-works-already": _("This day is a working day already."),
    "weekend-stays-off": _("Saturdays and Sundays do not become working days: no term ends on them."),
    "series-too-long": _("Add at most %(most)s numbers at a time."),
    "series-plates": _("A number has one plate or two."),
    "series-foreign": _("The number %(number)s is not of this office's series."),
    "plates-known": _(
        "In the stock already, or once there: %(known)s of these numbers, the first is %(number)s. New: %(new)s."
    ),
    # many cases at once
    "clerk-unknown": _("This person takes no cases."),
    "case-settled": _("The case %(sign)s has ended; nobody needs to have it."),
    "case-has-clerk": _("This clerk has the case %(sign)s already."),
    # platforms
    "platform-name-taken": _("There is a platform of this name already."),
    "platform-name-missing": _("Give the platform a name."),
    "idempotency-conflict": _("This key was used for another package."),
    # lists and drafts
    "views-full": _("You have %(most)s saved views of this list, which is the most. Remove one first."),
    "view-query": _("This view cannot be saved."),
    "view-name": _("Give the view a name of at most 60 characters."),
    "too-many-drafts": _("You have %(most)s packages that are not sent, which is the most. Send or remove one first."),
    # the office's own keys
    "seal-missing": _("The office has no seal in use, so it cannot issue receipts. What you sent is kept."),
    "seal-weak": _("A seal needs an RSA key of %(least)s bits or more, and a certificate signed with SHA-2."),
    "seal-not-valid": _("The certificate of the seal is valid from %(since)s to %(until)s, not today."),
    "seal-expired": _("The office's seal has expired, so it cannot issue receipts. What you sent is kept."),
    "centre-missing": _("The certification centre is not set up."),
    "crl-unreadable": _("This is not a revocation list that can be read."),
    "crl-issuer-unknown": _("The issuer of this revocation list is unknown: no anchor and no package leads to it."),
    "crl-forged": _("The revocation list is not signed by its issuer."),
    "crl-other-issuer": _("The revocation list is of another issuer."),
    "crl-not-its-task": _("The issuer may not sign revocation lists."),
    "crl-weak": _("The revocation list is signed by a method that is no longer safe."),
    "crl-unsupported": _("This kind of revocation list cannot be used."),
    "certificate-unreadable": _("There is no certificate (PEM) in this file."),
    "anchor-known": _("This certificate is in the register already."),
    "trusted-list-unreadable": _("This is not a trusted list that can be read."),
    "trusted-list-forged": _("The trusted list was changed, or its signature is wrong."),
    "trusted-list-other-signer": _("The trusted list is not signed by the given scheme operator."),
    "trusted-list-list-expired": _("The trusted list is past its next update. Fetch the new one."),
    "store-unavailable": _("The file could not be kept. Nothing was acknowledged; try again in a while."),
    **OF_THINGS,
}
# What is said of a kind of refusal whose code has no sentence of its own.
_BY_KIND = {ConditionMissing: "condition-missing", StepNotOpen: "step-not-open", NotAllowed: "step-not-yours"}
_UNWORDED = _("The rules of the office do not allow this now.")


def refusal(error: Refused) -> str:
    """Return the sentence for a refusal, with its details filled in."""
    condition = CONDITIONS.get(error.code) if isinstance(error, ConditionMissing) else None
    text = condition or REFUSALS.get(error.code) or REFUSALS.get(_BY_KIND.get(type(error), ""), _UNWORDED)
    try:
        return str(text) % dict(error.details)
    except (KeyError, TypeError, ValueError):
        return str(_UNWORDED)
