"""What must be known of a case to say which steps are open?

A verb collects the facts before it changes anything; the conditions look at nothing else.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """What the clerk found of one required document."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    NOT_APPLICABLE = "not_applicable"
    ILLEGIBLE = "illegible"
    WRONG = "wrong"
    MISSING = "missing"
    OUTDATED = "outdated"


ACCEPTING = frozenset({Verdict.ACCEPTED, Verdict.NOT_APPLICABLE})
REJECTING = frozenset({Verdict.ILLEGIBLE, Verdict.WRONG, Verdict.MISSING, Verdict.OUTDATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The facts that the conditions of the procedures ask for. The defaults are those of a case just received."""

    # Verification
    signature_undecided: bool = False
    """The chain or the revocation of the signature could not be checked, and no clerk has settled it."""
    verdicts: tuple[Verdict, ...] = ()
    """One for each document that the rules require of this case."""
    defect_named: bool = False
    """A formal defect other than a rejected document was noted (signature, address, request)."""
    address_missing: bool = False
    """The application names no address of its sender, and none can be found."""
    other_authority_named: bool = False
    """A clerk noted which authority is competent."""
    # Summonses
    summons_expired: bool = False
    """The term of the newest summons has passed without what it asked for."""
    reminded: bool = False
    """The party was reminded of that summons."""
    # Originals
    originals_required: bool = True
    """At least one original or plate has still to be brought."""
    originals_unasked: int = 0
    """Originals and plates that the rules call for, and that are neither here nor asked for."""
    originals_awaited: int = 0
    """Things that were asked for and are not here, or not yet compared with their scans."""
    discrepancies: int = 0
    """Things that are missing, different or damaged, and not asked for anew."""
    strays: int = 0
    """Things that came though nobody asked for them, and nobody has given back or taken into the case."""
    # Deciding
    last_office_named: bool = False
    """It is determined which other office registered the vehicle last."""
    last_office_told: bool = False
    """That office was told of the registration."""
    conditional: bool = False
    """The vehicle is registered conditionally: a customs or excise document is, or was, still to come then."""
    papers_to_come: int = 0
    """Customs and excise documents that the case needs, and that did not come, or were not found in order."""
    plates_out: int = 0
    """Plates given in this case that are with their owner, or on the way there."""
    plates_asked: bool = False
    """A summons has asked for them."""
    plates_asked_in_vain: bool = False
    """The plates of a permit that expired were asked for; they did not come in time, and no document instead."""
    tax_authority_named: bool = False
    """A clerk noted which tax or customs authority is told."""
    vehicle_reported: bool = False
    """A register says that the vehicle is stolen, lost or wanted, or names another legal obstacle."""
    fees_paid: bool = False
    number_assigned: bool = False
    """A registration number is assigned, with the plates that bear it, or the old one stays."""
    plates_awaited: bool = False
    """Individual plates are ordered, and have not come from their maker."""
    extra_plate_awaited: bool = False
    """A plate for a bicycle rack is paid for, and has not come from its maker."""
    permit_prepared: bool = False
    sticker_prepared: bool = False
    number_kept: bool = False
    """The owner keeps the old number and its plates were shown."""
    old_certificate_confirmed: bool = False
    """The central register confirmed the old certificate, on the day of the decision."""
    room_for_annotation: bool = False
    """The old certificate has room for the annotation."""
    certificate_invalidated: bool = False
    """The certificate by which the vehicle was registered until now is cut, or there is none to be had."""
    registration_decided: bool = False
    """The decision on registration is signed."""
    deregistration_decided: bool = False
    """The decision on deregistration is signed."""
    acts_ex_officio: bool = False
    """The office deregisters by itself, on a ground of PRD art. 79 ust. 3, 3a or 3b."""
    appeal_term_runs: bool = False
    """What the office decided by itself can still be appealed."""
    refusal_reasoned: bool = False
    """A refusal with its factual and legal reasons is written."""
    pointless: bool = False
    """A clerk noted why there is nothing left to decide."""
    withdrawal_unsigned: bool = False
    """The application was withdrawn in the mailbox, and nothing signed has come since."""
    withdrawal_not_remedied: bool = False
    """The signature under the withdrawal was asked for, and its term has passed."""
    party_objects: bool = False
    """Another party wants the case to go on though the applicant has withdrawn."""
    decision_final: bool = False
    """The decision that ends the case can no longer be appealed."""
    appeals_open: int = 0
    """Appeals that have neither been decided nor withdrawn."""
    decision_repealed: bool = False
    """The newest decision that ended the case was repealed on appeal."""
    things_moved: int = 0
    """Things that cannot be had once more: made by the office, in the post, passed on, filed or destroyed."""
    # Handing over
    agreement_accepted: bool = False
    answer_overdue: bool = False
    """Nobody answered the newest proposal in time."""
    to_hand_out: int = 0
    """Things agreed to be handed out in person that are still here."""
    to_post: int = 0
    """Things agreed to be posted that are still here."""
    not_agreed: int = 0
    """Things that the party may have now and that no agreement covers."""
    parcel_returned: bool = False
    """A parcel of this case came back and nothing was agreed about it since."""
    may_go_back: int = 0
    """Things that the party may have back now, whether or not anything is agreed about them."""
    # The permanent certificate
    certificate_arrived: bool = False
    permit_expired: bool = False
    permit_extended: bool = False
    permit_returned: bool = False
    policy_shown: bool = False
    # The clock
    suspended: bool = False
    """The proceedings are suspended by an order."""
    delay_noted: bool = False
    """A clerk wrote down a delay that the office does not answer for, and it goes on."""
    may_be_complicated: bool = False
    """The ordinary term of the case, of one month, has not passed, and no other day was announced."""
    # The end
    owed: int = 0
    """Things that the office holds and still has to give back."""
    unsettled_items: int = 0
    """Things that are not yet in their lawful place: given back, destroyed, forwarded or in the file."""
    letters_to_post: int = 0
    """Letters on paper that wait in the posting room."""
    acknowledgements_awaited: int = 0
    """Parcels and letters whose proof of delivery has not come."""
