"""The panel of the handing over says when the party comes, that it did not, and what it asked for at first."""

from __future__ import annotations

import datetime as dt

import pytest

from app import clock
from app.extensions import db
from app.models import Case, ProposalState
from app.transaction import one_transaction
from app.views.office import formats
from tests.web.case_office import at, work_of
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database

MISSED = "Umówiony dzień minął"


@pytest.fixture
def page(ready, case_at) -> Page:
    """A clerk at the file of a case whose things wait to be handed over."""
    return Page(ready, case_at("agreeing_handover"))


def agreed(page: Page, visit: dt.datetime | None, state: ProposalState = ProposalState.ACCEPTED, **more) -> None:
    """What is owed is proposed to be collected at `visit`, and settled."""
    with page.office.app_context():
        owed = "-".join(str(item.number) for item in page.case().items if item.is_owed)
    page.post("uzgodnienie", **{f"way-{owed}": "in_person"}, **more)
    with page.office.app_context(), one_transaction() as session:
        proposal = session.merge(page.case()).proposals[-1]
        proposal.slot, proposal.state = visit, state


def test_the_agreed_visit_stands_in_the_panel_with_who_comes(page):
    ahead = dt.datetime(2031, 3, 4, 9, 30, tzinfo=dt.UTC)

    agreed(page, ahead, collector="Anna Testowa")

    text = page.text()
    assert "Wizyta: wtorek, 4 marca 2031, godz. 10:30, przyjdzie Anna Testowa" in text
    assert MISSED not in text


def test_a_visit_that_nobody_came_to_is_said_and_another_one_can_be_proposed(page):
    agreed(page, clock.now() - dt.timedelta(days=1))

    text = page.text()
    form = page.person.get(page.path).text

    assert MISSED in text
    assert "nikt nie przyszedł w umówionym terminie" in text
    assert "<details open><summary>Nowa propozycja urzędu" in form


@pytest.mark.parametrize("state", [ProposalState.PROPOSED, ProposalState.REPLACED])
def test_nobody_missed_a_visit_that_was_not_agreed(page, state):
    agreed(page, clock.now() - dt.timedelta(days=1), state)

    text = page.text()

    assert MISSED not in text
    assert "Wizyta:" not in text


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "Pozwolenie czasowe straciło ważność"), (3, "późniejsza wizyta będzie dla niego za późno"), (20, "")],
)
def test_the_panel_warns_of_a_permit_that_ended_or_ends_before_a_visit_can_be_chosen(page, days, said):
    with page.office.app_context(), one_transaction() as session:
        session.merge(page.case()).permit.valid_until = clock.today() + dt.timedelta(days=days)

    text = page.text()

    assert said in text
    assert ("Pozwolenie czasowe straci" in text) is bool(said)


def test_the_panel_warns_of_a_visit_after_the_end_of_the_permit(page):
    agreed(page, clock.now() + dt.timedelta(days=40))
    with page.office.app_context():
        day = formats.day(page.case().permit.valid_until)

    assert f"Pozwolenie czasowe straci ważność {day}, przed wizytą z ostatniej wersji" in page.text()


def test_the_wish_of_the_application_for_post_stands_in_the_first_proposal(ready, authority):
    with ready.app_context():
        work = work_of(authority)
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            case.answers = {**case.answers, "post_wished": True, "post_address": "ul. Inna 5\n42-200 Częstochowa"}
        sign = at(work, "agreeing_handover").case.sign
        db.session.remove()
    page = Page(ready, sign)

    form = page.person.get(page.path).text

    assert "Wniosek prosi o wydanie pocztą, na koszt strony." in page.text()
    assert form.count('value="post" checked') == form.count('type="radio" name="way-') / 2 > 0
    assert "ul. Inna 5\n42-200 Częstochowa</textarea>" in form


def test_what_no_version_covers_yet_goes_by_the_way_agreed_last(page):
    with page.office.app_context():
        owed = "-".join(str(item.number) for item in page.case().items if item.is_owed)
    page.post("uzgodnienie", **{f"way-{owed}": "in_person"})
    with page.office.app_context(), one_transaction() as session:
        proposal = session.merge(page.case()).proposals[-1]
        first = next(iter(proposal.methods))
        proposal.methods = {first: "post"}
        proposal.state = ProposalState.ACCEPTED

    form = page.person.get(page.path).text

    assert form.count('value="post" checked') == form.count('type="radio" name="way-') / 2 > 0
