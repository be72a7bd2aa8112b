"""Nothing changes without the form's own token, and nothing changes by GET."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Base
from app.roles import Role
from tests.web.access import MAILBOX, OFFICE, PLATFORM
from tests.web.conftest import log_in_citizen, log_in_staff
from tests.web.walking import call, routes

pytestmark = pytest.mark.one_database

# What a session keeps about itself may change by looking at a page: a message was shown, somebody was seen. That a
# case file or a register was read is an audit event by design.
_MAY_GROW_BY_READING = {"web_session", "audit_event"}


def contents(app) -> dict[str, list[tuple]]:
    """Everything that the database holds, table by table."""
    with app.app_context():
        return {
            table.name: sorted(tuple(map(str, row)) for row in db.session.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in _MAY_GROW_BY_READING
        }


def test_every_form_of_the_office_without_its_token_is_refused(office):
    person = log_in_staff(office, "clerk")
    before = contents(office)

    for route in routes(office):
        if route.method != "GET":
            assert call(person.client, route, {}).status_code == 400, route
            assert call(person.client, route, {"csrf_token": "made-up"}).status_code == 400, route

    assert contents(office) == before
    assert person.get("/account/").status_code == 200


def test_every_form_of_the_mailbox_without_its_token_is_refused(mailbox):
    jan = log_in_citizen(mailbox, "jan")
    before = contents(mailbox)

    for route in routes(mailbox):
        if route.method != "GET" and MAILBOX[route.endpoint] != PLATFORM:
            assert call(jan.client, route, {}).status_code == 400, route

    assert contents(mailbox) == before
    assert jan.get("/sesje").status_code == 200


def test_the_token_of_another_session_does_not_serve(office):
    clerk, auditor = log_in_staff(office, "clerk"), log_in_staff(office, "auditor")

    answer = clerk.client.post("/logout/", data={"csrf_token": auditor.token("/account/")})

    assert answer.status_code == 400


def test_the_api_is_the_only_thing_without_a_token_and_knows_no_cookies(mailbox):
    from app.extensions import csrf

    jan = log_in_citizen(mailbox, "jan")

    assert {blueprint.name for blueprint in csrf._exempt_blueprints} == {"api_packages"}
    assert csrf._exempt_views == set()
    assert jan.client.post("/api/v1/packages", data=b"x", content_type="application/zip").status_code == 401


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_looking_at_pages_of_the_office_changes_nothing(office, role):
    person = log_in_staff(office, role.name.lower())
    before = contents(office)

    for route in routes(office):
        if route.method == "GET" and (OFFICE[route.endpoint] == "public" or role in OFFICE[route.endpoint]):
            call(person.client, route)
            # Parameters that Flask-AppBuilder once took for acts.
            person.client.open(f"{route.path}?action=delete&_method=DELETE&page=-1&psize=100000&_l_=en")

    assert contents(office) == before


def test_looking_at_pages_of_the_mailbox_changes_nothing(mailbox):
    jan = log_in_citizen(mailbox, "jan")
    before = contents(mailbox)

    for route in routes(mailbox):
        if route.method == "GET":
            call(jan.client, route)

    assert contents(mailbox) == before


def test_no_page_answers_a_method_it_does_not_declare(office):
    person = log_in_staff(office, "administrator")
    token = person.token("/account/")

    for path in ("/account/", "/uzytkownicy/list/", "/uzytkownicy/show/1"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = person.client.open(path, method=method, data={"csrf_token": token})
            assert answer.status_code == 405, f"{method} {path}"
