"""A clerk with one case before "Moja praca" and the case file: what both say comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from app.extensions import db
from tests.authority import TestAuthority
from tests.usecases.at_work import Work
from tests.web.case_office import at, work_of
from tests.web.conftest import Visitor, log_in_staff

DESCRIBING = {"Zapisz opis": "Opisz"}
"""The button of the form stands for the act."""


def plain(words: str) -> str:
    """Return `words` as they are typed: the pages keep a short word with the next one."""
    return words.replace("\u00a0", " ")


def proposed(clerk: Visitor, sign: str) -> list[str]:
    """Return the act that the file of the case `sign` proposes: one, or none."""
    page = html.fromstring(clerk.get(f"/sprawa/{sign}").text)
    buttons = page.xpath("//*[@id='acts']//*[contains(@class, 'btn-primary')]")
    words = [plain(one.text_content().strip()) for one in buttons]
    return [DESCRIBING.get(one, one) for one in words]


def named(clerk: Visitor, tab: str) -> dict[str, str]:
    """Return the act that "Moja praca" names in each row of a tab, by sign."""
    acts: dict[str, str] = {}
    address = f"/praca/?tab={tab}"
    while address:
        page = html.fromstring(clerk.get(address).text)
        for link in page.xpath("//ol[@class='work']/li//a[contains(@class, 'btn')]"):
            sign = link.xpath("normalize-space(.//span[@class='visually-hidden'])")
            acts[sign] = plain(link.text_content().strip().removesuffix(f" {sign}"))
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    return acts


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
        row = self.row()
        (link,) = row.xpath(".//a[contains(@class, 'btn')]")
        heading = row.xpath("normalize-space(../preceding-sibling::h2[1])").replace("\u00a0", " ").split(" · ")[0]
        return (
            heading,
            link.text_content().strip().removesuffix(f" {self.sign}").replace("\u00a0", " "),
            link.get("href"),
        )

    def row(self) -> HtmlElement:
        """The case in "Moja praca"."""
        page = html.fromstring(self.clerk.get("/praca/").text)
        (row,) = page.xpath(f"//ol[@class='work']/li[.//*[normalize-space(text())='{self.sign}']]")
        return row

    def primary(self) -> list[str]:
        """The act that the case file proposes."""
        return proposed(self.clerk, self.sign)
