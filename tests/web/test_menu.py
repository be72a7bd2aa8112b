"""Which lines of the menu somebody sees: those of their roles, in their language, as of this page."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as StoredRole
from flask_appbuilder.security.sqla.models import User

from app.roles import Role
from app.transaction import one_transaction
from tests.web.conftest import log_in_staff

pytestmark = pytest.mark.one_database

CASES, ROLES, HERE = 'href="/sprawy/list/"', 'href="/role/list/"', ' aria-current="page"'


def menu_of(visitor, path: str = "/account/") -> str:
    return visitor.get(path).text.partition('id="menu">')[2].partition("</nav>")[0]


def test_each_sees_the_lines_of_their_own_roles_whoever_came_before(office):
    clerk, administrator = log_in_staff(office, "clerk"), log_in_staff(office, "administrator")

    assert [(CASES in menu, ROLES in menu) for menu in map(menu_of, (clerk, administrator, clerk))] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    assert not menu_of(log_in_staff(office, "inspector"))


def test_a_role_that_is_given_or_taken_away_is_seen_on_the_next_page(office):
    clerk = log_in_staff(office, "clerk")
    before = menu_of(clerk)

    def turn(change: str) -> str:
        with office.app_context(), one_transaction() as session:
            user = session.scalars(sa.select(User).where(User.username == "clerk")).one()
            role = session.scalars(sa.select(StoredRole).where(StoredRole.name == Role.ADMINISTRATOR.value)).one()
            getattr(user.roles, change)(role)
        return menu_of(clerk)

    assert ROLES not in before
    assert ROLES in turn("append")
    assert turn("remove") == before


def test_the_shelves_are_found_under_the_front_desk(office):
    menu = menu_of(log_in_staff(office, "front_desk"), "/kancelaria/polki/")

    assert f'<a href="/kancelaria/"{HERE}>' in menu


def test_the_menu_speaks_the_language_of_the_page_and_marks_where_one_is(office):
    clerk = log_in_staff(office, "clerk")
    polish, elsewhere = menu_of(clerk, "/sprawy/list/"), menu_of(clerk)

    clerk.post("/language", {"language": "en"}, see="/account/")
    english = menu_of(clerk, "/sprawy/list/")

    assert f"<a {CASES}{HERE}>Sprawy</a>" in polish
    assert f"<a {CASES}>Sprawy</a>" in elsewhere
    assert HERE not in elsewhere
    assert f"<a {CASES}{HERE}>Cases</a>" in english
