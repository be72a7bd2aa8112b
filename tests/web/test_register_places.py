"""A place in a list survives the way through an address, and what is no place is none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import Case, Package
from app.models.package import Outcome
from app.views.office.register_export import harmless
from app.views.office.register_filters import read_day
from app.views.office.register_query import Order, Place, read_place, write_place

IDS = st.integers(0, 2**63 - 1)
OPENED = Order("opened_at", Case.opened_at, Case.id, descending=True)
DUE = Order("due_on", Case.due_on, Case.id, descending=False)
SENDER = Order("sender_name", Package.sender_name, Package.id, descending=False)
OUTCOME = Order("outcome", Package.outcome, Package.id, descending=False)
BY_ID = Order("id", Case.id, Case.id, descending=True)


@given(st.datetimes(timezones=st.just(dt.UTC)), IDS)
def test_a_moment_comes_back(moment, number):
    assert read_place(write_place(Place(moment, number)), OPENED) == Place(moment, number)


@given(st.none() | st.dates(), IDS)
def test_a_day_or_its_absence_comes_back(day, number):
    assert read_place(write_place(Place(day, number)), DUE) == Place(day, number)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200), IDS)
def test_a_text_comes_back_whatever_it_holds(text, number):
    assert read_place(write_place(Place(text, number)), SENDER) == Place(text, number)


@given(st.sampled_from(Outcome), IDS)
def test_a_code_comes_back(outcome, number):
    assert read_place(write_place(Place(outcome, number)), OUTCOME) == Place(outcome, number)


@given(st.text(max_size=60))
def test_nothing_that_is_written_there_makes_reading_fail(text):
    for order in (OPENED, DUE, SENDER, OUTCOME, BY_ID):
        read_place(text, order)
        read_place(f"{text}~1", order)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("02.11.2026", dt.date(2026, 11, 2)),
        ("2.11.2026", dt.date(2026, 11, 2)),
        ("2-11-2026", dt.date(2026, 11, 2)),
        ("2026-11-02", dt.date(2026, 11, 2)),
        ("31.02.2026", None),
        ("11/31/2026", None),
        ("02.11.26", None),
        ("01.01.0001", None),
        ("٠٢.١١.٢٠٢٦", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_poles_write_it(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "%x"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(begin):
    assert harmless(begin) == f"'{begin}"
    assert harmless("Kowalski = Nowak") == "Kowalski = Nowak"
