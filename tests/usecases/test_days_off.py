"""A change of the calendar moves what was due by it, says what moved, and can be looked at before."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.errors import BadInput
from app.domain.holidays import DayKind
from app.extensions import db
from app.models import AuditEvent, Case, DayOff, Letter
from app.transaction import one_transaction
from app.usecases.case_clock import settling_term
from app.usecases.change_days_off import DayChange, Moved, change_days_off, preview_days_off
from app.usecases.days_off import office_calendar
from app.usecases.serve_letter import deem_served, remind_of_letter
from tests.outbox.lying import a_case_on, a_letter_since, noon

D = dt.date
BY_LAW, CLOSED, WORKING = DayKind
TODAY = Act(SYSTEM, noon(D(2026, 3, 20)))


@pytest.fixture
def house(house):
    with house.app_context():
        yield house
        db.session.remove()


def change(day: D, kind: DayKind, name: str = "Dzień żałoby") -> tuple[Moved, ...]:
    with one_transaction() as session:
        return change_days_off(session, DayChange(day, kind, name), act=TODAY)


def test_a_new_day_off_moves_the_cases_that_are_due_on_it_and_taking_it_away_moves_them_back(house):
    here, elsewhere = a_case_on(D(2026, 3, 2)), a_case_on(D(2026, 3, 3), number=2)

    moved = change(D(2026, 4, 2), BY_LAW)

    assert moved == (Moved("KM.5410.1.2026", "case", D(2026, 4, 2), D(2026, 4, 3)),)
    case = db.session.get_one(Case, here)
    assert case.due_on == settling_term(case).due_on == D(2026, 4, 3)
    assert db.session.get_one(Case, elsewhere).due_on == D(2026, 4, 3)
    assert change(D(2026, 4, 2), WORKING) == (Moved("KM.5410.1.2026", "case", D(2026, 4, 3), D(2026, 4, 2)),)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DayOff)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "calendar-changed")) == 2


def test_a_day_on_which_the_office_closes_moves_no_term(house):
    case = a_case_on(D(2026, 3, 2))

    assert preview_days_off(db.session(), DayChange(D(2026, 4, 2), CLOSED, "Remont"), act=TODAY) == ()
    assert change(D(2026, 4, 2), CLOSED, "Remont") == ()

    assert db.session.get_one(Case, case).due_on == D(2026, 4, 2)
    calendar = office_calendar(db.session())
    assert calendar.is_closed(D(2026, 4, 2))
    assert calendar.is_working_day(D(2026, 4, 2))
    assert change(D(2026, 4, 2), WORKING) == ()
    assert not office_calendar(db.session()).is_closed(D(2026, 4, 2))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DayOff)) == 0


def test_terms_move_and_move_back_as_a_day_changes_its_kind(house):
    case = a_case_on(D(2026, 3, 2))
    change(D(2026, 4, 2), CLOSED)

    assert change(D(2026, 4, 2), BY_LAW) == (Moved("KM.5410.1.2026", "case", D(2026, 4, 2), D(2026, 4, 3)),)
    assert db.session.scalars(sa.select(DayOff.kind)).all() == [BY_LAW]
    assert change(D(2026, 4, 2), CLOSED) == (Moved("KM.5410.1.2026", "case", D(2026, 4, 3), D(2026, 4, 2)),)
    assert db.session.get_one(Case, case).due_on == D(2026, 4, 2)


def test_terms_that_a_day_moved_before_days_had_kinds_are_counted_anew_by_giving_it_the_other_kind_and_back(house):
    case, letter = a_case_on(D(2026, 3, 2)), a_letter_since(D(2026, 3, 2), number=2, days=7)
    remind(letter, D(2026, 3, 9))
    with one_transaction() as session:
        deem_served(session, session.get_one(Letter, letter), act=Act(SYSTEM, noon(D(2026, 3, 17))))
    for day in (D(2026, 4, 2), D(2026, 3, 23)):
        change(day, BY_LAW)
    with one_transaction() as session:
        session.execute(sa.update(DayOff).values(kind=CLOSED))
    assert db.session.get_one(Case, case).due_on == D(2026, 4, 3)
    assert db.session.get_one(Letter, letter).summons.due_on == D(2026, 3, 24)

    for day in (D(2026, 4, 2), D(2026, 3, 23)):
        change(day, BY_LAW)
        change(day, CLOSED)

    assert db.session.get_one(Case, case).due_on == D(2026, 4, 2)
    assert db.session.get_one(Letter, letter).summons.due_on == D(2026, 3, 23)


def test_the_office_may_close_on_a_saturday_and_open_on_it_again(house):
    change(D(2026, 4, 18), CLOSED, "Remont")
    assert office_calendar(db.session()).is_closed(D(2026, 4, 18))

    change(D(2026, 4, 18), WORKING)

    assert not office_calendar(db.session()).is_closed(D(2026, 4, 18))


@pytest.mark.one_database
def test_a_day_that_a_new_law_made_a_working_one_keeps_the_entry_that_says_so(house):
    change(D(2026, 12, 24), WORKING)

    with pytest.raises(BadInput, match="day-struck"), one_transaction() as session:
        change_days_off(session, DayChange(D(2026, 12, 24), CLOSED, "Wigilia"), act=TODAY)

    assert office_calendar(db.session()).is_working_day(D(2026, 12, 24))


def test_a_holiday_that_a_new_law_abolishes_is_a_working_day(house):
    a_case_on(D(2026, 11, 24))  # a month later is Christmas Eve, and the next working day the 28th

    assert change(D(2026, 12, 24), WORKING) == (Moved("KM.5410.1.2026", "case", D(2026, 12, 28), D(2026, 12, 24)),)
    assert office_calendar(db.session()).is_working_day(D(2026, 12, 24))
    assert change(D(2026, 12, 24), BY_LAW)[0].new == D(2026, 12, 28)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DayOff)) == 0


def remind(letter_id: int, day: dt.date) -> None:
    with one_transaction() as session:
        assert remind_of_letter(session, session.get_one(Letter, letter_id), act=Act(SYSTEM, noon(day)))


def test_summonses_and_the_forecast_of_unopened_letters_move_and_what_a_clerk_set_stays(house):
    served, unopened = a_letter_since(D(2026, 3, 2), days=7), a_letter_since(D(2026, 3, 10), number=2)
    remind(served, D(2026, 3, 9))
    remind(unopened, D(2026, 3, 17))
    with one_transaction() as session:
        assert deem_served(session, session.get_one(Letter, served), act=Act(SYSTEM, noon(D(2026, 3, 17))))
    extended = a_letter_since(D(2026, 3, 2), number=3, days=7)
    remind(extended, D(2026, 3, 9))
    with one_transaction() as session:
        letter = session.get_one(Letter, extended)
        deem_served(session, letter, act=Act(SYSTEM, noon(D(2026, 3, 17))))
        letter.summons.due_on = D(2026, 3, 25)
    assert db.session.get_one(Letter, served).summons.due_on == D(2026, 3, 23)

    assert change(D(2026, 3, 23), BY_LAW) == (Moved("KM.5410.1.2026", "summons", D(2026, 3, 23), D(2026, 3, 24)),)
    assert change(D(2026, 3, 24), BY_LAW) == (
        Moved("KM.5410.1.2026", "summons", D(2026, 3, 24), D(2026, 3, 25)),
        Moved("KM.5410.2.2026", "letter", D(2026, 3, 24), D(2026, 3, 25)),
    )
    assert db.session.get_one(Letter, extended).summons.due_on == D(2026, 3, 25)
    assert db.session.get_one(Letter, unopened).service.served_on is None


def test_a_preview_says_the_same_and_writes_nothing(house):
    a_case_on(D(2026, 3, 2))

    seen = preview_days_off(db.session(), DayChange(D(2026, 4, 2), BY_LAW, name="x"), act=TODAY)

    assert seen == (Moved("KM.5410.1.2026", "case", D(2026, 4, 2), D(2026, 4, 3)),)
    assert not db.session.dirty
    assert not db.session.new
    assert office_calendar(db.session()).is_working_day(D(2026, 4, 2))
    assert change(D(2026, 4, 2), BY_LAW) == seen


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (DayChange(D(2026, 4, 2), BY_LAW), "day-name-missing"),
        (DayChange(D(2026, 12, 24), BY_LAW, name="Wigilia"), "day-off-already"),
        (DayChange(D(2026, 4, 2), CLOSED), "day-name-missing"),
        (DayChange(D(2026, 12, 24), CLOSED, name="Wigilia"), "day-off-already"),
        (DayChange(D(2026, 4, 12), CLOSED, name="Niedziela"), "day-off-already"),
        (DayChange(D(2026, 4, 2), WORKING), "day-works-already"),
        (DayChange(D(2026, 4, 4), WORKING), "weekend-stays-off"),
        (DayChange(D(2026, 4, 12), WORKING), "weekend-stays-off"),
    ],
)
def test_what_would_change_nothing_is_refused(house, wanted, code):
    with pytest.raises(BadInput, match=code), one_transaction() as session:
        change_days_off(session, wanted, act=TODAY)
