"""Whether every thing, number, letter and term of the cases is where and what it should be: the invariants C1 to C9.

C1  a thing is where its last hand-over left it, since the day on which it came
C2  a registration number is on one vehicle at most, with all its plates
C3  what is closed owes nothing and leaves no old certificate whole, what is archived has all things in their places
C4  what was agreed to go out was posted once under each agreement
C5  a letter that was sent has its bytes, and its service where it needs one
C6  a service has an event that says so, and starts the term of its summons
C7  a case is due when the ledger of its clock says, and the clock stands where others have to act
C8  an annotation has its words and stands on a thing once; struck out is only what stood there
C9  a vehicle is registered with every customs and excise document that was to come
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain.annotations import AnnotationKind
from app.domain.custody import LOST_BY_THE_POST, SETTLED, ItemState, Movement
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.deadlines import STOPS_BY_HAND, office_day
from app.domain.determinations import DeterminationCode
from app.domain.holidays import Calendar
from app.domain.items import LATER_THINGS, Fate, ItemKind
from app.domain.procedures.stages import Stage
from app.domain.vehicles import PlateKind
from app.models import (
    BINDING,
    Case,
    CaseStep,
    Deadline,
    Decision,
    Determination,
    Discrepancy,
    Handover,
    Item,
    Letter,
    LetterState,
    LetterWay,
    PlateNumber,
    PlateState,
    Proposal,
    Service,
    ServiceEvent,
    ServiceOutcome,
    Summons,
)
from app.usecases.case_clock import SETTLING_TERM, clock_of
from app.usecases.days_off import office_calendar
from app.usecases.keep_clock import waits_because

_BATCH = 500
_OUT = (Movement.HANDED_OUT, Movement.POSTED)
_TO_ORDER = PlateKind.INDIVIDUAL.value
_IN = (Movement.RECEIVED, Movement.CAME_BACK, Movement.MADE)
_WRITING = (Movement.ANNOTATED, Movement.STRUCK_OUT)

Broken = tuple[str, str, str]
"""Which invariant, about what, and in words."""


def verify_custody(session: Session, at: dt.datetime) -> Iterator[Broken]:
    """Yield what breaks the invariants at `at`. Writes nothing."""
    checks: tuple[Callable[[], Iterator[Broken]], ...] = (
        lambda: _places(session),
        lambda: _arrivals(session),
        lambda: _numbers(session),
        lambda: _endings(session),
        lambda: _agreements(session),
        lambda: _letters(session),
        lambda: _services(session),
        lambda: _clocks(session, at),
        lambda: _annotations(session),
        lambda: _conditions(session),
    )
    for check in checks:
        yield from check()


def _places(session: Session) -> Iterator[Broken]:
    """C1: state and place are those of the last hand-over, and the chain has no gap."""
    last = (
        sa.select(Handover.item_id, sa.func.max(Handover.seq).label("seq"), sa.func.count().label("links"))
        .group_by(Handover.item_id)
        .subquery()
    )
    moved = aliased(Handover)
    rows = (
        sa.select(Item.number, Item.state, Item.place, moved.state, moved.place, last.c.seq, last.c.links)
        .outerjoin(last, last.c.item_id == Item.id)
        .outerjoin(moved, sa.and_(moved.item_id == Item.id, moved.seq == last.c.seq))
        .where(
            sa.or_(
                last.c.seq.is_distinct_from(last.c.links),
                moved.state.is_distinct_from(Item.state),
                moved.place.is_distinct_from(Item.place),
                last.c.seq.is_(None),
            )
        )
    )
    for number, state, place, moved_to, moved_place, seq, links in session.execute(rows):
        if seq is None:
            yield "C1", f"item {number}", "has no hand-over"
        elif seq != links:
            yield "C1", f"item {number}", f"has {links} hand-overs, and the last is number {seq}"
        else:
            yield (
                "C1",
                f"item {number}",
                f"is {state} at {place}, and its last hand-over left it {moved_to} at {moved_place}",
            )


def _arrivals(session: Session) -> Iterator[Broken]:
    """C1: what is, or was, in the office came when its chain says so; what is awaited has not come."""
    came = (
        sa.select(Handover.item_id, sa.func.max(Handover.at).label("at"))
        .where(Handover.movement.in_([Movement.RECEIVED, Movement.MADE]))
        .group_by(Handover.item_id)
        .subquery()
    )
    said = sa.case((Item.state.in_([ItemState.EXPECTED, ItemState.CALLED_OFF]), None), else_=came.c.at)
    rows = (
        sa.select(Item.number, Item.came_at, said)
        .outerjoin(came, came.c.item_id == Item.id)
        .where(Item.came_at.is_distinct_from(said))
    )
    for number, came_at, at in session.execute(rows):
        yield "C1", f"item {number}", f"came {came_at}, and its hand-overs say {at}"


def _numbers(session: Session) -> Iterator[Broken]:
    """C2: a number in stock has no case and no plates, an assigned one one case and its plates, if they have come."""
    replaced = sa.exists().where(Handover.item_id == Item.id, Handover.movement == Movement.REPLACED)
    plates = (
        sa.select(Item.case_id, Item.label, sa.func.count().label("plates"))
        .where(Item.kind == ItemKind.NEW_PLATE, Item.state != ItemState.FORWARDED, ~replaced)
        .group_by(Item.case_id, Item.label)
        .subquery()
    )
    own = sa.and_(plates.c.label == PlateNumber.number, plates.c.case_id == PlateNumber.case_id)
    # An order that was withdrawn has no case any more; its plates may have come before.
    withdrawn = sa.and_(
        plates.c.label == PlateNumber.number, PlateNumber.case_id.is_(None), PlateNumber.kind == _TO_ORDER
    )
    bare = (
        sa.select(PlateNumber.number, PlateNumber.plates, sa.func.coalesce(plates.c.plates, 0))
        .outerjoin(plates, own)
        .where(PlateNumber.state == PlateState.ASSIGNED)
        .where(sa.or_(PlateNumber.case_id.is_(None), plates.c.plates.is_distinct_from(PlateNumber.plates)))
        .where(sa.or_(PlateNumber.case_id.is_(None), plates.c.plates.is_not(None), PlateNumber.kind != _TO_ORDER))
    )
    for number, wanted, there in session.execute(bare):
        yield "C2", f"plate {number}", f"is assigned, and its case has {there} of {wanted} plates"
    strange = (
        sa.select(plates.c.label)
        .outerjoin(PlateNumber, sa.or_(own, withdrawn))
        .where(sa.or_(PlateNumber.id.is_(None), PlateNumber.state == PlateState.IN_STOCK))
        .order_by(plates.c.label)
    )
    for label in session.scalars(strange):
        yield "C2", f"plate {label}", "has plates in a case to which the number is not assigned"
    twice = sa.select(PlateNumber.case_id).where(PlateNumber.state == PlateState.ASSIGNED)
    twice = twice.group_by(PlateNumber.case_id).having(sa.func.count() > 1)
    for sign in session.scalars(sa.select(Case.sign).where(Case.id.in_(twice))):
        yield "C2", f"case {sign}", "has more than one registration number"


def _endings(session: Session) -> Iterator[Broken]:
    """C3: nothing is owed, no old certificate whole, in the archive nothing unsettled; but for what came later."""
    ended = sa.select(CaseStep.case_id, sa.func.max(CaseStep.at).label("at")).group_by(CaseStep.case_id).subquery()
    came = (
        sa.select(Handover.item_id, sa.func.max(Handover.at).label("at"))
        .where(Handover.movement.in_(_IN))
        .group_by(Handover.item_id)
        .subquery()
    )
    goes_out = sa.or_(
        Item.fate.in_([Fate.TO_PARTY, Fate.RETURNED_ABROAD]),
        sa.and_(Item.fate == Fate.LENT, Item.returned.is_(False), Item.invalidated.is_(False)),
    )
    owed = sa.and_(Item.state == ItemState.IN_OFFICE, goes_out)
    lost = sa.select(Determination.case_id).where(Determination.code == DeterminationCode.OLD_CERTIFICATE_LOST.value)
    stray = sa.exists().where(Discrepancy.item_id == Item.id, Discrepancy.kind == DiscrepancyKind.NOT_ASKED_FOR)
    # It was lost when the case ended, and its party has got it after all.
    written_off = sa.exists().where(Handover.item_id == Item.id, Handover.movement == Movement.WRITTEN_OFF)
    whole = sa.and_(
        Item.kind == ItemKind.REG_CERT,
        Item.invalidated.is_(False),
        Item.fate != Fate.TO_PARTY,
        Item.state.not_in([ItemState.CALLED_OFF, ItemState.FORWARDED, *LOST_BY_THE_POST]),
        Item.case_id.not_in(lost),
        sa.not_(stray),
        sa.not_(sa.and_(Item.state == ItemState.WITH_PARTY, written_off)),
    )
    unsettled = sa.and_(Case.stage == Stage.ARCHIVED.value, Item.state.not_in(SETTLED))
    rows = (
        sa.select(Case.sign, Case.stage, Item.number, Item.state, whole)
        .join(Item, Item.case_id == Case.id)
        .join(ended, ended.c.case_id == Case.id)
        .outerjoin(came, came.c.item_id == Item.id)
        .where(Case.stage.in_([Stage.CLOSED.value, Stage.ARCHIVED.value]), sa.or_(owed, whole, unsettled))
        .where(sa.or_(came.c.at.is_(None), came.c.at <= ended.c.at))
    )
    for sign, stage, number, state, is_whole in session.execute(rows):
        found = f"{state.value}, not invalidated" if is_whole else state.value
        yield "C3", f"case {sign}", f"is {stage}, and item {number} is {found}"


def _agreements(session: Session) -> Iterator[Broken]:
    """C4: before a thing is posted again somebody agreed anew, unless its party brought it back by itself.

    Whoever fetches at the counter what the post brought back agrees by signing for it.
    """
    often = sa.select(Handover.item_id).where(Handover.movement.in_(_OUT)).group_by(Handover.item_id)
    often = often.having(sa.func.count() > 1)
    for item in session.scalars(sa.select(Item).where(Item.id.in_(often)).order_by(Item.id)):
        agreed = session.scalars(
            sa.select(Proposal).where(Proposal.case_id == item.case_id, Proposal.state.in_(BINDING))
        ).all()
        for first, second in _goings_out(item.handovers):
            under = [one for one in agreed if one.at <= second.at and str(item.number) in one.methods]
            newest = max(under, key=lambda one: one.version, default=None)
            if second.movement is Movement.POSTED and newest is not None and newest.at <= first.at:
                yield "C4", f"item {item.number}", f"was posted twice under version {newest.version} of the agreement"


def _goings_out(chain: Sequence[Handover]) -> Iterator[tuple[Handover, Handover]]:
    """Yield two goings-out that follow each other without the party having had the thing in between."""
    before = None
    for earlier, row in itertools.pairwise([None, *chain]):
        if row is None:
            continue
        if row.movement is Movement.CAME_BACK and earlier is not None and earlier.state is ItemState.WITH_PARTY:
            before = None
        elif row.movement in _OUT:
            if before is not None:
                yield before, row
            before = row


def _letters(session: Session) -> Iterator[Broken]:
    """C5: bytes and moment of what was sent, and a service of what must be served in the mailbox."""
    rows = (
        sa.select(Case.sign, Letter.seq, Letter.sent_at, Letter.pdf_sha256)
        .join(Case, Case.id == Letter.case_id)
        .outerjoin(Service, Service.letter_id == Letter.id)
        .where(Letter.state == LetterState.SENT)
        .where(
            sa.or_(
                Letter.sent_at.is_(None),
                Letter.pdf_sha256.is_(None),
                sa.and_(Letter.way == LetterWay.MAILBOX, Letter.needs_receipt, Service.id.is_(None)),
                sa.and_(Letter.way == LetterWay.MAILBOX, Letter.message_id.is_(None)),
            )
        )
    )
    for sign, seq, sent_at, sha256 in session.execute(rows):
        lacks = "bytes" if sha256 is None else "a moment" if sent_at is None else "a message with its service"
        yield "C5", f"letter {sign}/{seq}", f"was sent and has not {lacks}"


_SAID_BY = sa.case((Service.outcome == ServiceOutcome.COLLECTED, "opened"), else_=sa.cast(Service.outcome, sa.String))


def _services(session: Session) -> Iterator[Broken]:
    """C6: an event bears the outcome, and the term of a summons that was served runs."""
    named = sa.select(Case.sign, Letter.seq).join(Letter, Letter.case_id == Case.id)
    said = sa.exists().where(ServiceEvent.service_id == Service.id, ServiceEvent.kind == _SAID_BY)
    silent = named.join(Service, Service.letter_id == Letter.id).where(
        sa.or_(
            sa.and_(Service.served_on.is_not(None), sa.or_(Service.outcome.is_(None), ~said)),
            sa.and_(Service.served_on.is_(None), Service.outcome.is_not(None), ~said),
        )
    )
    for sign, seq in session.execute(silent):
        yield "C6", f"letter {sign}/{seq}", "is served, and no event says so"
    timeless = named.join(Service, Service.letter_id == Letter.id).join(Summons, Summons.letter_id == Letter.id)
    for sign, seq in session.execute(timeless.where(Service.served_on.is_not(None), Summons.due_on.is_(None))):
        yield "C6", f"letter {sign}/{seq}", "is a summons that was served, and its term does not run"


def _clocks(session: Session, at: dt.datetime) -> Iterator[Broken]:
    """C7: the day by the ledger. While a clock stands, the day moves on with each day that passes."""
    today, calendar, last = office_day(at), office_calendar(session), 0
    while True:
        terms = session.scalars(
            sa.select(Deadline)
            .where(Deadline.id > last, Deadline.kind == SETTLING_TERM)
            .order_by(Deadline.id)
            .limit(_BATCH)
            .options(selectinload(Deadline.events))
            .options(selectinload(Deadline.case).selectinload(Case.proposals))
            .options(selectinload(Deadline.case).selectinload(Case.determinations))
        ).all()
        for term in terms:
            last = term.id
            for sentence in _faults_of_clock(term, today, calendar):
                yield "C7", f"case {term.case.sign}", sentence
        if len(terms) < _BATCH:
            return


def _faults_of_clock(term: Deadline, today: dt.date, calendar: Calendar) -> Iterator[str]:
    if term.due_on != term.case.due_on:
        yield f"is due {term.case.due_on}, and its term {term.due_on}"
    try:
        clock = clock_of(term)
    except ValueError as impossible:
        yield f"has a clock that cannot be: {impossible}"
        return
    if term.ended_at is not None:
        # It was reckoned by the calendar of its day, which the office may have changed since.
        return
    since = clock.events[-1].day
    earliest, latest = clock.reckon(since, calendar), clock.reckon(max(today, since), calendar)
    if term.due_on is None or not earliest.due <= term.due_on <= latest.due:
        yield f"is due {term.due_on}, and its clock says {latest.due}"
    stands = waits_because(term.case) is not None or bool(STOPS_BY_HAND.intersection(clock.standing))
    if earliest.running is stands or term.case.clock_stands is not stands:
        yield f"is {term.case.stage}, and its clock {'runs' if stands else 'stands'}"


def _annotations(session: Session) -> Iterator[Broken]:
    """C8: a chain is written on and struck out by turns, each kind of annotation for itself."""
    rows = (
        sa.select(Item.number, Handover.movement, Handover.annotation, Handover.wording)
        .join(Item, Item.id == Handover.item_id)
        .where(sa.or_(Handover.movement.in_(_WRITING), Handover.annotation.is_not(None)))
        .order_by(Handover.item_id, Handover.seq)
        .execution_options(yield_per=_BATCH)
    )
    for number, chain in itertools.groupby(session.execute(rows), key=lambda row: row.number):
        stands: set[AnnotationKind | None] = set()
        for row in chain:
            written = row.movement is Movement.ANNOTATED
            if row.movement not in _WRITING or row.annotation is None or not row.wording:
                yield "C8", f"item {number}", f"is {row.movement}, annotation {row.annotation}, words: {row.wording}"
            elif written is (row.annotation in stands):
                wrong = "annotated twice" if written else "struck out and did not stand there"
                yield "C8", f"item {number}", f"has the annotation {row.annotation}, which was {wrong}"
            stands = stands | {row.annotation} if written else stands - {row.annotation}


def _conditions(session: Session) -> Iterator[Broken]:
    """C9: no customs or excise document is awaited where the registration is decided (PRD art. 74)."""
    rows = (
        sa.select(Case.sign, Item.number)
        .join(Item, Item.case_id == Case.id)
        .where(Item.kind.in_(LATER_THINGS), Item.state == ItemState.EXPECTED)
        .where(sa.exists().where(Decision.case_id == Case.id, Decision.kind == "registration_decision"))
    )
    for sign, number in session.execute(rows):
        yield "C9", f"case {sign}", f"is registered, and item {number} has not come"
