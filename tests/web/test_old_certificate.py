"""The old certificate at the counter and in the case file: it comes back, is invalidated, and the new one goes out."""

from __future__ import annotations

import dataclasses

import pytest
from lxml import html

from app.domain.custody import ItemState
from app.domain.items import ItemKind
from app.views.mailbox.situation import situation_of
from app.views.office.obstacles import obstacles
from tests.usecases.at_work import Work
from tests.usecases.test_registration import announce
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_handing_out import TO_JAN, hidden_numbers

pytestmark = pytest.mark.one_database


@pytest.fixture
def law(office):
    """An office that goes by the editions of the law."""
    tools = office.extensions["equipment"]
    settings = dataclasses.replace(tools.settings, editions="law")
    office.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
    return office


@pytest.fixture
def counter(law, authority) -> Counter:
    """A registration at once: the owner drives with the old certificate, and the permanent one is here."""

    made = Counter(law, authority)
    made.ask(Work.lend_the_certificate)
    return made


def certificate(counter: Counter) -> tuple[int, ItemState, bool]:
    def found(work: Work) -> tuple[int, ItemState, bool]:
        (one,) = [item for item in work.case.items if item.kind is ItemKind.REG_CERT]
        return one.number, one.state, one.invalidated

    return counter.ask(found)


def test_who_brings_the_old_certificate_leaves_with_the_new_one_after_one_more_press(law, counter):
    page, desk = f"/kancelaria/{counter.sign}/wydanie", log_in_staff(law, "front_desk")
    away = desk.get(page)
    counter.ask(Work.receive)
    back = desk.get(page)
    (form,) = html.fromstring(back.data).xpath("//form[contains(@action, '/ruch')]")
    typed = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name!='csrf_token']")}

    cut = desk.post(form.get("action"), typed, see=page)
    given = desk.post(page, TO_JAN | {"item": hidden_numbers(desk.get(page).text)}, see=page)

    assert "Dotychczasowy dowód jeszcze nie wrócił." in text_of(away)
    assert 'id="invalidate"' not in away.text
    assert "Najpierw unieważnij dotychczasowy dowód." in text_of(back)
    assert cut.location.endswith(page)
    assert (given.status_code, counter.stage()) == (302, "closed")
    assert certificate(counter)[1:] == (ItemState.IN_OFFICE, True)


def test_the_mailbox_says_to_bring_the_old_certificate_while_the_owner_has_it(law, counter):
    def lent(work: Work) -> bool:
        return situation_of(work.case, work.act().today, None).lent

    away = counter.ask(lent)
    counter.ask(Work.receive)

    assert (away, counter.ask(lent)) == (True, False)


def test_what_keeps_the_new_certificate_back_leads_to_where_the_old_one_is_received_and_then_invalidated(law, counter):
    def place(work: Work) -> str:
        with law.test_request_context():
            (found,) = obstacles(work.case, ["certificate-invalidated"], frozenset())
            return found.url

    away = counter.ask(place)
    counter.ask(Work.receive)
    back = counter.ask(place)
    shown = html.fromstring(log_in_staff(law, "clerk").get(back).data)

    assert away == f"/kancelaria/{counter.sign}"
    assert back == f"/kancelaria/{counter.sign}/rzeczy?ruch=invalidated"
    assert shown.xpath("//input[@name='pick'][@checked]/@value") == [str(certificate(counter)[0])]


def test_while_it_is_only_lent_nobody_is_led_to_invalidate_it(law, authority):
    made = Counter(law, authority)
    made.ask(lambda work: (work.keep_the_number(), work.write("register_directly")))

    shown = html.fromstring(log_in_staff(law, "clerk").get(f"/kancelaria/{made.sign}/rzeczy?ruch=invalidated").data)

    assert shown.xpath("//input[@name='pick'][@checked]") == []


def test_what_was_lent_and_came_back_waits_for_the_file_as_the_other_papers(office, authority):
    made = Counter(office, authority)
    made.decide()

    def bring_back(work: Work) -> list[str]:
        work.give()
        announce(work)
        work.receive()
        return [str(item.number) for item in work.case.items if item.kind is ItemKind.TEMPORARY_PERMIT]

    (permit,) = made.ask(bring_back)

    page = log_in_staff(office, "clerk").get(f"/kancelaria/{made.sign}/rzeczy?ruch=filed")

    shown = html.fromstring(page.data)
    assert permit in shown.xpath("//input[@name='pick'][@checked]/@value")
    assert "pozostaje w\u00a0aktach" in shown.get_element_by_id(f"item-{permit}").text_content()


def test_an_old_certificate_that_was_lent_waits_for_the_file_once_it_is_cut(law, counter):
    counter.ask(lambda work: (work.receive(), work.invalidate()))

    shown = html.fromstring(log_in_staff(law, "clerk").get(f"/kancelaria/{counter.sign}/rzeczy?ruch=filed").data)

    assert str(certificate(counter)[0]) in shown.xpath("//input[@name='pick'][@checked]/@value")
