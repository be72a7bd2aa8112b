"""Until when a letter in the mailbox can be opened before it counts as served: as the office counts it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.domain.acts import OFFICE_ZONE
from app.domain.correspondence import EX_OFFICIO
from app.domain.deadlines import SECOND_NOTICE, due_date
from app.domain.holidays import STATUTORY
from app.models import Case, Decision, Letter, Service
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

    assert gate_of(letter, STATUTORY, today) == Gate(last_day, deemed_on, (last_day - today).days, served, False)


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


def close(work):
    """The case ends, whatever waits in it."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        case.stage, case.closed_at = "closed", dt.datetime.now(dt.UTC)


TERMS = ("Today is the last day", "days are left", "days left", "time limits", "has time until", "ends on",
         "waits until", "Hand over the originals by")  # fmt: skip


def pages_of(work, jan) -> str:
    """What every page of the case says; its receipts, copies and letters among them."""
    addresses = re.findall(
        r'href="(/(?:odebrane|wyslane)/[\w-]+)"', jan.get("/odebrane").text + jan.get("/wyslane").text
    )
    pages = ("/", "/odebrane", "/sprawy", case_page(work), *addresses, f"{case_page(work)}/oryginaly")
    return " ".join(text_of(jan.get(page)) for page in pages).replace("\u00a0", " ")


def test_in_a_closed_case_no_page_speaks_of_a_term_that_runs_though_a_letter_waits_unopened(work, jan):
    address = up_to_summons(work)
    before = pages_of(work, jan)
    close(work)

    after = pages_of(work, jan)

    assert {"days are left", "time limits", "has time until", "ends on"} <= {term for term in TERMS if term in before}
    assert [term for term in TERMS if term in after] == []
    assert "The case is closed, so no time limit begins" in after
    jan.post(f"{address}/potwierdz")
    assert [term for term in TERMS if term in pages_of(work, jan)] == []


def test_in_a_closed_case_a_letter_that_counts_as_served_speaks_of_no_term_either(work, jan):
    address = up_to_summons(work, days=24)
    with one_transaction() as session:
        session.get_one(Letter, work.case.letters[-1].id).service.reminded_at = work.act().at - dt.timedelta(days=17)
    close(work)

    waiting = pages_of(work, jan)
    jan.post(f"{address}/potwierdz")

    assert "counts as served" in waiting
    assert [term for term in TERMS if term in waiting + pages_of(work, jan)] == []


def test_the_decision_by_which_the_office_closes_a_case_by_itself_still_says_until_when_it_can_be_opened(work, jan):
    up_to_summons(work)
    with one_transaction() as session:
        case, letter = session.get_one(Case, work.case_id), session.get_one(Letter, work.case.letters[-1].id)
        case.decisions.append(Decision(kind=EX_OFFICIO, letter_id=letter.id, issued_on=work.act().today,
                                      signed_by="Anna Referent"))  # fmt: skip
    close(work)

    assert "If you do not confirm by" in pages_of(work, jan)
