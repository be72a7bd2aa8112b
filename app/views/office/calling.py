"""What calls for the clerk first in a case: the act that "Moja praca" names in its row, for the case file."""

from __future__ import annotations

import datetime as dt

from app.domain.acts import ActorKind
from app.domain.correspondence import TO_AUTHORITIES
from app.domain.custody import Discrepancy, ItemState
from app.domain.deadlines import office_day
from app.domain.delivery import Method
from app.domain.holidays import STATUTORY, Calendar
from app.domain.items import LATER_THINGS, Fate
from app.domain.other_offices import NOTICE_TERM
from app.domain.procedures.stages import SETTLED_STAGES, ProcedureName, Stage
from app.models import BINDING, REACHED_NOBODY, Case, Letter, LetterState, ProposalState, Purpose
from app.reports.waiting import PERMIT_WARNING, Came
from app.usecases.appealable import ending_is_repealed
from app.usecases.appeals import waits_here
from app.usecases.case_facts import (
    certificate_has_arrived,
    certificates_to_invalidate,
    is_registered,
    newest_proposal,
    office_waits,
    originals_unasked,
    papers_to_come,
)
from app.usecases.compare_item import is_to_compare
from app.usecases.counted_things import lost_things, plates_out
from app.usecases.free_slots import closed_visit, is_visit_missed
from app.usecases.other_office import running_term
from app.usecases.send_again import is_not_collected
from app.usecases.summons_in_force import plates_asked

_ACTS = {
    Came.APPEAL: "forward_appeal",
    Came.NOTICE: "notify_office",
    Came.THINGS: "compare",
    Came.STRAY: "look",
    Came.DIFFERS: "summon_further",
    Came.COMPLETE: "confirm_originals",
    Came.TO_INVALIDATE: "invalidate",
    Came.BROUGHT_BACK: "register",
    Came.LOST: "replace_lost",
    Came.WITHDRAWN: "",  # what the procedure proposes for it
    Came.PROPOSAL: "answer_handover",
    Came.VISIT: "propose_handover",
    Came.PACKAGE: "read",
    Came.QUESTION: "answer",
    Came.LETTER: "send_again",
}


AFTER_A_REMINDER = dt.timedelta(days=7)
"""So long the office waits for an answer to its proposal once it has reminded of it."""
COLLECTED_WITHIN = dt.timedelta(days=14)
"""So long a decision that is to be collected waits before the clerk is asked to serve it by post."""
_AGREEING = frozenset({Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY})
_READING = _AGREEING | {Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS}


def came_in(case: Case, today: dt.date, calendar: Calendar = STATUTORY) -> Came | None:
    """Return what `reports.waiting` would say of `case`, from the rows that the case file has read already."""
    stage, newest = Stage(case.stage), newest_proposal(case)
    here = [item for item in case.items if item.state is ItemState.IN_OFFICE]
    disputed = [one.kind for item in case.items for one in item.open_discrepancies]
    strays = disputed.count(Discrepancy.NOT_ASKED_FOR)
    all_compared = not any(map(is_to_compare, here))
    all_here = bool(here) and not any(item.state is ItemState.EXPECTED for item in case.items) and all_compared
    later = [item for item in case.items if item.kind in LATER_THINGS]
    came_later = (stage in _AGREEING or stage is Stage.HANDED_OVER) and any(map(is_to_compare, later))
    to_come = any(item.state is ItemState.EXPECTED for item in later)
    back = any(item.fate is Fate.LENT and item.returned for item in here)
    whole = bool(certificates_to_invalidate(case))
    decided = is_registered(case)
    theirs = newest is not None and newest.state is ProposalState.PROPOSED and not newest.by_office
    acts = [step.at for step in case.steps if step.actor_kind == ActorKind.STAFF]
    fresh = acts and any(
        one.purpose in {Purpose.SUPPLEMENT, Purpose.ANSWER} and one.received_at > acts[-1] for one in case.packages
    )
    withdrawn = acts and any(step.step == "withdraw" and step.at > acts[-1] for step in case.steps)
    last = case.letters[-1] if case.letters else None
    together = [one for one in case.letters if last and _left_together(one, last)]
    unknown = any(one.service and one.service.outcome in REACHED_NOBODY for one in together)
    end = case.permit.valid_until if case.permit else None
    ends = end is not None and end <= today + PERMIT_WARNING
    fell_through = closed_visit(case, calendar) is not None or is_visit_missed(case, today)
    found = (
        (Came.APPEAL, any(map(waits_here, case.appeals))),
        (Came.NOTICE, running_term(case, NOTICE_TERM) is not None),
        (Came.REPEALED, stage in {Stage.REFUSED, Stage.DISCONTINUED} and ending_is_repealed(case)),
        (Came.THINGS, (stage is Stage.AWAITING_ORIGINALS and not all_compared) or came_later),
        (Came.DIFFERS, stage is Stage.AWAITING_ORIGINALS and all_here and len(disputed) > strays),
        (Came.STRAY, (stage is Stage.VERIFICATION or (stage is Stage.AWAITING_ORIGINALS and all_here)) and strays > 0),
        (Came.COMPLETE, stage is Stage.AWAITING_ORIGINALS and all_here),
        (Came.TO_INVALIDATE, stage is Stage.PERMANENT_READY and back and not decided and not to_come and whole),
        (Came.BROUGHT_BACK, stage is Stage.PERMANENT_READY and back and not decided and not to_come),
        (Came.LOST, bool(lost_things(case))),
        (Came.WITHDRAWN, stage is Stage.WITHDRAWN and bool(withdrawn)),
        (Came.PROPOSAL, stage in _AGREEING and theirs),
        (Came.VISIT, stage in _AGREEING and not theirs and fell_through),
        (Came.PACKAGE, stage in _READING and fresh),
        (Came.QUESTION, any(one.answered_letter_id is None for one in case.questions)),
        (Came.LETTER, case.closed_at is None and unknown),
        (Came.PERMIT, (stage in _AGREEING or stage is Stage.HANDED_OVER) and ends),
    )
    return next((what for what, holds in found if holds), None)


