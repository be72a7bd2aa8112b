"""Who may open what: every route of both doors, for every role, citizens and visitors, against one table."""

from __future__ import annotations

import pytest

from app.models import Door
from app.roles import Role
from app.views.doorkeeper import PUBLIC as NEEDS_NO_LOG_IN
from tests.web.access import CITIZEN, MAILBOX, OFFICE, PLATFORM, PUBLIC
from tests.web.conftest import citizen_at, log_in_citizen, log_in_staff, staff_at
from tests.web.walking import Route, call, routes

pytestmark = pytest.mark.one_database

# Log-out and the end of a session change who asks; they have tests of their own.
_ENDS_THE_WALK = {"AuthView.logout", "login.leave"}


def is_log_in(answer, door: Door) -> bool:
    page = "/login/" if door is Door.OFFICE else "/logowanie"
    return answer.status_code == 302 and answer.headers["Location"].split("?")[0].endswith(page)


def test_every_route_stands_in_the_table_and_every_line_has_a_route(office, mailbox):
    assert {route.endpoint for route in routes(office)} == set(OFFICE)
    assert {route.endpoint for route in routes(mailbox)} == set(MAILBOX)


def test_the_public_list_is_what_the_table_says():
    office = {endpoint for endpoint, who in OFFICE.items() if who == PUBLIC}
    mailbox = {endpoint for endpoint, who in MAILBOX.items() if who in {PUBLIC, PLATFORM}}

    assert NEEDS_NO_LOG_IN[Door.OFFICE] == office
    assert NEEDS_NO_LOG_IN[Door.MAILBOX] == mailbox


def test_a_visitor_is_sent_to_the_log_in_from_everywhere_else(office, mailbox):
    for app, door, table, visitor in (
        (office, Door.OFFICE, OFFICE, staff_at(office)),
        (mailbox, Door.MAILBOX, MAILBOX, citizen_at(mailbox)),
    ):
        form = {"csrf_token": visitor.token()}
        for route in routes(app):
            answer = call(visitor.client, route, form)
            if table[route.endpoint] == PUBLIC:
                assert answer.status_code not in {401, 403, 500}, route
            elif table[route.endpoint] == PLATFORM:
                assert answer.status_code == 401, route
                assert answer.content_type == "application/problem+json"
            else:
                assert is_log_in(answer, door), f"{route}: {answer.status_code}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_gives_it_and_nothing_else(office, role):
    person = log_in_staff(office, role.name.lower())
    form = {"csrf_token": person.token("/account/")}

    wrong = []
    for route in routes(office):
        if route.endpoint in _ENDS_THE_WALK or OFFICE[route.endpoint] == PUBLIC:
            continue
        answer = call(person.client, route, form)
        opens = answer.status_code not in {401, 403, 500} and not is_log_in(answer, Door.OFFICE)
        if opens != (role in OFFICE[route.endpoint]):
            wrong.append(f"{route}: {answer.status_code}")

    assert wrong == []


def test_a_citizen_opens_the_mailbox_and_never_anything_of_the_api(mailbox):
    jan = log_in_citizen(mailbox, "jan")
    form = {"csrf_token": jan.token("/sesje")}

    for route in routes(mailbox):
        if route.endpoint in _ENDS_THE_WALK:
            continue
        answer = call(jan.client, route, form)
        if MAILBOX[route.endpoint] == PLATFORM:
            assert answer.status_code == 401, route
        elif MAILBOX[route.endpoint] == CITIZEN:
            assert not is_log_in(answer, Door.MAILBOX), route
            assert answer.status_code not in {401, 403, 500}, f"{route}: {answer.status_code}"


def test_no_role_holds_a_right_of_flask_appbuilders_own_screens(office):
    from app.views.office.security import builder_of, known_rights

    views = {view for _permission, view in known_rights(builder_of(office))}

    assert not views & {
        "UserDBModelView", "RoleModelView", "PermissionModelView", "SecurityApi", "UtilView", "LocaleView", "OpenApi",
        "MenuApi", "ResetPasswordView", "ResetMyPasswordView", "UserInfoEditView", "UserStatsChartView", "Security",
    }  # fmt: skip


def test_a_person_without_a_role_opens_nothing_but_public_pages(office):
    from app.transaction import one_transaction
    from app.usecases.staff import add_staff
    from tests.web.conftest import _STAFF_HASH, system

    with office.app_context(), one_transaction() as session:
        add_staff(session, "nobody", ("No", "Body"), "nobody@example.invalid", [], act=system()).password = _STAFF_HASH
    person = log_in_staff(office, "nobody")

    for route in routes(office):
        if route.method == "GET" and OFFICE[route.endpoint] != PUBLIC and route.endpoint != "Home.index":
            assert person.client.open(route.path).status_code == 403, route


def test_the_walk_knows_an_open_page_from_a_closed_one(office):
    clerk = log_in_staff(office, "clerk")

    assert call(clerk.client, Route("", "GET", "/sprawy/list/")).status_code == 200
    assert call(clerk.client, Route("", "GET", "/uzytkownicy/list/")).status_code == 403
