"""What the office finds by what people type, and what it answers to what says too little."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Case
from app.reports.search import cases_of_blank
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed, text_of
from tests.web.test_case_page import came

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("text", ["t", "Ż", "J T", ".", "%", "-/-", "\x00", "\x00."])
def test_one_letter_or_punctuation_finds_nothing_and_is_explained(ready, authority, text):
    _, sign = came(ready, signed(authority))
    clerk = log_in_staff(ready, "clerk")

    for page in (
        clerk.get("/praca/szukaj", query_string={"q": text}),
        clerk.post("/praca/szukaj", {"q": text.strip("\x00")}, see="/account/", follow_redirects=True),
        clerk.get("/sprawy/list/", query_string={"q": text}) if text.strip("\x00") else None,
    ):
        if page is not None:
            assert page.status_code == 200
            assert "Wpisz co najmniej dwie litery albo numer" in text_of(page)
            assert sign not in page.text


def test_a_number_is_enough_to_search_by(ready, authority):
    _, sign = came(ready, signed(authority))

    assert log_in_staff(ready, "clerk").get("/praca/szukaj", query_string={"q": "1"}).location.endswith(sign)


@pytest.mark.parametrize("length", [6, 8, 11])
def test_a_register_too_finds_a_case_by_the_end_of_a_vin(ready, authority, length):
    _, sign = came(ready, signed(authority))
    with ready.app_context():
        vin = db.session.scalar(sa.select(Case.vin))
    clerk = log_in_staff(ready, "clerk")

    assert sign in clerk.get("/sprawy/list/", query_string={"q": vin[-length:]}).text
    assert sign not in clerk.get("/sprawy/list/", query_string={"q": "ZZ" + vin[-6:]}).text


def test_a_case_is_found_by_unit_and_number_as_one_says_them(ready, authority):
    _, sign = came(ready, signed(authority))
    clerk = log_in_staff(ready, "clerk")

    found = {clerk.get("/praca/szukaj", query_string={"q": text}).location for text in ("km 1", "/1", "KM 1/2026")}

    assert found == {f"/sprawa/{sign}"}


def test_a_case_is_found_by_the_number_of_a_blank_that_it_gave_out(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "originals_complete")
        work.pay()
        work.make_ready(permit="PC/AAA 0012345")
        work.write("register_temporarily")
        work.agree()
        work.give()
        work.certificate_comes("DR/BAA 1234567")
        sign = work.case.sign
    clerk, desk = log_in_staff(ready, "clerk"), log_in_staff(ready, "front_desk")

    for text in ("DR/BAA 1234567", "dr/baa1234567", "DR BAA 1234567", "DRBAA1234567", "PC/AAA 0012345", "pcaaa0012345",
                 "pc/aaa oo12345", "drbaai234567"):  # fmt: skip
        said = {"q": text}
        assert clerk.get("/praca/szukaj", query_string=said).location == f"/sprawa/{sign}"
        assert sign in clerk.get("/sprawy/list/", query_string=said).text
        assert sign in desk.get("/kancelaria/", query_string=said).location
    assert sign not in clerk.get("/praca/szukaj", query_string={"q": "DR/BAA 1234568"}).text


def test_what_is_no_number_of_a_blank_costs_no_look_at_the_things():
    assert [cases_of_blank(text) for text in ("SC 12345", "KM.5410.1.2026", "Jan Testowy", "WVWZZZ1JZ3W386752")] == [
        None
    ] * 4


def test_numbers_of_blanks_are_found_by_an_index(ready):
    with ready.app_context():
        query = cases_of_blank("DR/BAA 1234567").compile(db.engine, compile_kwargs={"literal_binds": True})

        plan = db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {query}")).all()

    assert "ix_item_kind_label" in str(plan)
