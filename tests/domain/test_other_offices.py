"""Five working days, and whose number it is."""

from __future__ import annotations

import datetime as dt

import pytest
from holidays import country_holidays

from app.domain.holidays import STATUTORY, Calendar
from app.domain.other_offices import county_elsewhere, due_after_working_days

D = dt.date


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (D(2026, 11, 23), D(2026, 11, 30)),  # a Monday: a weekend lies between
        (D(2026, 12, 18), D(2026, 12, 29)),  # Christmas Eve is off since 2025
        (D(2026, 5, 1), D(2026, 5, 8)),  # begins on a day off
    ],
)
def test_the_term_counts_working_days_only(start, due):
    assert due_after_working_days(start, STATUTORY) == due


def test_the_term_agrees_with_another_calendar():
    theirs = country_holidays("PL", years=range(2025, 2032))
    for number in range(365 * 6):
        start = D(2025, 1, 1) + dt.timedelta(days=number)
        working = (
            day
            for day in (start + dt.timedelta(days=n) for n in range(1, 30))
            if day.weekday() < 5 and day not in theirs
        )
        expected = [next(working) for _ in range(5)][-1]
        assert due_after_working_days(start, STATUTORY) == expected, start


def test_a_day_off_by_law_is_none_of_them_and_a_day_on_which_the_office_is_closed_is_one():
    assert due_after_working_days(D(2026, 11, 23), Calendar(extra={D(2026, 11, 25): "żałoba"})) == D(2026, 12, 1)
    # The other office does not know when this one closes.
    assert due_after_working_days(D(2026, 11, 23), Calendar(closed={D(2026, 11, 25): "remont"})) == D(2026, 11, 30)


@pytest.mark.parametrize(
    ("plate", "county"),
    [
        ("SKL 12345", ("SKL", "powiat kłobucki")),
        ("skl12345", ("SKL", "powiat kłobucki")),
        ("SC 12345", None),
        ("B-AB 1234", None),
        ("", None),
    ],
)
def test_the_letters_of_a_number_tell_the_county(plate, county):
    found = county_elsewhere(plate, ("SC",))
    assert found == county
