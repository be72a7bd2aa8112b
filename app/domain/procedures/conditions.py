"""What must be true before a step? Each condition is one predicate over the facts of a case, with its code."""

from __future__ import annotations

from app.domain.procedures.condition import condition as _condition
from app.domain.procedures.facts import ACCEPTING, REJECTING, CaseFacts


@_condition
def signature_undecided(facts: CaseFacts) -> bool:
    """There is a doubt about the signature to be settled."""
    return facts.signature_undecided


@_condition
def signature_settled(facts: CaseFacts) -> bool:
    """The signature is good, or a clerk has settled the doubt."""
    return not facts.signature_undecided


@_condition
def documents_accepted(facts: CaseFacts) -> bool:
    """Every required document has a verdict, and none is against the party."""
    return bool(facts.verdicts) and all(verdict in ACCEPTING for verdict in facts.verdicts)


@_condition
def something_to_remedy(facts: CaseFacts) -> bool:
    """A document was rejected, a formal defect was noted, or the signature is in doubt."""
    return facts.signature_undecided or facts.defect_named or any(verdict in REJECTING for verdict in facts.verdicts)


@_condition
def address_missing(facts: CaseFacts) -> bool:
    """There is nobody whom the office could ask (KPA art. 64 § 1)."""
    return facts.address_missing


@_condition
def other_authority_named(facts: CaseFacts) -> bool:
    """The competent authority is known (KPA art. 65 § 1)."""
    return facts.other_authority_named


@_condition
def summons_expired(facts: CaseFacts) -> bool:
    """The term of the summons has passed in vain."""
    return facts.summons_expired


@_condition
def reminded(facts: CaseFacts) -> bool:
    """The party was reminded before anything worse happens."""
    return facts.reminded


@_condition
def originals_required(facts: CaseFacts) -> bool:
    """At least one original or plate has still to come."""
    return facts.originals_required


@_condition
def no_originals_required(facts: CaseFacts) -> bool:
    """No original and no plate has still to come: none is needed, or all are here."""
    return not facts.originals_required


@_condition
def originals_in_order(facts: CaseFacts) -> bool:
    """Everything that has to come is here, was compared and agrees; nothing else lies there unseen to."""
    open_matters = facts.originals_awaited + facts.originals_unasked + facts.discrepancies + facts.strays
    return open_matters == 0


@_condition
def discrepancy_found(facts: CaseFacts) -> bool:
    """Something is missing, different or damaged, or was not asked for in the first summons."""
    return facts.discrepancies + facts.originals_unasked > 0


@_condition
def last_office_named(facts: CaseFacts) -> bool:
    """The other office that registered the vehicle last is known (CZYNN annex 10)."""
    return facts.last_office_named


@_condition
def last_office_not_told(facts: CaseFacts) -> bool:
    """That office has not been told yet."""
    return not facts.last_office_told


@_condition
def fees_paid(facts: CaseFacts) -> bool:
    """The fees that are due were proved."""
    return facts.fees_paid


@_condition
def number_assigned(facts: CaseFacts) -> bool:
    """There is a registration number with its plates."""
    return facts.number_assigned


@_condition
def plates_here(facts: CaseFacts) -> bool:
    """Plates that were ordered have come from their maker."""
    return not facts.plates_awaited


@_condition
def extra_plate_here(facts: CaseFacts) -> bool:
    """A plate for a bicycle rack that was wished for has come from its maker."""
    return not facts.extra_plate_awaited


@_condition
def permit_prepared(facts: CaseFacts) -> bool:
    """The temporary permit has its number and its last day."""
    return facts.permit_prepared


@_condition
def sticker_prepared(facts: CaseFacts) -> bool:
    """The control sticker is there (law before 2022-09-04)."""
    return facts.sticker_prepared


@_condition
def number_kept(facts: CaseFacts) -> bool:
    """The owner keeps the number (PRD art. 73 ust. 1a)."""
    return facts.number_kept


@_condition
def old_certificate_confirmed(facts: CaseFacts) -> bool:
    """The central register confirmed the old certificate on the same day (PRD art. 74 ust. 2d)."""
    return facts.old_certificate_confirmed


@_condition
def room_for_annotation(facts: CaseFacts) -> bool:
    """The old certificate can bear the annotation (PRD art. 74 ust. 2d)."""
    return facts.room_for_annotation


@_condition
def certificate_invalidated(facts: CaseFacts) -> bool:
    """The old certificate is invalidated: before the decision that repeals it, and before a new one goes out."""
    return facts.certificate_invalidated


@_condition
def refusal_reasoned(facts: CaseFacts) -> bool:
    """The refusal has its reasons (KPA art. 107 § 3)."""
    return facts.refusal_reasoned


@_condition
def pointless(facts: CaseFacts) -> bool:
    """The proceedings have become pointless (KPA art. 105 § 1)."""
    return facts.pointless


@_condition
def no_party_objects(facts: CaseFacts) -> bool:
    """No other party wants the case to go on (KPA art. 105 § 2)."""
    return not facts.party_objects


@_condition
def withdrawal_signed(facts: CaseFacts) -> bool:
    """The withdrawal bears a signature (KPA art. 63 § 3a)."""
    return not facts.withdrawal_unsigned


@_condition
def withdrawal_unsigned(facts: CaseFacts) -> bool:
    """The withdrawal bears no signature; the party is asked for it (KPA art. 64 § 2)."""
    return facts.withdrawal_unsigned


@_condition
def withdrawal_void(facts: CaseFacts) -> bool:
    """Another party objects (KPA art. 105 § 2), or the signature asked for did not come in time (art. 64 § 2)."""
    return facts.party_objects or facts.withdrawal_not_remedied


