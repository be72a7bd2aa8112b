"""What came in a clerk's cases that nobody has dealt with, and by when others have to act: beside "Moja praca"."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import ActorKind
from app.domain.appeals import FORWARDING_TERM, WITHOUT_FORCE
from app.domain.correspondence import TO_AUTHORITIES
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.custody import ItemState, Movement
from app.domain.items import LATER_THINGS, Fate, ItemKind
from app.domain.other_offices import NOTICE_TERM
from app.domain.procedures.stages import Stage
from app.models import (
    REACHED_NOBODY,
    Appeal,
    Case,
    CaseStep,
    Consignment,
    Deadline,
    Decision,
    Direction,
    Discrepancy,
    Handover,
    Item,
    Letter,
    LetterState,
    Package,
    ParcelOutcome,
    Permit,
    Proposal,
    ProposalState,
    Purpose,
    Question,
    Service,
    Summons,
)
from app.reports.stranded_visits import stranded_visit

MOST = 50
_WITH_A_PERMIT = (Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY)
PERMIT_WARNING = dt.timedelta(days=7)

_CASE, _STEP = Case.__table__.c, CaseStep.__table__.c
_ITEM, _PACKAGE, _PROPOSAL = Item.__table__.c, Package.__table__.c, Proposal.__table__.c
_PERMIT, _SUMMONS, _QUESTION = Permit.__table__.c, Summons.__table__.c, Question.__table__.c
_LETTER, _SERVICE, _PARCEL = Letter.__table__.c, Service.__table__.c, Consignment.__table__.c
_HANDOVER, _DISCREPANCY, _DECISION = Handover.__table__.c, Discrepancy.__table__.c, Decision.__table__.c
_APPEAL, _DEADLINE = Appeal.__table__.c, Deadline.__table__.c
_NOT_ASKED_FOR = DiscrepancyKind.NOT_ASKED_FOR
_IN_VAIN = (ParcelOutcome.REFUSED, ParcelOutcome.UNCLAIMED, ParcelOutcome.UNKNOWN_ADDRESSEE)


class Came(enum.StrEnum):
    """What makes a case of a clerk come first; the first of them is named."""

    APPEAL = "appeal"
    """An appeal came, and has to be forwarded within seven days."""
    NOTICE = "notice"
    """The documents are complete, and the office that registered the vehicle last is to be told in five days."""
    REPEALED = "repealed"
    """The decision that ended the case is no more: it is decided anew, or closed."""
    THINGS = "things"
    STRAY = "stray"
    """Things came that nobody had asked for, and nobody has given them back or taken them into the case."""
    DIFFERS = "differs"
    """Everything came and was compared, but not all of it is as it should be."""
    COMPLETE = "complete"
    """Everything came, was compared and agrees: it waits for the clerk to say so."""
    TO_INVALIDATE = "to_invalidate"
    """What was lent is back; before the registration is decided the old certificate has to be invalidated."""
    BROUGHT_BACK = "brought_back"
    """What was lent until the permanent certificate is back, and the registration is not decided yet."""
    LOST = "lost"
    """The post lost things of the case, and nobody has said what comes instead."""
    WITHDRAWN = "withdrawn"
    """The party withdrew its application, and the clerk has done nothing since."""
    PROPOSAL = "proposal"
    VISIT = "visit"
    """The party did not come, or the office is closed on the day on which it was to: another visit is proposed."""
    PACKAGE = "package"
    QUESTION = "question"
    LETTER = "letter"
    """The newest letter, or a copy of it for a further party, came back: its addressee is unknown, no term runs."""
    PERMIT = "permit"
    """A temporary permit ends soon, or has ended, before the permanent certificate is out."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The days that count in one case beside its own term."""

    party_until: dt.date | None = None
    """By when the party has to comply, or to answer."""
    proposed: bool = False
    """Whether a proposal of the office waits for its answer."""
    permit_until: dt.date | None = None
    """The end of a temporary permit that ends soon, or has ended."""
    appeal_until: dt.date | None = None
    """By when an appeal has to be forwarded."""
    notice_until: dt.date | None = None
    """By when the office that registered the vehicle last has to be told."""
    returned_on: dt.date | None = None
    """When a parcel came back about which nobody has proposed anything since."""
    signature_asked: bool = False
    """Whether a summons to sign a withdrawal is out."""
    signature_until: dt.date | None = None
    """By when the withdrawal has to be signed; nothing until its summons is served."""
    leaving: bool = False
    """Whether the letter of a step is in its minute before it leaves."""


