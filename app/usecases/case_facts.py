"""What is known of a case, as the conditions of its procedure ask for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from app.domain.acts import ActorKind
from app.domain.correspondence import EX_OFFICIO
from app.domain.custody import LOST_BY_THE_POST, SETTLED, Discrepancy, ItemState
from app.domain.deadlines import DELAYS, StopReason, office_day
from app.domain.delivery import Method
from app.domain.determinations import ONE_COUNTS, REGISTERS, DeterminationCode
from app.domain.documents import LATER_PAPERS, Answers, Requirement, is_ex_officio, required_documents
from app.domain.items import LATER_THINGS, Fate, ItemKind, expected_items
from app.domain.procedures.facts import REJECTING, CaseFacts, Verdict
from app.domain.procedures.stages import ProcedureName, Stage
from app.domain.vehicles import PlateKind, VehicleClass
from app.models import (
    BINDING,
    Case,
    CaseStep,
    Determination,
    DocumentVerdict,
    Item,
    LetterState,
    Proposal,
    ProposalState,
)
from app.usecases.appealable import appeal_term_runs, ending_is_final, ending_is_repealed
from app.usecases.case_clock import may_be_complicated, stops_by_hand
from app.usecases.counted_things import (
    NOT_COME,
    awaits_service,
    is_awaited,
    is_to_post,
    newest_permit,
    parcel_returned,
    plates_out,
    things_moved,
    was_asked_for,
)
from app.usecases.later_papers import Paper, is_in_order, papers_needed, was_settled_since
from app.usecases.may_leave import may_leave
from app.usecases.office_told import notice_sent
from app.usecases.originals_to_come import not_asked_for
from app.usecases.summons_in_force import (
    has_expired,
    newest_summons,
    plates_asked,
    plates_asked_in_vain,
    signature_asked_in_vain,
    summons_in_force,
)

_KNOWN = frozenset(DeterminationCode)
_COMES_BACK = frozenset({Stage.PERMANENT_READY, Stage.CLOSED})
"""What was lent until the permanent certificate is awaited now."""
_LOST = {
    ItemKind.REG_CERT: DeterminationCode.OLD_CERTIFICATE_LOST,
    ItemKind.TEMPORARY_PERMIT: DeterminationCode.PERMIT_LOST,
}
"""What says that a thing which its owner had is lost; nobody waits for it any more."""


def case_facts(case: Case, today: dt.date) -> CaseFacts:
    """Collect the facts of `case` from its rows, as they stand on `today`."""
    found = determinations(case)
    latest = latest_verdicts(case)
    needed = requirements(case)
    newest, summons = newest_summons(case), summons_in_force(case)
    conditional, papers = is_conditional(case), papers_to_come(case)
    # What may come later holds nothing up, nor that it did not come.
    counted = [i for i in case.items if not (conditional and i.kind in LATER_THINGS and i.state is ItemState.EXPECTED)]
    asked, unasked = [item for item in counted if was_asked_for(item)], originals_unasked(case)
    doubts = [one.kind for item in counted for one in item.open_discrepancies]
    proposal, agreement = newest_proposal(case), newest_agreement(case)
    decided, permit = {decision.kind for decision in case.decisions}, case.permit
    held = stops_by_hand(case)
    to_hand_out, to_post = items_to_give(agreement, Method.IN_PERSON), items_to_give(agreement, Method.POST)
    may_go = [item for item in case.items if may_leave(case, item)]
    code = DeterminationCode
    return CaseFacts(
        signature_undecided=not case.signature_settled,
        verdicts=tuple(
            latest[one.kind].verdict if one.kind in latest else Verdict.PENDING
            for one in needed
            if not may_come_later(case, one.kind)
        ),
        defect_named=code.FORMAL_DEFECT in found,
        address_missing=code.ADDRESS_MISSING in found,
        other_authority_named=code.OTHER_AUTHORITY in found,
        summons_expired=has_expired(summons, today),
        reminded=summons is not None and summons.reminded_at is not None,
        originals_required=bool(unasked) or any(item.state is ItemState.EXPECTED for item in asked),
        originals_unasked=len(unasked),
        originals_awaited=sum(is_awaited(item) for item in asked),
        discrepancies=len(doubts) - doubts.count(Discrepancy.NOT_ASKED_FOR),
        strays=doubts.count(Discrepancy.NOT_ASKED_FOR),
        last_office_named=code.LAST_OFFICE in found,
        last_office_told=notice_sent(case, found.get(code.LAST_OFFICE)) is not None,
        conditional=conditional,
        papers_to_come=len(papers),
        plates_out=plates_out(case),
        plates_asked=plates_asked(case),
        plates_asked_in_vain=bool(papers) and plates_asked_in_vain(summons, today),
        tax_authority_named=code.TAX_AUTHORITY in found,
        vehicle_reported=code.REGISTERS_REPORT in found,
        fees_paid=all(fee.proved_at is not None for fee in case.fees),
        number_assigned=bool(case.plate_numbers) or code.NUMBER_KEPT in found,
        plates_awaited=plates_awaited(case),
        extra_plate_awaited=extra_plate_awaited(case),
        permit_prepared=permit is not None,
        permit_expired=permit is not None and permit.valid_until is not None and permit.valid_until < today,
        permit_extended=permit is not None and permit.extended_at is not None,
        permit_returned=permit_is_back(case),
        sticker_prepared=any(
            item.kind is ItemKind.CONTROL_STICKER and item.state is not ItemState.FORWARDED for item in case.items
        ),
        number_kept=code.NUMBER_KEPT in found,
        old_certificate_confirmed=_on(found.get(code.OLD_CERTIFICATE_CONFIRMED), today),
        room_for_annotation=code.ROOM_FOR_ANNOTATION in found,
        certificate_invalidated=all(item.invalidated or is_lost(case, item) for item in old_certificates(case)),
        registration_decided=is_registered(case),
        deregistration_decided=bool(decided & {"deregistration_decision", EX_OFFICIO}),
        acts_ex_officio=acts_ex_officio(case),
        appeal_term_runs=appeal_term_runs(case, today),
        refusal_reasoned=bool(found.keys() & {code.REFUSAL_REASONS, code.REGISTERS_REPORT}),
        pointless=code.POINTLESS in found,
        withdrawal_unsigned=is_unsigned(case),
        withdrawal_not_remedied=is_unsigned(case) and signature_asked_in_vain(newest, today),
        party_objects=code.PARTY_OBJECTS in found,
        decision_final=ending_is_final(case, today),
        decision_repealed=ending_is_repealed(case),
        things_moved=things_moved(case),
        appeals_open=sum(appeal.outcome is None for appeal in case.appeals),
        agreement_accepted=agreement is not None and agreement.state in BINDING,
        answer_overdue=office_waits(proposal) and proposal is not None and proposal.due_on < today,
        to_hand_out=len(to_hand_out),
        to_post=len(to_post),
        not_agreed=sum(item not in to_hand_out and item not in to_post for item in may_go),
        parcel_returned=parcel_returned(case, proposal),
        may_go_back=len(may_go),
        certificate_arrived=certificate_has_arrived(case),
        policy_shown=policy_is_shown(case),
        suspended=StopReason.SUSPENDED in held,
        delay_noted=bool(held & DELAYS),
        may_be_complicated=may_be_complicated(case, today),
        owed=sum(item.is_owed for item in case.items),
        unsettled_items=sum(item.state not in SETTLED for item in case.items),
        letters_to_post=sum(map(is_to_post, case.letters)),
        acknowledgements_awaited=sum(parcel.awaits_acknowledgement for parcel in case.consignments)
        + sum(awaits_service(letter) for letter in case.letters),
    )


def answers_of_case(case: Case) -> Answers:
    """Return what the form of `case` says, as far as the rules about documents ask."""
    said = dict(case.answers or {})
    if "vehicle_class" in said:
        said["vehicle_class"] = VehicleClass(said["vehicle_class"])
    if "plate_kind" in said:
        said["plate_kind"] = PlateKind(said["plate_kind"])
    return Answers(**said)


def acts_ex_officio(case: Case) -> bool:
    """Return whether the office deregisters the vehicle of `case` by itself (PRD art. 79 ust. 3, 3a, 3b)."""
    return case.procedure == ProcedureName.DEREGISTRATION.value and is_ex_officio(answers_of_case(case).ground)


def plates_awaited(case: Case) -> bool:
    """Return whether individual plates are ordered for `case` that have not come from their maker."""
    if not case.plate_numbers or case.plate_numbers[0].kind != PlateKind.INDIVIDUAL.value:
        return False
    number = case.plate_numbers[0].number
    return not any(item.kind is ItemKind.NEW_PLATE and item.label == number for item in case.items)


def number_of(case: Case) -> str:
    """Return the registration number that the vehicle of `case` gets or keeps; empty while nobody knows."""
    if case.plate_numbers:
        return case.plate_numbers[0].number
    return case.plate or "" if DeterminationCode.NUMBER_KEPT in determinations(case) else ""


def extra_plate_awaited(case: Case) -> bool:
    """Return whether a plate for a bicycle rack is wished for, and none with the number is there."""
    return answers_of_case(case).extra_plate_wished and not any(
        item.kind is ItemKind.NEW_EXTRA_PLATE and item.fate is not Fate.DESTROYED for item in case.items
    )


def requirements(case: Case) -> tuple[Requirement, ...]:
    """Return the documents that `case` needs, in the order in which a clerk looks at them."""
    electronic = DeterminationCode.ELECTRONIC_INVOICE in determinations(case)
    answers = replace(answers_of_case(case), electronic_invoice=electronic)
    return required_documents(ProcedureName(case.procedure), case.edition, answers)


def originals_unasked(case: Case) -> list[ItemKind]:
    """Return the originals and plates that `case` calls for, and that are neither here nor asked for."""
    later = LATER_PAPERS if is_conditional(case) else frozenset()
    spared = later | {kind for kind, row in latest_verdicts(case).items() if row.verdict is Verdict.NOT_APPLICABLE}
    needed = [one for one in requirements(case) if one.kind not in spared]
    return not_asked_for(case, expected_items(needed, answers_of_case(case)))


def latest_verdicts(case: Case) -> dict[str, DocumentVerdict]:
    """Return the newest verdict on each kind of document."""
    return {verdict.kind: verdict for verdict in case.verdicts}


def renewed(case: Case, kind: str) -> bool:
    """Return whether a file for the document `kind` came after a clerk had rejected it: it is judged again."""
    verdict = latest_verdicts(case).get(kind)
    if verdict is None or verdict.verdict not in REJECTING:
        return False
    holding = {document.member.package_id for document in case.documents if document.kind == kind}
    return any(package.id in holding and package.received_at > verdict.at for package in case.packages)


def determinations(case: Case) -> dict[DeterminationCode, Determination]:
    """Return what is determined about `case` and holds, by code. Annotations were determinations once."""
    newest: dict[DeterminationCode, Determination] = {}
    for row in case.determinations:
        if row.code in _KNOWN:
            newest.pop(DeterminationCode(row.code), None)  # what was determined last stands last
            newest[DeterminationCode(row.code)] = row
    holding = {code: row for code, row in newest.items() if row.holds}
    older = [code for alike in ONE_COUNTS for code in [one for one in holding if one in alike][:-1]]
    return {code: row for code, row in holding.items() if code not in older}


def answer_of_registers(case: Case) -> Determination | None:
    """Return what CEP and SIS said of the vehicle of `case` when they were asked last; nothing where nobody asked."""
    return next((row for code, row in determinations(case).items() if code in REGISTERS), None)


def may_be_conditional(case: Case) -> bool:
    """Return whether `case` needs a document without which its vehicle may be registered conditionally."""
    return any(one.kind in LATER_PAPERS for one in requirements(case))


def papers_to_come(case: Case) -> list[Paper]:
    """Return the customs and excise documents that `case` needs, and that did not come or were not found in order."""
    if not may_be_conditional(case):
        return []
    promised = DeterminationCode.REGISTERED_CONDITIONALLY in determinations(case)
    return [
        paper
        for paper, verdict in papers_needed(case, requirements(case), latest_verdicts(case))
        if (not is_in_order(paper.item) if paper.item else promised or verdict is not Verdict.ACCEPTED)
    ]


def is_conditional(case: Case) -> bool:
    """Whether the vehicle is registered conditionally: a document is to come, or came after the first decision."""
    if DeterminationCode.REGISTERED_CONDITIONALLY not in determinations(case):
        return False
    decided = [one.letter.sent_at for one in case.decisions if one.kind == "temporary_registration_decision"]
    since = decided[0] if decided else None
    later = [i for i in case.items if i.kind in LATER_THINGS and since is not None and was_settled_since(i, since)]
    return bool(later or papers_to_come(case))


def may_come_later(case: Case, kind: str) -> bool:
    """Whether the document `kind` holds up nothing before the registration, though it is missing or not looked at."""
    verdict = latest_verdicts(case).get(kind)
    absent = verdict is None or verdict.verdict in {Verdict.PENDING, Verdict.MISSING}
    return kind in LATER_PAPERS and absent and is_conditional(case)


def withdrawal_of(case: Case) -> CaseStep | None:
    """Return the step by which `case` was withdrawn, while it stands withdrawn."""
    if case.stage != Stage.WITHDRAWN.value:
        return None
    return next((step for step in reversed(case.steps) if step.step == "withdraw"), None)


def is_unsigned(case: Case) -> bool:
    """Whether `case` stands withdrawn by a statement without a signature.

    What an official wrote down rests on a signature that they saw; what came from outside is signed when that was
    determined since.
    """
    step = withdrawal_of(case)
    signed = determinations(case).get(DeterminationCode.WITHDRAWAL_SIGNED)
    if step is None or step.actor_kind == ActorKind.STAFF:
        return False
    return signed is None or signed.at < step.at


def office_waits(proposal: Proposal | None) -> bool:
    """Whether `proposal` is the office's and waits for the owner's answer."""
    return proposal is not None and proposal.by_office and proposal.state is ProposalState.PROPOSED


def newest_proposal(case: Case) -> Proposal | None:
    """Return the version of the agreement that counts, or `None`."""
    return case.proposals[-1] if case.proposals else None


def newest_agreement(case: Case) -> Proposal | None:
    """Return the version that counts of what both sides have to agree; `None` where the office only sends back."""
    newest = newest_proposal(case)
    return newest if newest is not None and not newest.sends_back else None


def items_to_give(proposal: Proposal | None, method: Method) -> list[Item]:
    """Return the things that are here and go out by `method`, as `proposal` says, each once."""
    return proposal.left(method) if proposal is not None else []


def awaited_items(case: Case) -> list[Item]:
    """Return what its party has to bring: things never seen, what a summons asks back, and what was only lent.

    What was lent comes back for the permanent certificate (the old one, annotated: CZYNN zał. 1 § 2 ust. 3 pkt 3).
    """
    asked = {
        demand.item_id
        for letter in case.letters
        if letter.state is LetterState.SENT and letter.summons
        for demand in letter.summons.demands
        if demand.met_at is None
    }
    lent_until_now = case.stage in _COMES_BACK
    unseen = {paper.item.id for paper in papers_to_come(case) if paper.item is not None and paper.away}
    return [
        item
        for item in case.items
        if item.state is ItemState.EXPECTED
        or (
            item.state is ItemState.WITH_PARTY
            and (item.id in asked | unseen or (lent_until_now and item.fate is Fate.LENT))
            and not is_lost(case, item)
        )
    ]


def old_certificates(case: Case) -> list[Item]:
    """Return the certificates by which the vehicle was registered until now: they have to be invalidated.

    None of them is what is not awaited any more, what another authority has, and what goes back to its party whole.
    """
    elsewhere = {ItemState.CALLED_OFF, ItemState.FORWARDED, *LOST_BY_THE_POST}
    return [
        item
        for item in case.items
        if item.kind is ItemKind.REG_CERT
        and item.fate is not Fate.TO_PARTY
        and item.state not in elsewhere
        and not item.is_stray
    ]


def certificates_to_invalidate(case: Case) -> list[Item]:
    """Return the old certificates that are here and not cut; one that is lent only once the permanent one is there."""
    return [
        item
        for item in old_certificates(case)
        if item.state is ItemState.IN_OFFICE
        and not item.invalidated
        and (item.fate is not Fate.LENT or case.stage in _COMES_BACK)
    ]


def is_lost(case: Case, item: Item) -> bool:
    """Whether the post lost `item`, or its owner, who had it: an old certificate or a temporary permit."""
    by_owner = item.state is ItemState.WITH_PARTY and _LOST.get(item.kind) in determinations(case)
    return by_owner or item.state in LOST_BY_THE_POST


def permit_is_back(case: Case) -> bool:
    """Whether the owner has brought the temporary permit back, or has lost it."""
    permit = newest_permit(case)
    return permit is not None and (permit.is_back or is_lost(case, permit))


def policy_is_shown(case: Case) -> bool:
    """Whether somebody saw the policy, or it is here."""
    here = any(one.kind is ItemKind.OC_POLICY and one.state not in NOT_COME for one in case.items)
    return here or DeterminationCode.POLICY_SHOWN in determinations(case)


def certificate_has_arrived(case: Case) -> bool:
    """Whether the permanent certificate has come from its manufacturer."""
    return case.certificate_order is not None and case.certificate_order.arrived_on is not None


def is_registered(case: Case) -> bool:
    """Whether the registration is decided, for good."""
    return any(decision.kind == "registration_decision" for decision in case.decisions)


def _on(row: Determination | None, today: dt.date) -> bool:
    return row is not None and office_day(row.at) == today
