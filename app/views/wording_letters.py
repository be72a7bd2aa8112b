"""Which words stand for letters: their kinds, how far they are, what happened on their way, what they lack?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.domain.deadlines import Way
from app.models import LetterState

LETTERS: Mapping[str, LazyString] = {
    "originals_summons": _("Summons for originals"),
    "remedy_summons": _("Summons to remedy defects"),
    "further_summons": _("Further summons"),
    "permit_return_summons": _("Notice of the permanent certificate"),
    "plates_return_summons": _("Summons for the return of plates"),
    "tax_office_notice": _("Notice to the tax or customs authority"),
    "reminder": _("Reminder of a summons"),
    "return_reminder": _("Reminder to return what was given"),
    "left_unexamined": _("Notice that the application is left unexamined"),
    "left_without_address": _("Notice that an application without an address is left unexamined"),
    "transfer_notice": _("Notice of a transfer"),
    "initiation_notice": _("Notice that the office acts by itself"),
    "transfer_letter": _("Transfer of an application to another authority"),
    "appeal_letter": _("Transfer of an appeal to the SKO"),
    "office_notice": _("Notice to the office that registered the vehicle last"),
    "delay_notice": _("Notice of a delay"),
    "suspension_order": _("Order to suspend the proceedings"),
    "resumption_order": _("Order to take up the proceedings"),
    "summons_extension": _("Extension of a summons"),
    "permit_extension": _("Extension of the temporary permit"),  # until it was a decision; old letters keep it
    "withdrawal_summons": _("Summons to sign the withdrawal"),
    "handover_proposal": _("Notice that the certificate can be collected"),
    "handover_agreement": _("Agreement of a handover"),
    "handover_settled": _("Notice of how things are handed over"),
    "handover_reminder": _("Reminder of a proposed handover"),
    "temporary_registration_decision": _("Decision on temporary registration"),
    "permit_extension_decision": _("Decision to extend the temporary registration"),
    "registration_decision": _("Decision on registration"),
    "deregistration_decision": _("Decision on deregistration"),
    "deregistration_ex_officio_decision": _("Decision on deregistration by the office itself"),
    "refusal_decision": _("Decision to refuse"),
    "discontinuance_decision": _("Decision to discontinue"),
    "shipment_letter": _("Letter with a parcel"),
    "answer": _("Answer to the party"),
}

DEMAND_WAYS: Mapping[Way, LazyString] = {
    Way.ELECTRONIC: lazy_pgettext("brought", "through the mailbox"),
    Way.IN_PERSON: lazy_pgettext("brought", "in person"),
    Way.DESIGNATED_OPERATOR: lazy_pgettext("brought", "by registered post"),
    Way.COURIER: lazy_pgettext("brought", "by courier"),
}
"""How what a summons asks for may come."""

STATES: Mapping[LetterState, tuple[LazyString, str, str]] = {
    LetterState.LEAVING: (_("leaving"), "info", "clock-pause"),
    LetterState.SENT: (lazy_pgettext("letter", "sent"), "ok", "send"),
    LetterState.TAKEN_BACK: (_("taken back"), "", "arrow-back-up"),
    LetterState.STOPPED: (_("stopped"), "warn", "hand-stop"),
}
"""Words, kind of the chip and icon."""


SERVICE_EVENTS: Mapping[str, LazyString] = {
    "arrived": _("put into the mailbox"),
    "reminded": _("the addressee was reminded"),
    "opened": _("receipt confirmed, the letter was opened"),
    "deemed": _("deemed served: nobody opened it in fourteen days"),
    "posted": _("posted"),
    "first_notice": _("first notice left by the post"),
    "second_notice": _("second notice left by the post"),
    "delivered": _("delivered by the post"),
    "refused": _("the addressee refused it"),
    "unclaimed": _("not claimed at the post office"),
    "unknown_addressee": _("the addressee is unknown at this address"),
    "lost": _("the post lost it"),
}

SERVED_ON_PAPER: Mapping[str, LazyString] = {
    "handed_out": _("handed over against a signature"),
    "delivered": _("delivered by the post"),
    "refused": _("the addressee refused it (KPA art. 47)"),
    "unclaimed": _("not claimed, though the post left two notices (KPA art. 44)"),
}
"""How a decision on paper was served."""

REASONS: Mapping[str, LazyString] = {
    "refuse": _("Legal reasons of the refusal"),
    "deregister_ex_officio": _("What the office was told, by whom and when"),
    "discontinue": _("Legal reasons of the discontinuance"),
    "leave_unexamined": _("Why the application is left unexamined"),
    "transfer": _("Why the other authority is competent"),
    "notify_delay": _("Why the case takes longer"),
    "suspend": _("Why the proceedings are suspended, with the paragraph"),
    "take_up": _("Why the proceedings are taken up, with the paragraph"),
    "extend_permit": _("Why the permit is extended"),
    "extend_summons": _("Why the term is extended"),
    "answer": _("The answer"),
}
"""What the clerk gives reasons for, by step."""

_IN_THE_FILE = _("Enter it in the case file.")
_BESIDE = _("Write it in the form beside.")
_DETERMINED = _("Determine it in the verification.")
LACKS: Mapping[str, LazyString] = {
    "factual_reasons": _DETERMINED,
    "other_authority": _DETERMINED,
    "authority_address": _("Write it in the verification, below the name of the authority."),
    "complete_day": _("The originals are not complete yet."),
    "previous_number": _("The case knows no registration number of the vehicle."),
    "reasons": _BESIDE,
    "legal_reasons": _BESIDE,
    "demands": _("Leave at least one demand ticked, or add one."),
    "new_day": _BESIDE,
    "answer": _BESIDE,
    "subject": _BESIDE,
    "term": _BESIDE,
    "permit_number": _("Prepare the temporary permit in the case file."),
    "permit_end": _("Prepare the temporary permit in the case file."),
    "registration_number": _("Assign the registration number in the case file."),
    "certificate_number": _("Note in the case file that the permanent certificate has come."),
    "ground": _("The application names no ground that the law knows: summon to remedy it."),
    "ground_law": _("The application names no ground that the law knows: summon to remedy it."),
    "earlier_day": _("There is no earlier summons in this case."),
    "served_day": _("The earlier summons is not served yet."),
    "term_end": _("The earlier summons is not served yet."),
}
"""Where what a letter lacks is to be entered, by field."""


def where_to_enter(field: str) -> str:
    """Return where the value of `field` is to be entered."""
    return str(LACKS.get(field, _IN_THE_FILE))
