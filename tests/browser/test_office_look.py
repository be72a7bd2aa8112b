"""What the desk is like in a real browser: no barrier, no outside request, keys, a scanner, small screens."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from app import create_office
from app.extensions import db
from app.views import office
from app.views.assets import DIST
from app.views.office.desk import Desk
from tests.browser.conftest import served
from tests.web import registers_office as sample

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

LIST = "/sample-cases/list/"
PAGES = (LIST, f"{LIST}?clerk=me&opened_from=32.13.2026", f"{LIST}?q=nosuch", "/sample-cases/show/5", "/no/such/page")


def add_to(builder):
    sample.add_to(builder)
    builder.add_view_no_menu(Desk)


@pytest.fixture
def address(settings, monkeypatch):
    if not (DIST / "office/desk.css").exists():
        pytest.skip("the look is not built: npm run build")
    monkeypatch.setattr(office, "SCREENS", (office.account.add_to, add_to))
    app = create_office(settings)
    sample.fill(app, 40, more=(("can_search", "Desk"),))
    with served(app) as address:
        yield address
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Watched:
    """A page of the browser that remembers what it asked of other hosts and what it complained about."""

    def __init__(self, chromium, address, **options):
        self.address = address
        self.context = chromium.new_context(locale="pl-PL", **options)
        self.page = self.context.new_page()
        self.foreign, self.complaints = [], []
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.foreign.append(request.url)

    def _said(self, message):
        if message.type == "error" and "404" not in message.text:
            self.complaints.append(message.text)

    def come_in(self):
        self.page.goto(f"{self.address}/login/")
        self.page.fill("#username", "marta")
        self.page.fill("#password", sample.PASSWORD)
        self.page.click("button[type=submit]")
        return self

    def go(self, path):
        self.page.goto(self.address + path)
        return self.page


def barriers(page):
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_or_asks_another_host(chromium, address, scheme):
    watched = Watched(chromium, address, color_scheme=scheme, viewport={"width": 1366, "height": 768})
    found = {"/login/": barriers(watched.go("/login/"))}
    watched.come_in()

    for path in PAGES:
        found[path] = barriers(watched.go(path))

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert watched.foreign == []
    assert watched.complaints == []


@pytest.mark.parametrize("width", [320, 390, 1366, 1920])
def test_no_page_is_wider_than_its_screen(chromium, address, width):
    watched = Watched(chromium, address, viewport={"width": width, "height": 768})
    wide = [path for path in ("/login/",) if watched.go(path).evaluate("document.documentElement.scrollWidth") > width]
    watched.come_in()

    wide += [path for path in PAGES if watched.go(path).evaluate("document.documentElement.scrollWidth") > width]

    assert wide == []


def test_text_stands_in_our_own_typeface(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)

    page.evaluate("document.fonts.ready")

    assert page.evaluate("document.fonts.check('14px \"IBM Plex Sans Variable\"', 'Łódź')")
    assert "IBM Plex" in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")


def test_keys_walk_the_rows_open_one_and_find_the_scan_field(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)
    rows = sample.signs(page.content())

    # The scan field has the focus; from the empty field one goes down to the list.
    slowly(page, "Escape")
    assert page.evaluate("document.activeElement.textContent") == rows[0]
    slowly(page, "j", "j", "k", "Enter")
    page.wait_for_url("**/sample-cases/show/*")
    assert rows[1] in page.inner_text("h1")
    slowly(page, "/")
    assert page.evaluate("document.activeElement.id") == "scan"
    slowly(page, "Escape")
    page.evaluate("document.activeElement.blur()")
    slowly(page, "?")
    assert page.locator("#keys").is_visible()


def test_keys_are_letters_inside_a_field_and_nothing_when_switched_off(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)

    page.focus("#f-q")
    slowly(page, "j", "/")
    assert page.input_value("#f-q") == "j/"
    page.evaluate("document.body.dataset.keys = 'off'; document.activeElement.blur()")
    slowly(page, "j", "/")
    assert page.evaluate("document.activeElement === document.body")


def test_a_scanner_is_recognised_wherever_the_focus_is_and_fires_no_shortcut(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)
    page.evaluate("document.activeElement.blur()")

    # A scanner's keys, a few milliseconds apart: faster than the protocol between test and browser is.
    page.evaluate(
        """async () => {
            for (const key of [..."nj/12345", "Enter"]) {
                document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
                await new Promise((next) => setTimeout(next, 4));
            }
        }"""
    )
    page.wait_for_url(re.compile(r"/praca/szukaj\?q=nj"))

    assert page.locator("dialog[open]").count() == 0


def test_menus_open_by_keyboard_and_close_with_escape(chromium, address):
    page = Watched(chromium, address, viewport={"width": 1366, "height": 768}).come_in().go(LIST)
    menu = page.locator("details.drop", has=page.locator("[data-print]"))

    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.locator("ul").is_visible()
    page.keyboard.press("Escape")

    assert not menu.locator("ul").is_visible()


def test_without_javascript_the_menu_filters_and_pages_work(chromium, address):
    page = Watched(chromium, address, java_script_enabled=False).come_in().go(LIST)

    page.fill("#f-q", "slusarczyk")
    page.click(".filter-go button")
    assert len(sample.signs(page.content())) == 10
    page.click("text=Log out", force=True) if page.locator("text=Log out").is_visible() else page.click(".who")
    assert page.locator("form[action$='/logout/'] button").is_visible()


def slowly(page, *keys):
    """Press keys as a person does, slower than a scanner."""
    for key in keys:
        page.keyboard.press(key)
        time.sleep(0.12)


def test_what_the_last_act_said_is_not_printed(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<p class=flash>Zapisano.</p>')")
    assert page.locator(".flash").first.is_visible()

    page.emulate_media(media="print")

    assert page.locator(".flash").first.is_hidden()
    assert page.locator("h1").first.is_visible()


def test_a_button_shows_that_its_act_is_on_the_way_and_sends_it_once(chromium, address):
    page = Watched(chromium, address).come_in().go(LIST)

    # The answer goes into a frame, so that the page stays as it is while the act is on its way.
    sent, look, busy = page.evaluate(
        """async () => {
            const button = document.querySelector("button[name=language]");
            const aside = document.body.appendChild(document.createElement("iframe"));
            aside.name = button.form.target = "aside";
            let sent = 0;
            addEventListener("submit", (event) => (sent += event.defaultPrevented ? 0 : 1));
            button.click();
            button.form.requestSubmit(button);
            await new Promise((next) => setTimeout(next, 3100));
            button.form.requestSubmit(button);
            return [sent, button.className, button.form.getAttribute("aria-busy")];
        }"""
    )

    assert sent == 1
    assert "on-its-way" in look
    assert busy == "true"
