"""What the office finds by what people type, and what it answers to what says too little."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Case
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
