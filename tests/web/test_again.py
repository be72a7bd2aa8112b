"""A form that is refused comes back on its page: what was typed is there, and the sentence stands at its field."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from lxml import html

from app.domain.items import ItemKind
from app.extensions import db
from app.models import Case
from app.transaction import one_transaction
from app.usecases.move_items import make_item
from app.views.office.again import FORMS
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff, system

pytestmark = pytest.mark.one_database


@pytest.fixture
def counter(office, authority) -> Counter:
    return Counter(office, authority)


def refused(answer, action: str, **hidden: str):
    """The form of `action` on the page that answers, and the sentence at its field."""
    assert answer.status_code == 422
    page = html.fromstring(answer.data)
    summary = page.xpath("//div[@class='errors']")[0]
    forms = page.xpath(f"//main//form[@action='{action}']")
    form = next(one for one in forms if hidden.items() <= dict(one.form_values()).items())
    fields = form.xpath(".//*[@aria-invalid='true']")
    return form, summary.text_content(), [field.get("name") for field in fields], summary.xpath(".//a/@href")


def typed(form) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name not in {"csrf_token", "version"}}


def test_a_destruction_without_its_manner_or_its_confirmation_comes_back_as_it_was_typed(office, counter):
    counter.decide()
    plates = counter.ask(lambda work: [str(one.number) for one in work.case.items if one.kind is ItemKind.PLATE])
    desk = log_in_staff(office, "front_desk")
    action = f"/kancelaria/rzeczy/{counter.sign}/ruch"
    said = {"pick": plates, "movement": ["destroyed"], "place": [""], "remark": [""], "witness": ["Ewa Druga"]}

    without_manner = desk.post(action, {**said, "sure": ["yes"]}, see="/kancelaria/")
    unconfirmed = desk.post(action, {**said, "remark": ["przecięcie"]}, see="/kancelaria/")

    form, summary, fields, links = refused(without_manner, action)
    assert typed(form) == {**said, "sure": ["yes"]}
    assert (fields, links) == (["remark"], ["#again"])
    assert "sposób zniszczenia" in summary
    form, _summary, fields, _links = refused(unconfirmed, action)
    assert typed(form) == {**said, "remark": ["przecięcie"]}
    assert fields == ["sure"]


def test_a_receipt_that_is_taken_back_without_a_reason_says_so_at_its_own_thing(office, counter):
    counter.await_originals()
    counter.ask(lambda work: work.receive())
    first, *_others = counter.ask(lambda work: [one.number for one in work.case.items])
    desk = log_in_staff(office, "front_desk")
    action = f"/kancelaria/rzeczy/{counter.sign}/omylkowo/{first}"

    answer = desk.post(action, {"reason": "  "}, see="/kancelaria/")

    form, _summary, fields, _links = refused(answer, action)
    assert fields == ["reason"]
    assert form.getparent().get("open") is not None
    assert len(html.fromstring(answer.data).xpath("//*[@aria-invalid]")) == 1


def version_of(sign: str) -> int:
    return db.session.scalars(sa.select(Case.version).where(Case.sign == sign)).one()


def test_a_note_that_is_too_long_is_still_there(ready, case_at):
    sign = case_at("verification")
    clerk = log_in_staff(ready, "clerk")
    action = f"/sprawa/{sign}/notatka"
    note = "Rozmowa ze stroną. " * 300

    form, _summary, fields, _links = refused(clerk.post(action, {"text": note}, see="/account/"), action)

    assert typed(form) == {"text": [note]}
    assert fields == ["text"]


def test_a_proposal_by_post_without_an_address_keeps_its_ways_and_its_remark(ready, case_at):
    sign = case_at("agreeing_handover")
    clerk = log_in_staff(ready, "clerk")
    action = f"/sprawa/{sign}/uzgodnienie"
    with ready.app_context():
        version = version_of(sign)
    page = html.fromstring(clerk.get(f"/sprawa/{sign}").data)
    (form,) = page.xpath(f"//form[@action='{action}']")
    said = {name: ["post"] for name in typed(form) if name.startswith("way-")}
    said |= {"slot": [""], "collector": ["Ewa Druga"], "address": [" "], "remark": ["prosi o telefon"]}

    answer = clerk.post(action, {**said, "version": version}, see="/account/")

    form, _summary, fields, _links = refused(answer, action)
    assert typed(form) == said
    assert fields == ["address"]


def test_what_the_form_of_a_proposal_lists_can_be_proposed_and_the_new_card_waits_for_the_certificate(ready, case_at):
    sign = case_at("agreeing_handover")
    clerk = log_in_staff(ready, "clerk")
    action = f"/sprawa/{sign}/uzgodnienie"
    with ready.app_context():
        with one_transaction() as session:
            case = session.scalars(sa.select(Case).where(Case.sign == sign)).one()
            make_item(session, case, ItemKind.NEW_VEHICLE_CARD, "KP 123", act=system())
        version = version_of(sign)
    page = html.fromstring(clerk.get(f"/sprawa/{sign}").data)
    (form,) = page.xpath(f"//form[@action='{action}']")

    answer = clerk.post(action, {**typed(form), "version": version}, see="/account/")

    assert "KP 123" not in form.text_content()
    assert answer.status_code == 302


def test_a_step_whose_reason_is_missing_opens_at_its_reason_and_no_other_does(ready, case_at):
    sign = case_at("verification")
    clerk = log_in_staff(ready, "clerk")
    action = f"/sprawa/{sign}/krok"
    with ready.app_context():
        version = version_of(sign)

    answer = clerk.post(action, {"step": "withdraw", "reason": " ", "version": version}, see="/account/")

    form, _summary, fields, _links = refused(answer, action, step="withdraw")
    assert fields == ["reason"]
    assert form.getparent().get("open") is not None
    assert len(html.fromstring(answer.data).xpath("//*[@aria-invalid]")) == 1


def test_every_form_that_shares_a_page_and_its_page_are_there(office_app):
    endpoints = {rule.endpoint: rule for rule in office_app.url_map.iter_rules()}

    for form, (page, _fields) in FORMS.items():
        assert "POST" in endpoints[form].methods
        assert "GET" in endpoints[page].methods
        assert endpoints[page].arguments <= {"sign"} & endpoints[form].arguments
