"""The post loses a parcel: posting room, clerk and owner each see it, and the clerk says what comes instead."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app import clock
from app.domain.custody import ItemState
from app.domain.delivery import Method
from app.domain.items import ItemKind
from app.transaction import one_transaction
from app.views.mailbox.situation import situation_of
from app.views.mailbox.things import settled
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_posting_room import held_by

pytestmark = pytest.mark.one_database
ROOM = "/kancelaria/poczta/"


@pytest.fixture
def parcel(office, authority) -> tuple[Counter, str]:
    """A clerk's case whose things went by post three weeks ago, and the address of its return card."""
    counter = Counter(office, authority)
    counter.decide(method=Method.POST)

    def post(work) -> int:
        work.post(TRACKING)
        with one_transaction():
            work.case.consignments[-1].on -= dt.timedelta(days=21)
        held_by(work, "clerk")
        return work.case.consignments[-1].id

    return counter, f"{ROOM}przesylka/{counter.ask(post)}"


def expire(work) -> None:
    with one_transaction():
        work.case.permit.valid_until = clock.today() - dt.timedelta(days=1)


def settle(client, counter: Counter, act: str, number: int, **typed: str):
    case = f"/sprawa/{counter.sign}"
    seen = counter.ask(lambda work: work.case.version)
    return client.post(f"{case}/zaginione/{act}", {"version": seen, "number": number, **typed}, see=case)


def lost(counter: Counter) -> dict[ItemKind, int]:
    return counter.ask(lambda work: {i.kind: i.number for i in work.case.items if i.state is ItemState.LOST})


def test_a_lost_parcel_is_told_to_everybody_and_settled_thing_by_thing(office, parcel):
    counter, card = parcel
    desk, clerk = log_in_staff(office, "front_desk"), log_in_staff(office, "clerk")
    case = f"/sprawa/{counter.sign}"

    told = desk.post(card, {"outcome": "lost"}, see=ROOM)

    assert "zaginęła" in text_of(desk.get(told.location))
    assert counter.sign not in text_of(desk.get(ROOM)).split("Nadane dziś")[0]
    work = text_of(clerk.get("/praca/?tab=mine"))
    assert "Przesyłka zaginęła na poczcie: do rozstrzygnięcia, co zostanie wydane w zamian." in work
    page = clerk.get(case).text
    assert page.index('id="lost"') < page.index('id="things"')
    assert "Rozstrzygnij, co w zamian" in text_of(clerk.get(case))
    counter.ask(expire)
    assert "Wezwij do zwrotu tablic" not in text_of(clerk.get(case)), "their owner has none"
    assert counter.ask(lambda work: situation_of(work.case, clock.today(), None)).lost
    things = lost(counter)
    permit = things[ItemKind.TEMPORARY_PERMIT]

    refused = settle(clerk, counter, "w-zamian", permit, label="siedem")

    assert refused.status_code == 422
    field = re.search(r'<input[^>]* id="again"[^>]*>', refused.text)[0]
    assert 'value="siedem"' in field
    settle(clerk, counter, "w-zamian", permit, label="PC 7654321")
    assert counter.stage() == "agreeing_handover"
    for kind, number in lost(counter).items():
        if kind is ItemKind.NEW_PLATE:
            continue
        settle(clerk, counter, "bez-zamiany", number, reason="ma drugi egzemplarz")
    assert set(lost(counter)) == {ItemKind.NEW_PLATE}
    assert "rozstrzygnięto: nic w zamian" in text_of(clerk.get(case))


def test_a_lost_parcel_that_turned_up_is_found_by_its_number_and_written_down(office, parcel):
    counter, card = parcel
    desk = log_in_staff(office, "front_desk")
    desk.post(card, {"outcome": "lost"}, see=ROOM)
    assert desk.get(f"{ROOM}zwrotka?q={TRACKING}").location == card
    asked = desk.get(card)
    assert "Jeżeli przesyłka się odnajdzie" in text_of(asked)
    assert 'value="lost"' not in asked.text

    day = clock.today() - dt.timedelta(days=9)
    desk.post(card, {"outcome": "delivered", "on": f"{day:%d.%m.%Y}"}, see=ROOM)

    assert lost(counter) == {}
    assert day in counter.ask(lambda work: {thing.since for thing in settled(work.case)})
    assert f"doręczenie {day:%d.%m}" in text_of(log_in_staff(office, "clerk").get(f"/sprawa/{counter.sign}"))
    assert 'name="outcome"' not in desk.get(card).text


def test_a_decision_in_a_parcel_that_nobody_claimed_is_served_by_the_notices_on_the_envelope(office, parcel):
    counter, card = parcel
    desk = log_in_staff(office, "front_desk")
    first = clock.today() - dt.timedelta(days=18)
    said = {"outcome": "unclaimed", "place": "Z-1", "first": f"{first:%d.%m.%Y}"}

    refused = desk.post(card, said, see=ROOM)

    assert refused.status_code == 400
    assert re.findall(r'id="(\w+)-error">', refused.text) == ["second"]
    second = first + dt.timedelta(days=8)
    desk.post(card, {**said, "second": f"{second:%d.%m.%Y}"}, see=ROOM)
    served = counter.ask(lambda work: work.case.decisions[-1].letter.service.served_on)
    assert served == first + dt.timedelta(days=14)
    assert counter.stage() == "agreeing_handover"


def test_only_the_clerk_of_the_case_says_what_comes_instead(office, parcel):
    counter, card = parcel
    desk = log_in_staff(office, "front_desk")
    desk.post(card, {"outcome": "lost"}, see=ROOM)
    number = next(iter(lost(counter).values()))

    page = desk.get(f"/sprawa/{counter.sign}")

    assert 'id="lost"' in page.text
    assert "/zaginione/" not in page.text
    assert settle(desk, counter, "bez-zamiany", number, reason="nie").status_code == 403
