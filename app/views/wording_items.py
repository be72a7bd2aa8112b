"""Which words stand for where things are, what happened to them, and the envelopes they travel in?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

CONDITIONS: Mapping[str, LazyString] = {
    "good": lazy_pgettext("condition of a thing", "good"),
    "damaged": lazy_pgettext("condition of a thing", "damaged"),
    "illegible": lazy_pgettext("condition of a thing", "illegible"),
}
FATES: Mapping[str, LazyString] = {
    "to_party": _("goes to the party"),
    "lent": _("goes to the party and comes back"),
    "in_file": _("stays in the file"),
    "destroyed": _("is destroyed"),
    "invalidated_and_kept": _("is invalidated and stays in the file"),
    "returned_abroad": _("is invalidated and goes back to the party"),
}
INVALIDATED: Mapping[str, LazyString] = {
    "invalidated_and_kept": _("invalidated, stays in the file"),
    "returned_abroad": _("invalidated, goes back to the party"),
}
"""What becomes of a paper that is invalidated already."""
"""Whose a thing is in the end."""

IDENTITY_DOCUMENTS: Mapping[str, LazyString] = {
    "identity_card": _("identity card"),
    "mobywatel": _("mObywatel application"),
    "passport": _("passport"),
    "driving_licence": _("driving licence"),
    "residence_card": _("residence card"),
}
"""What a person shows at the counter."""

REFUSALS: Mapping[str, LazyString] = {
    "item-unknown": _("There is no such thing in the case %(sign)s."),
    "nothing-received": _("Tick what came, or say what is missing."),
    "nothing-awaited": _("This case waits for nothing."),
    "contents-missing": _("Write what lies in the envelope."),
    "posted-in-future": _("The day of the postmark cannot lie in the future."),
    "day-unreadable": _("“%(day)s” is not a day; write it like this: 02.11.2026."),
    "tracking-missing": _("Scan or type the tracking number."),
    "tracking-check-digit": _("The tracking number has a wrong check digit. Scan it again."),
    "tracking-characters": _("A tracking number has letters and digits only."),
    "tracking-length": _("No carrier has tracking numbers this short or this long."),
    "tracking-unknown": _("Nothing that was posted from here travels under this number."),
    "place-missing": _("Name the shelf."),
    "maker-missing": _("Write the name of the maker of plates."),
    "plates-unknown": _("One of these plates is not in the register of the office. Open the page anew."),
    "too-many-plates": _("Tick at most %(most)s plates; the others go by a protocol of their own."),
    "nothing-ticked": _("Tick at least one thing."),
    "annotation-missing": _("Tick at least one annotation."),
    "manner-missing": _("Write how the things are destroyed, for example cut or pressed."),
    "destruction-unconfirmed": _("Tick that the things are destroyed for good."),
    "movement-unknown": _("This cannot be done with things."),
    "fate-forbids": _("The thing number %(item)s has to go another way. See what its law asks first."),
    "receipt-stands": _("The thing number %(item)s is not here, or something was done with it since it was received."),
    "annotation-not-due": _("This annotation is made already, or is not due on this thing now. Look at its history."),
    "annotation-not-there": _("On the thing number %(item)s no such annotation stands."),
    "no-discrepancy": _("Nothing is wrong with this thing, so there is nothing to accept."),
    "person-missing": _("Write who collects."),
    "only-expired": _("The permit has expired. Tick it if you hand it out all the same, or keep it."),
    "identity-missing": _("Choose the identity document and write the last three characters of its number."),
    "identity-tail": _(
        "Write exactly the last three characters, letters and digits, of the number of the identity document."
    ),
    "outcome-too-early": _("The day of the outcome cannot lie before the day of posting."),
    "notice-still-runs": _("The letter may still be collected: it counts as served on %(day)s at the earliest."),
    "outcome-in-future": _("The day of the outcome cannot lie in the future."),
    "parcel-settled": _("What became of this parcel is written down already."),
    "letter-not-for-post": _("This letter does not wait to be posted."),
    "letter-not-posted": _("This letter was not posted."),
    "letter-served": _("This letter is served already."),
    "notice-too-early": _("No notice was left before the parcel was posted. Look at its day once more."),
    "notice-missing": _("Write down the first notice before the letter counts as unclaimed."),
    "first-notice-missing": _("Write down the first notice before the second one."),
    "second-notice-too-early": _(
        "The second notice is left seven days after the first, so on %(day)s at the earliest."
    ),
    "notice-noted": _("This notice is written down already, with this day."),
    "second-notice-missing": _("Write the day of the second notice: without one the letter is not served."),
    "second-notice-too-late": _("The second notice cannot be later than the day on which the letter came back."),
    "service-event-unknown": _("Choose what the post did with the letter."),
}
"""Why something cannot be done with things and consignments."""
