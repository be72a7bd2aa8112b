"""A clerk compares what came with its scans: beside them, or all at once, and is led on to the next step."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from lxml import html

from app.domain.items import ItemKind
from app.extensions import db
from app.models import Case
from tests.factories import an_office
from tests.usecases.at_work import Work
from tests.web.at_the_counter import Counter
from tests.web.clerk_cases import a_case_of_six
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_posting_room import held_by

pytestmark = pytest.mark.one_database


def test_all_things_that_wait_are_compared_at_once_by_the_clerk_who_holds_the_case(office, authority):
    counter = Counter(office, authority)
    counter.await_originals()
    counter.ask(lambda work: work.receive())
    clerk = log_in_staff(office, "clerk")
    path, act = f"/kancelaria/{counter.sign}/rzeczy", f"/kancelaria/rzeczy/{counter.sign}/porownanie"

    def compare_all(**more):
        version = counter.ask(lambda work: work.case.version)
        return clerk.post(act, {"version": version, **more}, see="/kancelaria/").status_code

    assert compare_all() == 403  # somebody else has the case
    counter.ask(lambda work: held_by(work, "clerk"))
    row = html.fromstring(clerk.get("/praca/?tab=mine").text).xpath(f"//a[@href='{path}']")
    file = html.fromstring(clerk.get(f"/sprawa/{counter.sign}").text)
    (primary,) = file.xpath("//*[@id='acts']//*[contains(@class, 'btn-primary')]")
    assert primary.get("href") == path
    assert f"{primary.text_content().strip()} {counter.sign}" in {link.text_content().strip() for link in row}
    before = clerk.get(path)
    assert "Wszystkie zgadzają się ze skanami" in text_of(before)
    assert "#acts" not in before.text
    assert compare_all(version=0) == 409
    assert not any(counter.ask(lambda work: [item.compared for item in work.case.items]))

    assert compare_all() == 302
    after = clerk.get(path)

    assert all(counter.ask(lambda work: [item.compared for item in work.case.items]))
    assert "Wszystkie zgadzają się ze skanami" not in text_of(after)
    assert f'href="/sprawa/{counter.sign}#acts"' in after.text
    assert "Proszę potwierdzić komplet oryginałów" in text_of(after)
    assert compare_all() == 409  # nothing is left


def test_a_thing_is_compared_beside_the_pages_of_its_document_and_what_the_form_says(office, authority):
    with office.app_context():
        an_office(authority)
    sign = a_case_of_six(office, authority, examined=True)
    with office.app_context():
        work = Work(db.session.scalar(sa.select(Case.id).where(Case.sign == sign)))
        work.take()
        work.accept_all()
        work.write("summon_originals")
        work.receive()
        held_by(work, "clerk")
        ids = {one.kind: one.public_id for one in work.case.documents}
        item = next(one.number for one in work.case.items if one.kind is ItemKind.OWNERSHIP)
        db.session.remove()
    clerk = log_in_staff(office, "clerk")

    page = html.fromstring(clerk.get(f"/kancelaria/{sign}/rzeczy").text)

    (beside,) = page.xpath(f"//*[@id='item-{item}']//*[@class='beside']")
    pictures = [one.get("src") for one in beside.findall(".//img")]
    assert pictures == [f"/sprawa/{sign}/dokument/{ids['OWNERSHIP']}/{number}?w=800" for number in (1, 2)]
    assert clerk.get(pictures[0]).mimetype.startswith("image/")
    assert "Powiększ" in beside.text_content()
    assert "VIN" in beside.text_content()