def _stages(*stages: Stage) -> sa.ColumnElement[bool]:
    return _CASE.stage.in_([sa.literal_column(f"'{stage.value}'") for stage in stages])


def _a_thing(*so: sa.ColumnElement[bool], disputed: bool = False) -> sa.ColumnElement[bool]:
    """Return the condition that a thing of the case is `so`; `disputed`: with a discrepancy that nobody settled.

    Joined, or asked for what is so, it would be read from all things of the office that are so.
    """
    found = sa.exists().where(_ITEM.case_id == _CASE.id)
    if disputed:
        found = found.where(_DISCREPANCY.item_id == _ITEM.id, _DISCREPANCY.settled_at.is_(None))
    return (found.where(sa.not_(sa.or_(*map(sa.not_, so)))) if so else found).correlate(Case.__table__)


@cache
def _came() -> sa.CompoundSelect[Any]:
    mine = _CASE.clerk_id == sa.bindparam("user_id")
    last_act = (
        sa.select(sa.func.max(_STEP.at))
        .where(_STEP.case_id == _CASE.id, _STEP.actor_kind == ActorKind.STAFF.value)
        .scalar_subquery()
    )
    to_come = _ITEM.state == ItemState.EXPECTED
    asked_for = sa.exists().where(_HANDOVER.item_id == _ITEM.id, _HANDOVER.movement == Movement.EXPECTED)
    to_compare = sa.and_(_ITEM.state == ItemState.IN_OFFICE, sa.not_(_ITEM.compared), asked_for)
    # As with things: not what is so, but not what is not.
    proposed = sa.exists().where(
        _PROPOSAL.case_id == _CASE.id,
        sa.not_(sa.or_(_PROPOSAL.state != ProposalState.PROPOSED, _PROPOSAL.by_office)),
    )
    # Later on only what a vehicle was registered without is compared.
    expected_here = sa.or_(_stages(Stage.AWAITING_ORIGINALS), _ITEM.kind.in_(LATER_THINGS))
    things = (
        sa.select(_CASE.id, sa.literal_column("'things'").label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.AWAITING_ORIGINALS, *_WITH_A_PERMIT))
        .where(_a_thing(_ITEM.state == ItemState.IN_OFFICE, sa.not_(_ITEM.compared), asked_for, expected_here))
    )
    strays = (
        sa.select(_CASE.id, sa.literal_column("'stray'").label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.VERIFICATION))
        .where(_a_thing(_ITEM.state == ItemState.IN_OFFICE, _DISCREPANCY.kind == _NOT_ASKED_FOR, disputed=True))
    )
    said = sa.case(
        (_a_thing(_DISCREPANCY.kind != _NOT_ASKED_FOR, disputed=True), sa.literal_column("'differs'")),
        (_a_thing(disputed=True), sa.literal_column("'stray'")),
        else_=sa.literal_column("'complete'"),
    )
    compared = (
        sa.select(_CASE.id, said.label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.AWAITING_ORIGINALS), _a_thing(_ITEM.state == ItemState.IN_OFFICE, _ITEM.compared))
        .where(sa.not_(sa.exists().where(_ITEM.case_id == _CASE.id, to_come | to_compare).correlate(Case.__table__)))
    )
    decided = sa.select(_DECISION.kind).where(_DECISION.case_id == _CASE.id).correlate(Case.__table__)
    valid = _a_thing(
        _ITEM.state == ItemState.IN_OFFICE,
        _ITEM.kind == ItemKind.REG_CERT,
        _ITEM.fate != Fate.TO_PARTY,
        sa.not_(_ITEM.invalidated),
    )
    called = sa.case((valid, sa.literal_column("'to_invalidate'")), else_=sa.literal_column("'brought_back'"))
    brought_back = (
        sa.select(_CASE.id, called.label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.PERMANENT_READY))
        .where(_a_thing(_ITEM.state == ItemState.IN_OFFICE, _ITEM.fate == Fate.LENT, _ITEM.returned))
        .where(sa.literal_column("'registration_decision'").not_in(decided))
        .where(sa.not_(_a_thing(to_come, _ITEM.kind.in_(LATER_THINGS))))
    )
    lost = (
        sa.select(_CASE.id, sa.literal_column("'lost'").label("came"))
        .join_from(Case.__table__, Item.__table__, _ITEM.case_id == _CASE.id)
        .where(mine, _ITEM.state == ItemState.LOST)
    )
    left = CaseStep.__table__.alias()
    since = sa.exists().where(left.c.case_id == _CASE.id, left.c.step == "withdraw", left.c.at > last_act)
    withdrawn = (
        sa.select(_CASE.id, sa.literal_column("'withdrawn'").label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.WITHDRAWN), since.correlate(Case.__table__))
    )
    proposals = (
        sa.select(_CASE.id, sa.literal_column("'proposal'").label("came"))
        .select_from(Case.__table__)
        .where(mine, _stages(Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY), proposed)
    )
    visits = (
        sa.select(_CASE.id, sa.literal_column("'visit'").label("came"))
        .select_from(Case.__table__)
        .where(
            mine, _stages(Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY), stranded_visit().correlate(Case.__table__)
        )
    )
    packages = (
        sa.select(_CASE.id, sa.literal_column("'package'").label("came"))
        .join_from(Case.__table__, Package.__table__, _PACKAGE.case_id == _CASE.id)
        .where(mine, _stages(Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS,
                             Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY))
        .where(_PACKAGE.purpose.in_([Purpose.SUPPLEMENT, Purpose.ANSWER]), _PACKAGE.received_at > last_act)
    )  # fmt: skip
    questions = (
        sa.select(_CASE.id, sa.literal_column("'question'").label("came"))
        .join_from(Case.__table__, Question.__table__, _QUESTION.case_id == _CASE.id)
        .where(mine, _QUESTION.answered_letter_id.is_(None))
    )
    later = Letter.__table__.alias()
    letters = (
        sa.select(_CASE.id, sa.literal_column("'letter'").label("came"))
        .join_from(Case.__table__, Letter.__table__, _LETTER.case_id == _CASE.id)
        .join(Service.__table__, _SERVICE.letter_id == _LETTER.id)
        .where(mine, _CASE.closed_at.is_(None), _SERVICE.outcome.in_(REACHED_NOBODY))
        .where(
            ~sa.exists().where(
                later.c.case_id == _CASE.id,
                later.c.seq > _LETTER.seq,
                # A copy for another party, or a covering letter, left together with it.
                sa.or_(
                    sa.and_(later.c.kind != _LETTER.kind, later.c.kind.not_in(TO_AUTHORITIES)),
                    later.c.sent_at.is_(None),
                    later.c.sent_at != _LETTER.sent_at,
                ),
            )
        )
    )
    permits = (
        sa.select(_CASE.id, sa.literal_column("'permit'").label("came"))
        .join_from(Case.__table__, Permit.__table__, _PERMIT.case_id == _CASE.id)
        .where(mine, _stages(Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY))
        .where(_PERMIT.valid_until <= sa.bindparam("soon"))
    )
    appeals = (
        sa.select(_CASE.id, sa.literal_column("'appeal'").label("came"))
        .join_from(Case.__table__, Appeal.__table__, _APPEAL.case_id == _CASE.id)
        .where(mine, _APPEAL.forwarded_on.is_(None), _APPEAL.letter_id.is_(None), _APPEAL.outcome.is_(None))
    )
    notices = (
        sa.select(_CASE.id, sa.literal_column("'notice'").label("came"))
        .join_from(Case.__table__, Deadline.__table__, _DEADLINE.case_id == _CASE.id)
        .where(mine, _DEADLINE.kind == sa.literal_column(f"'{NOTICE_TERM}'"), _DEADLINE.ended_at.is_(None))
    )
    decided_since = Decision.__table__.alias()
    repealed = (
        sa.select(_CASE.id, sa.literal_column("'repealed'").label("came"))
        .join_from(Case.__table__, Appeal.__table__, _APPEAL.case_id == _CASE.id)
        .where(mine, _stages(Stage.REFUSED, Stage.DISCONTINUED), _APPEAL.outcome.in_(WITHOUT_FORCE))
        .where(~sa.exists().where(decided_since.c.case_id == _CASE.id, decided_since.c.id > _APPEAL.decision_id))
    )
    asked = (
        appeals,
        notices,
        repealed,
        things,
        strays,
        compared,
        brought_back,
        lost,
        withdrawn,
        proposals,
        visits,
        packages,
        questions,
        letters,
        permits,
    )
    parts = (part.distinct().limit(MOST).subquery() for part in asked)
    return sa.union_all(*(sa.select(part.c.id, part.c.came) for part in parts))


