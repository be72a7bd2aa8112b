"""Passwords of citizens and accounts of staff: what the verbs refuse, change and end."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.domain.errors import BadInput, Refused
from app.extensions import db
from app.models import AuditEvent, Citizen, Door, WebSession
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.change_citizen_password import change_citizen_password, refuse_weak
from app.usecases.passwords import hash_password, password_fits
from app.usecases.staff import add_staff, disable_staff, enable_staff, set_staff_roles
from app.usecases.sync_roles import rights_of, sync_roles
from app.usecases.web_sessions import open_web_session, sweep_sessions
from tests.web.conftest import a_citizen

RIGHTS = {("can_list", "CaseRegister"), ("can_list", "UserRegister"), ("can_list", "CaseRegisterOfSomethingElse")}


@pytest.fixture
def jan(app_context) -> int:
    with one_transaction() as session:
        citizen = a_citizen("jan")
        session.add(citizen)
        session.flush()
        return citizen.id


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Abc1", "password-too-short"),
        ("abcdefg1", "password-no-upper"),
        ("ABCDEFG1", "password-no-lower"),
        ("Abcdefgh", "password-no-digit"),
    ],
)
def test_a_citizens_password_keeps_the_published_rule(password, fault):
    with pytest.raises(BadInput, match=fault):
        refuse_weak(password)


def test_a_new_password_of_a_citizen_ends_the_other_sessions_and_is_an_event(jan, act):
    with one_transaction() as session:
        rows = [
            open_web_session(session, Door.MAILBOX, jan, f"token{n}", lasts=600, agent="", act=act) for n in range(3)
        ]
        here = rows[0].id

    with one_transaction() as session:
        citizen = session.get_one(Citizen, jan)
        change_citizen_password(session, citizen, hash_password("Zupelnie1nowe"), spare=here, act=act)

    living = list(db.session.scalars(sa.select(WebSession.id).where(WebSession.ended_at.is_(None))))
    assert living == [here]
    assert password_fits(db.session.get_one(Citizen, jan).password_hash, "Zupelnie1nowe")
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.chain == f"citizen:{jan}")).one()
    assert (event.action, event.details) == ("password-changed", {"citizen": jan, "ended": 2})


def test_nothing_fits_where_there_is_no_password():
    for password in ("", "\0", "anything"):
        assert not password_fits(None, password)
        assert not password_fits("", password)
    assert not password_fits(hash_password(""), "\0")


@pytest.fixture
def two(app_context, act) -> tuple[int, int]:
    """An administrator and a clerk."""
    with one_transaction() as session:
        sync_roles(session, RIGHTS, act=act)
        boss = add_staff(session, " Boss ", ("A", "B"), "boss@example.invalid", [Role.ADMINISTRATOR], act=act)
        clerk = add_staff(session, "clerk", ("C", "D"), "clerk@example.invalid", [Role.CLERK], act=act)
        return boss.id, clerk.id


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("BOSS", "new@example.invalid", "user-name-taken"),
        ("new", "Boss@Example.invalid", "email-taken"),
        ("new", "nowhere", "email-bad"),
        ("a b", "new@example.invalid", "user-name-bad"),
        ("", "new@example.invalid", "user-name-bad"),
    ],
)
def test_an_account_that_cannot_be_is_refused(two, act, name, email, code):
    with pytest.raises(BadInput, match=code), one_transaction() as session:
        add_staff(session, name, ("E", "F"), email, [], act=act)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 2


def test_the_last_administrator_stays(two, act):
    boss, clerk = two
    for change in (
        lambda session, user: disable_staff(session, user, act=act),
        lambda session, user: set_staff_roles(session, user, [Role.CLERK], act=act),
    ):
        with pytest.raises(Refused, match="last-administrator"), one_transaction() as session:
            change(session, session.get_one(User, boss))

    with one_transaction() as session:
        set_staff_roles(session, session.get_one(User, clerk), [Role.ADMINISTRATOR], act=act)
        disable_staff(session, session.get_one(User, boss), act=act)
    assert db.session.get_one(User, boss).active is False
    with one_transaction() as session:
        enable_staff(session, session.get_one(User, boss), act=act)
    assert db.session.get_one(User, boss).active is True


def test_a_pattern_gives_no_right_of_a_page_whose_name_only_begins_alike(two):
    assert rights_of(Role.CLERK, RIGHTS) == {("can_list", "CaseRegister")}
    assert rights_of(Role.ADMINISTRATOR, RIGHTS) == {("can_list", "UserRegister")}


def test_roles_hold_exactly_what_the_list_says_however_often_they_are_written(two, act):
    with one_transaction() as session:
        assert sync_roles(session, RIGHTS, act=act) == {}
        fewer = sync_roles(session, RIGHTS - {("can_list", "CaseRegister")}, act=act)
        again = sync_roles(session, RIGHTS, act=act)

    assert fewer[Role.CLERK] == (0, 1)
    assert again[Role.CLERK] == (1, 0)


def test_sessions_are_swept_a_month_after_their_end(jan, act):
    import datetime as dt

    with one_transaction() as session:
        open_web_session(session, Door.MAILBOX, jan, "token", lasts=600, agent="", act=act)
        assert sweep_sessions(session, act.at + dt.timedelta(days=30)) == 0
        assert sweep_sessions(session, act.at + dt.timedelta(days=31)) == 1
