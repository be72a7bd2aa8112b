"""A visit is agreed only for a time that the office offers, with room in it; what becomes a day off frees it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading

import pytest

from app.domain.delivery import Arrangement, Method
from app.domain.errors import BadInput, Refused
from app.domain.holidays import DayKind
from app.domain.office_hours import Slot
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, ProposalState
from app.reports.waiting import Came, came
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, propose_handover
from app.usecases.change_days_off import DayChange, Moved, change_days_off, preview_days_off
from app.usecases.days_off import office_calendar
from app.usecases.free_slots import check_offer, free_slots
from app.views.mailbox.situation import situation_of
from app.views.office.calling import came_in
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.clerks import a_case

HOURS = "pn 8-16, wt 8-16, śr 8-16, cz 8-16, pt 8-16; 30 min; 1"


@pytest.fixture
def one_place(office):
    """An office in which one visit begins at a time."""
    tools = equipment()
    settings = dataclasses.replace(tools.settings, office=dataclasses.replace(tools.office, slots=HOURS))
    office.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
    return office


@pytest.fixture
def work(one_place, signers) -> Work:
    return registered(signers, "jan.testowy")


def registered(signers, login: str, plate: str = "SC 7A123", permit: str = "PC 1234567") -> Work:
    """A case whose things wait to be handed over."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen(login))).case_id)
    work.gather()
    work.pay()
    work.make_ready(plate, permit)
    work.write("register_temporarily")
    return work


def offered(work: Work) -> tuple[Slot, ...]:
    return free_slots(db.session(), work.case, equipment=equipment(), act=work.act())


def propose(work: Work, visit: dt.datetime | None, session=None) -> None:
    methods = {item.number: Method.IN_PERSON for item in work.case.items if item.is_owed}
    terms = Arrangement(methods=methods, slot=visit)

    def make(within) -> None:
        case = within.get_one(Case, work.case_id)
        propose_handover(within, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)

    if session is not None:
        make(session)
        return
    with one_transaction() as own:
        make(own)


def answer(work: Work, *doers: Doer) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        act = work.citizen() if doers == (Doer.CITIZEN,) else work.act()
        answer_handover(session, case, len(case.proposals), equipment=equipment(), act=act, doers=frozenset(doers))


def change(work: Work, day: dt.date, *, kind: DayKind = DayKind.CLOSED) -> tuple[Moved, ...]:
    with one_transaction() as session:
        return change_days_off(session, DayChange(day, kind, "Awaria"), act=work.act())


def called(work: Work) -> Came | None:
    """What "Moja praca" and the case file call for, which is the same."""
    in_the_list = came(db.session(), work.clerk.id, work.act().today).get(work.case_id)
    assert in_the_list is came_in(work.case, work.act().today, office_calendar(db.session()))
    return in_the_list


def test_no_visit_is_proposed_but_for_a_time_that_the_office_offers(desk):
    tools = equipment()
    hours = dataclasses.replace(tools, settings=dataclasses.replace(
        tools.settings, office=dataclasses.replace(tools.office, slots=HOURS)))  # fmt: skip
    with one_transaction() as session:
        session.add(a_case(1))
    work = Work(db.session.query(Case.id).scalar())
    work.start = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)  # a Thursday
    change(work, dt.date(2026, 12, 1))
    monday = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
    times = {
        "slot-not-offered": (
            dt.datetime(2026, 11, 29, 2, tzinfo=dt.UTC),  # a Sunday
            monday.replace(minute=10),
            monday.replace(hour=2),
            monday + dt.timedelta(days=1),  # the day off
            monday + dt.timedelta(days=14),  # too far ahead
            work.start + dt.timedelta(hours=1),  # today
            work.start + dt.timedelta(days=1),  # no working day lies between
        ),
        "slot-passed": (work.start - dt.timedelta(days=3), work.start - dt.timedelta(hours=3)),
    }

    def try_for(visit: dt.datetime) -> None:
        check_offer(db.session(), work.case, visit, equipment=hours, act=work.act())

    for code, visits in times.items():
        for visit in visits:
            with pytest.raises(BadInput, match=code):
                try_for(visit)
    try_for(monday)
    no_times = dataclasses.replace(tools.office, slots="")
    hours = dataclasses.replace(tools, settings=dataclasses.replace(tools.settings, office=no_times))
    with pytest.raises(BadInput, match="slot-not-offered"):
        try_for(monday)


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (dt.date(2026, 11, 26), dt.date(2026, 11, 30)),  # Thursday: Friday is left to answer
        (dt.date(2026, 11, 27), dt.date(2026, 12, 1)),  # Friday: Monday
        (dt.date(2026, 12, 23), dt.date(2026, 12, 29)),  # before the holidays of Christmas
    ],
)
def test_the_first_visit_that_is_offered_leaves_a_whole_working_day_to_answer(work, on, first):
    work.start = dt.datetime.combine(on, dt.time(10), dt.UTC)

    assert offered(work)[0].begins.date() == first