def came(session: Session, user_id: int, today: dt.date) -> dict[int, Came]:
    """Return the cases of the clerk `user_id` in which something came since their last step, and what; MOST of each."""
    found: dict[int, Came] = {}
    for case_id, what in session.execute(_came(), {"user_id": user_id, "today": today, "soon": today + PERMIT_WARNING}):
        found.setdefault(case_id, Came(what))
    return found


def terms(session: Session, cases: Collection[int], today: dt.date) -> Mapping[int, Terms]:
    """Return the terms of the cases with these ids, in one statement; a case without any is not in it."""
    if not cases:
        return {}
    # Each says what counts instead of asking for it: an index of what is open in the whole office would be walked.
    signs = _SUMMONS.kind == sa.literal_column("'withdrawal_summons'")
    asks = sa.case((signs, sa.literal_column("'signature'")), else_=sa.literal_column("'summons'"))
    summonses = sa.select(_SUMMONS.case_id, asks.label("what"), _SUMMONS.due_on, _SUMMONS.met_at.is_(None)).where(
        _SUMMONS.case_id.in_(cases)
    )
    is_open = sa.and_(_PROPOSAL.state == ProposalState.PROPOSED, _PROPOSAL.by_office.is_(True))
    proposals = sa.select(_PROPOSAL.case_id, sa.literal_column("'proposal'"), _PROPOSAL.due_on, is_open).where(
        _PROPOSAL.case_id.in_(cases)
    )
    ends_soon = _PERMIT.valid_until <= today + PERMIT_WARNING
    permits = sa.select(_PERMIT.case_id, sa.literal_column("'permit'"), _PERMIT.valid_until, ends_soon).where(
        _PERMIT.case_id.in_(cases)
    )
    # The day of the card says nothing of the order: what was written down later counts, also within one day.
    back_at = (
        sa.select(sa.func.max(_HANDOVER.at))
        .where(_HANDOVER.consignment_id == _PARCEL.id, _HANDOVER.movement == Movement.CAME_BACK)
        # Two levels up stands the parcel that is meant; without this it would be asked of all parcels of the office.
        .correlate(Consignment.__table__)
        .scalar_subquery()
    )
    proposed_since = sa.exists().where(_PROPOSAL.case_id == _PARCEL.case_id, _PROPOSAL.at >= back_at)
    came_back = sa.and_(_PARCEL.direction == Direction.OUT, _PARCEL.outcome.in_(_IN_VAIN), sa.not_(proposed_since))
    parcels = sa.select(_PARCEL.case_id, sa.literal_column("'parcel'"), _PARCEL.outcome_on, came_back).where(
        _PARCEL.case_id.in_(cases)
    )
    whose = sa.case(
        (_DEADLINE.kind == FORWARDING_TERM, sa.literal_column("'appeal'")), else_=sa.literal_column("'notice'")
    )
    to_authorities = sa.select(_DEADLINE.case_id, whose, _DEADLINE.due_on, _DEADLINE.ended_at.is_(None)).where(
        _DEADLINE.case_id.in_(cases), _DEADLINE.kind.in_([FORWARDING_TERM, NOTICE_TERM])
    )
    leaves = sa.and_(_LETTER.state == LetterState.LEAVING, _LETTER.step.is_not(None))
    leaving = sa.select(_LETTER.case_id, sa.literal_column("'leaving'"), sa.cast(sa.null(), sa.Date), leaves).where(
        _LETTER.case_id.in_(cases)
    )
    days: dict[int, dict[str, dt.date]] = {}
    unsigned, on_their_way = set(), set()
    for case_id, what, day, counts in session.execute(
        sa.union_all(summonses, proposals, permits, parcels, to_authorities, leaving)
    ):
        if counts and what == "leaving":
            on_their_way.add(case_id)
            days.setdefault(case_id, {})
        if counts and what == "signature":
            unsigned.add(case_id)
            days.setdefault(case_id, {})
        if counts and day is not None:
            known = days.setdefault(case_id, {})
            first = min if what == "appeal" else max  # each appeal has a term of its own
            known[what] = first(day, known.get(what, day))
    return {
        case_id: Terms(
            found.get("proposal") or found.get("summons"),
            "proposal" in found,
            found.get("permit"),
            found.get("appeal"),
            found.get("notice"),
            found.get("parcel"),
            case_id in unsigned,
            found.get("signature"),
            case_id in on_their_way,
        )
        for case_id, found in days.items()
    }
