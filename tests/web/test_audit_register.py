"""What the auditor finds in the audit trail, and how it reads."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.acts import Act, Actor, ActorKind
from app.extensions import db
from app.models import AuditEvent, Case, Package
from app.transaction import one_transaction
from app.usecases.record import record
from tests.factories import an_office, now, send
from tests.web.conftest import a_citizen, log_in_staff, staff_at
from tests.web.mailbox_people import signed, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def trail(office, authority):
    """An office with two cases, one of which the clerk has read; returns the office, their signs, a package."""
    with office.app_context():
        an_office(authority)
        signs = [send(signed(authority, name=name)).case.sign for name in ("Jan Testowy", "Anna Testowa")]
        number = db.session.scalar(sa.select(Package.number).order_by(Package.id))
    log_in_staff(office, "clerk").get(f"/sprawa/{signs[0]}")
    return office, signs, number


def found(visitor, **asked) -> str:
    """Return what stands in the body of the list."""
    page = visitor.get("/audyt/list/", query_string=asked)
    assert page.status_code == 200
    return text_of(page).partition("Szczegóły")[2]


def test_a_case_is_found_by_its_sign_with_all_that_happened_to_its_package(trail):
    office, signs, number = trail
    auditor = log_in_staff(office, "auditor")

    listed = found(auditor, chain=signs[0])

    assert f"sprawa {signs[0]}" in listed
    assert f"paczka {number}" in listed
    assert "wgląd do sprawy" in listed
    assert signs[1] not in listed


def test_a_package_is_found_by_its_number_and_only_its_events_are(trail):
    office, signs, number = trail
    auditor = log_in_staff(office, "auditor")

    listed = found(auditor, chain=number.lower())

    assert f"paczka {number}" in listed
    assert signs[1] not in listed


def test_a_person_is_found_as_a_party_and_as_the_one_who_did_it(trail):
    office, signs, _number = trail
    auditor = log_in_staff(office, "auditor")

    assert signs[0] in found(auditor, chain="Testowy")
    did = found(auditor, who="Test Clerk")
    assert "Test Clerk" in did
    assert signs[0] in did
    assert signs[1] not in did
    assert found(auditor, who="clerk") == did
    assert "Test Clerk" not in found(auditor, who="Supervisor")


def test_a_citizen_is_found_among_those_who_did_something(trail):
    office, _signs, _number = trail
    with office.app_context(), one_transaction() as session:
        jan = a_citizen("jan")
        session.add(jan)
        session.flush()
        act = Act(Actor(ActorKind.CITIZEN, jan.id, jan.name), now())
        record(session, "door:mailbox", "logged-in", {"citizen": jan.id}, act=act)
    auditor = log_in_staff(office, "auditor")

    assert "Test Jan" in found(auditor, who="Test Jan")
    assert "Test Jan" in found(auditor, who="jan")


@pytest.mark.parametrize("field", ["chain", "who"])
@pytest.mark.parametrize("text", [".,-", "''", "a"])
def test_signs_alone_find_nothing_and_are_explained(trail, field, text):
    office, signs, _number = trail

    page = log_in_staff(office, "auditor").get("/audyt/list/", query_string={field: text})

    assert "Wpisz co najmniej dwie litery albo numer." in text_of(page)
    assert signs[0] not in text_of(page)


def test_details_and_actors_read_in_words(trail):
    office, signs, number = trail
    staff_at(office).post("/login/", {"username": "nobody", "password": "x"})
    auditor = log_in_staff(office, "auditor")

    listed = found(auditor, chain=signs[0])
    assert f"znak sprawy: {signs[0]}; procedura: rejestracja" in listed
    assert f"paczka: {number}" in listed
    assert not re.search(r"\b(sign|procedure|edition|package|outcome|reasons|channel|sha256): ", listed)
    assert "gość, niezalogowany" in found(auditor)

    with office.app_context():
        clerk_read, visited = (
            db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.action == action))
            for action in ("case-read", "log-in-refused")
        )
    shown = text_of(auditor.get(f"/audyt/show/{clerk_read}"))
    assert "Kto działał pracownik urzędu" in shown
    assert f"Dotyczy sprawa {signs[0]}" in shown
    assert "gość, niezalogowany" in text_of(auditor.get(f"/audyt/show/{visited}"))


def test_what_means_too_many_is_not_cut_off_silently(trail, monkeypatch):
    office, _signs, _number = trail
    monkeypatch.setattr("app.views.office.register_filters_audit.MOST", 0)

    page = text_of(log_in_staff(office, "auditor").get("/audyt/list/", query_string={"chain": "Testow"}))

    assert "Pasuje zbyt wiele. Wpisz więcej." in page


def test_the_trail_as_it_was_written_is_still_understood(trail):
    office, signs, _number = trail
    with office.app_context():
        case_id = db.session.scalar(sa.select(Case.id).where(Case.sign == signs[0]))

    assert signs[0] in found(log_in_staff(office, "auditor"), chain=f"case:{case_id}")
