"""Terms and the clock of a case: the vectors of the law, and what holds for every term."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import (
    COMPLEX_CASE,
    Clock,
    StopReason,
    Term,
    Unit,
    Way,
    deemed_served,
    due_date,
    extended,
    extended_permit,
    is_kept,
    office_day,
    permit_valid_until,
    raw_end,
    restarted,
    started,
    stopped,
)
from app.domain.holidays import STATUTORY, Calendar

D = dt.date
DAYS_7, DAYS_14, MONTH = Term(7, Unit.DAY), Term(14, Unit.DAY), Term(1, Unit.MONTH)
LATE = D(2027, 1, 1)

days = st.dates(D(2001, 1, 1), D(2095, 12, 31))
terms = st.builds(Term, st.integers(1, 30), st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH]))


@pytest.mark.parametrize(
    ("start", "term", "raw", "due"),
    [
        (D(2026, 3, 2), DAYS_7, D(2026, 3, 9), D(2026, 3, 9)),
        (D(2026, 4, 24), DAYS_7, D(2026, 5, 1), D(2026, 5, 4)),
        (D(2026, 5, 28), DAYS_7, D(2026, 6, 4), D(2026, 6, 5)),
        (D(2025, 12, 17), DAYS_7, D(2025, 12, 24), D(2025, 12, 29)),
        (D(2026, 12, 10), DAYS_14, D(2026, 12, 24), D(2026, 12, 28)),
        (D(2026, 1, 31), MONTH, D(2026, 2, 28), D(2026, 3, 2)),
        (D(2026, 10, 1), MONTH, D(2026, 11, 1), D(2026, 11, 2)),
        # Beyond the reference table: a leap year, weeks, years, a month across the year's end.
        (D(2028, 1, 31), MONTH, D(2028, 2, 29), D(2028, 2, 29)),
        (D(2026, 3, 2), Term(2, Unit.WEEK), D(2026, 3, 16), D(2026, 3, 16)),
        (D(2028, 2, 29), Term(1, Unit.YEAR), D(2029, 2, 28), D(2029, 2, 28)),
        (D(2026, 12, 31), Term(2, Unit.MONTH), D(2027, 2, 28), D(2027, 3, 1)),
    ],
)
def test_terms_end_as_article_57_says(start, term, raw, due):
    assert raw_end(start, term) == raw
    assert due_date(start, term) == due


@given(days, terms)
def test_no_term_ends_on_a_saturday_or_a_day_off(start, term):
    due = due_date(start, term)

    assert due.weekday() < 5
    assert STATUTORY.holiday(due) is None
    # Nowhere in the calendar do more than five such days follow each other.
    assert dt.timedelta(0) <= due - raw_end(start, term) <= dt.timedelta(days=5)


@given(days, days, terms)
def test_who_starts_later_never_ends_earlier(one, other, term):
    earlier, later = sorted((one, other))

    assert due_date(earlier, term) <= due_date(later, term)


@given(days, st.integers(1, 60))
def test_a_longer_term_never_ends_earlier(start, length):
    for unit in (Unit.DAY, Unit.WEEK, Unit.MONTH):
        assert due_date(start, Term(length, unit)) <= due_date(start, Term(length + 1, unit))


@given(days, st.integers(1, 24))
def test_months_keep_the_number_of_the_day_or_take_the_last(start, length):
    end = raw_end(start, Term(length, Unit.MONTH))

    assert end.day == start.day or (end + dt.timedelta(days=1)).day == 1


def test_a_term_without_length_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Term(0, Unit.DAY)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-01T22:59:59+00:00", D(2026, 3, 1)),
        ("2026-03-01T23:00:00+00:00", D(2026, 3, 2)),
        ("2026-06-30T21:59:59+00:00", D(2026, 6, 30)),
        ("2026-06-30T22:00:00+00:00", D(2026, 7, 1)),
        # The nights in which the clocks change.
        ("2026-03-28T23:30:00+00:00", D(2026, 3, 29)),
        ("2026-03-29T22:00:00+00:00", D(2026, 3, 30)),
        ("2026-10-24T22:30:00+00:00", D(2026, 10, 25)),
        ("2026-10-25T22:59:00+00:00", D(2026, 10, 25)),
        ("2026-10-25T23:00:00+00:00", D(2026, 10, 26)),
    ],
)
def test_the_day_is_that_of_the_office_in_summer_and_winter(moment, day):
    assert office_day(dt.datetime.fromisoformat(moment)) == day


def test_a_moment_without_a_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="naive"):
        office_day(dt.datetime(2026, 3, 1, 12, 0))  # noqa: DTZ001 - that is the point


def test_a_change_of_clocks_inside_a_term_moves_nothing():
    evening_before = office_day(dt.datetime.fromisoformat("2026-10-22T21:30:00+00:00"))

    assert due_date(evening_before, DAYS_7) == D(2026, 10, 29)


def test_a_permit_ends_on_its_day_even_on_a_sunday():
    issued = D(2026, 10, 2)

    until = permit_valid_until(issued)

    assert until == D(2026, 11, 1)
    assert until.weekday() == 6
    assert extended_permit(until) == D(2026, 11, 15)


def test_a_permit_longer_than_thirty_days_is_refused():
    with pytest.raises(ValueError, match="30 days"):
        permit_valid_until(D(2026, 10, 2), days=31)


@pytest.mark.parametrize(
    ("arrived", "sekap", "law_of_2022"),
    [
        (D(2026, 10, 29), D(2026, 11, 12), D(2026, 11, 13)),
        (D(2026, 12, 10), D(2026, 12, 28), D(2026, 12, 29)),  # over Christmas
        (D(2026, 10, 17), D(2026, 11, 2), D(2026, 11, 3)),  # a Saturday, and All Saints behind it
    ],
)
def test_an_unopened_letter_is_served_after_fourteen_days(arrived, sekap, law_of_2022):
    assert deemed_served(arrived) == sekap
    assert deemed_served(arrived, day_after=True) == law_of_2022


def test_the_posting_date_keeps_a_term_only_at_the_designated_operator():
    due, posted, arrived = D(2026, 3, 9), D(2026, 3, 9), D(2026, 3, 12)

    assert is_kept(due, Way.DESIGNATED_OPERATOR, arrived=arrived, posted=posted)
    assert not is_kept(due, Way.COURIER, arrived=arrived, posted=posted)
    assert not is_kept(due, Way.DESIGNATED_OPERATOR, arrived=arrived, posted=D(2026, 3, 10))
    assert not is_kept(due, Way.DESIGNATED_OPERATOR, arrived=arrived)
    assert is_kept(due, Way.ELECTRONIC, arrived=due)


def test_a_clock_that_never_stopped_is_due_after_a_month():
    reckoning = Clock((started(D(2026, 10, 1)),)).reckon(LATE)

    assert reckoning.due == D(2026, 11, 2)
    assert reckoning.running
    assert [(line.code, line.date) for line in reckoning.lines] == [
        ("started", D(2026, 11, 1)),
        ("holiday", D(2026, 11, 1)),
        ("due", D(2026, 11, 2)),
    ]


def test_the_days_in_which_the_case_waits_are_added_and_explained():
    clock = Clock(
        (
            started(D(2026, 10, 1)),
            stopped(D(2026, 10, 5), StopReason.AWAITING_ORIGINALS),
            restarted(D(2026, 10, 16), StopReason.AWAITING_ORIGINALS),
        )
    )

    reckoning = clock.reckon(D(2026, 11, 3))

    assert reckoning.due == D(2026, 11, 12)
    assert reckoning.stopped_days == 10
    start, stop, holiday, due = reckoning.lines
    assert (start.code, start.law, start.date) == ("started", "KPA art. 35 § 3", D(2026, 11, 1))
    assert (stop.code, stop.law, stop.date) == ("stopped", "KPA art. 35 § 5", D(2026, 11, 11))
    assert (stop.since, stop.until, stop.days) == (D(2026, 10, 6), D(2026, 10, 15), 10)
    assert (holiday.code, holiday.holiday, holiday.law) == ("holiday", "independence-day", "KPA art. 57 § 4")
    assert (due.code, due.date) == ("due", D(2026, 11, 12))


def test_a_clock_that_stands_is_due_as_if_it_went_on_today():
    clock = Clock((started(D(2026, 3, 2)), stopped(D(2026, 3, 10), StopReason.AWAITING_REMEDY)))

    reckoning = clock.reckon(D(2026, 3, 21))

    assert not reckoning.running
    assert reckoning.due == due_date(D(2026, 4, 12), Term(1, Unit.DAY))
    assert clock.reckon(D(2026, 3, 22)).due >= reckoning.due


def test_two_reasons_at_once_stop_the_clock_once():
    clock = Clock(
        (
            started(D(2026, 3, 2)),
            stopped(D(2026, 3, 5), StopReason.AWAITING_ORIGINALS),
            stopped(D(2026, 3, 7), StopReason.SUSPENDED),
            restarted(D(2026, 3, 10), StopReason.AWAITING_ORIGINALS),
            restarted(D(2026, 3, 15), StopReason.SUSPENDED),
        )
    )

    assert clock.reckon(LATE).stopped_days == 9  # 6 to 14 March


def test_an_announced_delay_gives_a_new_end_and_later_stops_add_to_it():
    extension = extended(D(2026, 3, 20), D(2026, 4, 15))
    base = (started(D(2026, 3, 2)), extension)

    assert Clock(base).reckon(LATE).due == D(2026, 4, 15)
    later = (stopped(D(2026, 3, 25), StopReason.AWAITING_PARTY), restarted(D(2026, 3, 28)))
    assert Clock((*base, *later)).reckon(LATE).due == D(2026, 4, 17)


def test_a_delay_announced_while_the_clock_stands_does_not_count_the_stop_twice():
    clock = Clock(
        (
            started(D(2026, 3, 2)),
            stopped(D(2026, 3, 10), StopReason.AWAITING_PARTY),
            extended(D(2026, 3, 20), D(2026, 4, 15)),
            restarted(D(2026, 3, 23)),
        )
    )

    assert clock.reckon(LATE).due == D(2026, 4, 17)  # 21 and 22 March


def test_an_office_holiday_moves_the_due_date_of_a_running_case():
    clock = Clock((started(D(2026, 3, 2), COMPLEX_CASE),))
    calendar = Calendar(extra={D(2026, 5, 4): "dzień wolny"})

    assert clock.reckon(LATE).due == D(2026, 5, 4)
    assert clock.reckon(LATE, calendar).due == D(2026, 5, 5)


@pytest.mark.parametrize(
    "events",
    [
        (),
        (stopped(D(2026, 3, 2), StopReason.SUSPENDED),),
        (started(D(2026, 3, 2)), started(D(2026, 3, 2))),
        (started(D(2026, 3, 2)), restarted(D(2026, 3, 3))),
        (started(D(2026, 3, 2)), stopped(D(2026, 3, 1), StopReason.SUSPENDED)),
        (
            started(D(2026, 3, 2)),
            stopped(D(2026, 3, 3), StopReason.SUSPENDED),
            restarted(D(2026, 3, 4), StopReason.AWAITING_PARTY),
        ),
    ],
)
def test_a_history_that_cannot_have_happened_is_refused(events):
    with pytest.raises(ValueError, match="clock"):
        Clock(events)


@st.composite
def clocks(draw):
    """A clock with stops and restarts in turn, all of them in order."""
    day = draw(days)
    events = [started(day)]
    for _ in range(draw(st.integers(0, 5))):
        day += dt.timedelta(days=draw(st.integers(0, 40)))
        events.append(stopped(day, draw(st.sampled_from(list(StopReason)))))
        day += dt.timedelta(days=draw(st.integers(0, 40)))
        events.append(restarted(day))
    return Clock(tuple(events))


@given(clocks())
def test_stops_only_ever_add_their_whole_days(clock):
    reckoning = clock.reckon(clock.events[-1].day)
    waited = sum(
        max(0, (on.day - off.day).days - 1) for off, on in zip(clock.events[1::2], clock.events[2::2], strict=True)
    )

    assert reckoning.stopped_days == waited
    unshifted = raw_end(clock.events[0].day, MONTH) + dt.timedelta(days=waited)
    assert reckoning.due == STATUTORY.next_working_day(unshifted)
    assert reckoning.running


@given(clocks())
def test_the_explanation_leads_from_the_start_to_the_due_date_without_a_jump(clock):
    reckoning = clock.reckon(clock.events[-1].day)

    assert reckoning.lines[0].code == "started"
    assert reckoning.lines[-1].date == reckoning.due
    for line, before in zip(reckoning.lines[1:], reckoning.lines, strict=False):
        if line.code == "stopped":
            assert line.date == before.date + dt.timedelta(days=line.days)
        elif line.code != "due":
            assert line.date in {before.date, before.date + dt.timedelta(days=1)}


@given(clocks(), st.integers(0, 400))
def test_a_standing_clock_never_promises_an_earlier_date_tomorrow(clock, later):
    standing = clock.followed_by(stopped(clock.events[-1].day, StopReason.AWAITING_PARTY))
    today = clock.events[-1].day + dt.timedelta(days=later)

    assert standing.reckon(today).due <= standing.reckon(today + dt.timedelta(days=1)).due
