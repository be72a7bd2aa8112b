"""A case of two owners on its pages: who gets a letter is said before and after, and each reads a term of their own."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import Actor, ActorKind
from app.domain.deadlines import APPEAL, due_date
from app.domain.determinations import DeterminationCode
from app.domain.procedures.facts import Verdict
from app.extensions import db
from app.models import Case
from app.usecases.days_off import office_calendar
from tests.factories import application_files
from tests.usecases.at_work import Work
from tests.usecases.test_co_owners import ANNA, serve_copy
from tests.web.case_office import work_of
from tests.web.conftest import log_in_staff
from tests.web.letters_at_work import Outside, newest_letter
from tests.web.mailbox_people import signed, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def sign(ready, authority) -> str:
    """A case of Jan and Anna in which a document cannot be read."""
    with ready.app_context():
        work = work_of(authority, documents=application_files(co_owners=(ANNA,)))
        work.take()
        work.accept_all(INSPECTION=Verdict.ILLEGIBLE)
        return work.case.sign


@pytest.fixture
def summoned(ready, sign) -> str:
    with ready.app_context():
        work = Work(db.session.scalars(sa.select(Case.id).where(Case.sign == sign)).one())
        work.clerk = Actor(ActorKind.STAFF, work.case.clerk_id, "Test clerk")
        work.write("summon_remedy")
    return sign


def page(ready, path: str) -> str:
    return text_of(log_in_staff(ready, "clerk").get(path))


def test_the_composer_says_who_gets_a_copy_and_by_which_way(ready, sign):
    said = page(ready, f"/sprawa/{sign}/pismo/summon_remedy")

    assert "Do: Jan Testowy, do skrzynki, za potwierdzeniem odbioru." in said
    assert "Odpis listem poleconym za potwierdzeniem odbioru: Anna Testowa." in said


def test_the_page_of_a_letter_leads_to_the_copies_and_says_when_each_was_served(ready, summoned):
    first = page(ready, f"/sprawa/{summoned}/pismo/1")
    copy = page(ready, f"/sprawa/{summoned}/pismo/2")

    assert "Otrzymują też Anna Testowa jeszcze niedoręczone" in first
    assert "Otrzymują też Jan Testowy jeszcze niedoręczone" in copy
    assert f"{summoned}/1" in copy


def test_the_case_file_names_the_copy_and_takes_no_more_statements_for_it(ready, summoned):
    clerk = log_in_staff(ready, "clerk")
    clerk.get(f"/sprawa/{summoned}")
    statements: list[str] = []
    with ready.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    said = text_of(clerk.get(f"/sprawa/{summoned}"))

    assert len(statements) <= 12, "\n".join(statement[:160] for statement in statements)
    assert "odpis dla: Anna Testowa czeka na nadanie" in said


def test_a_letter_that_came_back_from_one_of_them_is_work_for_the_clerk_until_it_goes_out_again(ready, summoned):
    said = "Ostatnie pismo do nikogo nie dotarło"
    clerk = log_in_staff(ready, "clerk")
    assert said not in text_of(clerk.get("/praca/?tab=mine"))
    with ready.app_context():
        case = db.session.scalars(sa.select(Case).where(Case.sign == summoned)).one()
        serve_copy(Work(case.id), "unknown_addressee")
        version = db.session.merge(case).version
    assert said in text_of(clerk.get("/praca/?tab=mine"))

    address = {"version": version, "address": "ul. Nowa 3"}
    clerk.post(f"/sprawa/{summoned}/pismo/2/ponownie", address, see="/account/")

    assert said not in text_of(clerk.get("/praca/?tab=mine"))


def test_a_copy_that_came_back_is_sent_to_another_address_from_its_page(ready, summoned):
    path = f"/sprawa/{summoned}/pismo/2"
    clerk = log_in_staff(ready, "clerk")
    with ready.app_context():
        case = db.session.scalars(sa.select(Case).where(Case.sign == summoned)).one()
        serve_copy(Work(case.id), "unknown_addressee")
        version = db.session.merge(case).version
    assert f'action="{path}/ponownie"' in clerk.get(path).text

    address = "ul. Nowa 3\n42-200 Częstochowa"
    answer = clerk.post(f"{path}/ponownie", {"version": version, "address": address}, see="/account/")

    assert answer.headers["Location"].endswith("/pismo/3")
    assert "czeka na nadanie" in text_of(clerk.get(f"/sprawa/{summoned}"))
    assert "ponownie" not in clerk.get(path).text


def test_a_party_reads_the_end_of_its_own_term_though_another_was_served_later(mailbox_app, jan, authority):
    jan.send(signed(authority, application_files(co_owners=(ANNA,))))
    jan.client = Outside(jan.client)
    with mailbox_app.app_context():
        work = Work(db.session.scalars(sa.select(Case.id)).one())
        work.gather()
        work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
        work.write("refuse", reasons="art. 73 ust. 1e ustawy")
        work.open_letter()
        own = due_date(work.act().today, APPEAL, office_calendar(db.session()))
        work.later(10)
        serve_copy(work)
        final = work.case.decisions[0].final_on

        said = text_of(jan.get(newest_letter()))

        assert final > own + dt.timedelta(days=1)
        assert f"You can appeal until {own:%A}, {own.day}" in said


def test_while_a_letter_leaves_its_page_names_everybody_who_gets_it(ready, sign):
    with ready.app_context():
        work = Work(db.session.scalars(sa.select(Case.id).where(Case.sign == sign)).one())
        work.clerk = Actor(ActorKind.STAFF, work.case.clerk_id, "Test clerk")
        work.prepare("summon_remedy")

    said = page(ready, f"/sprawa/{sign}/pismo/1")

    assert "Anna Testowa odpis listem poleconym" in said
