"""The next act of a case: "Moja praca" and the case file name the same one, and the case comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from lxml import html

from app.domain.custody import Discrepancy
from app.domain.items import ItemKind
from app.extensions import db
from app.models import Carriage, Case
from app.transaction import one_transaction
from app.usecases.compare_item import compare_item
from app.usecases.receive_items import Envelope, Extra, receive_items
from tests.authority import TestAuthority
from tests.usecases.at_work import Work
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff

FIRST, STANDS = "W pierwszej kolejności", "Termin nie biegnie"


class Desk:
    """The clerk who logs in, with one case."""

    def __init__(self, office: Flask, authority: TestAuthority) -> None:
        self.office = office
        self.work = self.do(lambda: work_of(authority))
        self.sign = self.do(lambda: self.work.case.sign)
        self.clerk = log_in_staff(office, "clerk")

    def do(self, deed: Callable[[], Any]) -> Any:
        """Act on the rows, as no request does."""
        with self.office.app_context():
            try:
                return deed()
            finally:
                db.session.remove()

    def at(self, stage: str) -> Work:
        self.do(lambda: at(self.work, stage))
        return self.work

    def line(self) -> tuple[str, str, str]:
        """Under which heading the case stands in "Moja praca", its act, and where that is done."""
        page = html.fromstring(self.clerk.get("/praca/").text)
        (row,) = page.xpath(f"//ol[@class='work']/li[.//*[normalize-space(text())='{self.sign}']]")
        (link,) = row.xpath(".//a[contains(@class, 'btn')]")
        heading = row.xpath("normalize-space(../preceding-sibling::h2[1])").replace("\u00a0", " ").split(" · ")[0]
        return heading, link.text_content().strip().removesuffix(f" {self.sign}"), link.get("href")

    def primary(self) -> list[str]:
        """The act that the case file proposes."""
        page = html.fromstring(self.clerk.get(f"/sprawa/{self.sign}").text)
        return [one.text_content().strip() for one in page.xpath("//*[@id='acts']//*[contains(@class, 'btn-primary')]")]


@pytest.fixture
def desk(ready, authority):
    return Desk(ready, authority)


def test_a_case_whose_originals_all_agree_comes_first_with_the_confirmation(desk):
    work = desk.at("awaiting_originals")
    desk.do(work.receive)
    assert desk.line()[1] == "Porównaj oryginały"

    desk.do(work.compare_all)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert act == "Potwierdź komplet oryginałów"
    assert url == f"/sprawa/{desk.sign}#acts"


def test_a_case_of_whose_originals_one_is_missing_still_waits_for_its_party(desk):
    work = desk.at("awaiting_originals")
    desk.do(lambda: work.receive(missing=[work.awaited()[0].number]))

    desk.do(work.compare_all)

    assert desk.line()[0] == STANDS


def test_a_case_of_whose_originals_one_differs_comes_first_with_a_summons(desk):
    def differs() -> None:
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            number = case.items[0].number
            different = Discrepancy.DIFFERENT
            compare_item(session, case, case.version, number, act=work.act(), differs=different, remark="x")

    work = desk.at("awaiting_originals")
    desk.do(work.receive)
    desk.do(differs)

    desk.do(work.compare_all)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/sprawa/{desk.sign}/pismo/summon_further"


def test_a_permit_that_was_brought_back_calls_for_the_registration_until_it_is_decided(desk):
    work = desk.at("permanent_ready")
    assert desk.line()[0] == STANDS

    desk.do(work.receive)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/sprawa/{desk.sign}/pismo/register"
    desk.do(lambda: work.write("register"))
    assert desk.line()[0] == STANDS


def test_plates_that_came_unasked_during_verification_call_for_a_look(desk):
    def bring() -> None:
        with one_transaction() as session:
            receive_items(session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON), [],
                          act=work.act(work.desk), extra=[Extra(ItemKind.PLATE, "SC 12345")], place="A-1")  # fmt: skip

    work = desk.at("verification")

    desk.do(bring)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/kancelaria/{desk.sign}/rzeczy"