def test_of_two_who_take_the_last_place_at_once_one_gets_it_and_a_place_is_free_again_when_it_is_left(
    work, one_place, signers
):
    other = registered(signers, "ewa.testowa", "SC 7A124", "PC 1234568")
    visit = offered(work)[4].begins
    refused: list[str] = []

    def meanwhile() -> None:
        with one_place.app_context():
            try:
                propose(other, visit)
            except Refused as refusal:
                refused.append(refusal.code)

    thread = threading.Thread(target=meanwhile)
    with one_transaction() as session:
        propose(work, visit, session)
        session.flush()
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits for the first to end
    thread.join(60)
    db.session.rollback()

    assert refused == ["slot-full"]
    assert other.case.proposals == []
    assert visit not in [slot.begins for slot in offered(other)]
    assert visit in [slot.begins for slot in offered(work)]
    propose(work, visit + dt.timedelta(minutes=30))
    propose(other, visit)
    assert other.case.proposals[-1].slot == visit
    sound()


def test_a_visit_that_has_passed_is_agreed_by_nobody_and_the_things_are_handed_out_without_one(work):
    visit = offered(work)[0].begins
    propose(work, visit)
    work.start = visit + dt.timedelta(minutes=5)
    with pytest.raises(BadInput, match="slot-passed"):
        answer(work, Doer.CITIZEN)
    work.later(1)
    for doers in ((Doer.CITIZEN,), (Doer.CITIZEN, Doer.FRONT_DESK)):
        with pytest.raises(BadInput, match="slot-passed"):
            answer(work, *doers)
    assert work.case.proposals[-1].state is ProposalState.PROPOSED

    propose(work, None)
    answer(work, Doer.CITIZEN, Doer.FRONT_DESK)
    work.give()

    assert work.case.stage == "handed_over"
    sound()


def test_who_is_at_the_counter_on_the_day_of_the_visit_needs_no_place(work):
    visit = offered(work)[0].begins
    propose(work, visit)
    work.start = visit + dt.timedelta(minutes=5)

    answer(work, Doer.CITIZEN, Doer.FRONT_DESK)
    work.give()

    assert work.case.stage == "handed_over"


def test_a_new_day_off_names_the_visits_of_that_day_and_calls_for_another_proposal(work):
    visit = offered(work)[-1].begins
    propose(work, visit)
    answer(work, Doer.CITIZEN)
    day, moved = visit.date(), (Moved(work.case.sign, "visit", visit.date(), None),)
    assert called(work) is None

    seen = preview_days_off(db.session(), DayChange(day, kind=DayKind.CLOSED, name="Awaria"), act=work.act())

    assert seen == change(work, day) == moved
    assert called(work) is Came.VISIT
    assert change(work, day, kind=DayKind.WORKING) == ()
    assert called(work) is None
    assert moved[0] in change(work, day, kind=DayKind.BY_LAW)
    # Nobody can come on it already.
    assert moved[0] not in change(work, day)
    propose(work, offered(work)[0].begins)
    assert called(work) is None
    sound()


def test_a_visit_to_which_nobody_came_calls_from_the_next_day_on_until_another_is_agreed_or_somebody_comes(work):
    propose(work, offered(work)[0].begins)
    answer(work, Doer.CITIZEN)
    visit = work.case.proposals[-1].slot
    work.start = visit + dt.timedelta(hours=2)
    assert called(work) is None
    assert situation_of(work.case, work.act().today, None).slot == visit
    work.start = visit + dt.timedelta(days=1)
    assert called(work) is Came.VISIT
    now = situation_of(work.case, work.act().today, None)
    assert (now.slot, now.to_collect) == (None, True), "in any office hour"

    propose(work, offered(work)[0].begins)
    assert called(work) is None, "the party answers first"
    answer(work, Doer.CITIZEN)
    work.start = work.case.proposals[-1].slot + dt.timedelta(days=1)
    assert called(work) is Came.VISIT
    work.give()
    assert called(work) is None


def test_a_visit_that_is_only_proposed_cannot_be_agreed_to_once_its_day_is_off(work):
    visit = offered(work)[-1].begins
    propose(work, visit)

    assert Moved(work.case.sign, "visit", visit.date(), None) in change(work, visit.date())

    assert called(work) is Came.VISIT
    with pytest.raises(BadInput, match="slot-not-offered"):
        answer(work, Doer.CITIZEN)


def test_the_day_of_an_answer_before_a_visit_moves_with_the_calendar_and_back(work):
    visit = offered(work)[-1].begins
    propose(work, visit)
    due = work.case.proposals[-1].due_on
    assert due < visit.date()

    assert change(work, due) == ()
    assert work.case.proposals[-1].due_on == due
    (moved,) = change(work, due, kind=DayKind.BY_LAW)

    assert (moved.sign, moved.what, moved.old) == (work.case.sign, "answer", due)
    assert moved.new == office_calendar(db.session()).last_working_day_before(due)
    assert work.case.proposals[-1].due_on == moved.new
    assert change(work, due, kind=DayKind.WORKING) == (Moved(work.case.sign, "answer", moved.new, due),)
    assert work.case.proposals[-1].due_on == due
