"""Words that follow what happened: two plates told apart, what is invalidated, what was agreed before."""

from __future__ import annotations

import datetime as dt

import pytest

from app import clock
from app.domain.alphabet import polish_key
from tests.letters.reading import in_a_line
from tests.web.at_the_counter import Counter
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.letters_at_work import case_page, up_to_proposal
from tests.web.mailbox_people import text_of
from tests.web.test_agreed_visit import agreed
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database


@pytest.fixture
def reception(office, authority) -> str:
    counter = Counter(office, authority)
    counter.await_originals()
    return log_in_staff(office, "front_desk").get(f"/kancelaria/{counter.sign}").text.replace("\xa0", " ")


def test_two_plates_are_told_apart_where_they_are_received(reception):
    assert "Tablica rejestracyjna, 1 z 2" in reception
    assert "Tablica rejestracyjna, 2 z 2" in reception
    assert "Co jest nie tak?" in reception


def test_what_was_brought_is_chosen_in_the_order_of_the_polish_alphabet(reception):
    listed = reception.split('name="extra_kind">')[1].split("</select>")[0].split("</option>")[1:-1]
    names = [in_a_line(one.rsplit(">", 1)[-1]) for one in listed]

    assert names[:-1] == sorted(names[:-1], key=polish_key)
    assert any(name.startswith(("Ś", "Ż")) for name in names)


def test_what_is_invalidated_is_not_said_to_be_invalidated_yet(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "permanent_ready")
        work.invalidate()
        sign = work.case.sign

    things = text_of(log_in_staff(ready, "clerk").get(f"/kancelaria/{sign}/rzeczy"))

    assert "unieważniono, zostaje w aktach" in things
    assert "do unieważnienia, zostaje w aktach" not in things


def test_a_version_that_was_agreed_before_another_one_is_agreed_no_more(ready, case_at):
    page = Page(ready, case_at("agreeing_handover"))
    agreed(page, clock.now() + dt.timedelta(days=2))
    agreed(page, clock.now() + dt.timedelta(days=3))

    assert page.text().count("uzgodniono wcześniej; liczy się najnowsza wersja") == 1


def test_the_party_reads_of_what_was_agreed_before_that_it_counts_no_more(work, jan):
    up_to_proposal(work)
    work.accept()
    work.agree()

    page = text_of(jan.get(f"{case_page(work)}/odbior"))

    assert page.count("agreed before; the newest version counts") == 1
