"""The front desk with a scanner: how many keystrokes does an envelope take, and are its pages fit to be shown?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.domain.delivery import Method
from app.extensions import db
from app.views.assets import DIST
from tests.browser.conftest import served
from tests.browser.test_pages import Walk
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import STAFF_PASSWORD, add_people
from tests.web.test_posting_room import held_by

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PICTURES = os.environ.get("OKIENKO_PICTURES", "")
"""A folder for pictures of the pages, for whoever wants to look at them."""
SCANNER = """(code) => {
  for (const key of [...code, "Enter"]) {
    const at = document.activeElement;
    const writes = at.matches("input:not([type=checkbox], [type=radio])");
    if (!at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))) continue;
    if (key !== "Enter") at.value = writes ? at.value + key : at.value;
    else if (at.form) at.form.requestSubmit();
  }
}"""
SIZES = {"1366": (1366, 768), "390": (390, 844), "1920": (1920, 1080)}


@pytest.fixture
def counter(office_app, authority):
    """A served office and its one case."""
    if not (DIST / "office/desk.css").exists():
        pytest.skip("the look is not built: npm run build")
    add_people(office_app)
    counter = Counter(office_app, authority)
    with served(office_app) as address:
        yield counter, address
    with office_app.app_context():
        db.session.remove()
        db.engine.dispose()


class Desk(Walk):
    """Somebody at the front desk with a scanner, whose own keystrokes are counted."""

    def __init__(self, chromium, address: str, login: str = "front_desk") -> None:
        super().__init__(chromium, address)
        self.come_in("/login/", ("#username", login), ("#password", STAFF_PASSWORD))
        self.keystrokes = 0

    def scan(self, code: str) -> None:
        """What a scanner does: keys faster than any person, then Enter. Made in the page, as this one may be slow."""
        self.page.evaluate(SCANNER, code)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.wait_for_timeout(120)  # a person
            self.page.keyboard.press(key)
            self.keystrokes += 1

    def picture(self, name: str, path: str | None = None) -> None:
        """Look at the page as the walk does; keep its picture where somebody asked for pictures."""
        if path is not None:
            self.look_at(path)
        for size, (width, height) in SIZES.items() if PICTURES else ():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png")
        self.page.set_viewport_size({"width": 1366, "height": 768})


def test_an_envelope_is_received_in_five_keystrokes_after_the_scan(chromium, counter):
    case, address = counter
    case.await_originals()
    *here, last = case.awaited()
    desk = Desk(chromium, address)
    desk.page.goto(f"{address}/kancelaria/")

    desk.scan(case.sign)
    desk.page.wait_for_url(f"{address}/kancelaria/{case.sign}")
    desk.scan(TRACKING)
    assert desk.page.input_value("#tracking") == TRACKING
    desk.page.fill("#place", "B3-017")  # once a morning; afterwards it is remembered
    desk.page.locator("[name=here]").first.focus()
    desk.press(str(len(here) + 1))
    expect(desk.page.locator("[data-ticked]")).to_have_text(str(len(here)))
    desk.picture("reception-case")
    desk.press("Enter")
    desk.page.wait_for_url("**/przyjeto/*")

    assert desk.keystrokes <= 5
    assert "RPW/1/" in desk.page.inner_text("h1")
    assert case.awaited() == [last]
    assert desk.complaints == []


def test_where_everything_is_there_one_keystroke_is_enough(chromium, counter):
    case, address = counter
    case.await_originals()
    desk = Desk(chromium, address)
    desk.page.goto(f"{address}/kancelaria/")

    desk.scan(case.sign)
    desk.page.wait_for_url(f"{address}/kancelaria/{case.sign}")
    desk.press("Enter")
    desk.page.wait_for_url("**/przyjeto/*")
    desk.scan(case.sign)
    desk.page.wait_for_url(f"{address}/kancelaria/{case.sign}")

    assert desk.keystrokes == 1
    assert case.awaited() == []


def test_the_way_of_a_visit_is_one_key_and_a_refused_number_is_scanned_over(chromium, counter):
    case, address = counter
    case.await_originals()
    desk = Desk(chromium, address)
    desk.page.goto(f"{address}/kancelaria/{case.sign}")
    desk.page.fill("#tracking", "RR000002011PL")
    desk.page.fill("#place", "B3-017")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#tracking[aria-invalid=true]")

    desk.page.focus("#tracking")
    desk.page.keyboard.type(TRACKING, delay=60)
    assert desk.page.input_value("#tracking") == TRACKING
    desk.page.fill("#tracking", "")
    desk.page.locator("[name=here]").first.focus()
    desk.press("o")
    expect(desk.page.locator("[value=in_person]")).to_be_checked()
    desk.press("r")
    expect(desk.page.locator("[value=courier]")).to_be_checked()
    desk.press("o", "Enter")
    desk.page.wait_for_url("**/przyjeto/*")

    assert case.ask(lambda work: [one.carriage.value for one in work.case.consignments]) == ["in_person"]


def test_who_prepares_a_decision_begins_to_type_at_the_first_empty_field(chromium, counter):
    case, address = counter
    case.await_originals()

    def complete(work) -> None:
        work.open_letter()
        work.receive_all()
        held_by(work, "clerk")

    case.ask(complete)
    desk = Desk(chromium, address, "clerk")
    desk.page.goto(f"{address}/sprawa/{case.sign}")

    desk.page.locator("#acts a[href='#preparing']").first.click()

    expect(desk.page.locator("#proof")).to_be_focused()


def test_the_pages_of_the_counter_are_in_order(chromium, counter):
    case, address = counter
    case.await_originals()
    desk = Desk(chromium, address, "clerk")
    file = f"/kancelaria/{case.sign}"
    desk.picture("start-empty", "/kancelaria/")
    desk.picture("case", file)
    desk.picture("nothing-found", "/kancelaria/?q=nikt")
    desk.picture("unmatched", "/kancelaria/bez-sprawy")
    desk.page.fill("#contents", "Dwie tablice SC 12345, bez pisma przewodniego")
    desk.page.click("main button[type=submit]")
    desk.picture("unmatched-one", "/kancelaria/bez-sprawy/1")
    desk.page.goto(address + file)
    desk.page.fill("#place", "B3-017")
    desk.page.locator("[name=here]").last.uncheck()
    desk.page.locator("label:has([value=damaged])").first.click()
    desk.page.fill("[name^=remark]", "zalany, numer czytelny")
    desk.picture("case-filled")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_url("**/przyjeto/*")
    desk.picture("received", desk.page.url.removeprefix(address))
    desk.picture("items", f"{file}/rzeczy")
    desk.picture("start", "/kancelaria/")
    desk.picture("hand-out-closed", f"{file}/wydanie")
    desk.picture("shelves", "/kancelaria/polki/?polka=B3-017")
    desk.page.fill("#codes", "KM.5410.77.2026\n999")
    desk.page.locator("[name=seen]").first.check()
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_selector("[name=absent]")
    desk.picture("shelves-differ")
    desk.picture("posting-empty", "/kancelaria/poczta/")

    assert desk.faults == {}


def test_the_pages_of_handing_out_and_posting_are_in_order(chromium, counter):
    case, address = counter
    case.decide(method=Method.IN_PERSON, TEMPORARY_PERMIT=Method.POST)
    desk = Desk(chromium, address)
    file = f"/kancelaria/{case.sign}"
    desk.picture("hand-out", f"{file}/wydanie")
    desk.picture("posting", "/kancelaria/poczta/")
    desk.page.fill("[name=tracking]", TRACKING)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#posted .code")
    desk.picture("posted", "/kancelaria/poczta/")
    desk.page.goto(f"{address}/kancelaria/poczta/zwrotka?q={TRACKING}")
    desk.picture("return-card", desk.page.url.removeprefix(address))
    desk.page.goto(f"{address}{file}/wydanie")
    desk.page.fill("#identity_tail", "123")
    desk.page.click("main button[type=submit]")
    desk.page.wait_for_url("**/wydano/*")
    desk.picture("handed-out", desk.page.url.removeprefix(address))
    desk.picture("items-later", f"{file}/rzeczy")

    assert desk.faults == {}


def test_a_clerk_records_all_annotations_with_one_press_in_the_case_file(chromium, counter):
    case, address = counter
    case.decide()
    case.ask(lambda work: held_by(work, "clerk"))
    desk = Desk(chromium, address, "clerk")
    file, things = f"/sprawa/{case.sign}", f"/kancelaria/{case.sign}/rzeczy"
    desk.picture("annotations-due", things)
    desk.picture("annotations-in-the-file", file)

    desk.page.goto(address + file)
    desk.page.click("#things button[type=submit]")
    desk.page.wait_for_url(f"**{file}#things")
    expect(desk.page.locator("#things")).to_contain_text("adnotacja o zarejestrowaniu pojazdu")
    desk.picture("annotations-made", things)
    desk.page.locator("summary", has_text="Skreśl adnotację").click()
    desk.page.fill("[name=reason]", "rozmazana pieczęć")
    desk.page.locator("form[action*=skreslenie] button").click()

    expect(desk.page.locator("#annotations [name=pick]")).to_have_count(1)
    assert desk.faults == {}
