"""A clerk in a real browser: six documents verified by keyboard alone, a summons sent and taken back, no barrier."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.extensions import db
from app.views.assets import DIST
from tests.browser.conftest import served
from tests.browser.test_pages import Walk
from tests.factories import an_office
from tests.web.clerk_cases import SIX, a_case_of_six, let_leave, verdicts_of
from tests.web.conftest import STAFF_PASSWORD, add_people

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def place(office_app, authority):
    """A served office with a case of six documents; its address and the sign."""
    if not (DIST / "office/desk.css").exists():
        pytest.skip("the look is not built: npm run build")
    add_people(office_app)
    with office_app.app_context():
        an_office(authority)
        db.session.remove()
    sign = a_case_of_six(office_app, authority, missing="VEHICLE_CARD", examined=True)
    with served(office_app) as address:
        yield office_app, address, sign
    with office_app.app_context():
        db.session.remove()
        db.engine.dispose()


def beside(deed, *given):
    """Do something with the office's rows outside the browser's thread, whose loop is running."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(deed, *given).result()


def a_clerk(chromium, address, sign, role="clerk") -> Walk:
    walk = Walk(chromium, address)
    walk.come_in("/login/", ("#username", role), ("#password", STAFF_PASSWORD))
    if role == "clerk":
        walk.page.goto(f"{address}/sprawa/{sign}")
        walk.page.click("form[action$='/wez'] button")
    return walk


def keys(page, *pressed):
    """Press keys as a person does, slower than a scanner, and wait for the page that follows an Enter."""
    for key in pressed:
        if key in {"Enter", "Control+Enter"}:
            with page.expect_navigation():
                page.keyboard.press(key)
        else:
            page.keyboard.press(key)
            time.sleep(0.12)


def test_six_documents_are_verified_and_the_summons_sent_and_taken_back_by_keyboard_alone(chromium, place):
    office, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}/weryfikacja")

    keys(page, "]", "+")
    assert page.inner_text("[data-page-now]") == "2"
    assert page.get_attribute(".scan-view", "src").endswith("/2?w=1400")
    keys(page, "[", "3", "Tab", "ArrowDown", "Enter")  # wrong, with the first of its ready reasons
    keys(page, "4", "Enter")  # missing: a reason is chosen already
    keys(page, "1", "Enter", "u")
    page.wait_for_url("**dokument=INSPECTION")
    keys(page, "1", "Enter", "1", "Enter", "1", "Enter", "1", "Enter")
    assert page.locator("h2", has_text="Wszystkie dokumenty są ocenione").is_visible()
    keys(page, "Enter")  # the next act has the focus
    assert page.url.endswith(f"/sprawa/{sign}/pismo/summon_remedy")
    keys(page, "Control+Enter")
    assert page.locator("[data-leaving]").is_visible()
    keys(page, "u")
    page.wait_for_url("**/pismo/summon_remedy?z=1")

    found = beside(verdicts_of, office, sign)
    assert [row[:2] for row in found] == [
        ("OWNERSHIP", "wrong"), ("VEHICLE_CARD", "missing"), ("INSPECTION", "accepted"), ("INSPECTION", "pending"),
        ("INSPECTION", "accepted"), ("REG_CERT", "accepted"), ("PLATES", "accepted"), ("FEE_PROOF", "accepted"),
    ]  # fmt: skip
    assert found[0][2] == "numer VIN w dokumencie jest inny niż we wniosku"
    assert len({row[0] for row in found}) == len(SIX)


def test_a_verdict_counts_however_quickly_enter_follows_it(chromium, place):
    office, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}/weryfikacja")
    page.evaluate("document.activeElement.blur()")

    with page.expect_navigation():
        page.keyboard.press("1")
        page.keyboard.press("Enter")

    assert [row[:2] for row in beside(verdicts_of, office, sign)] == [("OWNERSHIP", "accepted")]


def test_the_bar_of_a_letter_with_a_covering_letter_holds_all_its_buttons(chromium, place):
    _, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}/pismo/transfer")

    letter = page.locator("#letter").bounding_box()
    ends = [one.bounding_box() for one in page.locator(".actions-stick > *").all()]

    assert page.locator(".actions-stick .btn").count() == 4
    assert all(box["x"] + box["width"] <= letter["x"] and box["width"] > 60 for box in ends), ends


def test_keys_do_nothing_where_they_are_switched_off(chromium, place):
    _, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}/weryfikacja")
    page.evaluate("document.body.dataset.keys = 'off'")

    keys(page, "1", "]")

    assert page.locator("input[name=verdict]:checked").count() == 0
    assert page.inner_text("[data-page-now]") == "1"


