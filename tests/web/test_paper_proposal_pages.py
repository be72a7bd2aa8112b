"""The proposal of a handover to a party without a mailbox, at the clerk's page: it leaves on paper."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.models import Case, LetterState, Proposal
from app.transaction import one_transaction
from tests.factories import send
from tests.usecases.at_work import Work
from tests.usecases.test_paper_proposal import served
from tests.web.case_office import as_clerk
from tests.web.mailbox_people import signed
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database


@pytest.fixture
def page(ready: Flask, authority) -> Page:
    """A clerk at the file of a case that came without a mailbox and is registered temporarily."""
    with ready.app_context():
        work = as_clerk(Work(send(signed(authority)).case_id))
        work.take()
        work.accept_all()
        served(work, work.write("summon_originals"))
        work.receive_all()
        work.register_temporarily()
        return Page(ready, work.case.sign)


def propose(page: Page):
    with page.office.app_context():
        numbers = "-".join(str(item.number) for item in page.case().items if item.is_owed)
    return page.post("uzgodnienie", **{f"way-{numbers}": "in_person"})


def newest(page: Page) -> Case:
    return db.session.merge(page.case()).letters[-1]


def test_the_page_says_before_and_after_that_the_proposal_leaves_on_paper(page):
    assert "Sprawa nie wpłynęła ze skrzynki strony: propozycja wyjdzie jako pismo" in page.text()

    propose(page)

    assert "Za minutę wyjdzie jako pismo" in page.text()
    with page.office.app_context():
        assert (newest(page).kind, newest(page).state) == ("handover_agreement", LetterState.LEAVING)


def test_what_the_party_wrote_is_accepted_with_the_way_it_came(page):
    propose(page)

    page.post("uzgodnienie/odpowiedz", proposal=1, how="letter")

    with page.office.app_context():
        assert page.case().proposals[-1].state == "accepted"
        assert page.case().steps[-1].reason == "pismem"


def test_a_letter_that_is_taken_back_leads_to_another_proposal(page):
    propose(page)
    with page.office.app_context():
        seq = newest(page).seq

    taken = page.person.post(f"{page.path}/pismo/{seq}/cofnij", {}, see="/account/")

    assert taken.headers["Location"].endswith(f"{page.path}#agreement")
    assert f'href="{page.path}#agreement"' in page.person.get(f"{page.path}/pismo/{seq}").text
    propose(page)
    with page.office.app_context():
        assert len(page.case().proposals) == 2


def test_where_nobody_answers_in_time_collecting_in_person_is_set_and_a_letter_says_so(page):
    propose(page)
    with page.office.app_context(), one_transaction() as session:
        letter = newest(page)
        letter.state = LetterState.SENT
    assert page.post("uzgodnienie/domyslne").status_code == 409
    with page.office.app_context(), one_transaction() as session:
        proposal = session.scalars(sa.select(Proposal)).one()
        proposal.at -= dt.timedelta(days=30)
        proposal.due_on -= dt.timedelta(days=30)
    assert "ustal odbiór osobisty" in page.text()

    page.post("uzgodnienie/domyslne")

    assert "Zawiadomi o tym stronę pismo" in page.text()
    with page.office.app_context():
        assert page.case().proposals[-1].state == "set_by_office"
        assert (newest(page).kind, newest(page).state) == ("handover_settled", LetterState.LEAVING)
