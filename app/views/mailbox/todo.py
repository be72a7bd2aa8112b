"""What does a citizen have to do now in a case, by when, and what happens otherwise? The table below says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from app.domain.procedures.stages import SIDE_STAGES, Stage
from app.views.mailbox import formats
from app.views.mailbox.situation import OVER, Situation


@dataclass(frozen=True, slots=True)
class Todo:
    """What to do: a heading, a sentence, what happens otherwise, and where to go."""

    heading: str
    sentence: Markup
    otherwise: str = ""
    link: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`endpoint` may be empty; the sentence is filled with the days of the situation."""

    holds: Callable[[Situation], bool]
    heading: LazyString
    sentence: LazyString
    link: LazyString | None = None
    endpoint: str = ""


# fmt: off
RULES = (
    Rule(lambda now: bool(now.unopened) and now.open_until is not None,
         _("Open the letter that waits for you"),
         _("It opens after you confirm its receipt. If you do not, it counts as served after %(open_until)s and its"
           " time limits begin."),
         _("Go to the letter")),
    Rule(lambda now: bool(now.unopened),
         _("Open the letter that waits for you"),
         _("It counts as served already, so its time limits are running. You can still open it."),
         _("Go to the letter")),
    Rule(lambda now: now.to_be_sent_back,
         _("Nothing. The office sends your things back by post."),
         _("When the parcel leaves, you will see its number here."),
         _("See where it goes"), "handover.page"),
    Rule(lambda now: now.plates,
         _("Return the plates"),
         _("The registration was refused and the temporary permit has ended. Bring the plates to the office or send"
           " them; the time limit is %(due_on)s."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage in SIDE_STAGES and now.to_collect,
         _("Collect what is yours"),
         _("The office needs it no more. Come with an identity document, or ask the clerk to send it back to you by"
           " registered post."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage in OVER and now.to_collect,
         _("Collect what is yours"),
         _("The case is closed, but the office still holds something for you. Come with an identity document."),
         _("What is in the office"), "cases.page#things"),
    Rule(lambda now: now.papers and now.late,
         _("Send what is missing, as soon as you can"),
         _("The time limit ended on %(due_on)s. As long as the case is open, send it anyway, or ask the clerk for"
           " more time."),
         _("Send documents"), "upload.choose"),
    Rule(lambda now: now.papers,
         _("Send what is missing by %(due_on)s"),
         _("Pack the documents, sign the package and send it. Write the case sign in the form, so that it reaches the"
           " case."),
         _("Send documents"), "upload.choose"),
    Rule(lambda now: now.things and now.announced,
         _("Bring or send what you announced"),
         _("The office waits until %(due_on)s. You can change what you said."),
         _("Change the way"), "answers.originals"),
    Rule(lambda now: now.things and now.only_plates and now.late,
         _("Return the plates, as soon as you can"),
         _("The temporary permit ended on %(permit_until)s; do not drive with it. The time limit for the plates ended"
           " on %(due_on)s."),
         _("Say how they will come"), "answers.originals"),
    Rule(lambda now: now.things and now.only_plates,
         _("Return the plates by %(due_on)s"),
         _("The temporary permit ended on %(permit_until)s; do not drive with it. Say first how the plates will come:"
           " in person, by post or by courier."),
         _("Say how they will come"), "answers.originals"),
    Rule(lambda now: now.things and now.not_originals and now.late,
         _("Hand over what the summons asks for, as soon as you can"),
         _("The time limit ended on %(due_on)s. As long as the case is open, bring or send it anyway, or ask the clerk"
           " for more time."),
         _("Say how it will come"), "answers.originals"),
    Rule(lambda now: now.things and now.not_originals,
         _("Hand over what the summons asks for by %(due_on)s"),
         _("Say first how it will come: in person, by post or by courier. Then the office will know your parcel."),
         _("Say how it will come"), "answers.originals"),
    Rule(lambda now: now.things and now.late,
         _("Hand over the originals, as soon as you can"),
         _("The time limit ended on %(due_on)s. As long as the case is open, bring or send them anyway, or ask the"
           " clerk for more time."),
         _("Say how they will come"), "answers.originals"),
    Rule(lambda now: now.things,
         _("Hand over the originals by %(due_on)s"),
         _("Say first how they will come: in person, by post or by courier. Then the office will know your parcel."),
         _("Say how they will come"), "answers.originals"),
    Rule(lambda now: now.asked_how and now.answer_late,
         _("Choose how you collect, as soon as you can"),
         _("The office asked for an answer by %(answer_by)s. You can still accept the proposal or propose something"
           " else, as long as the office has not set that you collect everything in person."),
         _("See the proposal"), "handover.page"),
    Rule(lambda now: now.asked_how,
         _("Choose how you collect"),
         _("The office proposes how to hand your things over. Accept it or propose something else by %(answer_by)s."),
         _("See the proposal"), "handover.page"),
    Rule(lambda now: now.counter,
         _("Nothing. The office looks at your proposal."),
         _("Its answer will come here, and an e-mail will tell you about it."),
         _("See what you proposed"), "handover.page"),
    Rule(lambda now: now.lent and now.to_be_posted,
         _("Send the old registration certificate to the office"),
         _("The permanent one is posted to you once the old one is here. If you have lost the old one, tell the"
           " clerk."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.to_collect and now.closed,
         _("Do not come on %(slot)s: the office is closed"),
         _("The office will propose another day, and an e-mail will tell you about it."),
         _("See what was agreed"), "handover.page"),
    Rule(lambda now: now.lent and now.to_collect and now.slot is not None,
         _("Come with the old registration certificate: %(slot)s"),
         _("The permanent one is given for it. Bring an identity document, too. The appointment can be put into your"
           " calendar."),
         _("See the appointment"), "handover.page"),
    Rule(lambda now: now.lent and (now.to_collect or now.ready),
         _("Bring the old registration certificate, and collect the permanent one"),
         _("It is ready. Come in office hours with an identity document. If you would rather have it by post, or have"
           " lost the old one, tell the clerk."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.to_collect and now.slot is not None,
         _("Come for your things: %(slot)s"),
         _("Bring an identity document. The appointment can be put into your calendar."),
         _("See the appointment"), "handover.page"),
    Rule(lambda now: now.to_collect,
         _("Collect your things in the office"),
         _("They are ready. Come in office hours with an identity document; no appointment is needed."),
         _("See what was agreed"), "handover.page"),
    Rule(lambda now: now.to_be_posted,
         _("Nothing. The office sends your things by post."),
         _("When the parcel leaves, you will see its number here."),
         _("See what was agreed"), "handover.page"),
    Rule(lambda now: now.lost,
         _("Nothing for now. The post lost your parcel."),
         _("The office makes anew what it can, and will propose how to hand it over. If the parcel reached you after"
           " all, tell the clerk."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage is Stage.AGREEING_HANDOVER and now.came_back,
         _("Nothing for now. Your parcel did not reach you."),
         _("The office will propose anew how to hand the things over. If you would like to say how, ask the clerk."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage is Stage.AGREEING_HANDOVER and now.answer_by is None,
         _("Nothing for now. Your things are being got ready."),
         _("The office will propose how to hand them over, and an e-mail will tell you about it.")),
    Rule(lambda now: bool(now.papers_later) and now.permit_over,
         _("Bring what is missing for the registration, as soon as you can: %(papers_later)s"),
         _("The temporary permit ended on %(permit_until)s; do not drive with it. Without what is missing the office"
           " cannot register the vehicle, and asks for the plates back."),
         _("Say how it will come"), "answers.originals"),
    Rule(lambda now: bool(now.papers_later),
         _("Bring what is missing for the registration: %(papers_later)s"),
         _("The vehicle is registered conditionally. Bring or send the original before %(permit_until)s, when the"
           " temporary permit ends."),
         _("Say how it will come"), "answers.originals"),
    Rule(lambda now: now.stage is Stage.HANDED_OVER and now.permit_over,
         _("Do not drive with the temporary permit: it ended on %(permit_until)s"),
         _("It cannot be extended any more. The permanent certificate is being made; we will write to you when it"
           " comes."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage is Stage.HANDED_OVER and now.permit_until is not None,
         _("Nothing. The permanent certificate is being made."),
         _("Until it comes you drive with the temporary permit, valid until %(permit_until)s. We will write to you.")),
    Rule(lambda now: now.stage is Stage.HANDED_OVER,
         _("Nothing. The permanent certificate is being made."),
         _("We will write to you when it comes.")),
    Rule(lambda now: now.stage is Stage.PERMANENT_READY and now.ready,
         _("Collect the permanent certificate"),
         _("It is ready. Come in office hours with an identity document. If you would rather have it by post, ask the"
           " clerk."),
         _("Ask the clerk"), "answers.question"),
    Rule(lambda now: now.stage is Stage.PERMANENT_READY,
         _("The permanent certificate has come: say how you collect it"),
         _("You can collect it in the office with an identity document, or have it by post at your cost. It is given"
           " out once the vehicle is registered. If you have said it already, you need do nothing."),
         _("Write to the office"), "answers.question"),
    Rule(lambda now: now.to_be_served,
         _("Nothing. The office sends the decision by post."),
         _("Nobody collected it. The post hands it over against a signature.")),
    Rule(lambda now: now.stage in OVER and now.in_post,
         _("Nothing more than to take the post in: it is on its way to you."),
         _("The post hands it over against a signature. With that the case is closed.")),
    Rule(lambda now: now.stage in OVER,
         _("Nothing. The case is closed."),
         _("Its letters stay in the mailbox.")),
    Rule(lambda now: now.unsigned,
         _("Sign the withdrawal"),
         _("Without your signature it does not count. Download the ready statement, sign it and send it, or sign it on"
           " paper at the office."),
         _("Sign the withdrawal"), "answers.withdrawal"),
    Rule(lambda now: now.stage is Stage.WITHDRAWN,
         _("Nothing. You have withdrawn the application."),
         _("The office will end the case by a decision. What you handed over comes back to you.")),
    Rule(lambda now: now.under_appeal,
         _("Nothing. Your appeal is being looked at."),
         _("The office sends it with the file of the case to the Local Government Board of Appeal (SKO), which writes"
           " to you.")),
    Rule(lambda now: now.stage is Stage.REFUSED and now.plates_out,
         _("Nothing for now. The office will ask you for the plates of the temporary registration."),
         _("It does so when the temporary permit has ended. The old registration certificate and plates, if the office"
           " has them, come back to you for them.")),
    Rule(lambda now: now.stage in SIDE_STAGES and now.comes_back,
         _("Nothing. The case was ended."),
         _("The letter in the mailbox says why, and what you can do. What you handed over comes back to you.")),
    Rule(lambda now: now.stage in SIDE_STAGES - {Stage.TRANSFERRED} and now.all_back_on is not None,
         _("Nothing. The case was ended, and you have everything back."),
         _("The last of it was handed over to you on %(all_back_on)s. The letter in the mailbox says why the case was"
           " ended, and what you can do.")),
    Rule(lambda now: now.stage in SIDE_STAGES,
         _("Nothing. The case was ended."),
         _("The letter in the mailbox says why, and what you can do.")),
    Rule(lambda now: now.own_turn,
         _("Read the latest letter"),
         _("It says what we need, by when, and what happens otherwise."),
         _("Go to Received"), "letters.received"),
    Rule(lambda _now: True,
         _("Nothing. It is the office's turn."),
         _("When we need something from you, a letter comes to the mailbox and an e-mail tells you about it.")),
)
# fmt: on
"""The first rule that holds counts."""


def todo(now: Situation) -> Todo:
    """Return what the citizen has to do in `now`."""
    rule = next(rule for rule in RULES if rule.holds(now))
    days = {
        name: formats.day(value) if value else ""
        for name, value in (
            ("open_until", now.open_until),
            ("due_on", now.due_on),
            ("answer_by", now.answer_by),
            ("permit_until", now.permit_until),
            ("all_back_on", now.all_back_on),
        )
    }
    filled = {**days, "papers_later": now.papers_later, "slot": formats.minute(now.slot) if now.slot else ""}
    heading = Markup(str(rule.heading)) % filled  # noqa: S704 - a sentence of our own catalogue; values are escaped
    sentence = Markup(str(rule.sentence)) % filled  # noqa: S704 - as above
    asks = rule.endpoint in {"upload.choose", "answers.originals"} and not now.unopened
    return Todo(
        heading,
        sentence,
        now.otherwise if asks else "",
        str(rule.link) if rule.link else "",
        _address(rule, now),
    )


def _address(rule: Rule, now: Situation) -> str:
    endpoint, _hash, anchor = rule.endpoint.partition("#")
    match endpoint:
        case "":
            return now.unopened if rule.link else ""
        case "letters.received":
            return url_for(endpoint)
        case "upload.choose":
            return url_for(endpoint, sprawa=now.case)
        case _:
            return url_for(endpoint, public_id=now.case, _anchor=anchor or None)
