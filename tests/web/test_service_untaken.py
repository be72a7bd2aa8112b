"""A decision that nobody took counts as served: the card of the case and the mailbox say on what day, and how."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import deemed_served
from app.domain.delivery import Method
from app.models import Consignment, ParcelOutcome
from app.transaction import one_transaction
from app.usecases.parcel_outcome import record_parcel
from tests.letters.reading import in_a_line
from tests.letters.reading import text_of as text_of_pdf
from tests.usecases.at_work import Work
from tests.usecases.test_appeals import end, forward, lodge, refuse
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.letters_at_work import case_page, said, up_to_summons
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


def untaken(work: Work, outcome: ParcelOutcome) -> dt.date:
    """The parcel with the decision is not taken; returns the day on which the decision counts as served."""
    first = work.act().today
    work.later(20)
    days = {"first": first, "second": first + dt.timedelta(days=8)} if outcome is ParcelOutcome.UNCLAIMED else {}
    with one_transaction() as session:
        parcel = session.get_one(Consignment, work.case.consignments[-1].id)
        record_parcel(session, parcel, outcome, work.act().today, act=work.act(work.desk), place="A-1", **days)
    return deemed_served(first) if days else work.act().today


@pytest.mark.parametrize(
    ("outcome", "how"),
    [
        (ParcelOutcome.REFUSED, "adresat odmówił przyjęcia (art. 47 k.p.a.)"),
        (ParcelOutcome.UNCLAIMED, "nie odebrano mimo dwóch awiz (art. 44 k.p.a.)"),
    ],
)
def test_the_card_of_a_case_says_when_and_how_a_decision_in_a_parcel_was_served(ready, authority, outcome, how):
    with ready.app_context():
        work = at(work_of(authority), "originals_complete")
        work.register_temporarily()
        work.agree(Method.POST)
        work.post()
        served, sign = untaken(work, outcome), work.case.sign

    card = in_a_line(text_of_pdf(log_in_staff(ready, "clerk").get(f"/dokumenty/metryka/{sign}.pdf").data))

    assert f"decyzję doręczono {served:%d.%m.%Y}: {how}" in card


@pytest.mark.parametrize("outcome", [ParcelOutcome.REFUSED, ParcelOutcome.UNCLAIMED])
def test_the_mailbox_says_on_what_day_a_decision_that_nobody_took_counts_as_served(work, jan, outcome):
    up_to_summons(work)
    work.open_letter()
    work.receive_all()
    work.register_temporarily()
    work.agree(Method.POST)
    work.post()
    served = untaken(work, outcome)

    page = text_of(jan.get(case_page(work)))

    assert "Decision on temporary registration" in page
    assert f"counts as served on {said(served)}" in page


def test_after_an_appeal_in_vain_the_mailbox_says_that_a_complaint_to_the_court_is_open(work, jan):
    refuse(work)
    lodge(work)
    before = text_of(jan.get(case_page(work)))
    forward(work)
    end(work, AppealOutcome.UPHELD)

    after = text_of(jan.get(case_page(work)))

    assert "complaint to the administrative court" not in before
    assert "complaint to the administrative court" in after
    assert "30 days from the service" in after
