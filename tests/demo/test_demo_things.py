"""Every invented case has the things, letters and agreements that its steps brought about, whichever way it goes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import selectinload

from app import create_office
from app.demo.bulk import Plan, load, make_world, new_batch
from app.demo.columns import COLUMNS
from app.demo.histories import Taken, ways_of
from app.demo.invented import dice
from app.demo.rows import KEEPS_THINGS, Story, write_case
from app.demo.things import DEEDS
from app.domain.acts import SYSTEM, Act
from app.domain.annotations import AnnotationKind
from app.domain.correspondence import STEP_LETTERS
from app.domain.custody import LOST_BY_THE_POST, ItemState, Movement
from app.domain.deadlines import office_day
from app.domain.procedures.editions import EDITIONS
from app.domain.procedures.stages import Stage
from app.extensions import db
from app.house import equipment
from app.models import Base, Case, CaseStep, Handover, Item, Letter, Outcome, Service
from app.reports import queue
from app.transaction import one_transaction
from app.usecases.annotate_items import due_annotations
from app.usecases.case_facts import case_facts
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.factories import an_office, now
from tests.web.conftest import add_people, log_in_staff

_NINE = dt.time(9, tzinfo=dt.UTC)
_OVER = [Stage.CLOSED.value, Stage.ARCHIVED.value]


def every_stand(world):
    """Yield each stand of each way: when the package came, and the story. Some wait for days, some for months."""
    for sample in world.samples:
        procedure, undecided = sample.plan.procedure, sample.outcome is Outcome.UNDECIDED
        for edition in EDITIONS:
            for way in ways_of(procedure, edition, undecided=undecided)[0]:
                steps, day = [], 0
                for move in (None, *way):
                    if move is not None:
                        day += move.days[1]
                        steps = [*steps, Taken(move.row, move.doer, day)]
                    age = dt.timedelta(days=day + (0, 60, 4)[len(steps) % 3], hours=12)
                    yield dt.datetime.combine((world.until - age).date(), _NINE), Story(sample, edition, steps)


def write_every_stand():
    with one_transaction() as session:
        world = make_world(session, Plan(60, 1, now()), equipment=equipment(), act=Act(SYSTEM, now()))
        clerk = session.scalars(sa.select(User).where(User.username == "clerk")).one()
        world = dataclasses.replace(world, clerks=((clerk.id, "Test Clerk"),))
        batch, rng = new_batch(session), dice("every stand")
        for moment, story in sorted(every_stand(world), key=lambda one: one[0]):
            write_case(batch, moment, story, world, rng)
        load(session, batch)


@pytest.fixture(scope="module")
def filled(settings_of_module):
    """The office door over cases at every stand, which tests read and must not change."""
    office = create_office(settings_of_module)
    add_people(office)
    with office.app_context():
        an_office()
        done = office.test_cli_runner().invoke(args=["demo", "cases", "5"])
        assert done.exit_code == 0, done.output
        write_every_stand()
    yield office
    with office.app_context():
        db.engine.dispose()


@pytest.fixture
def stands(filled):
    with filled.app_context():
        yield filled
        db.session.remove()


def kept():
    """The cases whose things are kept."""
    every = sa.or_(Case.stage.not_in(_OVER), Case.number % KEEPS_THINGS == 0)
    return sa.select(Case).where(every, Case.stage != Stage.RECEIVED.value)


def test_every_stage_and_every_step_occurs(stands):
    assert set(db.session.scalars(sa.select(Case.stage).distinct())) == {stage.value for stage in Stage}
    assert set(DEEDS) == set(db.session.scalars(sa.select(CaseStep.step).distinct())) - {"open"}


def test_every_table_of_a_case_has_rows(stands):
    counts = {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[name])) for name in COLUMNS
    }

    assert [name for name, count in counts.items() if not count] == []


def test_every_promise_holds_of_every_stand(stands):
    assert verify_audit(db.session()) == []
    db.session.rollback()
    assert verify_store(db.session(), equipment().store, now()) == []


def test_a_step_that_writes_a_letter_has_its_letter(stands):
    for case in db.session.scalars(kept()):
        written = [(letter.step, letter.sent_at) for letter in case.letters]
        taken = [(step.step, step.at) for step in case.steps if step.step in STEP_LETTERS]
        assert written == taken
        assert [letter.seq for letter in case.letters] == list(range(1, len(taken) + 1))


def test_the_facts_of_a_case_allow_the_steps_it_took(stands):
    """What the conditions of the procedure ask for is there: a step that follows could be taken by its verb."""
    today = office_day(now())
    for case in db.session.scalars(kept()):
        facts = case_facts(case, today)
        stage = Stage(case.stage)
        if stage is Stage.AWAITING_ORIGINALS:
            assert facts.originals_awaited
        if stage in {Stage.ORIGINALS_COMPLETE, Stage.AGREEING_HANDOVER}:
            assert not facts.originals_awaited
            assert not facts.discrepancies
        if stage is Stage.AGREEING_HANDOVER and case.proposals:
            assert facts.to_hand_out + facts.to_post == facts.owed > 0
        if stage in {Stage.HANDED_OVER, Stage.CLOSED, Stage.ARCHIVED}:
            assert facts.owed == 0
        if facts.registration_decided and (case.permit is not None or stage in {Stage.CLOSED, Stage.ARCHIVED}):
            assert facts.certificate_invalidated
        if stage is Stage.ARCHIVED:
            assert facts.unsettled_items == facts.acknowledgements_awaited == 0


def test_every_thing_is_what_its_chain_makes_of_it(stands):
    """Its movements, carried out by `Item.move`, leave it as it is."""
    chains = sa.select(Item).options(selectinload(Item.handovers)).order_by(Item.id)
    for item in db.session.scalars(chains):
        author = {"at": now(), "actor_kind": "system", "actor_id": None, "actor_name": "test"}
        replayed = Item(state=None, compared=False, invalidated=False, returned=False, fate=item.fate)
        for link in item.handovers:
            came = link.movement in {Movement.RECEIVED, Movement.CAME_BACK}
            replayed.move(link.movement, author, place=link.place if came else None)
            assert (replayed.state, replayed.place) == (link.state, link.place)
        for name in ("state", "place", "compared", "invalidated", "returned"):
            assert getattr(replayed, name) == getattr(item, name), name


def test_papers_are_annotated_with_the_number_of_their_vehicle_unless_the_case_is_young(stands):
    written = set(db.session.scalars(sa.select(Handover.annotation).distinct())) - {None}
    registered = sa.select(Handover).where(Handover.annotation == AnnotationKind.REGISTERED)
    for row in db.session.scalars(registered):
        case = row.item.case
        assert f" {case.plate_numbers[-1].number if case.plate_numbers else case.plate}," in row.wording
    young = sa.select(Case).where(Case.stage == Stage.AGREEING_HANDOVER.value, ~Case.proposals.any())

    # A new car, or one from abroad, is not among the invented ones; no permit was extended, no certificate went back.
    rare = {AnnotationKind.REGISTERED_PL_EN, AnnotationKind.PERMIT_EXTENDED, AnnotationKind.CERTIFICATE_RETURNED}
    assert written == set(AnnotationKind) - rare
    assert any(due_annotations(case, office_day(now()), equipment=equipment()) for case in db.session.scalars(young))


def test_things_stand_in_every_place_and_letters_are_out_and_served(stands):
    states = set(db.session.scalars(sa.select(Item.state).distinct()))
    served = set(db.session.scalars(sa.select(Service.served_on.is_(None)).distinct()))

    assert states == set(ItemState) - {ItemState.FORWARDED, *LOST_BY_THE_POST}
    assert {bool(one) for one in served} == {True, False}


def test_the_page_of_a_case_opens_in_every_stage(filled):
    with filled.app_context():
        newest = sa.select(sa.func.max(Case.id)).where(Case.items.any(), Case.letters.any()).group_by(Case.stage)
        cases = db.session.execute(sa.select(Case.stage, Case.sign).where(Case.id.in_(newest))).all()
        letters = db.session.scalars(sa.select(Letter.public_id).order_by(Letter.id).limit(1)).all()
        db.session.remove()
    clerk = log_in_staff(filled, "clerk")

    for stage, sign in cases:
        page = clerk.get(f"/sprawa/{sign}")
        assert page.status_code == 200, stage
        assert 'id="things"' in page.text, stage
        assert 'id="letters"' in page.text, stage
    assert len(letters) == 1
    assert {stage for stage, _ in cases} >= {stage.value for stage in Stage if stage.value in _WITH_THINGS}


_WITH_THINGS = {
    "awaiting_originals", "originals_complete", "agreeing_handover", "handed_over", "permanent_ready", "closed",
    "archived", "withdrawn", "left_unexamined", "discontinued",
}  # fmt: skip


def test_no_tab_of_my_work_is_empty(filled):
    with filled.app_context():
        clerk_id = db.session.scalar(sa.select(User.id).where(User.username == "clerk"))
        counts = queue.counts(db.session(), clerk_id, office_day(now()))
        db.session.remove()
    clerk = log_in_staff(filled, "clerk")

    assert [tab for tab, count in counts.items() if not count] == []
    for tab in queue.Tab:
        page = clerk.get(f"/praca/?tab={tab.value}")
        assert page.status_code == 200, tab
        assert "/sprawa/" in page.text, tab
