"""A PESEL is hidden until somebody asks for it; who read a case file, and who saw a PESEL, is written down."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import AuditEvent, Case, Party
from tests.factories import PESEL, send
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed

pytestmark = pytest.mark.one_database


@pytest.fixture
def town(ready, authority):
    """An office with a case; its sign, its party's row, the public id of its package."""
    with ready.app_context():
        package = send(signed(authority))
        other = send(signed(authority)).case
        return ready, package.case.sign, package.case.parties[0].id, package.public_id, other.sign


def events(office, *actions: str) -> list[tuple[str, str, dict[str, object]]]:
    """Who did these things, about what, with what."""
    with office.app_context():
        found = db.session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.id)
        ).all()
        return [(event.actor_name, event.chain, event.details) for event in found]


def test_no_page_shows_a_pesel_by_itself(town):
    office, sign, _party, package, _other = town
    clerk = log_in_staff(office, "clerk")

    for path in (
        f"/sprawa/{sign}",
        f"/sprawa/{sign}/formularz/{package}",
        f"/sprawa/{sign}/paczka/{package}",
        f"/sprawa/{sign}/weryfikacja",
        "/sprawy/list/",
        "/sprawy/export/csv",
        "/paczki/list/",
        "/paczki/show/1",
        "/paczki/export/csv",
        "/praca/szukaj?q=Testowy",
    ):
        answer = clerk.get(path)
        assert answer.status_code == 200, path
        assert PESEL not in answer.text, path


def test_a_pesel_is_shown_to_who_asks_and_that_is_written_down(town):
    office, sign, party, _package, _other = town
    clerk = log_in_staff(office, "clerk")
    assert events(office, "pesel-shown") == []

    shown = clerk.post(f"/sprawa/{sign}/pesel/{party}", see=f"/sprawa/{sign}")

    assert PESEL in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    with office.app_context():
        case_id = db.session.scalar(sa.select(Case.id).where(Case.sign == sign))
    ((who, chain, details),) = events(office, "pesel-shown")
    assert ("clerk" in who.lower(), chain, details) == (True, f"case:{case_id}", {"party": party})
    assert PESEL not in clerk.get(f"/sprawa/{sign}").text, "once, not from now on"


def test_a_pesel_is_not_shown_by_way_of_another_case_nor_to_a_role_without_the_right(town):
    office, sign, party, _package, other = town
    clerk, desk = log_in_staff(office, "clerk"), log_in_staff(office, "front_desk")

    elsewhere = clerk.post(f"/sprawa/{other}/pesel/{party}", see=f"/sprawa/{other}")
    refused = desk.post(f"/sprawa/{sign}/pesel/{party}", see="/account/")

    assert (elsewhere.status_code, refused.status_code) == (404, 403)
    assert events(office, "pesel-shown") == []


def test_reading_a_case_file_is_written_down_each_time(town):
    office, sign, _party, _package, other = town
    supervisor = log_in_staff(office, "supervisor")

    for path in (sign, other, sign):
        supervisor.get(f"/sprawa/{path}")

    assert [details["sign"] for _who, _chain, details in events(office, "case-read")] == [sign, other, sign]


def test_the_database_holds_no_pesel_in_the_clear(town):
    office, _sign, party, _package, _other = town

    with office.app_context():
        row = db.session.get_one(Party, party)
        assert row.pesel_sealed
        for table in db.metadata.sorted_tables:
            for found in db.session.execute(sa.select(table)):
                assert PESEL not in str(tuple(found)), table.name
