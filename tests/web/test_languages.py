"""In which language a page speaks, and that looking at a page never changes it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Citizen, StaffProfile
from app.transaction import one_transaction
from tests.web.conftest import citizen_at, log_in_citizen, log_in_staff, staff_at

pytestmark = pytest.mark.one_database


def spoken(answer) -> str:
    return answer.text.split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "pl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,pl;q=0.5", "en"),
        ("de", "pl"),
        ("de,pl;q=0.4,en;q=0.3", "pl"),
        ("*", "pl"),
    ],
)
def test_a_visitor_gets_what_the_browser_asks_for_else_polish(mailbox, office, asked, language):
    headers = {"Accept-Language": asked} if asked else {}

    assert spoken(mailbox.test_client().get("/", headers=headers)) == language
    assert spoken(office.test_client().get("/login/", headers=headers)) == language


def test_a_visitor_changes_the_language_by_a_form_and_keeps_it_through_the_log_in(mailbox):
    visitor = citizen_at(mailbox)
    assert visitor.post("/language", {"language": "en", "next": "/pomoc"}).headers["Location"] == "/pomoc"
    assert spoken(visitor.get("/")) == "en"

    visitor.post("/logowanie", {"user_name": "jan", "password": "Zielony7rower"})

    assert spoken(visitor.get("/sesje")) == "en"


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://localhost/account/second-factor/?a=b", "/account/second-factor/?a=b"),
        ("http://evil.example/account/", "/"),
        ("http://[", "/"),
        (None, "/"),
    ],
)
def test_a_person_who_sees_an_answer_to_a_form_is_led_back_to_where_the_form_stood(office, came_from, back):
    clerk = log_in_staff(office, "clerk")
    form = {"csrf_token": clerk.token("/account/second-factor/"), "old": "wrong", "code": "000000"}

    page = clerk.client.post("/account/second-factor/", data=form, headers={"Referer": came_from} if came_from else {})

    assert page.status_code == 422
    assert set(re.findall(r'name="next" value="([^"]*)"', page.text)) == {back}


def test_no_address_changes_the_language(office):
    clerk = log_in_staff(office, "clerk")

    for path in ("/account/?_l_=en", "/account/?language=en", "/lang/en", "/language?language=en"):
        clerk.get(path)

    assert spoken(clerk.get("/account/")) == "pl"


def test_the_choice_of_a_person_stays_with_the_account(office, mailbox):
    clerk = log_in_staff(office, "clerk")
    clerk.post("/account/language", {"language": "en"}, see="/account/")
    jan = log_in_citizen(mailbox, "jan")
    jan.post("/language", {"language": "en"}, see="/sesje")

    assert spoken(clerk.get("/account/")) == "en"
    assert spoken(log_in_staff(office, "clerk").get("/account/")) == "en"
    assert spoken(log_in_citizen(mailbox, "jan").get("/sesje")) == "en"
    assert spoken(log_in_citizen(mailbox, "anna").get("/sesje")) == "pl"


def test_a_language_that_we_do_not_speak_changes_nothing(office, mailbox):
    clerk, visitor = log_in_staff(office, "clerk"), staff_at(office)

    clerk.post("/account/language", {"language": "xx"}, see="/account/")
    visitor.post("/language", {"language": "../../etc"})

    assert spoken(clerk.get("/account/")) == "pl"
    assert spoken(visitor.get("/login/")) == "pl"
    with office.app_context():
        assert set(db.session.scalars(sa.select(StaffProfile.language))) == {"pl"}


def test_a_language_in_the_account_that_is_gone_falls_back(mailbox):
    with mailbox.app_context(), one_transaction() as session:
        session.execute(sa.update(Citizen).values(language="de"))

    assert spoken(log_in_citizen(mailbox, "jan").get("/sesje")) == "pl"
