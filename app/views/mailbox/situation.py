"""What is known of a case, as the table of what a citizen has to do asks for it?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.domain.custody import ItemState
from app.domain.delivery import Method
from app.domain.holidays import STATUTORY, Calendar
from app.domain.items import NEW_PLATES, ItemKind
from app.domain.procedures.stages import SIDE_STAGES, Stage, Waiting, waits_for
from app.domain.summonses import DemandKind
from app.models import BINDING, Case, ProposalState
from app.usecases.announce_items import announced_since, awaited_things, open_demands
from app.usecases.appeals import open_appeals
from app.usecases.case_facts import is_unsigned, items_to_give, newest_proposal
from app.usecases.comes_back import lent_certificate, papers_to_bring
from app.usecases.counted_things import awaits_service, is_to_post, lost_things, plates_out
from app.usecases.free_slots import closed_visit, is_visit_missed
from app.usecases.may_leave import may_leave
from app.usecases.summons_in_force import summons_in_force
from app.views.mailbox.things import comes_back, handed_over_on, may_answer, name_of_kind
from app.views.mailbox.words import OTHERWISE

OVER = frozenset({Stage.CLOSED, Stage.ARCHIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a case, as the table asks for it."""

    case: str
    stage: Stage
    unopened: str = ""
    """The address of a letter that is to be opened."""
    open_until: dt.date | None = None
    things: bool = False
    """Originals, plates or other things have to come."""
    only_plates: bool = False
    """Of what has to come, all are the plates of the temporary registration."""
    not_originals: bool = False
    """Of what has to come, some is no original: plates or a permit that the office gave, a policy that is shown."""
    plates: bool = False
    """The registration was refused, and the plates were asked back."""
    plates_out: bool = False
    """The owner has the plates of the temporary registration."""
    papers: bool = False
    """Documents have to come, also as files."""
    due_on: dt.date | None = None
    late: bool = False
    otherwise: str = ""
    announced: bool = False
    asked_how: bool = False
    """The office proposes how things are handed over, and waits for an answer."""
    answer_by: dt.date | None = None
    answer_late: bool = False
    counter: bool = False
    """The office looks at what the citizen proposed."""
    to_collect: bool = False
    slot: dt.datetime | None = None
    closed: bool = False
    """The office has made the day of the visit off."""
    to_be_posted: bool = False
    to_be_sent_back: bool = False
    """What waits to be posted goes back by the office's own act; nobody is asked."""
    came_back: bool = False
    """A parcel did not arrive, and nothing of what was agreed is left to be carried out."""
    to_be_served: bool = False
    """A decision that nobody collected waits to be posted."""
    in_post: bool = False
    """Things, or a decision that nobody collected, are on their way by post."""
    lost: bool = False
    """The post lost things, and the office has yet to say what comes instead."""
    permit_until: dt.date | None = None
    permit_over: bool = False
    papers_later: str = ""
    """The customs or excise documents without which the vehicle was registered, as long as they are to be brought."""
    ready: bool = False
    """The permanent certificate can be collected without an appointment."""
    lent: bool = False
    """The old certificate, lent until the permanent one, has to be given back first."""
    under_appeal: bool = False
    """An appeal of the party waits for its end."""
    unsigned: bool = False
    """The application is withdrawn, and no signature under that is confirmed."""
    own_turn: bool = False
    comes_back: bool = False
    """The office holds, or has posted, something of the party's that the party cannot collect now."""
    all_back_on: dt.date | None = None
    """When the last of what was the party's was handed over to it."""


def situation_of(
    case: Case, today: dt.date, unopened: tuple[str, dt.date | None] | None, calendar: Calendar = STATUTORY
) -> Situation:
    """Collect what is known of `case`. `unopened`: the address of a closed letter, and until when it can be opened."""
    stage = Stage(case.stage)
    summons = summons_in_force(case)
    demands = open_demands(summons.letter) if summons else []
    proposal = newest_proposal(case)
    sends_back = proposal is not None and proposal.sends_back
    binding = proposal is not None and proposal.state in BINDING and not sends_back
    over = stage in OVER or stage in SIDE_STAGES
    later = papers_to_bring(case) if case.decisions and not over else []
    asked = {demand.item_id for demand in demands}
    things = not over and any(item.kind not in later or item.id in asked for item in awaited_things(case))
    plates = stage is Stage.REFUSED and any(
        item.kind in NEW_PLATES and item.id in asked for item in awaited_things(case)
    )
    papers = stage is Stage.AWAITING_REMEDY and any(demand.kind is not DemandKind.THING for demand in demands)
    wanted = {item.kind for item in awaited_things(case)}
    due_on = summons.due_on if summons and (things or plates or papers) else None
    known = due_on is not None
    return Situation(
        case=case.public_id,
        stage=stage,
        unopened=unopened[0] if unopened else "",
        open_until=unopened[1] if unopened else None,
        things=things and known,
        only_plates=wanted <= NEW_PLATES,
        not_originals=not wanted.isdisjoint(NEW_PLATES | {ItemKind.TEMPORARY_PERMIT, ItemKind.OC_POLICY}),
        plates=plates and known,
        plates_out=plates_out(case) > 0,
        papers=papers and known,
        due_on=due_on,
        late=due_on is not None and due_on < today,
        otherwise=str(OTHERWISE.get(summons.kind, "")) if summons and known else "",
        announced=announced_since(case, summons.letter if summons else None) is not None,
        asked_how=may_answer(case),
        answer_by=proposal.due_on if proposal else None,
        answer_late=proposal is not None and proposal.due_on < today,
        counter=proposal is not None
        and not over
        and not proposal.by_office
        and proposal.state is ProposalState.PROPOSED,
        to_collect=(binding and any(items_to_give(proposal, Method.IN_PERSON)))
        or (over and any(may_leave(case, item) for item in case.items)),
        slot=proposal.slot if proposal and binding and not is_visit_missed(case, today) else None,
        closed=binding and closed_visit(case, calendar) is not None,
        to_be_posted=binding and any(items_to_give(proposal, Method.POST)),
        to_be_sent_back=over and sends_back and any(items_to_give(proposal, Method.POST)),
        came_back=binding and not any(items_to_give(proposal, method) for method in Method),
        lost=bool(lost_things(case)),
        to_be_served=any("instead_of" in letter.details and is_to_post(letter) for letter in case.letters),
        in_post=any(item.state is ItemState.IN_POST for item in case.items)
        or any("instead_of" in letter.details and awaits_service(letter) for letter in case.letters),
        lent=stage is Stage.PERMANENT_READY and lent_certificate(case) is not None,
        under_appeal=bool(open_appeals(case)),
        unsigned=is_unsigned(case),
        permit_until=case.permit.valid_until if case.permit else None,
        permit_over=case.permit is not None and case.permit.valid_until is not None and case.permit.valid_until < today,
        ready=any(item.is_owed for item in case.items)
        and any(decision.kind == "registration_decision" for decision in case.decisions),
        papers_later=", ".join(map(name_of_kind, later)),
        own_turn=waits_for(stage) is Waiting.CITIZEN,
        comes_back=any(map(comes_back, case.items)),
        all_back_on=handed_over_on(case.items),
    )
