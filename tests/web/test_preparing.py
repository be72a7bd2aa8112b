"""What the panel "before the decision" says of blanks: refused, corrected, and not needed."""

from __future__ import annotations

import pytest
from lxml import html

from app.domain.custody import Movement
from app.domain.items import ItemKind
from app.transaction import one_transaction
from app.usecases.items import new_item
from app.views.mailbox.things import settled
from tests.web.conftest import system
from tests.web.mailbox_people import text_of
from tests.web.test_case_acts import ALL, Page

pytestmark = pytest.mark.one_database


def test_two_fields_that_are_refused_for_one_reason_are_named_above(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    labels = ("label-CONTROL_STICKER", "label-LEGALISATION_STICKERS")

    answer = page.post("przygotowanie", **dict.fromkeys(labels, "--"))

    said = html.fromstring(answer.text).xpath("//*[@class='errors']//li")
    assert [line.text_content().partition(":")[0] for line in said] == ["Nalepka kontrolna", "Nalepki legalizacyjne"]


def test_blanks_whose_numbers_were_corrected_went_back_to_the_stock_and_are_nothing_of_the_party(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    page.post("przygotowanie", **ALL)

    page.post("przygotowanie", permit="PC 7654322", days=30, **{"label-LEGALISATION_STICKERS": "NL 18"})

    with ready.test_request_context():
        assert settled(page.case()) == []
    things = text_of(page.person.get(f"/kancelaria/{page.path.rsplit('/', 1)[-1]}/rzeczy"))
    for said in (page.text(), things):
        assert "wróciło do magazynu" in said
        assert "w innym organie" not in said
        assert "przekazanie" not in said


def test_no_new_card_is_offered_to_a_vehicle_whose_own_card_is_here(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    field = 'id="label-NEW_VEHICLE_CARD"'
    offered = page.person.get(page.path).text
    with ready.app_context(), one_transaction() as session:
        new_item(session, page.case(), ItemKind.VEHICLE_CARD, Movement.RECEIVED, act=system())

    assert field in offered
    assert field not in page.person.get(page.path).text
    assert page.post("przygotowanie", **{"label-NEW_VEHICLE_CARD": "KP 1"}).status_code == 422
