"""What the counter says of cases that are over, of things on no shelf, and where who stands there begins."""

from __future__ import annotations

import re

import pytest

from app.domain.custody import ItemState
from app.domain.items import Fate
from app.models import Case
from app.transaction import one_transaction
from tests.factories import application_files, send
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.await_originals()
    return made


def stand_at(counter: Counter, stage: str) -> None:
    def do(work) -> None:
        with one_transaction() as session:
            session.get_one(Case, work.case_id).stage = stage

    counter.ask(do)


@pytest.mark.parametrize(
    ("stage", "name", "what"),
    [("withdrawn", "Wniosek cofnięty", "umorzeniu"), ("refused", "Uwaga: Odm", "niczego już")],
)
def test_a_case_that_needs_nothing_any_more_says_so_before_and_after_receiving(office, counter, stage, name, what):
    desk = log_in_staff(office, "front_desk")
    assert "Uwaga:" not in text_of(desk.get(f"/kancelaria/{counter.sign}"))
    stand_at(counter, stage)

    before = text_of(desk.get(f"/kancelaria/{counter.sign}"))
    form = {"here": counter.awaited(), "carriage": "post", "place": "B3-017"}
    after = text_of(desk.get(desk.post(f"/kancelaria/{counter.sign}/przyjecie", form, see="/kancelaria/").location))

    for page in (before, after):
        assert name in page
        assert what in page


def test_a_search_names_the_stage_of_what_is_over_instead_of_what_it_waits_for(office, authority, counter):
    counter.ask(lambda _work: send(signed(authority, application_files())))
    desk = log_in_staff(office, "front_desk")
    stand_at(counter, "withdrawn")

    found = text_of(desk.get("/kancelaria/", query_string={"q": "Testowy"}, follow_redirects=True))

    assert "Która to sprawa?" in found
    assert "Wniosek cofnięty" in found
    assert "czeka na" not in found


def test_class_and_number_of_a_sign_find_the_case(office, counter):
    desk = log_in_staff(office, "front_desk")
    _unit, klass, number, _year = counter.sign.split(".")

    answer = desk.get("/kancelaria/", query_string={"q": f"{klass}.{number}"})

    assert counter.sign in answer.location


def test_who_stands_at_the_counter_begins_there_and_a_clerk_with_their_work(office, counter):
    assert log_in_staff(office, "front_desk").get("/").location.endswith("/kancelaria/")
    assert log_in_staff(office, "clerk").get("/").location.endswith("/praca/")


def test_a_number_of_the_post_with_a_digit_too_many_is_refused_at_its_field(office, counter):
    desk = log_in_staff(office, "front_desk")
    form = {"here": counter.awaited(), "carriage": "post", "tracking": "007590077315120006210"}

    refused = desk.post(f"/kancelaria/{counter.sign}/przyjecie", form, see="/kancelaria/")

    assert refused.status_code == 422
    assert 'id="tracking-error"' in refused.text
    assert "007590077315120006210" in refused.text


def test_what_lies_on_no_shelf_is_listed(office, counter):
    desk = log_in_staff(office, "front_desk")
    form = {"here": counter.awaited(), "carriage": "post", "place": ""}
    desk.post(f"/kancelaria/{counter.sign}/przyjecie", form, see="/kancelaria/")

    assert 'href="/kancelaria/polki/?bez=1"' in desk.get("/kancelaria/polki/").text
    assert counter.sign in text_of(desk.get("/kancelaria/polki/?bez=1"))


def test_plates_are_destroyed_only_when_it_is_said_how_and_confirmed(office, authority):
    counter = Counter(office, authority)
    counter.decide()
    desk = log_in_staff(office, "front_desk")
    plates = counter.ask(lambda work: [one.number for one in work.case.items if one.fate is Fate.DESTROYED])
    address = f"/kancelaria/rzeczy/{counter.sign}/ruch"
    said = {"pick": plates, "movement": "destroyed"}
    assert "przy zniszczeniu: jak" in text_of(desk.get(f"/kancelaria/{counter.sign}/rzeczy"))

    def gone() -> bool:
        return counter.ask(lambda work: any(one.state is ItemState.DESTROYED for one in work.case.items))

    desk.post(address, said | {"sure": "yes"}, see="/kancelaria/")
    desk.post(address, said | {"remark": "sprasowanie"}, see="/kancelaria/")
    assert not gone()

    desk.post(address, said | {"remark": "sprasowanie", "sure": "yes"}, see="/kancelaria/")
    assert gone()
    assert "Uwagi (przy zniszczeniu" not in text_of(desk.get(f"/kancelaria/{counter.sign}/rzeczy"))


def test_the_filter_of_clerks_names_who_can_hold_a_case_or_holds_one(office, counter):
    supervisor = log_in_staff(office, "supervisor")

    page = supervisor.get("/sprawy/list/").text
    names = re.search(r'<select[^>]*name="clerk".*?</select>', page, re.DOTALL)[0]

    assert "Clerk Test" in names
    assert "Auditor Test" not in names
    assert "Front_Desk Test" not in names
