"""Polish days off: our rules against the law's dates and against a second implementation."""

import datetime as dt

import holidays as second_opinion
import pytest

from app.domain.holidays import STATUTORY, Calendar, easter, is_day_off, next_working_day, statutory_days_off

D = dt.date


@pytest.mark.parametrize("year", range(2000, 2101))
def test_our_days_off_are_those_of_the_holidays_package(year):
    ours = set(statutory_days_off(year))

    theirs = {day for day in second_opinion.Poland(years=year) if day.year == year}

    assert ours == theirs


def test_every_day_of_twenty_years_is_off_exactly_when_the_package_and_the_week_say_so():
    theirs = second_opinion.Poland(years=range(2020, 2041))
    day = D(2020, 1, 1)
    while day <= D(2040, 12, 31):
        assert is_day_off(day) == (day in theirs or day.weekday() == 6), day
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (D(2010, 1, 6), False),
        (D(2011, 1, 6), True),
        (D(2024, 12, 24), False),
        (D(2025, 12, 24), True),
        (D(2018, 11, 12), True),
        (D(2019, 11, 12), False),
        (D(2026, 6, 4), True),
        (D(2026, 5, 24), True),
        (D(2026, 5, 25), False),
        (D(2026, 11, 7), False),
    ],
)
def test_changes_of_the_law_have_their_dates(day, off):
    assert is_day_off(day) is off


def test_easter_falls_on_known_sundays():
    assert [easter(year) for year in (2000, 2008, 2011, 2024, 2026, 2038)] == [
        D(2000, 4, 23),
        D(2008, 3, 23),
        D(2011, 4, 24),
        D(2024, 3, 31),
        D(2026, 4, 5),
        D(2038, 4, 25),
    ]


def test_a_saturday_is_not_off_but_no_term_ends_on_it():
    saturday = D(2026, 3, 7)

    assert not is_day_off(saturday)
    assert not STATUTORY.is_working_day(saturday)
    assert next_working_day(saturday) == D(2026, 3, 9)


def test_a_working_day_is_its_own_next_working_day():
    assert next_working_day(D(2026, 3, 9)) == D(2026, 3, 9)


def test_a_term_ends_on_a_day_on_which_the_office_closed_by_itself():
    calendar = Calendar(closed={D(2026, 3, 9): "remont"})

    assert calendar.is_closed(D(2026, 3, 9))
    assert next_working_day(D(2026, 3, 7), calendar) == D(2026, 3, 9)
    assert not is_day_off(D(2026, 3, 9), calendar)


def test_a_new_law_adds_and_removes_days():
    calendar = Calendar(extra={D(2026, 3, 9): "żałoba narodowa"}, removed=frozenset({D(2026, 5, 1), D(2026, 11, 1)}))

    assert calendar.holiday(D(2026, 3, 9)) == "żałoba narodowa"
    assert next_working_day(D(2026, 3, 7), calendar) == D(2026, 3, 10)
    assert not is_day_off(D(2026, 5, 1), calendar)
    # 1 November 2026 is a Sunday, and no law makes Sundays working days.
    assert is_day_off(D(2026, 11, 1), calendar)


def test_years_without_known_rules_are_refused():
    with pytest.raises(ValueError, match="from 2000"):
        statutory_days_off(1999)
