"""The mailbox in a real browser: accessible, whole at 320 pixels, no other host, with and without JavaScript."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe

from app import create_mailbox
from app.extensions import db
from app.house import equipment
from app.models import Case
from app.usecases.free_slots import free_slots
from tests.browser.conftest import served
from tests.usecases.at_work import Work
from tests.web.letters_at_work import answer, up_to_proposal, up_to_summons
from tests.web.mailbox_people import PASSWORD, Visitor, changed, open_mailbox, open_office, signed

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PUBLIC = (
    "/",
    "/logowanie",
    "/sprawdz",
    "/deklaracja-dostepnosci",
    "/regulamin",
    "/twoje-dane",
    "/pomoc",
    "/pomoc/podpis",
    "/nie-ma-takiej",
)
OWN = ("/odebrane", "/odebrane?words=nic", "/robocze", "/wyslane", "/sprawy", "/sesje", "/haslo", "/wyslij")
SIZES = ((1366, 768), (390, 844), (320, 640))


@pytest.fixture
def town(mailbox_app, authority, tmp_path):
    """A served mailbox: Jan has a receipt, a refusal and a draft. Gives its address."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "jan", "Jan Testowy")
    jan = Visitor(mailbox_app)
    jan.log_in("jan")
    jan.send(signed(authority))
    jan.send(changed(signed(authority)))
    jan.bring(signed(authority))
    with served(mailbox_app) as address:
        yield address


@pytest.fixture
def page(chromium):
    """A page in English; whatever it asks of another host, or fails at, ends the test."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("request", lambda request: page.wrong.append(request.url) if "//127.0.0.1:" not in request.url else None)
    page.on("console", lambda said: page.wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert page.wrong == []
    context.close()


def log_in(page, address):
    page.goto(f"{address}/logowanie")
    page.fill("#user_name", "jan")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/odebrane")


def faults_of(page):
    """What axe finds on the page, and whether anything sticks out sideways."""
    page.wait_for_load_state("load")
    narrow = page.viewport_size["width"] < 390  # the same page again; only reflow can differ
    found = (
        [] if narrow else [fault["id"] for fault in Axe().run(page, options={"runOnly": RULES}).response["violations"]]
    )
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, *(["sticks out"] if wide else [])]


def test_public_pages_are_accessible_at_every_width(town, page):
    faults = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in PUBLIC:
            page.goto(town + path)
            faults[path, width] = faults_of(page)

    assert {where: found for where, found in faults.items() if found} == {}


def test_own_pages_are_accessible_at_every_width(town, page):
    log_in(page, town)
    found = set(OWN)
    for folder in ("/odebrane", "/wyslane", "/robocze", "/sprawy"):
        page.goto(town + folder)
        found |= set(page.eval_on_selector_all("main h2 a", "links => links.map(link => new URL(link.href).pathname)"))
    assert len(found) == len(OWN) + 6

    faults = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in sorted(found):
            page.goto(town + path)
            faults[path, width] = faults_of(page)

    assert {where: wrong for where, wrong in faults.items() if wrong} == {}


@pytest.fixture
def asked(mailbox_app, authority):
    """Jan's case: an open summons that is announced, an answer, a closed letter, and the office's proposal."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "jan", "Jan Testowy")
    jan = Visitor(mailbox_app)
    jan.log_in("jan")
    jan.send(signed(authority))
    with served(mailbox_app) as address:
        yield address, *in_the_office(mailbox_app, propose_a_visit)


def propose_a_visit(work):
    slot = free_slots(db.session(), equipment=equipment(), act=work.act())[0].begins
    up_to_proposal(work, slot=slot)
    answer(work, "Odpowiedź.")


def in_the_office(app, work_on):
    """Let the office work on Jan's case, in a thread of its own: the browser keeps an event loop in this one."""

    def work():
        with app.app_context():
            work = Work(db.session.scalars(sa.select(Case.id)).one())
            work.take()
            work_on(work)
            letters = [f"/odebrane/{one.message.public_id}" for one in work.case.letters if one.message]
            return f"/sprawy/{work.case.public_id}", letters

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def test_letters_and_answers_are_accessible_at_every_width(asked, page):
    address, case, letters = asked
    log_in(page, address)
    own = (case, *letters, *(case + path for path in ("/oryginaly", "/pytanie", "/wycofanie", "/odbior")))

    faults = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in (*own, f"{case}/odbior/inaczej", "/odebrane"):
            page.goto(address + path)
            faults[path, width] = faults_of(page)

    assert {where: wrong for where, wrong in faults.items() if wrong} == {}


