"""What passing time does to cases: on the right day, once, and whoever of several workers comes first."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import WRITING
from app.domain.acts import SYSTEM, Act
from app.domain.custody import Movement
from app.domain.deadlines import StopReason
from app.domain.items import Fate, ItemKind
from app.domain.procedures.stages import Stage
from app.extensions import db
from app.models import (
    AuditEvent,
    Carriage,
    Case,
    Consignment,
    DeadlineEvent,
    Direction,
    Email,
    Finding,
    Item,
    Job,
    Letter,
    LetterState,
    ParcelOutcome,
    Permit,
    Service,
    authored,
)
from app.outbox import case_sweepers as sweep
from app.outbox.sweepers import Sweepers, post_lost_jobs
from app.transaction import one_transaction
from app.usecases.case_clock import settling_term
from tests.outbox.lying import a_case_on, a_letter_since, noon

D, UTC = dt.date, dt.UTC


@pytest.fixture
def tools(house: Flask):
    with house.app_context():
        yield house.extensions["equipment"]
        db.session.remove()


def service_of(letter_id: int) -> Service:
    db.session.rollback()
    return db.session.scalars(sa.select(Service).where(Service.letter_id == letter_id)).one()


def every_day(tools, first: dt.date, last: dt.date) -> None:
    for days in range((last - first).days + 1):
        sweep.serve_unopened_letters(tools, noon(first + dt.timedelta(days=days)))


# 24 to 28 December 2025 are no working days.
@pytest.mark.parametrize(("arrived", "edition", "reminded", "served"), [
    (D(2026, 3, 2),   "sekap", D(2026, 3, 9),   D(2026, 3, 16)),
    (D(2026, 12, 10), "sekap", D(2026, 12, 17), D(2026, 12, 28)),
    (D(2026, 12, 10), "2022",  D(2026, 12, 17), D(2026, 12, 29)),
    (D(2025, 12, 10), "sekap", D(2025, 12, 17), D(2025, 12, 29)),
    (D(2026, 10, 18), "sekap", D(2026, 10, 26), D(2026, 11, 2)),   # over the end of summer time
    (D(2026, 3, 15),  "sekap", D(2026, 3, 23),  D(2026, 3, 30)),   # over its beginning
])  # fmt: skip
def test_a_letter_that_nobody_opens_is_announced_again_and_then_served(tools, arrived, edition, reminded, served):
    letter_id = a_letter_since(arrived, edition=edition, days=7)

    every_day(tools, arrived, served - dt.timedelta(days=1))
    assert service_of(letter_id).served_on is None
    assert service_of(letter_id).reminded_at == noon(reminded)
    every_day(tools, served, served + dt.timedelta(days=1))

    service = service_of(letter_id)
    assert (service.served_on, service.outcome) == (served, "deemed")
    assert [event.kind for event in service.events] == ["arrived", "reminded", "deemed"]
    assert service.letter.summons.due_on >= served + dt.timedelta(days=7)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Email)) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The last day is the 2nd of November; the office is an hour before Greenwich.
        (dt.datetime(2026, 11, 2, 22, 59, tzinfo=UTC), dt.datetime(2026, 11, 2, 23, 1, tzinfo=UTC)),
        # The last day is the 30th of March; summer time has begun, the office is two hours before.
        (dt.datetime(2026, 3, 30, 21, 59, tzinfo=UTC), dt.datetime(2026, 3, 30, 22, 1, tzinfo=UTC)),
    ],
)
def test_the_last_day_ends_at_midnight_in_the_office(tools, before, after):
    arrived = D(2026, 10, 18) if before.month == 11 else D(2026, 3, 15)
    letter_id = a_letter_since(arrived)
    every_day(tools, arrived, arrived + dt.timedelta(days=9))

    sweep.serve_unopened_letters(tools, before)
    assert service_of(letter_id).served_on is None
    sweep.serve_unopened_letters(tools, after)

    assert service_of(letter_id).served_on == before.date()


@pytest.mark.one_database
def test_who_was_reminded_late_has_a_week_after_it(tools):
    letter_id = a_letter_since(D(2026, 3, 2))

    every_day(tools, D(2026, 3, 20), D(2026, 3, 27))
    assert service_of(letter_id).served_on is None
    every_day(tools, D(2026, 3, 28), D(2026, 3, 28))

    assert service_of(letter_id).served_on == D(2026, 3, 27)


def test_two_workers_at_once_remind_and_serve_once(house: Flask):
    with house.app_context():
        letters = [a_letter_since(D(2026, 3, 2), number=number) for number in range(1, 6)]

    def work(at: dt.datetime) -> None:
        with house.app_context():
            sweep.serve_unopened_letters(house.extensions["equipment"], at)
            db.session.remove()

    for day in (D(2026, 3, 9), D(2026, 3, 17)):
        both = [threading.Thread(target=work, args=(noon(day),)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        work(noon(day))

    with house.app_context():
        for letter_id in letters:
            assert [event.kind for event in service_of(letter_id).events] == ["arrived", "reminded", "deemed"]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Email)) == 5


# SQLite has one writer at a time anyway.
@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_letter_waits_while_somebody_moves_its_case(house: Flask):
    with house.app_context():
        letter_id = a_letter_since(D(2026, 3, 2))
        case_id = db.session.get_one(Letter, letter_id).case_id
        db.session.remove()
        tools = house.extensions["equipment"]

        with db.engine.execution_options(**{WRITING: True}).connect() as other:
            other.execute(sa.select(Case.id).where(Case.id == case_id).with_for_update())
            sweep.serve_unopened_letters(tools, noon(D(2026, 3, 9)))
            meanwhile = service_of(letter_id).reminded_at
            other.rollback()
        db.session.remove()
        sweep.serve_unopened_letters(tools, noon(D(2026, 3, 9)))

        assert meanwhile is None
        assert service_of(letter_id).reminded_at == noon(D(2026, 3, 9))
        db.session.remove()


def test_a_letter_whose_job_was_lost_gets_it_again(tools):
    letter_id = a_letter_since(D(2026, 3, 2))
    with one_transaction() as session:
        letter = session.get_one(Letter, letter_id)
        left = {column.name: getattr(letter, column.name) for column in Letter.__table__.columns}
        lost = Letter(**(left | {"id": None, "public_id": "x" * 16, "seq": 2, "state": LetterState.LEAVING}))
        session.add(lost)
        session.flush()
        letter_id = lost.id

    post_lost_jobs(tools, noon(D(2026, 3, 1)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0
    post_lost_jobs(tools, noon(D(2026, 3, 3)))
    post_lost_jobs(tools, noon(D(2026, 3, 3)))

    assert [(job.kind, job.subject_id) for job in db.session.scalars(sa.select(Job))] == [("send_letter", letter_id)]


def findings() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.code, one.details["date"]) for one in db.session.scalars(sa.select(Finding).order_by(Finding.id))]


def test_of_a_permit_that_runs_out_the_clerk_is_warned_at_seven_and_three_days_and_again_when_it_was_extended(tools):
    case_id = a_case_on(D(2026, 3, 2), stage=Stage.HANDED_OVER)
    with one_transaction() as session:
        session.add(Permit(case_id=case_id, number="PC 1", days=30, valid_until=D(2026, 4, 1)))

    sweep.warn_of_permits(tools, noon(D(2026, 3, 24)))
    assert findings() == []
    for day in (25, 26, 28):
        sweep.warn_of_permits(tools, noon(D(2026, 3, day)))
    assert findings() == [("permit-runs-out", "2026-04-01")]
    for day in (29, 30, 31):
        sweep.warn_of_permits(tools, noon(D(2026, 3, day)))
    assert findings() == [("permit-runs-out", "2026-04-01"), ("permit-ends", "2026-04-01")]

    with one_transaction() as session:
        session.execute(sa.update(Permit).values(valid_until=D(2026, 4, 15)))
    for day in (7, 8, 9):
        sweep.warn_of_permits(tools, noon(D(2026, 4, day)))
    assert findings()[2:] == [("permit-runs-out", "2026-04-15")]
    sweep.warn_of_permits(tools, noon(D(2026, 4, 13)))
    assert findings()[3:] == [("permit-ends", "2026-04-15")]


def test_of_a_case_at_risk_the_clerk_is_warned_once_for_each_day(tools):
    case_id = a_case_on(D(2026, 3, 2))  # due on 2 April, 31 days: a fifth is six

    sweep.warn_of_cases_at_risk(tools, noon(D(2026, 3, 26)))
    assert findings() == []
    for day in (27, 28, 30):
        sweep.warn_of_cases_at_risk(tools, noon(D(2026, 3, day)))
    assert findings() == [("case-at-risk", "2026-04-02")]

    with one_transaction() as session:
        case = session.get_one(Case, case_id)
        term = settling_term(case)
        act = Act(SYSTEM, noon(D(2026, 3, 30)))
        term.events.append(DeadlineEvent(kind="extended", on=act.today, until=D(2026, 5, 4), at=act.at))
        term.due_on = case.due_on = D(2026, 5, 4)
    for day in (D(2026, 3, 30), D(2026, 4, 24), D(2026, 4, 27)):
        sweep.warn_of_cases_at_risk(tools, noon(day))
    assert findings() == [("case-at-risk", "2026-04-02"), ("case-at-risk", "2026-05-04")]


def test_a_day_on_which_a_case_waits_for_its_party_is_not_counted_and_makes_no_form_stale(tools):
    case_id = a_case_on(D(2026, 3, 2), stage=Stage.AWAITING_ORIGINALS)
    with one_transaction() as session:
        at, why = noon(D(2026, 3, 10)), StopReason.AWAITING_ORIGINALS.value
        case = session.get_one(Case, case_id)
        settling_term(case).events.append(DeadlineEvent(kind="stopped", on=D(2026, 3, 10), reason=why, at=at))
        case.clock_stands = True
    version = db.session.get_one(Case, case_id).version

    sweep.count_on_standing_clocks(tools, noon(D(2026, 4, 20)))
    db.session.rollback()

    case = db.session.get_one(Case, case_id)
    assert case.due_on == settling_term(case).due_on == D(2026, 5, 12)
    assert case.version == version
    sweep.warn_of_cases_at_risk(tools, noon(D(2026, 5, 11)))
    assert findings() == []


def test_a_clock_that_stands_by_an_older_rule_goes_on_when_the_office_is_next(tools):
    case_id = a_case_on(D(2026, 3, 2), stage=Stage.AGREEING_HANDOVER)
    with one_transaction() as session:
        case, at = session.get_one(Case, case_id), noon(D(2026, 3, 10))
        why = StopReason.AWAITING_AGREEMENT.value
        settling_term(case).events.append(DeadlineEvent(kind="stopped", on=D(2026, 3, 10), reason=why, at=at))
        case.clock_stands = True

    sweep.count_on_standing_clocks(tools, noon(D(2026, 3, 20)))
    db.session.rollback()

    case = db.session.get_one(Case, case_id)
    last = settling_term(case).events[-1]
    assert (last.kind, last.on, case.clock_stands) == ("restarted", D(2026, 3, 20), False)
    assert case.due_on == settling_term(case).due_on == D(2026, 4, 13)


def closed(number: int, **parcel: object) -> int:
    case_id = a_case_on(D(2026, 3, 2), number=number, stage=Stage.CLOSED)
    at = noon(D(2026, 4, 1))
    with one_transaction() as session:
        session.execute(sa.update(Case).where(Case.id == case_id).values(closed_at=at))
        session.add(
            Consignment(
                number=f"RPO/{number}/2026", direction=Direction.OUT, carriage=Carriage.POST, case_id=case_id, at=at,
                on=D(2026, 4, 1), address=[], author_name="x", **parcel,
            )
        )  # fmt: skip
    return case_id


def test_what_is_over_is_archived_after_a_fortnight_and_what_waits_for_proof_is_not(tools):
    over = closed(1, outcome=ParcelOutcome.DELIVERED)
    waiting = closed(2)
    unsettled = closed(3, outcome=ParcelOutcome.DELIVERED)
    with one_transaction() as session:
        item = Item(number=1, case_id=unsettled, kind=ItemKind.INSPECTION, fate=Fate.IN_FILE)
        item.move(Movement.RECEIVED, authored(Act(SYSTEM, noon(D(2026, 3, 3)))), place="A-1")
        session.add(item)

    sweep.archive_what_is_over(tools, noon(D(2026, 4, 14)))
    db.session.rollback()
    assert db.session.get_one(Case, over).stage == "closed"
    for _ in range(2):
        sweep.archive_what_is_over(tools, noon(D(2026, 4, 15)))
    db.session.rollback()

    assert [db.session.get_one(Case, one).stage for one in (over, waiting, unsettled)] == [
        "archived", "closed", "closed",
    ]  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "step-taken")) == 1
    assert db.session.get_one(Case, over).steps[-1].actor_kind == "system"


@pytest.mark.one_database
def test_the_worker_sweeps_cases_too_and_one_that_fails_keeps_no_other_waiting(tools, monkeypatch, caplog):
    first, second = (a_letter_since(D(2026, 3, 2), number=number) for number in (1, 2))
    remind = sweep.remind_of_letter

    def fails(session, letter, *, act):
        if letter.id == first:
            raise KeyError("broken")
        return remind(session, letter, act=act)

    monkeypatch.setattr(sweep, "remind_of_letter", fails)
    Sweepers().sweep(tools, noon(D(2026, 3, 9)))

    assert service_of(first).reminded_at is None
    assert service_of(second).reminded_at is not None
    assert "was left as it is" in caplog.text
