"""Both doors with everybody who can stand before them: each role, citizens, visitors."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.models import Case, Citizen, HolderKind
from app.roles import Role
from app.transaction import one_transaction
from app.usecases import passwords
from app.usecases.passwords import hash_password
from app.usecases.staff import add_staff
from app.usecases.sync_roles import sync_roles
from app.views.office.security import builder_of, known_rights
from tests.usecases.at_work import Work
from tests.web import mailbox_people
from tests.web.letters_at_work import Outside

STAFF_PASSWORD = "cztery zielone rowery w deszczu"
CITIZEN_PASSWORD = "Zielony7rower"
# Hashing costs 60 ms on purpose; one hash serves the whole run.
_STAFF_HASH, _CITIZEN_HASH = hash_password(STAFF_PASSWORD), hash_password(CITIZEN_PASSWORD)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Visitor:
    """A browser at one door: keeps cookies, takes the CSRF token of the page it last saw."""

    client: FlaskClient
    log_in_at: str

    def get(self, path: str, **more: Any):
        return self.client.get(path, **more)

    def token(self, path: str | None = None) -> str:
        found = _TOKEN.search(self.client.get(path or self.log_in_at, follow_redirects=True).text)
        assert found, "the page has no form"
        return found.group(1)

    def post(self, path: str, data: dict[str, Any] | None = None, *, see: str | None = None, **more: Any):
        return self.client.post(path, data={"csrf_token": self.token(see), **(data or {})}, **more)

    def cookie(self) -> str | None:
        jar = [cookie for cookie in self.client._cookies.values() if "okienko" in cookie.key]
        return jar[0].value if jar else None

    def set_cookie(self, value: str, name: str) -> None:
        self.client.set_cookie(name, value)


def staff_at(app: Flask) -> Visitor:
    return Visitor(app.test_client(), "/login/")


def citizen_at(app: Flask) -> Visitor:
    return Visitor(app.test_client(), "/logowanie")


def log_in_staff(app: Flask, name: str, password: str = STAFF_PASSWORD, code: str = "") -> Visitor:
    visitor = staff_at(app)
    answer = visitor.post("/login/", {"username": name, "password": password, "code": code})
    assert answer.status_code == 302, answer.text
    return visitor


def log_in_citizen(app: Flask, name: str, password: str = CITIZEN_PASSWORD) -> Visitor:
    visitor = citizen_at(app)
    answer = visitor.post("/logowanie", {"user_name": name, "password": password})
    assert answer.status_code == 302, answer.text
    return visitor


def system(at: dt.datetime | None = None) -> Act:
    return Act(SYSTEM, at or dt.datetime.now(dt.UTC))


def add_people(app: Flask) -> dict[Role, str]:
    """Roles as the list says, one member of staff for each."""
    rights = known_rights(builder_of(app))
    names = {role: role.name.lower() for role in Role}
    with app.app_context(), one_transaction() as session:
        sync_roles(session, rights, act=system())
        for role, name in names.items():
            user = add_staff(session, name, ("Test", name.title()), f"{name}@example.invalid", [role], act=system())
            user.password = _STAFF_HASH
    return names


def a_citizen(login: str, **more: Any) -> Citizen:
    now = dt.datetime.now(dt.UTC)
    values = {
        "password_hash": _CITIZEN_HASH,
        "kind": HolderKind.PERSON,
        "name": f"Test {login.title()}",
        "email": f"{login}@example.invalid",
        "address": {},
        "activated_at": now,
        "created_at": now,
    }
    return Citizen(login=login, **(values | more))


@pytest.fixture
def office(office_app: Flask) -> Flask:
    """The office door with one member of staff of every role, named as the role."""
    add_people(office_app)
    return office_app


@pytest.fixture
def mailbox(mailbox_app: Flask) -> Flask:
    """The mailbox door with two citizens, `jan` and `anna`."""
    with mailbox_app.app_context(), one_transaction() as session:
        session.add_all([a_citizen("jan"), a_citizen("anna")])
    return mailbox_app


@pytest.fixture
def over_tls(settings):
    """The same settings for a service behind TLS."""
    return dataclasses.replace(settings, public_url="https://okienko.example", trusted_hosts=("okienko.example",))


@pytest.fixture
def hashes(monkeypatch):
    """How often a password was hashed, by counting calls of the real function."""
    counted: list[str] = []
    real = passwords.check_password_hash

    def counting(stored: str, given: str) -> bool:
        counted.append(stored)
        return real(stored, given)

    monkeypatch.setattr(passwords, "check_password_hash", counting)
    return counted


@pytest.fixture
def jan(mailbox_app, authority):
    """Jan, at his mailbox in an office that trusts his signature."""
    mailbox_people.open_office(mailbox_app, authority)
    mailbox_people.open_mailbox(mailbox_app, "jan", "Jan Testowy")
    visitor = mailbox_people.Visitor(mailbox_app)
    visitor.log_in("jan")
    return visitor


@pytest.fixture
def ready(office, authority):
    """An office that trusts `authority`, with plates in its stock."""
    from tests.factories import an_office
    from tests.web.case_office import stocked

    with office.app_context():
        an_office(authority)
        stocked("SC 8A111", "SC 8A112")
    return office


@pytest.fixture
def case_at(ready, authority):
    """Makes a case at a stage; returns its sign."""
    from tests.web.case_office import at, work_of

    def make(stage: str) -> str:
        with ready.app_context():
            return at(work_of(authority), stage).case.sign

    return make


@pytest.fixture
def work(mailbox_app, jan, authority):
    """Jan's case in the hands of a clerk; the test stands in a context of the mailbox, Jan does not."""
    jan.send(mailbox_people.signed(authority))
    jan.client = Outside(jan.client)
    with mailbox_app.app_context():
        work = Work(db.session.scalars(sa.select(Case.id)).one())
        work.take()
        yield work
