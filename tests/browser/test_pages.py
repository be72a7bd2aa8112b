"""Is every main page of both doors fit to be shown? Each role walks its own, wide and on a phone, in Polish."""

from __future__ import annotations

import contextlib
import datetime as dt
from itertools import chain

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask_appbuilder.security.sqla.models import User
from werkzeug.exceptions import NotFound

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.models import Case, Citizen, DistributionPoint, Package, Permit
from app.outbox.post import post_email
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.password_link import password_token
from app.usecases.platforms import add_platform
from app.views.assets import DIST
from tests.authority import TestAuthority
from tests.browser.conftest import served
from tests.factories import a_photo, an_office, send
from tests.web.conftest import STAFF_PASSWORD, add_people
from tests.web.mailbox_people import PASSWORD, Visitor, changed, open_mailbox, open_office, signed
from tests.web.polish import english_on
from tests.web.procedure_rows import write_rows
from tests.web.test_polish_pages import NAMES

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SIZES = ((1366, 768), (390, 844))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

DESK = (
    "/praca/",
    "/praca/?tab=late",
    "/praca/szukaj?q=nikt",
    "/praca/szukaj?q=a",
    "/sprawy/list/",
    "/paczki/list/",
    "/poswiadczenia/list/",
)
PROCEDURE = (
    "/pisma/list/",
    "/wezwania/list/",
    "/decyzje/list/",
    "/uzgodnienia/list/",
    "/rzeczy/list/",
    "/przesylki/list/",
    "/tablice/list/",
    "/pozwolenia/list/",
    "/tablice-zwrocone/list/",
    "/dokumenty-i-oznaczenia/list/",
    "/kancelaria/zuzyte-tablice/",
)
MINE = ("/account/", "/account/sessions", "/account/password", "/account/second-factor/", "/no/such/page")
OFFICE = {
    Role.CLERK: (*DESK, *PROCEDURE, "/praca/?tab=on-the-way", "/sprawy/list/?due_from=32.13.2026", "{case}",
                 "{undescribed}", "{form}", "{report}", "/poswiadczenia/show/1", "/dokumenty/", "/procedury/",
                 "/procedury/registration/sekap", "/procedury/deregistration/2022", *MINE),
    Role.FRONT_DESK: ("/praca/", "{case}", "/paczki/show/1"),
    Role.SUPERVISOR: ("/praca/?tab=signature", "{unsettled}", "/kwarantanna/list/", "/kwarantanna/show/4",
                      "/zadania/list/", "/zadania/show/1", "/poczta/list/", "/poczta/show/1",
                      "/raporty-dzienne/list/", "/tablice/seria", "/tablice/wycofanie", "/zbiorczo/"),
    Role.ADMINISTRATOR: ("{password}", "/uzytkownicy/list/", "/uzytkownicy/show/1", "/uzytkownicy/add",
                         "/uzytkownicy/1/edit", "/role/list/", "/role/show/1", "/kotwice/list/", "/kotwice/show/1",
                         "/kotwice/add", "/kotwice/crl", "/kotwice/lista", "/listy-crl/list/", "/listy-crl/show/1",
                         "/pieczecie/list/", "/pieczecie/show/1", "/platformy/list/", "/platformy/show/1",
                         "/platformy/add", "/dni-wolne/?year=2026", "/dni-wolne/zmiana"),
    Role.AUDITOR: ("/audyt/list/", "/audyt/list/?chain=Testowy&who=a", "/audyt/show/1", "/audyt/sprawdz"),
    Role.INSPECTOR: ("/account/", "/praca/?not=allowed"),
}  # fmt: skip
PUBLIC = ("/", "/logowanie", "/sprawdz", "/pomoc", "/pomoc/podpis", "/regulamin", "/twoje-dane", "/no-such-page")
OWN = ("/odebrane", "/odebrane?words=nic", "/robocze", "/wyslane", "/sprawy", "/sesje", "/haslo", "/wyslij")
ERRORS = ("/no/such/page", "/no-such-page", "/praca/?not=allowed")
LISTS = ("/odebrane", "/robocze", "/wyslane", "/sprawy")
ELSEWHERE = {
    "test_clerk_at_work": {"VerificationPages.verify", "LetterPages.compose", "LetterPages.read",
                           "LetterTextPages.texts", "LetterTextPages.edit"},
    "test_counter": {"FrontDesk.start", "FrontDesk.receive", "FrontDesk.received", "FrontDesk.unmatched",
                     "FrontDesk.match", "FrontDesk.items", "FrontDesk.hand_out", "FrontDesk.given", "Shelves.look",
                     "PostingRoom.today", "PostingRoom.card", "PostingRoom.letter", "PostingRoom.parcel"},
    "test_mailbox": {"pages.accessibility", "cases.page", "handover.page", "handover.otherwise", "answers.originals",
                     "answers.question", "answers.withdrawal", "letters.letter"},
    "here, by the links of the lists": {"letters.copy", "upload.check"},
}  # fmt: skip
"""What is looked at in other tests, or under an address that a test makes."""
NO_PAGES = {"static", "Home.index", "CaseFile.certified", "CaseFile.document", "CaseFile.page",
            "CasePreparing.numbers", "CaseFile.receipt", "letters.evidence", "letters.package",
            "answers.withdrawal_document", "office_letters.proof", "handover.appointment", "api_packages.show",
            "api_packages.receipt", "health.alive", "health.ready", "health.metrics", "centre.revocations",
            "centre.certificate"}  # fmt: skip
