"""Until when a letter in the mailbox can be opened before it counts as served: as the office counts it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.acts import OFFICE_ZONE
from app.domain.deadlines import SECOND_NOTICE, due_date
from app.domain.holidays import STATUTORY
from app.models import Case, Letter, Service
from app.transaction import one_transaction
from app.views.mailbox.gate import Gate, gate_of
from tests.web.letters_at_work import case_page, said, up_to_summons
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database
D = dt.date


@pytest.mark.parametrize(("edition", "arrived", "reminded", "today", "last_day", "deemed_on", "served"), [
    ("sekap", D(2026, 3, 2), D(2026, 3, 9),  D(2026, 3, 16), D(2026, 3, 16), D(2026, 3, 16), False),
    ("sekap", D(2026, 3, 2), D(2026, 3, 9),  D(2026, 3, 17), D(2026, 3, 16), D(2026, 3, 16), True),
    ("sekap", D(2026, 3, 2), D(2026, 3, 20), D(2026, 3, 21), D(2026, 3, 27), D(2026, 3, 27), False),  # reminded late
    ("sekap", D(2026, 3, 2), D(2026, 3, 20), D(2026, 3, 28), D(2026, 3, 27), D(2026, 3, 27), True),
    ("sekap", D(2026, 3, 2), None,           D(2026, 3, 20), D(2026, 3, 27), D(2026, 3, 27), False),  # not reminded
    ("sekap", D(2026, 3, 2), None,           D(2026, 3, 3),  D(2026, 3, 16), D(2026, 3, 16), False),
    ("2022",  D(2026, 3, 2), None,           D(2026, 3, 16), D(2026, 3, 16), D(2026, 3, 17), False),
    ("2022",  D(2026, 3, 2), D(2026, 3, 9),  D(2026, 3, 17), D(2026, 3, 16), D(2026, 3, 17), True),
])  # fmt: skip
def test_a_letter_opens_before_its_service_until_the_day_that_the_office_counts(  # noqa: PLR0917  the columns of the table
    edition, arrived, reminded, today, last_day, deemed_on, served
):
    at = dt.datetime.combine(reminded, dt.time(12), dt.UTC) if reminded else None
    letter = Letter(needs_receipt=True, case=Case(edition=edition), service=Service(arrived_on=arrived, reminded_at=at))

    assert gate_of(letter, STATUTORY, today) == Gate(last_day, deemed_on, (last_day - today).days, served)


def test_who_was_reminded_late_reads_of_the_week_that_is_left_and_of_no_service_that_has_not_come(work, jan):
    address = up_to_summons(work, days=24)
    today = dt.datetime.now(OFFICE_ZONE).date()
    with one_transaction() as session:
        session.get_one(Letter, work.case.letters[-1].id).service.reminded_at = dt.datetime.now(dt.UTC)

    pages = ("/odebrane", address, case_page(work))
    folder, closed, todo = (text_of(jan.get(page)).replace(" ,", ",") for page in pages)

    last = said(due_date(today, SECOND_NOTICE))
    for page in (folder, closed):
        assert f"If you do not confirm by {last}, the letter counts as served on {last}" in page
        assert "counts as served since" not in page
    assert f"counts as served after {last}" in todo
    jan.post(f"{address}/potwierdz")
    assert work.case.letters[-1].service.served_on == today
