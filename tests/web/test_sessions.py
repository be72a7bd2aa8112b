"""A session is a row: what ends it, ends it everywhere at once."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import clock
from app.extensions import db
from app.models import Citizen, WebSession
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.staff import disable_staff, set_staff_roles
from app.usecases.web_sessions import digest_of
from tests.web.conftest import (
    CITIZEN_PASSWORD,
    STAFF_PASSWORD,
    Visitor,
    log_in_citizen,
    log_in_staff,
    staff_at,
    system,
)

OFFICE_COOKIE, MAILBOX_COOKIE = "okienko-office", "okienko-mailbox"


def thief_of(visitor: Visitor, app, name: str) -> Visitor:
    thief = Visitor(app.test_client(), visitor.log_in_at)
    thief.set_cookie(visitor.cookie(), name)
    return thief


def test_a_copied_cookie_is_worth_nothing_after_log_out(office):
    clerk = log_in_staff(office, "clerk")
    thief = thief_of(clerk, office, OFFICE_COOKIE)
    assert thief.get("/account/").status_code == 200

    assert clerk.post("/logout/", see="/account/").status_code == 302

    assert thief.get("/account/").status_code == 302
    assert clerk.get("/account/").status_code == 302


@pytest.mark.one_database
def test_a_second_log_out_from_another_tab_is_answered_kindly(office):
    clerk = log_in_staff(office, "clerk")
    other_tab = clerk.token("/account/")
    clerk.client.post("/logout/", data={"csrf_token": other_tab})

    again = clerk.client.post("/logout/", data={"csrf_token": other_tab})

    assert again.status_code == 302
    assert again.headers["Location"] == "/login/"


@pytest.mark.one_database
def test_a_form_of_a_session_that_ended_says_so(office):
    clerk = log_in_staff(office, "clerk")
    token = clerk.token("/account/")
    with office.app_context(), one_transaction() as session:
        session.execute(sa.update(WebSession).values(ended_at=clock.now()))

    answer = clerk.client.post("/account/settings", data={"csrf_token": token}, headers={"Accept-Language": "en"})

    assert answer.status_code == 400
    assert "Your session has ended" in answer.text


@pytest.mark.one_database
def test_a_copied_cookie_of_a_citizen_is_worth_nothing_after_log_out(mailbox):
    jan = log_in_citizen(mailbox, "jan")
    thief = thief_of(jan, mailbox, MAILBOX_COOKIE)
    assert thief.get("/sesje").status_code == 200

    jan.post("/wyloguj", see="/sesje")

    assert thief.get("/sesje").status_code == 302


def test_a_new_password_ends_every_other_session_and_changes_the_token_of_this_one(office):
    clerk, elsewhere = log_in_staff(office, "clerk"), log_in_staff(office, "clerk")
    thief = thief_of(clerk, office, OFFICE_COOKIE)
    fresh = "siedem czerwonych lokomotyw nocą"

    answer = clerk.post(
        "/account/password",
        {"old": STAFF_PASSWORD, "new": fresh, "again": fresh},
        see="/account/password",
    )

    assert answer.status_code == 302, answer.text
    assert clerk.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert thief.get("/account/").status_code == 302
    log_in_staff(office, "clerk", fresh)


@pytest.mark.one_database
def test_the_old_password_is_needed_for_a_new_one(office):
    clerk = log_in_staff(office, "clerk")
    fresh = "siedem czerwonych lokomotyw nocą"

    answer = clerk.post(
        "/account/password", {"old": "nie to hasło", "new": fresh, "again": fresh}, see="/account/password"
    )

    assert answer.status_code == 422
    log_in_staff(office, "clerk", STAFF_PASSWORD)


@pytest.mark.one_database
@pytest.mark.parametrize("weak", ["krotkie", "Czestochowa2026!", "clerk-clerk-clerk", "okienkookienko"])
def test_a_password_that_is_easy_to_guess_is_refused(office, weak):
    clerk = log_in_staff(office, "clerk")

    answer = clerk.post(
        "/account/password", {"old": STAFF_PASSWORD, "new": weak, "again": weak}, see="/account/password"
    )

    assert answer.status_code == 422


def test_disabling_an_account_ends_its_sessions_now(office):
    clerk = log_in_staff(office, "clerk")

    with office.app_context(), one_transaction() as session:
        user = session.scalars(sa.select(User).where(User.username == "clerk")).one()
        disable_staff(session, user, act=system())

    assert clerk.get("/account/").status_code == 302
    refused = staff_at(office).post("/login/", {"username": "clerk", "password": STAFF_PASSWORD})
    assert refused.status_code == 422


def test_other_roles_end_the_sessions_of_an_account(office):
    clerk = log_in_staff(office, "clerk")

    with office.app_context(), one_transaction() as session:
        user = session.scalars(sa.select(User).where(User.username == "clerk")).one()
        set_staff_roles(session, user, [Role.AUDITOR], act=system())

    assert clerk.get("/account/").status_code == 302


@pytest.mark.one_database
def test_disabling_a_citizen_ends_their_session(mailbox):
    jan = log_in_citizen(mailbox, "jan")

    with mailbox.app_context(), one_transaction() as session:
        session.execute(sa.update(Citizen).where(Citizen.login == "jan").values(disabled_at=clock.now()))

    assert jan.get("/sesje").status_code == 302


@pytest.mark.parametrize(("column", "seconds"), [("seen_at", 31 * 60 + 1), ("ends_at", 10 * 3600)])
def test_a_session_ends_when_it_stood_idle_or_lasted_too_long(office, column, seconds):
    clerk = log_in_staff(office, "clerk")
    assert clerk.get("/account/").status_code == 200

    with office.app_context(), one_transaction() as session:
        row = session.scalars(sa.select(WebSession)).one()
        setattr(row, column, getattr(row, column) - dt.timedelta(seconds=seconds))

    assert clerk.get("/account/").status_code == 302


def test_last_seen_is_written_at_most_once_a_minute(office):
    clerk = log_in_staff(office, "clerk")

    def seen() -> dt.datetime:
        with office.app_context():
            return db.session.scalars(sa.select(WebSession.seen_at)).one()

    first = seen()
    clerk.get("/account/sessions")
    assert seen() == first

    with office.app_context(), one_transaction() as session:
        session.execute(sa.update(WebSession).values(seen_at=first - dt.timedelta(seconds=61)))
    clerk.get("/account/sessions")
    assert seen() >= first


@pytest.mark.one_database
def test_logging_in_makes_a_new_token_and_keeps_nothing_of_the_visitor(office):
    visitor = staff_at(office)
    visitor.token()
    before = visitor.cookie()

    visitor.post("/login/", {"username": "clerk", "password": STAFF_PASSWORD})

    after = visitor.cookie()
    assert before.startswith("a.")
    assert after.startswith("s.")
    assert len(after) == 2 + 43


@pytest.mark.one_database
def test_the_database_keeps_only_the_digest_of_a_token(office):
    clerk = log_in_staff(office, "clerk")
    token = clerk.cookie().removeprefix("s.")

    with office.app_context():
        row = db.session.scalars(sa.select(WebSession)).one()

        assert row.token_digest == digest_of(token)
        assert token not in str({**row.__dict__})


@pytest.mark.one_database
def test_a_visitor_costs_no_row_and_no_forged_cookie_is_believed(office, mailbox):
    staff_at(office).token()
    forged = office.test_client()
    forged.set_cookie(OFFICE_COOKIE, "a.eyJfdXNlcl9pZCI6IjEifQ.abc.def")
    assert forged.get("/account/").status_code == 302
    forged.set_cookie(OFFICE_COOKIE, "s.'; drop table web_session")
    assert forged.get("/account/").status_code == 302

    with office.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WebSession)) == 0


@pytest.mark.one_database
def test_a_cookie_of_one_door_opens_nothing_at_the_other(office, mailbox):
    jan = log_in_citizen(mailbox, "jan")
    stranger = office.test_client()
    stranger.set_cookie(OFFICE_COOKIE, jan.cookie())

    assert stranger.get("/account/").status_code == 302


def test_people_see_and_end_their_own_sessions_only(office):
    clerk, again, other = log_in_staff(office, "clerk"), log_in_staff(office, "clerk"), log_in_staff(office, "auditor")
    with office.app_context():
        rows = list(db.session.execute(sa.select(WebSession.id, WebSession.user_id).order_by(WebSession.id)))
    own, foreign = rows[1].id, rows[2].id

    assert clerk.get("/account/sessions").text.count("<tr role") == 1 + 2
    assert clerk.post(f"/account/sessions/{foreign}/end", see="/account/").status_code == 404
    assert other.get("/account/").status_code == 200
    assert clerk.post(f"/account/sessions/{own}/end", see="/account/").status_code == 302
    assert again.get("/account/").status_code == 302


@pytest.mark.one_database
def test_a_citizen_cannot_end_the_session_of_another(mailbox):
    jan, anna = log_in_citizen(mailbox, "jan"), log_in_citizen(mailbox, "anna")
    with mailbox.app_context():
        foreign = db.session.scalars(sa.select(WebSession.id).order_by(WebSession.id.desc())).first()

    assert jan.post(f"/sesje/{foreign}/zakoncz", see="/sesje").status_code == 404
    assert anna.get("/sesje").status_code == 200
    assert CITIZEN_PASSWORD not in jan.get("/sesje").text