@pytest.fixture
def summoned(mailbox_app, authority):
    """A summons lies unopened in Jan's mailbox."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "jan", "Jan Testowy")
    jan = Visitor(mailbox_app)
    jan.log_in("jan")
    jan.send(signed(authority))
    in_the_office(mailbox_app, up_to_summons)
    with served(mailbox_app) as address:
        yield address


def test_a_summons_is_opened_and_answered_without_javascript(summoned, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    log_in(page, summoned)
    page.click("text=Go to the confirmation")
    page.click("text=I confirm the receipt")
    assert "14 days left" in page.inner_text("main")

    page.click("text=Say how they will come")
    page.click("text=Send the answer")
    assert page.title().startswith("Error:")
    page.click("label[for=way-2]")
    page.fill("#tracking-post", "RR473124829PL")
    page.click("text=Send the answer")

    assert "RR473124829PL" in page.inner_text("main")
    context.close()


def test_everything_but_progress_works_without_javascript(town, chromium, authority, tmp_path):
    file = tmp_path / "wniosek.asice"
    file.write_bytes(signed(authority))
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    log_in(page, town)
    page.goto(f"{town}/wyslij")
    page.set_input_files("input[name=package]", file)
    page.click("main form button[type=submit]")
    assert "has not been sent yet" in page.inner_text("main")

    page.click("text=Send the package")

    assert "The application has reached the office" in page.inner_text("main")
    page.goto(f"{town}/odebrane")
    page.click("main h2 a >> nth=0")
    page.click("text=Mark as read")
    assert page.url.endswith("/odebrane")
    context.close()


def test_with_javascript_an_upload_leads_to_the_check(town, page, authority, tmp_path):
    file = tmp_path / "wniosek.asice"
    file.write_bytes(signed(authority))
    log_in(page, town)
    page.goto(f"{town}/wyslij")
    page.set_input_files("input[name=package]", file)

    page.click("main form[data-upload] button[type=submit]")

    page.wait_for_url("**/robocze/*")
    assert "has not been sent yet" in page.inner_text("main")


def test_a_mistake_is_said_without_losing_the_page_and_takes_the_focus(town, page):
    log_in(page, town)
    page.goto(f"{town}/wyslij")

    page.click("main form[data-upload] button[type=submit]")

    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    assert faults_of(page) == []


def test_a_file_too_large_is_refused_before_it_is_sent(town, page, tmp_path):
    file = tmp_path / "duzy.asice"
    with file.open("wb") as stream:
        stream.truncate(51 * 2**20)
    log_in(page, town)
    page.goto(f"{town}/wyslij")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.set_input_files("input[name=package]", file)

    page.click("main form[data-upload] button[type=submit]")

    page.wait_for_selector(".govuk-error-message")
    assert "larger than 50" in page.inner_text(".govuk-error-message")
    assert sent == []


def test_the_result_of_a_check_is_in_sight(town, page, tmp_path):
    file = tmp_path / "upo.xml"
    file.write_bytes(b"<a/>")
    page.goto(f"{town}/sprawdz")
    page.set_input_files("input[name=receipt]", file)

    page.click("main form button[type=submit]")

    page.wait_for_selector(".mb-result")
    place = page.locator(".mb-result").bounding_box()
    assert place["y"] >= 0
    assert place["y"] + place["height"] < page.viewport_size["height"]


def test_opening_a_letter_marks_it_as_read_in_the_background(town, page):
    log_in(page, town)
    assert page.locator(".mb-letter-row--new").count() == 2
    with page.expect_response(re.compile("przeczytane")):
        page.click(".mb-letters a >> nth=0")
    assert not page.locator("form[data-read]").is_visible()

    page.goto(f"{town}/odebrane")

    assert page.locator(".mb-letter-row--new").count() == 1


def test_before_the_session_ends_a_dialog_offers_to_stay(settings, chromium):
    app = create_mailbox(dataclasses.replace(settings, citizen_idle=122))
    open_mailbox(app, "jan", "Jan Testowy")
    page = chromium.new_context(locale="en-GB").new_page()
    with served(app) as town:
        log_in(page, town)
        page.wait_for_selector("dialog[open]", timeout=20_000)
        assert faults_of(page) == []

        with page.expect_response(re.compile("/sesja$")) as answer:
            page.click("dialog button")

        assert answer.value.status == 204
        page.wait_for_selector("dialog[open]", state="detached")
    page.context.close()


def test_who_stays_to_the_end_of_a_session_that_nothing_puts_off_is_asked_once(settings, chromium):
    app = create_mailbox(dataclasses.replace(settings, citizen_absolute=121))
    open_mailbox(app, "jan", "Jan Testowy")
    page = chromium.new_context(locale="en-GB").new_page()
    with served(app) as town:
        page.clock.install()
        log_in(page, town)
        page.clock.run_for(5_000)
        page.wait_for_selector("dialog[open]")
        with page.expect_response(re.compile("/sesja$")):
            page.click("dialog button")
        page.wait_for_selector("dialog[open]", state="detached")

        page.clock.run_for(60_000)

        assert page.locator("dialog[open]").count() == 0
        # The end of the server's session is as far away as ever; the page leaves by its own clock.
        with page.expect_request(re.compile("/logowanie")):
            page.clock.run_for(60_000)
    page.context.close()


def test_the_keyboard_alone_reaches_the_content_and_the_first_field(town, page):
    page.goto(f"{town}/logowanie")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.id") == "user_name"


def test_what_the_last_act_said_is_not_printed(town, page, authority, tmp_path):
    log_in(page, town)
    page.goto(f"{town}/robocze")
    page.click(".mb-letter-row a")
    draft = page.url
    page.click("main form[action$='/wyslij'] button[type=submit]")
    page.wait_for_url("**/wyslane/*")
    page.goto(draft)
    assert page.locator(".govuk-notification-banner").first.is_visible()

    page.emulate_media(media="print")

    assert page.locator(".govuk-notification-banner").first.is_hidden()
