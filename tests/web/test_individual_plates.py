"""The form before the decision: what plates the application wishes for, and the number that is ordered or taken."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from lxml import html

from app.epackages.application import PlateWishes
from app.models import PlateNumber
from app.transaction import one_transaction
from tests.factories import application_files, now
from tests.web.case_office import at, work_of
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database


@pytest.fixture
def wishing(ready, authority):
    """Makes the page of a case whose applicant wishes for such plates, where the decision is prepared."""

    def begin(plates: PlateWishes) -> Page:
        with ready.app_context():
            work = at(work_of(authority, documents=application_files(plates=plates)), "originals_complete")
            return Page(ready, work.case.sign)

    return begin


def form_of(answer) -> html.HtmlElement:
    return html.fromstring(answer.text).get_element_by_id("preparing")


def offered(page: Page, **query: str) -> list[str]:
    return page.person.get(f"{page.path}/numery", query_string=query).json


def test_how_individual_numbers_are_made_is_said_where_one_is_wished_for(wishing):
    hints = [
        form_of(page.person.get(page.path)).xpath("//*[@data-individual]/@hidden")
        for page in (wishing(PlateWishes(individual_text="Janek")), wishing(PlateWishes()))
    ]

    assert [len(found) for found in hints] == [0, 1]


def test_a_wish_to_keep_the_number_is_said_and_one_click_determines_it(wishing):
    page = wishing(PlateWishes(keep_number=True))
    assert "We wniosku wskazano: zachowanie dotychczasowego numeru." in page.text()
    file = html.fromstring(page.person.get(page.path).text).get_element_by_id("determinations")
    assert file.xpath(".//form//button[normalize-space()='Właściciel zachowuje numer rejestracyjny']")
    assert not file.xpath(".//option[@value='room_for_annotation']")  # it speaks of the short path, of another edition

    page.post("ustalenie", code="number_kept", holds="1", back="case")

    assert "właściciel zachowuje numer" in page.text()
    file = html.fromstring(page.person.get(page.path).text).get_element_by_id("determinations")
    assert file.xpath(".//option/@value")
    assert not file.xpath(".//option[@value='number_kept']")


def test_the_form_shows_the_wish_and_orders_the_number_and_takes_the_plates_in(wishing):
    page = wishing(PlateWishes(individual_text="Janek"))
    form = form_of(page.person.get(page.path))
    assert "We wniosku wskazano: tablice indywidualne z wyróżnikiem Janek." in page.text()
    assert form.xpath("//select[@name='plate_kind']/option[@selected]/@value") == ["individual"]
    assert form.xpath("//datalist/option/@value")[:2] == ["S0 JANEK", "S1 JANEK"]
    assert "1 000,00 zł" in page.text()

    refused = page.post("przygotowanie", plate_kind="individual", new_plate="S0 QUIZ")
    saved = page.post("przygotowanie", plate_kind="individual", new_plate="s0janek")

    assert refused.status_code == 422
    assert "bez Q" in form_of(refused).get_element_by_id("new_plate-error").text_content().replace("\u00a0", " ")
    assert saved.status_code == 302
    assert "zamówione, jeszcze nie przyszły" in page.text()
    assert page.post("tablice-sa").status_code == 302
    assert "zamówione, jeszcze nie przyszły" not in page.text()
    with page.office.app_context():
        case = page.case()
        assert [item.label for item in case.items if item.kind == "NEW_PLATE"] == ["S0 JANEK"] * 2


def test_free_numbers_are_those_of_the_kind_that_is_chosen(wishing):
    page = wishing(PlateWishes(reduced=True, reduced_space_declared=False))
    with page.office.app_context(), one_transaction() as session:
        session.add(PlateNumber(number="S1 23", kind="reduced", plates=2, added_at=now()))

    form = form_of(page.person.get(page.path))

    assert "tablice zmniejszone, bez oświadczenia o miejscu na nie" in page.text()
    assert form.xpath("//select[@name='plate_kind']/option[@selected]/@value") == ["reduced"]
    assert form.xpath("//datalist/option/@value") == ["S1 23"]
    assert offered(page, kind="reduced", q="2") == ["S1 23"]
    assert offered(page, kind="ordinary", q="") == ["SC 8A111", "SC 8A112"]
    assert offered(page, kind="individual") == []


def test_a_colleague_does_not_take_the_plates_of_a_case_in(wishing):
    page = wishing(PlateWishes(individual_text="Janek"))
    page.post("przygotowanie", plate_kind="individual", new_plate="S0 JANEK")
    with page.office.app_context(), one_transaction() as session:
        other = session.scalars(sa.select(User).where(User.username == "supervisor")).one()
        page.case().clerk_id = other.id

    page.post("tablice-sa")

    with page.office.app_context():
        assert not [item for item in page.case().items if item.kind == "NEW_PLATE"]


def test_an_extra_plate_is_wished_for_paid_and_taken_in_on_the_page(wishing):
    page = wishing(PlateWishes())

    saved = page.post("przygotowanie", plate_kind="ordinary", new_plate="SC 8A111", extra_plate="1")

    assert saved.status_code == 302
    said = page.text().replace("\u00a0", " ")
    due = re.search(r"Opłaty wynoszą teraz ([\d,]+ zł)\.", said)[1]
    assert said.count(due) > 1  # the panel says the same
    page.post("przygotowanie", extra_plate="1")
    assert "Opłaty wynoszą teraz" not in page.text()
    form = form_of(page.person.get(page.path))
    assert form.xpath("//input[@name='extra_plate' and @type='checkbox']/@checked")
    assert "We wniosku wskazano:" not in page.text()
    assert form.xpath("//input[@name='proof-TABL_BAGAZNIK']")
    assert page.post("dodatkowa-tablica").status_code == 302
    with page.office.app_context():
        assert [item.label for item in page.case().items if item.kind == "NEW_EXTRA_PLATE"] == ["SC 8A111"]
    assert "Dodatkowa tablica na bagażnik" in page.text()
    assert page.post("dodatkowa-tablica").status_code in {302, 409, 422}