"""Files, pieces of pages, answers to programs, and an address that leads on."""


class Walk:
    """One person's browser; what is wrong with the pages gathers in `faults`."""

    def __init__(self, chromium, address: str) -> None:
        self.address = address
        self.context = chromium.new_context(locale="pl-PL", viewport={"width": 1366, "height": 768})
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.faults: dict[str, list[object]] = {}
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked {request.url}")

    def _said(self, message) -> None:
        # That an answer was a refusal is the browser's own remark.
        if message.type in {"error", "warning"} and "server responded with a status of 40" not in message.text:
            self.complaints.append(message.text)

    def come_in(self, path: str, user: tuple[str, str], password: tuple[str, str]) -> None:
        self.page.goto(self.address + path)
        self.page.fill(user[0], user[1])
        self.page.fill(password[0], password[1])
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: not url.endswith(path))

    def look_at(self, path: str) -> None:
        """Open `path` and note what is wrong there at each width."""
        answer = self.page.goto(self.address + path)
        self.look_here(path, *([answer.status] if answer.status >= 400 and path not in ERRORS else []))

    def look_here(self, path: str, *known: object) -> None:
        """Note what is wrong with the page that is open, beside what is `known` of it."""
        wrong: list[object] = [*known, *english_on(self.page.content(), allowed=NAMES)]
        if self.page.evaluate("document.documentElement.lang") != "pl":
            wrong.append("not said to be Polish")
        if not self.page.locator("h1").count():
            wrong.append("no heading")
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"wider than {width}")
            found = (
                Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
            )
            wrong += [(width, fault["id"], fault["nodes"][0]["html"][:120]) for fault in found]
        wrong += self.complaints
        self.complaints.clear()
        if wrong:
            self.faults[path] = wrong


