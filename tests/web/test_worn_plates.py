"""The page of worn plates: what waits, the handing over to their maker, its protocol that is kept."""

from __future__ import annotations

import re

import pytest

from app.domain.custody import ItemState
from app.domain.items import ItemKind
from app.extensions import db
from app.models import Consignment, Direction, StoredFile
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database
PAGE = "/kancelaria/zuzyte-tablice/"


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.decide()
    return made


def plates(counter: Counter) -> list[int]:
    return counter.ask(lambda work: [one.number for one in work.case.items if one.kind is ItemKind.PLATE])


def test_what_waits_is_ticked_and_handed_over_and_the_protocol_is_the_one_that_was_kept(office, counter):
    desk = log_in_staff(office, "front_desk")
    numbers = plates(counter)
    page = desk.get(PAGE).text
    assert re.findall(r'name="pick" value="(\d+)" form="hand-over" checked', page) == [str(one) for one in numbers]

    answer = desk.post(
        PAGE, {"pick": numbers, "maker": "Tablice sp. z o.o.", "person": "Ewa Kurier"}, see=PAGE, follow_redirects=True
    )

    assert "2 tablice przekazane producentowi. Wydrukuj protokół RPO/" in text_of(answer)
    (address,) = set(re.findall(r'href="(/kancelaria/zuzyte-tablice/protokol/\d+\.pdf)"', answer.text))
    with office.app_context():
        kept = db.session.query(Consignment).filter(Consignment.case_id.is_(None)).one().protocol_sha256
        assert db.session.get(StoredFile, kept) is not None
        bytes_kept = office.extensions["equipment"].store.read(kept)
    assert desk.get(address).data == bytes_kept
    assert address in desk.get(f"/kancelaria/{counter.sign}/rzeczy").text
    assert address in desk.get("/tablice-zwrocone/list/").text
    assert "u producenta tablic" in text_of(desk.get(f"/sprawa/{counter.sign}"))
    # The next protocol begins with the maker of the last one.
    assert counter.ask(lambda work: {one.state for one in work.case.items if one.kind is ItemKind.PLATE}) == {
        ItemState.WITH_MAKER
    }


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"person": ""}, "Wpisz, kto odbiera"),
        ({"maker": ""}, "wpisać nazwę producenta tablic"),
        ({"pick": []}, "zaznaczyć co najmniej jedną rzecz"),
    ],
)
def test_a_form_that_lacks_something_comes_back_as_it_was_typed(office, counter, said, sentence):
    desk = log_in_staff(office, "front_desk")
    first, second = plates(counter)

    answer = desk.post(PAGE, {"pick": [first], "maker": "Tablice sp. z o.o.", "person": "Ewa Kurier", **said}, see=PAGE)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if "pick" not in said:
        assert f'value="{first}" form="hand-over" checked' in answer.text
    assert f'value="{second}" form="hand-over" checked' not in answer.text
    assert 'id="again"' in answer.text


def test_the_page_of_a_shelf_shows_the_plates_that_lie_there(office, counter):
    desk = log_in_staff(office, "front_desk")
    first, second = plates(counter)
    desk.post(f"/kancelaria/rzeczy/{counter.sign}/ruch", {"pick": [first], "movement": "stored", "place": "ZUŻYTE"},
              see="/kancelaria/")  # fmt: skip

    page = desk.get(f"{PAGE}?polka=ZUŻYTE").text

    assert f'value="{first}"' in page
    assert f'value="{second}"' not in page


def test_a_supervisor_sees_what_waits_and_hands_nothing_over(office, counter):
    page = log_in_staff(office, "supervisor").get(PAGE).text

    assert "SC" in page
    assert 'name="pick"' not in page


def test_no_other_consignment_has_such_a_protocol(office, counter):
    desk = log_in_staff(office, "front_desk")
    counter.ask(lambda work: work.give())
    given = counter.ask(lambda work: [one.id for one in work.case.consignments if one.direction is Direction.OUT])

    assert given
    assert {desk.get(f"{PAGE}protokol/{pk}.pdf").status_code for pk in (*given, 10**6)} == {404}