@_condition
def agreement_accepted(facts: CaseFacts) -> bool:
    """Both sides agreed which thing goes which way."""
    return facts.agreement_accepted


@_condition
def answer_overdue(facts: CaseFacts) -> bool:
    """The proposal was not answered in time."""
    return facts.answer_overdue


@_condition
def something_to_hand_out(facts: CaseFacts) -> bool:
    """Something agreed to be collected in person is here."""
    return facts.to_hand_out > 0


@_condition
def nothing_to_hand_out(facts: CaseFacts) -> bool:
    """Nothing agreed to be collected in person is left."""
    return facts.to_hand_out == 0


@_condition
def something_to_post(facts: CaseFacts) -> bool:
    """Something agreed to be posted is here."""
    return facts.to_post > 0


@_condition
def nothing_to_post(facts: CaseFacts) -> bool:
    """Nothing agreed to be posted is left."""
    return facts.to_post == 0


@_condition
def something_to_send_back(facts: CaseFacts) -> bool:
    """The office holds something that its party may have back now."""
    return facts.may_go_back > 0


@_condition
def everything_agreed(facts: CaseFacts) -> bool:
    """The agreement covers all that the office still has to give."""
    return facts.not_agreed == 0


@_condition
def parcel_returned(facts: CaseFacts) -> bool:
    """A parcel came back undelivered."""
    return facts.parcel_returned


@_condition
def certificate_arrived(facts: CaseFacts) -> bool:
    """The permanent certificate came from its manufacturer."""
    return facts.certificate_arrived


@_condition
def permit_not_extended(facts: CaseFacts) -> bool:
    """The one extension is still to be had (PRD art. 74 ust. 3)."""
    return not facts.permit_extended


@_condition
def permit_runs(facts: CaseFacts) -> bool:
    """The last day of the temporary permit is today or later: what has ended is not prolonged (PRD art. 74 ust. 3)."""
    return not facts.permit_expired


@_condition
def permit_expired(facts: CaseFacts) -> bool:
    """The last day of the temporary permit has passed."""
    return facts.permit_expired


@_condition
def permit_returned(facts: CaseFacts) -> bool:
    """The temporary permit is back at the office, or its owner has lost it."""
    return facts.permit_returned


@_condition
def policy_shown(facts: CaseFacts) -> bool:
    """The liability insurance was shown or sent."""
    return facts.policy_shown


@_condition
def not_registered_yet(facts: CaseFacts) -> bool:
    """There is no decision on registration yet."""
    return not facts.registration_decided


@_condition
def registration_decided(facts: CaseFacts) -> bool:
    """The decision on registration is signed."""
    return facts.registration_decided


@_condition
def deregistration_decided(facts: CaseFacts) -> bool:
    """The decision on deregistration is signed."""
    return facts.deregistration_decided


@_condition
def decision_final(facts: CaseFacts) -> bool:
    """The decision can no longer be appealed (KPA art. 16 § 1)."""
    return facts.decision_final


@_condition
def acts_ex_officio(facts: CaseFacts) -> bool:
    """The office acts by itself (PRD art. 79 ust. 3, 3a, 3b)."""
    return facts.acts_ex_officio


@_condition
def on_application(facts: CaseFacts) -> bool:
    """Somebody applied for it."""
    return not facts.acts_ex_officio


@_condition
def appeal_term_passed(facts: CaseFacts) -> bool:
    """What the office decided by itself can no longer be appealed (KPA art. 129 § 2)."""
    return not facts.appeal_term_runs


@_condition
def no_appeal_open(facts: CaseFacts) -> bool:
    """No appeal waits for its end (KPA art. 130 § 2)."""
    return facts.appeals_open == 0


@_condition
def decision_repealed(facts: CaseFacts) -> bool:
    """The decision that ended the case is no more, and the matter has to be decided anew (KPA art. 138 § 2)."""
    return facts.decision_repealed


@_condition
def nothing_moved(facts: CaseFacts) -> bool:
    """Nothing was made, passed on or destroyed: what came is here, or its party has it back."""
    return facts.things_moved == 0


@_condition
def nothing_owed(facts: CaseFacts) -> bool:
    """The office holds nothing that belongs to the party."""
    return facts.owed == 0


@_condition
def letters_posted(facts: CaseFacts) -> bool:
    """No letter on paper waits in the posting room."""
    return facts.letters_to_post == 0


@_condition
def every_item_settled(facts: CaseFacts) -> bool:
    """Each thing is in its lawful place."""
    return facts.owed == 0 and facts.unsettled_items == 0


@_condition
def acknowledgements_in(facts: CaseFacts) -> bool:
    """Every parcel and letter has its proof of delivery."""
    return facts.acknowledgements_awaited == 0


@_condition
def not_suspended(facts: CaseFacts) -> bool:
    """The proceedings are not suspended: while they are, nothing is decided (KPA art. 102)."""
    return not facts.suspended


@_condition
def suspended(facts: CaseFacts) -> bool:
    """The proceedings are suspended (KPA art. 97, 98)."""
    return facts.suspended


@_condition
def no_delay_noted(facts: CaseFacts) -> bool:
    """No delay goes on that a clerk wrote down."""
    return not facts.delay_noted


@_condition
def delay_noted(facts: CaseFacts) -> bool:
    """A delay goes on that a clerk wrote down (KPA art. 35 § 5)."""
    return facts.delay_noted


@_condition
def may_be_complicated(facts: CaseFacts) -> bool:
    """The month of an ordinary case still runs, and no other day was announced (KPA art. 35 § 3)."""
    return facts.may_be_complicated