def test_the_letter_follows_what_is_typed(chromium, place):
    _, address, sign = place
    walk = a_clerk(chromium, address, sign)
    page = walk.page
    page.goto(f"{address}/sprawa/{sign}/pismo/odpowiedz")

    page.fill("#subject", "Opłata za tablice")
    page.fill("#reasons", "Opłata wynosi 80 zł.")

    page.wait_for_selector(".letter h3:has-text('Opłata za tablice')")
    page.wait_for_selector(".letter p:has-text('Opłata wynosi 80')")
    assert page.input_value("#reasons") == "Opłata wynosi 80 zł."
    assert walk.complaints == []


def test_a_letter_is_sent_by_its_keys_wherever_the_focus_is_and_its_button_is_in_sight(chromium, place):
    _, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}/pismo/odpowiedz")
    page.fill("#subject", "Opłata za tablice")
    page.fill("#reasons", "Opłata wynosi 80 zł.")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    assert page.locator("[data-send]").bounding_box()["y"] < page.viewport_size["height"]

    page.keyboard.press("Control+Enter")

    page.wait_for_url(re.compile(rf"/sprawa/{re.escape(sign)}/pismo/\d+"))


def test_a_page_that_opens_at_a_section_says_there_what_was_done(chromium, place):
    _, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.goto(f"{address}/sprawa/{sign}")

    page.fill("#note-text", "Strona prosi o telefon.")
    page.click("#notes button")
    page.wait_for_url("**#notes")

    assert page.evaluate("document.querySelector('.flash').nextElementSibling.id") == "notes"


def test_everything_works_without_javascript(chromium, place):
    office, address, sign = place
    context = chromium.new_context(locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("#username", "clerk")
    page.fill("#password", STAFF_PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{address}/sprawa/{sign}")
    page.click("form[action$='/wez'] button")
    page.goto(f"{address}/sprawa/{sign}/weryfikacja")

    page.click("[data-deed=after]")
    assert page.get_attribute(".scan-view", "src").endswith("/2?w=800")
    page.check("input[value=illegible]", force=True)
    page.select_option("#ready", label="obraz jest nieostry lub zbyt ciemny")
    page.click("form[data-judge] button[type=submit]")
    page.goto(f"{address}/sprawa/{sign}/pismo/summon_remedy")
    page.fill("#days", "9")
    page.click("text=Pokaż pismo")
    assert "w terminie 9 dni" in page.inner_text(".letter").replace("\xa0", " ")
    page.click("button[value=send]")
    assert re.search(r"/pismo/1$", page.url)
    page.click("[data-leaving] button")

    assert page.input_value("#days") == "9"
    assert beside(verdicts_of, office, sign) == [("OWNERSHIP", "illegible", "obraz jest nieostry lub zbyt ciemny")]
    context.close()


def test_the_pages_of_verification_and_letters_are_in_order(chromium, place):
    office, address, sign = place
    clerk = a_clerk(chromium, address, sign)
    page, base = clerk.page, f"/sprawa/{sign}"
    for path in (f"{base}/weryfikacja", f"{base}/weryfikacja?dokument=VEHICLE_CARD", f"{base}/pismo/refuse"):
        clerk.look_at(path)
    for key in "241111":
        page.goto(f"{address}{base}/weryfikacja")
        page.check(f"input[data-key='{key}']", force=True)
        page.click("form[data-judge] button[type=submit]")
    for path in (f"{base}/weryfikacja", f"{base}/pismo/summon_remedy", f"{base}/pismo/odpowiedz"):
        clerk.look_at(path)
    page.goto(f"{address}{base}/pismo/summon_remedy")
    page.click("button[value=send]")
    clerk.look_at(f"{base}/pismo/1")
    beside(let_leave, office, sign)
    for path in (f"{base}/pismo/1", f"{base}/weryfikacja"):
        clerk.look_at(path)
    page.goto(f"{address}/zbiorczo/")
    page.check("input[name=case]")
    page.click("button[formaction$='/przyjecie']")
    clerk.look_here("/zbiorczo/przyjecie")
    supervisor = a_clerk(chromium, address, sign, "supervisor")
    for path in (f"{base}/weryfikacja", f"{base}/pismo/notify_delay", "/teksty/", "/teksty/remedy_summons"):
        supervisor.look_at(path)

    assert clerk.faults == {}
    assert supervisor.faults == {}


def test_all_that_the_application_says_is_open_and_the_scan_stays_beside_it(chromium, place):
    _, address, sign = place
    page = a_clerk(chromium, address, sign).page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{address}/sprawa/{sign}/weryfikacja")

    said = page.evaluate("(([box]) => [box.clientHeight, box.scrollHeight])(document.querySelectorAll('.said'))")
    page.locator(".said").evaluate("box => scrollTo(0, box.getBoundingClientRect().bottom - 600)")

    assert said[0] >= said[1]
    assert page.locator(".viewer h2").bounding_box()["y"] > page.locator(".scan-view").bounding_box()["y"] - 120
    assert page.locator(".viewer").bounding_box()["y"] >= 0