def _left_together(letter: Letter, last: Letter) -> bool:
    """Whether `last`, a copy for another party or a covering letter, left with `letter`; each with itself."""
    return letter.sent_at == last.sent_at and (letter.kind == last.kind or last.kind in TO_AUTHORITIES)


def called_for(case: Case, came: Came | None, today: dt.date) -> str:
    """Return the act that comes before the order of the procedure; nothing where nothing does.

    `came`: what came in the case of this clerk.
    """
    stage = Stage(case.stage)
    if any(one.state is LetterState.LEAVING and one.step for one in case.letters):
        return "leaving"
    if came is Came.PACKAGE and case.procedure == ProcedureName.UNDESCRIBED.value and stage is Stage.VERIFICATION:
        return ""  # whoever describes the case reads it
    if came is Came.COMPLETE and originals_unasked(case):
        return "summon_further"  # what the first summons left out
    if came in _ACTS:
        return _ACTS[came]
    if stage is Stage.REFUSED and _permit_is_over(case, today) and plates_out(case) and not plates_asked(case):
        return "summon_plates"
    if stage in _AGREEING and _waits_too_long(case, today):
        return "serve_by_post"
    if stage in _AGREEING and _reminded_in_vain(case, today):
        return "set_default"
    if not case.clock_stands and stage not in SETTLED_STAGES and case.due_on is not None and case.due_on < today:
        return "notify_delay"
    return permit_calls_for(case, today) if came is Came.PERMIT else ""


def _waits_too_long(case: Case, today: dt.date) -> bool:
    """Whether all was to be collected long ago, on no day of its own, and nobody took a decision (KPA art. 109 § 1)."""
    newest = newest_proposal(case)
    if newest is None or newest.state not in BINDING or newest.slot is not None or not newest.left(Method.IN_PERSON):
        return False
    since = office_day(newest.answered_at or newest.at)
    return since + COLLECTED_WITHIN < today and any(map(is_not_collected, case.letters))


def _reminded_in_vain(case: Case, today: dt.date) -> bool:
    """Whether a week has passed since the owner was reminded of a proposal of the office, and of its day."""
    newest = newest_proposal(case)
    if newest is None or not office_waits(newest) or newest.reminded_at is None:
        return False
    return newest.due_on < today and office_day(newest.reminded_at) + AFTER_A_REMINDER < today


def _permit_is_over(case: Case, today: dt.date) -> bool:
    return case.permit is not None and case.permit.valid_until is not None and case.permit.valid_until < today


def permit_calls_for(case: Case, today: dt.date) -> str:
    """Return the act for which the end of the temporary permit of `case` calls."""
    permit, stage = case.permit, Stage(case.stage)
    if permit is None or permit.valid_until is None or stage not in {Stage.HANDED_OVER, Stage.PERMANENT_READY}:
        return ""
    if stage is Stage.PERMANENT_READY and not papers_to_come(case):
        return ""  # all is here: the vehicle is registered, and nobody gives plates back (CZYNN zał. 1 § 1 ust. 8)
    if stage is Stage.HANDED_OVER and certificate_has_arrived(case):
        return "announce_certificate"
    if permit.valid_until >= today:
        return "" if permit.extended_at else "extend_permit"
    return "summon_plates" if plates_out(case) and not plates_asked(case) else ""
