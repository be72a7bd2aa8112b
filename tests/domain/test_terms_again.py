"""Terms by KPA art. 57 counted a second time, day by day and on the days off of the holidays package."""

import datetime as dt

import holidays as second_opinion
import pytest

from app.domain.deadlines import COMPLEX_CASE, ORDINARY_CASE, Term, Unit, due_date

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2040, 12, 31)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def calendar():
    """Every day from the first start to past the last end, in order, each with whether a term may end on it."""
    off = second_opinion.Poland(years=range(2020, 2042))
    day, works = FIRST, {}
    while day.year < 2042:
        works[day] = day.isoweekday() < 6 and day not in off
        day += ONE_DAY
    return works


def the_next_that_works(calendar, day):
    return next(later for later in (day + n * ONE_DAY for n in range(10)) if calendar[later])


def months_on(calendar, start, count):
    """The day of the same number in the month that is `count` further, found by walking; else its last day."""
    day = start
    for _ in range(count):
        day = next(later for n in range(1, 33) if (later := day + n * ONE_DAY).day == 1)
    named = [one for n in range(31) if (one := day + n * ONE_DAY).month == day.month and one.day <= start.day]
    return named[-1]


@pytest.mark.parametrize(
    ("term", "length"),
    [(Term(7, Unit.DAY), 7), (Term(14, Unit.DAY), 14), (Term(30, Unit.DAY), 30), (Term(2, Unit.WEEK), 14)],
)
def test_terms_of_days_and_weeks_end_for_every_start_of_twenty_years_as_counted_again(calendar, term, length):
    for start in (day for day in calendar if day <= LAST):
        theirs = the_next_that_works(calendar, start + length * ONE_DAY)

        assert due_date(start, term) == theirs, start


@pytest.mark.parametrize(("term", "count"), [(ORDINARY_CASE, 1), (COMPLEX_CASE, 2)])
def test_the_terms_of_a_case_end_for_every_start_of_twenty_years_as_counted_again(calendar, term, count):
    for start in (day for day in calendar if day <= LAST):
        theirs = the_next_that_works(calendar, months_on(calendar, start, count))

        assert due_date(start, term) == theirs, start
