"""The classes of weakness that Flask-AppBuilder had before, each tried against this office.

Enumeration of users is in test_log_in.py, open redirects too; here is the rest of its advisories, by number.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.cli import fab
from flask_appbuilder.security.sqla.models import User
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from app import create_mailbox
from app.extensions import db
from app.roles import Role
from tests.databases import writing
from tests.web.access import OFFICE
from tests.web.conftest import STAFF_PASSWORD, log_in_staff
from tests.web.walking import routes

pytestmark = pytest.mark.one_database


def lists(app: Flask, role: Role) -> list[str]:
    return [
        route.path
        for route in routes(app)
        if route.endpoint.endswith("Register.list") and role in OFFICE[route.endpoint]
    ]


def test_no_filter_reads_a_password_hash_out(office):
    """CVE-2022-31177: `_flt_0_password` answered whether the hash began with a text."""
    administrator = log_in_staff(office, "administrator")

    everybody = administrator.get("/uzytkownicy/list/").text
    for name in ("password", "_flt_0_password", "_flt_3_password", "_oc_UserRegister", "totp_sealed"):
        answer = administrator.get(f"/uzytkownicy/list/?{name}=zzzz")
        assert answer.status_code == 200
        assert answer.text.count("<tr") == everybody.count("<tr"), name


def test_no_page_of_a_user_shows_the_hash_or_the_second_factor(office):
    administrator = log_in_staff(office, "administrator")
    with office.app_context():
        user = db.session.scalars(sa.select(User).where(User.username == "clerk")).one()
        pk, kept = user.id, user.password

    pages = [administrator.get(path).text for path in ("/uzytkownicy/list/", f"/uzytkownicy/show/{pk}")]

    assert "clerk" in pages[0]
    for page in pages:
        assert kept not in page
        assert "scrypt" not in page


def test_junk_in_the_address_never_breaks_a_list(office):
    """Database errors were shown with rows of users (CVE-2023-34110), and parameters were not validated."""
    junk = [
        "page=abc", "page=-1", "page=99999999999999999999", "psize=-5", "psize=100000", "_oc_X=nosuch", "sort=password",
        "sort=' or 1=1", "after=%00", "after=AAAA", "before=%ff%fe", "q=((", "_l_=xx", "view=99999999999999999999",
        "page_CaseRegister=x&_oc_CaseRegister=password&_od_CaseRegister=asc", "stage=%00", "stage=nosuch",
        "due_on=31.02.2026",
    ]  # fmt: skip
    for role in (Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR, Role.SUPERVISOR):
        person = log_in_staff(office, role.name.lower())
        for path in lists(office, role):
            for part in junk:
                answer = person.get(f"{path}?{part}")
                assert answer.status_code in {200, 302, 400, 404}, f"{path}?{part}: {answer.status_code}"
                assert "sqlalchemy" not in answer.text.lower()
                assert "select " not in answer.text.lower().replace("<select ", "")


def test_the_log_in_page_is_kept_by_nobody(office):
    """CVE-2024-45314."""
    assert office.test_client().get("/login/").headers["Cache-Control"] == "no-store"


def test_nobody_makes_roles_users_or_tokens_by_an_api(office):
    """PYSEC-2026-1156, CVE-2021-41265, and the reports about user and role management."""
    rules = list(office.url_map.iter_rules())

    assert not [rule.rule for rule in rules if "/api/" in rule.rule]
    assert {method for rule in rules if rule.endpoint.startswith("RoleRegister.") for method in rule.methods or ()} == {
        "GET", "HEAD", "OPTIONS",
    }  # fmt: skip
    assert not [rule.rule for rule in rules if re.search(r"/(roles|users|groups?|permissions?)(/|$)", rule.rule)]


def test_nobody_registers_themselves_or_resets_somebody_elses_password(office):
    """CVE-2025-58065, and self-registration without rules."""
    rules = [rule.rule for rule in office.url_map.iter_rules()]

    assert not [rule for rule in rules if "register" in rule.lower() or "reset" in rule.lower()]


def test_a_user_without_a_password_cannot_be_entered(office):
    """5.2.3: an empty or NUL-only password hashed like an unset one."""
    with office.app_context(), writing(db.engine) as connection:
        for name, kept in (("inspector", None), ("auditor", "")):
            connection.execute(sa.update(User).where(User.username == name).values(password=kept))

    for name in ("inspector", "auditor"):
        for password in ("", "\0", "\0\0", " ", "None"):
            client = office.test_client()
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text).group(1)
            answer = client.post("/login/", data={"csrf_token": token, "username": name, "password": password})
            assert answer.status_code == (400 if "\0" in password else 422)


def test_a_password_too_long_to_be_anyones_is_not_even_hashed(office, hashes):
    client = office.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text).group(1)

    answer = client.post("/login/", data={"csrf_token": token, "username": "clerk", "password": "x" * 300_000})

    assert answer.status_code == 422
    assert hashes == []


def test_one_permission_query_and_one_for_the_session_serve_a_page(office):
    clerk = log_in_staff(office, "clerk")
    clerk.get("/account/password")
    seen: list[str] = []
    with office.app_context():
        engine = db.engine

    def count(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        assert clerk.get("/account/password").status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)

    assert len([one for one in seen if "web_session" in one]) == 1
    assert len([one for one in seen if "ab_permission" in one]) == 1
    assert len(seen) <= 3, seen


@pytest.fixture
def both(office, settings) -> Client:
    """Both doors under one address, as `run.py` serves them."""
    return Client(DispatcherMiddleware(create_mailbox(settings), {"/office": office}))


def test_under_its_own_path_the_office_sends_people_within_it(both):
    asked = both.get("/office/account/")
    assert asked.headers["Location"] == "/office/login/?next=/office/account/"

    page = both.get("/office/login/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    form = {"csrf_token": token, "username": "clerk", "password": STAFF_PASSWORD}
    outside = both.post("/office/login/?next=/odebrane", data=form)

    assert outside.headers["Location"] == "/office/"
    assert both.get("/office/account/").status_code == 200
    # The other door knows nothing of it.
    assert both.get("/odebrane").headers["Location"].startswith("/logowanie")
    assert "okienko-office" not in str(both.get("/logowanie").headers.get("Set-Cookie"))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_lands_on_a_page_that_they_may_open(office, role):
    person = log_in_staff(office, role.name.lower())

    landed = person.get("/", follow_redirects=True)

    assert landed.status_code == 200


@pytest.mark.parametrize(
    "command",
    [
        "create-user --username zly --firstname A --lastname B --email a@example.invalid --password abc --role X",
        "create-admin --username zly --firstname A --lastname B --email a@example.invalid --password abc",
        "reset-password --username clerk --password abc",
    ],
)
def test_the_commands_of_flask_appbuilder_make_nobody_and_set_no_password(office, command):
    with office.app_context():
        people = sa.select(User.username, User.password).order_by(User.username)
        before = db.session.execute(people).all()

        office.test_cli_runner().invoke(fab, command.split())

        db.session.rollback()
        assert db.session.execute(people).all() == before
