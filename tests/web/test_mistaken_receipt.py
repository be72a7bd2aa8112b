"""What was received by mistake is awaited again, with the reason in its chain."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.custody import ItemState
from app.extensions import db
from app.models import AuditEvent
from app.views.mailbox.things import parcels
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.await_originals()
    made.ask(lambda work: work.open_letter())
    return made


def receive(desk, counter: Counter, **more: object):
    form = {"here": counter.awaited(), "carriage": "post", "person": "Jan Testowy", "place": "B3-017", **more}
    return desk.get(desk.post(f"/kancelaria/{counter.sign}/przyjecie", form, see="/kancelaria/").location)


def unmet(counter: Counter) -> int:
    return counter.ask(
        lambda work: sum(
            demand.met_at is None for letter in work.case.letters if letter.summons for demand in letter.summons.demands
        )
    )


def test_a_receipt_by_mistake_is_taken_back_and_the_summons_waits_again(office, counter):
    desk = log_in_staff(office, "front_desk")
    asked = unmet(counter)
    first, *_rest = counter.awaited()
    done = receive(desk, counter, tracking=TRACKING)
    address = f"/kancelaria/rzeczy/{counter.sign}/omylkowo/{first}"
    assert (unmet(counter), counter.awaited()) == (0, [])
    assert TRACKING in text_of(done)
    assert "Jan Testowy" in text_of(done)

    silent = desk.post(address, {"reason": " "}, see="/kancelaria/")
    assert counter.awaited() == []
    desk.post(address, {"reason": "to był inny dowód"}, see="/kancelaria/")

    assert silent.status_code != 200
    assert counter.awaited() == [first]
    assert 0 < unmet(counter) < asked
    assert counter.ask(lambda work: [one.number for one in work.case.items if one.came_at is None]) == [first]
    page = text_of(desk.get(f"/kancelaria/{counter.sign}/rzeczy"))
    assert "przyjęto omyłkowo (to był inny dowód)" in page
    details = sa.select(AuditEvent.details).where(AuditEvent.action == "receipt-mistaken")
    assert counter.ask(lambda _work: db.session.scalars(details).all()) == [
        {"item": first, "reason": "to był inny dowód"}
    ]

    receive(desk, counter)
    assert (unmet(counter), counter.awaited()) == (0, [])


def test_the_party_sees_no_parcel_that_was_registered_by_mistake(office, counter):
    desk = log_in_staff(office, "front_desk")
    first, *rest = counter.awaited()
    receive(desk, counter, here=[first], tracking=TRACKING)
    shown = [parcel.tracking for parcel in counter.ask(lambda work: parcels(work.case))]

    desk.post(f"/kancelaria/rzeczy/{counter.sign}/omylkowo/{first}", {"reason": "inna koperta"}, see="/kancelaria/")
    without = counter.ask(lambda work: parcels(work.case))
    receive(desk, counter, here=[first, *rest], tracking="")

    assert shown == [TRACKING]
    assert without == []
    assert len(counter.ask(lambda work: parcels(work.case))) == 1


def test_what_was_compared_stays_received(office, counter):
    desk = log_in_staff(office, "front_desk")
    first, *_rest = counter.awaited()
    receive(desk, counter)
    counter.ask(lambda work: work.compare_all())

    desk.post(f"/kancelaria/rzeczy/{counter.sign}/omylkowo/{first}", {"reason": "pomyłka"}, see="/kancelaria/")

    assert counter.awaited() == []
    assert "Przyjęto omyłkowo" not in text_of(desk.get(f"/kancelaria/{counter.sign}/rzeczy"))


def test_what_nobody_asked_for_goes_back_or_is_called_off(office, counter):
    desk = log_in_staff(office, "front_desk")
    receive(desk, counter, here=[], extra_kind=["OTHER", "OTHER"], extra_label=["klucze", "pilot"])
    keys, remote = counter.ask(lambda work: [one.number for one in work.case.items if one.label in {"klucze", "pilot"}])
    things = f"/kancelaria/{counter.sign}/rzeczy"
    assert text_of(desk.get(things)).count("Zwróć stronie") == 2

    desk.post(f"/kancelaria/rzeczy/{counter.sign}/omylkowo/{remote}", {"reason": "nie było go"}, see="/kancelaria/")

    states = counter.ask(lambda work: {one.number: one.state for one in work.case.items})
    assert (states[keys], states[remote]) == (ItemState.IN_OFFICE, ItemState.CALLED_OFF)
    assert text_of(desk.get(things)).count("Zwróć stronie") == 1
    assert "klucze" in text_of(desk.get(f"/kancelaria/{counter.sign}/wydanie"))
