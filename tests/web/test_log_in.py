"""Coming in: guessing is slow, unknown names look like wrong passwords, and nobody is sent to another site."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pyotp
import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import clock
from app.extensions import db
from app.models import AuditEvent, Door, StaffProfile, Throttle
from app.transaction import one_transaction
from app.usecases.password_link import password_token
from app.usecases.throttle import Brake, brakes, count_attempt, forgive
from app.usecases.totp import open_secret
from app.views.redirects import is_own_path
from tests.web.conftest import STAFF_PASSWORD, Visitor, citizen_at, log_in_staff, staff_at

NOW = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)


def without_noise(page: str) -> str:
    """The page without what differs between any two answers: token, nonce, what was typed."""
    return re.sub(r'(value|nonce)="[^"]*"', r'\1=""', page)


@pytest.mark.one_database
def test_an_unknown_name_a_wrong_password_and_a_closed_account_get_the_same_answer(office, hashes):
    with office.app_context(), one_transaction() as session:
        session.execute(sa.update(User).where(User.username == "auditor").values(active=False))
        session.execute(sa.update(User).where(User.username == "inspector").values(password=None))
    pages, costs = [], []

    for name, password in (
        ("clerk", "nie to hasło"),
        ("ktos-obcy", "nie to hasło"),
        ("auditor", STAFF_PASSWORD),
        ("inspector", STAFF_PASSWORD),
        ("' or 1=1 --", "x"),
    ):
        hashes.clear()
        answer = staff_at(office).post("/login/", {"username": name, "password": password})
        pages.append((answer.status_code, without_noise(answer.text)))
        costs.append(len(hashes))

    assert {status for status, _page in pages} == {422}
    assert len({page for _status, page in pages}) == 1
    assert costs == [1, 1, 1, 1, 1]


@pytest.mark.one_database
def test_the_same_holds_for_citizens(mailbox, hashes):
    pages, costs = [], []
    for name in ("jan", "nie-ma-takiego"):
        hashes.clear()
        answer = citizen_at(mailbox).post("/logowanie", {"user_name": name, "password": "Nie1tohaslo"})
        pages.append((answer.status_code, without_noise(answer.text)))
        costs.append(len(hashes))

    assert pages[0] == pages[1]
    assert costs == [1, 1]


def test_after_five_failures_an_account_waits_whether_it_exists_or_not(office, hashes):
    answers = {}
    for name in ("clerk", "ktos-obcy"):
        visitor = staff_at(office)
        answers[name] = [
            visitor.post("/login/", {"username": name, "password": f"zle {n}"}).status_code for n in range(8)
        ]
    # The sixth failure starts the wait.
    assert answers["clerk"] == answers["ktos-obcy"] == [422] * 6 + [429] * 2

    hashes.clear()
    right = staff_at(office).post("/login/", {"username": "clerk", "password": STAFF_PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) in range(1, 32)
    assert hashes == []


def test_the_wait_grows_and_has_an_end():
    brake = Brake("login:office:x", free=5)

    waits = [brake.delay(n).total_seconds() for n in (5, 6, 7, 8, 9, 10, 11, 50)]

    assert waits == [0, 30, 60, 120, 240, 480, 900, 900]


def test_a_right_password_wipes_the_account_clean_but_its_address_only_by_one(app_context):
    keys = brakes(Door.OFFICE, "Clerk ", "192.0.2.7")
    with one_transaction() as session:
        for n in range(3):
            assert count_attempt(session, keys, NOW + dt.timedelta(seconds=n)) == 0
        forgive(session, brakes(Door.OFFICE, "clerk", "192.0.2.7"), NOW)

    left = dict(db.session.execute(sa.select(Throttle.key, Throttle.failures)).all())
    assert left == {keys[0].key: 0, keys[1].key: 2}


def test_many_names_from_one_address_make_the_address_wait(app_context):
    with one_transaction() as session:
        waits = [count_attempt(session, brakes(Door.MAILBOX, f"name{n}", "2001:db8::1"), NOW) for n in range(32)]
        neighbour = count_attempt(session, brakes(Door.MAILBOX, "other", "2001:db8::ffff"), NOW)
        elsewhere = count_attempt(session, brakes(Door.MAILBOX, "name1", "2001:db8:1::1"), NOW)

    assert waits[:31] == [0] * 31
    assert waits[31] > 0
    assert neighbour > 0
    assert elsewhere == 0


def test_counts_are_forgotten_after_a_day(app_context):
    keys = brakes(Door.OFFICE, "clerk", "192.0.2.7")
    with one_transaction() as session:
        for _ in range(5):
            count_attempt(session, keys, NOW)
        assert count_attempt(session, keys, NOW + dt.timedelta(hours=24)) == 0
        assert count_attempt(session, keys, NOW + dt.timedelta(hours=24)) == 0


def test_guesses_sent_at_the_same_time_are_all_counted(house):
    keys = brakes(Door.OFFICE, "clerk", "192.0.2.7")
    answers: list[int] = []

    def guess() -> None:
        with house.app_context():
            with one_transaction() as session:
                answers.append(count_attempt(session, keys, NOW))
            db.session.remove()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(answer == 0 for answer in answers) == 6


@pytest.mark.one_database
def test_no_typed_name_reaches_the_throttle_or_the_audit_trail(office):
    staff_at(office).post("/login/", {"username": "moje-tajne-haslo", "password": "x"})

    with office.app_context():
        assert not [key for key in db.session.scalars(sa.select(Throttle.key)) if "tajne" in key]
        event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.action == "log-in-refused"
        assert event.details == {"user": None}


@pytest.mark.one_database
def test_log_in_and_log_out_are_events(office):
    clerk = log_in_staff(office, "clerk")
    clerk.post("/logout/", see="/account/")

    with office.app_context():
        events = db.session.execute(
            sa.select(AuditEvent.action, AuditEvent.actor_name).where(AuditEvent.chain == "door:office")
        )
        assert [tuple(row) for row in events] == [("logged-in", "Test Clerk"), ("logged-out", "Test Clerk")]


OUTSIDE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "/%09/evil.example\t", "\t//evil.example", "/\n/evil.example",
    "https:/evil.example", "evil.example", "@evil.example", "//evil.example/%2f..", "/account/../..//evil.example",
    "/account//evil.example", " /account/",
]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_page_elsewhere_is_never_the_next_one(target):
    assert not is_own_path(target)


@pytest.mark.parametrize("target", ["/", "/account/", "/sprawy/list/?page=2&x=https://a.b/c", "/a?next=//b"])
def test_a_page_of_this_door_may_be_the_next_one(target):
    assert is_own_path(target)
    assert is_own_path("/office" + target, "/office")
    assert not is_own_path("/other" + target, "/office")


@pytest.mark.one_database
@pytest.mark.parametrize("target", OUTSIDE)
def test_log_in_sends_nobody_to_another_site(office, target):
    visitor = staff_at(office)

    answer = visitor.client.post(
        "/login/",
        query_string={"next": target},
        data={"csrf_token": visitor.token(), "username": "clerk", "password": STAFF_PASSWORD},
    )

    assert answer.headers["Location"] == "/"


@pytest.mark.one_database
def test_log_in_goes_on_to_the_page_that_was_asked_for(office):
    visitor = staff_at(office)
    asked = visitor.get("/account/sessions?x=1")
    assert asked.headers["Location"].startswith("/login/?next=")

    answer = visitor.client.post(
        asked.headers["Location"],
        data={"csrf_token": visitor.token(), "username": "clerk", "password": STAFF_PASSWORD},
    )

    assert answer.headers["Location"] == "/account/sessions?x=1"


@pytest.mark.one_database
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example"])
def test_a_foreign_host_header_is_refused_and_never_repeated(office, host):
    answer = office.test_client().get("/login/", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "evil.example" not in answer.headers.get("Location", "")


def turn_on(app, name: str) -> tuple[pyotp.TOTP, Visitor, str]:
    person = log_in_staff(app, name)
    page = person.get("/account/second-factor/").text
    totp = pyotp.TOTP(re.search(r'class="code">([A-Z2-7]{32})<', page).group(1))
    code = totp.now()
    answer = person.post(
        "/account/second-factor/", {"old": STAFF_PASSWORD, "code": code}, see="/account/second-factor/"
    )
    assert answer.status_code == 302, answer.text
    return totp, person, code


def test_a_second_factor_is_needed_once_it_is_on_and_each_code_works_once(office):
    totp, person, spent = turn_on(office, "clerk")
    later = totp.at(clock.now() + dt.timedelta(seconds=30))

    def try_with(code: str) -> int:
        return (
            staff_at(office)
            .post("/login/", {"username": "clerk", "password": STAFF_PASSWORD, "code": code})
            .status_code
        )

    assert person.get("/account/").status_code == 200
    assert try_with("") == 422
    assert try_with(spent) == 422
    assert try_with("000000") == 422
    assert try_with(later) == 302
    assert try_with(later) == 422


@pytest.mark.one_database
def test_the_secret_of_a_second_factor_is_not_readable_in_the_database(office):
    totp, _person, _code = turn_on(office, "clerk")

    with office.app_context():
        sealed = db.session.scalars(
            sa.select(StaffProfile.totp_sealed).where(StaffProfile.totp_sealed.is_not(None))
        ).one()
        assert totp.secret not in sealed


@pytest.mark.one_database
def test_where_the_office_demands_it_whoever_decides_or_administers_sets_up_a_second_factor_first(office):
    import dataclasses

    office.config["SETTINGS"] = dataclasses.replace(office.config["SETTINGS"], require_totp=True)

    first = {role: log_in_staff(office, role).get("/account/") for role in ("clerk", "supervisor", "inspector")}
    free = {role: log_in_staff(office, role).get("/account/") for role in ("front_desk", "auditor")}
    administrator = log_in_staff(office, "administrator")

    assert {answer.headers.get("Location") for answer in first.values()} == {"/account/second-factor/"}
    assert {answer.status_code for answer in free.values()} == {200}
    assert administrator.get("/uzytkownicy/list/").headers["Location"] == "/account/second-factor/"
    turn_on(office, "administrator")
    # The set-up ended the other session of the same person.
    assert administrator.get("/uzytkownicy/list/").headers["Location"].startswith("/login/")


def test_who_lost_the_telephone_comes_in_again_after_another_person_turned_the_second_factor_off(office):
    turn_on(office, "clerk")
    turn_on(office, "administrator")
    with office.app_context():
        ids = dict(db.session.execute(sa.select(User.username, User.id)).all())
        codes = pyotp.TOTP(open_secret(db.session.get(StaffProfile, ids["administrator"]).totp_sealed,
                                       ids["administrator"], office.extensions["equipment"].ring))  # fmt: skip
    chief = staff_at(office)
    chief.post("/login/", {"username": "administrator", "password": STAFF_PASSWORD,
                           "code": codes.at(clock.now() + dt.timedelta(seconds=30))})  # fmt: skip
    show = "/uzytkownicy/show/{}".format
    locked_out = staff_at(office).post("/login/", {"username": "clerk", "password": STAFF_PASSWORD})

    own = chief.post(f"/uzytkownicy/{ids['administrator']}/factor", see=show(ids["administrator"]))
    done = chief.post(f"/uzytkownicy/{ids['clerk']}/factor", see=show(ids["clerk"]))

    assert locked_out.status_code == 422
    assert (own.status_code, done.status_code) == (409, 302)
    assert log_in_staff(office, "clerk").get("/account/").status_code == 200
    assert f"/uzytkownicy/{ids['clerk']}/factor" not in chief.get(show(ids["clerk"])).text
    with office.app_context():
        assert db.session.get(StaffProfile, ids["administrator"]).totp_sealed is not None
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "second-factor-off")).one()
        assert (event.chain, event.actor_id) == (f"staff:{ids['clerk']}", ids["administrator"])


def link_for(app, name: str) -> str:
    with app.app_context():
        user = db.session.scalars(sa.select(User).where(User.username == name)).one()
        return f"/password/{password_token(user, app.config['SETTINGS'])}"


def test_a_link_sets_one_password_and_is_spent(office):
    link, second = link_for(office, "clerk"), link_for(office, "clerk")
    elsewhere = log_in_staff(office, "clerk")
    link, second = link_for(office, "clerk"), link_for(office, "clerk")
    fresh = "siedem czerwonych lokomotyw nocą"
    visitor = staff_at(office)

    assert visitor.post(link, {"new": "krótkie", "again": "krótkie"}, see=link).status_code == 422
    assert visitor.post(link, {"new": fresh, "again": fresh}, see=link).status_code == 302

    assert visitor.get(link).status_code == 410
    assert visitor.get(second).status_code == 410
    assert elsewhere.get("/account/").status_code == 302
    log_in_staff(office, "clerk", fresh)


@pytest.mark.one_database
def test_a_link_that_was_tampered_with_or_is_of_a_closed_account_opens_nothing(office):
    link = link_for(office, "clerk")
    visitor = staff_at(office)
    assert visitor.get(link[:-2] + "xx").status_code == 410
    assert visitor.get("/password/abc").status_code == 410

    with office.app_context(), one_transaction() as session:
        session.execute(sa.update(User).where(User.username == "clerk").values(active=False))

    assert visitor.get(link).status_code == 410


@pytest.mark.one_database
def test_somebody_who_must_change_the_password_can_do_nothing_else_first(office):
    with office.app_context(), one_transaction() as session:
        user_id = session.scalars(sa.select(User.id).where(User.username == "clerk")).one()
        session.get(StaffProfile, user_id).must_change_password = True

    clerk = log_in_staff(office, "clerk")

    assert clerk.get("/praca/").headers["Location"] == "/account/password"
    assert clerk.get("/account/password").status_code == 200