@pytest.fixture
def office(office_app, authority):
    """A served office: a case, one to describe, one with a signature to settle, a refused package; and its places."""
    if not (DIST / "office/desk.css").exists():
        pytest.skip("the look is not built: npm run build")
    add_people(office_app)
    with office_app.app_context():
        an_office(authority)
        good = send(signed(authority))
        places = {
            "case": f"/sprawa/{good.case.sign}",
            "form": f"/sprawa/{good.case.sign}/formularz/{good.public_id}",
            "report": f"/sprawa/{good.case.sign}/paczka/{good.public_id}",
            "undescribed": f"/sprawa/{send(signed(authority, {'umowa.jpg': a_photo()})).case.sign}",
            "unsettled": f"/sprawa/{send(signed(TestAuthority('CC obce'))).case.sign}",
        }
        with one_transaction() as session:
            write_rows(session, first=901)
            act = Act(SYSTEM, now())
            # Long words in a narrow place: that it ended, and when.
            session.add(Permit(case_id=good.case.id, number="PC/A 2410012", days=30, valid_until=dt.date(2026, 9, 30)))
            add_platform(session, "Platforma testowa", act=act)
            session.add(
                DistributionPoint(
                    issuer_key="k", issuer_name="CN=Urząd wydający", issuer=b"", address="http://crl.example/1.crl",
                    added_at=act.at, due_at=act.at,
                )
            )  # fmt: skip
            post_email(session, "jan@example.invalid", "news", {}, "pl", key="test", act=act)
        user = db.session.scalars(sa.select(User).where(User.username == "clerk")).one()
        places["password"] = f"/password/{password_token(user, office_app.extensions['equipment'].settings)}"
        refused = send(changed(signed(authority)))
        assert (refused.id, refused.case) == (4, None)
        db.session.remove()
    with served(office_app) as address:
        yield address, places
    with office_app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def mailbox(mailbox_app, authority):
    """A served mailbox: Anna, who reads Polish, has a receipt, a refusal and a draft."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "anna", "Anna Testowa")
    with mailbox_app.app_context(), one_transaction() as session:
        session.execute(sa.update(Citizen).values(language="pl"))
    anna = Visitor(mailbox_app)
    anna.log_in("anna")
    anna.send(signed(authority))
    anna.send(changed(signed(authority)))
    anna.bring(signed(authority))
    with mailbox_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Package)) == 2
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
        db.session.remove()
    with served(mailbox_app) as address:
        yield address


@pytest.mark.parametrize("door", ["office", "mailbox"])
def test_no_page_of_a_door_is_left_out(door, office_app, mailbox_app):
    app = office_app if door == "office" else mailbox_app
    paths = [path for walked in OFFICE.values() for path in walked] if door == "office" else [*PUBLIC, *OWN]
    places = {
        "case": "/sprawa/KM.5410.1.2026",
        "undescribed": "/",
        "unsettled": "/",
        "form": "/sprawa/KM.5410.1.2026/formularz/x",
        "report": "/sprawa/KM.5410.1.2026/paczka/x",
        "password": "/password/x",
    }
    urls = app.url_map.bind("localhost")
    seen = {"AuthView.login", *NO_PAGES, *chain.from_iterable(ELSEWHERE.values())}
    for path in paths:
        with contextlib.suppress(NotFound):
            seen.add(urls.match(path.format(**places).partition("?")[0])[0])
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.endswith(".pdf") and "<kind>" not in rule.rule
    }

    assert pages - seen == set()


def test_every_role_finds_its_pages_in_order(chromium, office):
    address, places = office
    faults = {}
    visitor = Walk(chromium, address)
    visitor.look_at("/login/")
    faults["visitor"] = visitor.faults
    for role, paths in OFFICE.items():
        walk = Walk(chromium, address)
        walk.come_in("/login/", ("#username", role.name.lower()), ("#password", STAFF_PASSWORD))
        for path in paths:
            walk.look_at(path.format(**places))
        faults[role.name] = walk.faults
        walk.context.close()

    assert {who: found for who, found in faults.items() if found} == {}


def test_visitors_and_citizens_find_their_pages_in_order(chromium, mailbox):
    walk = Walk(chromium, mailbox)
    for path in PUBLIC:
        walk.look_at(path)
    walk.come_in("/logowanie", ("#user_name", "anna"), ("#password", PASSWORD))
    own = dict.fromkeys(OWN)
    for path in LISTS:
        walk.page.goto(mailbox + path)
        links = walk.page.eval_on_selector_all("main h2 a", "all => all.map(link => new URL(link.href).pathname)")
        own |= dict.fromkeys(links)
    assert len(own) == len(OWN) + 6

    for path in own:
        walk.look_at(path)

    assert walk.faults == {}
