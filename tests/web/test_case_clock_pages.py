"""The clock of a case on its page: why this date, with the papers, and what a clerk may do to it."""

from __future__ import annotations

import pytest
from lxml import html

from app.extensions import db
from app.usecases.case_clock import settling_term
from tests.usecases.at_work import Work
from tests.web.case_office import at, work_of
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database


def ledger_of(page: Page) -> list[tuple[str, list[str]]]:
    """Each line of "why this date?": its words, and where its papers are."""
    tree = html.fromstring(page.person.get(page.path).text)
    return [
        (" ".join(row.text_content().split()), row.xpath(".//a/@href"))
        for row in tree.xpath("//section[@id='why']//table[contains(@class, 'ledger')]//tr")
    ]


def offered(page: Page) -> set[str]:
    """The acts on the clock that the page offers."""
    tree = html.fromstring(page.person.get(page.path).text)
    steps = tree.xpath("//section[@id='why']//form/input[@name='step']/@value")
    letters = tree.xpath("//section[@id='why']//a[contains(@class, 'btn')]/@href")
    return {*steps, *(href.rsplit("/", 1)[-1] for href in letters)}


def test_why_this_date_leads_to_the_letter_that_stopped_the_clock_and_to_what_came(ready, case_at):
    waiting, complete = Page(ready, case_at("awaiting_originals")), Page(ready, case_at("originals_complete"))

    assert any(f"{waiting.path}/pismo/1" in links for _words, links in ledger_of(waiting))
    with ready.app_context():
        events = settling_term(complete.case()).events
        assert [(event.kind, bool(event.letter), bool(event.consignment)) for event in events[1:]] == [
            ("stopped", True, False),
            ("restarted", False, True),
        ]


@pytest.mark.parametrize(
    ("stage", "acts"),
    [("awaiting_originals", [Work.receive]), ("agreeing_handover", []), ("permanent_ready", [Work.receive])],
)
def test_the_clock_runs_where_nothing_is_awaited_from_the_party_any_more(ready, authority, stage, acts):
    with ready.app_context():
        work = at(work_of(authority), stage)
        for act in acts:
            act(work)
        page = Page(ready, work.case.sign)

        assert not page.case().clock_stands

    assert "Termin nie biegnie" not in page.text()


def test_the_clock_does_not_run_where_the_party_is_awaited(ready, case_at):
    page = Page(ready, case_at("awaiting_originals"))

    assert "Termin nie biegnie" in page.text()
    assert "czeka na oryginały" in " ".join(words for words, _links in ledger_of(page))


def test_a_clerk_stops_the_clock_with_a_reason_and_a_letter_and_lets_it_run_again(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    assert offered(page) == {"suspend", "await_party", "await_outside", "deem_complicated"}

    assert page.post("krok", step="await_outside", reason="Pytanie do CEP", letter=1).status_code == 302

    said = page.text()
    line, links = next(one for one in ledger_of(page) if "Pytanie do CEP" in one[0])
    assert "prawę opóźnia przyczyna niezależna od urzędu" in line
    assert f"{page.path}/pismo/1" in links
    assert "Gotowe. Termin nie biegnie od tej chwili." in said
    assert ", bo sprawę opóźnia przyczyna niezależna od urzędu" in said
    assert offered(page) == {"suspend", "go_on", "deem_complicated"}
    page.post("krok", step="go_on", reason="Przyszła odpowiedź")
    assert "Termin biegnie dalej" in page.text()
    with ready.app_context():
        assert not page.case().clock_stands
    assert "wznowienie biegu terminu" in page.text()


def test_an_act_on_the_clock_without_a_reason_is_asked_for_again_and_nothing_typed_is_lost(ready, case_at):
    page = Page(ready, case_at("originals_complete"))

    answer = page.post("krok", step="deem_complicated", reason=" ", letter=1)

    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    assert tree.xpath("//section[@id='why']//form[input/@value='deem_complicated']//option[@selected]/@value") == ["1"]
    with ready.app_context():
        assert settling_term(page.case()).events[-1].kind == "restarted"


def test_a_suspended_case_says_so_and_leads_from_the_decision_to_the_order_that_takes_it_up(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    version = page.version()
    form = page.person.get(f"{page.path}/pismo/suspend")
    assert "art. 97 § 1 pkt 4" in form.text
    reasons = "Strona wystąpiła o zawieszenie (art. 98 § 1 k.p.a.)."
    page.person.post(f"{page.path}/pismo/suspend", {"do": "send", "reasons": reasons, "version": version})

    with ready.app_context():
        assert [letter.kind for letter in page.case().letters][-1] == "suspension_order"
        db.session.remove()


def draft_of(page: Page) -> dict[str, str]:
    tree = html.fromstring(page.person.get(f"{page.path}/pismo/notify_delay").text)
    (form,) = [form for form in tree.forms if "reasons" in form.fields]
    return {name: form.fields[name].strip() for name in ("reasons", "until")}


def test_the_notice_of_a_delay_is_ready_with_the_reason_of_the_state_and_a_new_day_and_leaves_by_one_click(
    ready, case_at
):
    waiting, page = Page(ready, case_at("awaiting_originals")), Page(ready, case_at("originals_complete"))
    assert draft_of(waiting)["reasons"].startswith("Urząd czeka na oryginały dokumentów i tablice")
    assert draft_of(page)["reasons"].startswith("Liczba spraw")
    page.post("krok", step="await_outside", reason="Pytanie do starosty z 12 marca.")

    draft = draft_of(page)

    assert draft["reasons"].endswith("czeka na odpowiedź innego organu. Pytanie do starosty z 12 marca.")
    assert page.post("pismo/notify_delay", do="send", **draft).status_code == 303
    with ready.app_context():
        assert page.case().letters[-1].details["reasons"] == draft["reasons"]


def test_others_than_the_clerk_of_the_case_do_nothing_to_its_clock(ready, case_at):
    sign = case_at("originals_complete")
    for name in ("supervisor", "front_desk"):
        page = Page(ready, sign, name)

        assert offered(page) == set()
        page.post("krok", step="await_party", reason="x")
        page.post("krok-kancelarii", step="await_party", reason="x")

    with ready.app_context():
        assert settling_term(page.case()).events[-1].kind == "restarted"
