"""Nothing leaves the counter by accident: an expired permit stays, and whoever hands out knows what."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.domain.custody import ItemState
from app.domain.items import ItemKind
from app.extensions import db
from app.models import AuditEvent, Permit, Proposal
from app.transaction import one_transaction
from app.usecases.case_facts import case_facts
from tests.usecases.test_printouts import words_of
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.decide()
    return made


def expire(counter: Counter) -> int:
    """The permit ended long ago; return its number among the things."""

    def do(work) -> int:
        with one_transaction() as session:
            session.scalars(sa.select(Permit)).one().valid_until = dt.date(2024, 3, 1)
        return next(item.number for item in work.case.items if item.kind is ItemKind.TEMPORARY_PERMIT)

    return counter.ask(do)


def place_of(counter: Counter, number: int) -> ItemState:
    return counter.ask(lambda work: next(one.state for one in work.case.items if one.number == number))


def hidden_numbers(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="item" value="(\d+)"', page)


TO_JAN = {"person": "Jan Testowy", "identity_kind": "passport", "identity_tail": "77x"}


def test_an_expired_permit_stays_unless_somebody_ticks_it_and_that_is_written_down(office, counter):
    page = f"/kancelaria/{counter.sign}/wydanie"
    desk = log_in_staff(office, "front_desk")
    valid = text_of(desk.get(page))

    permit = expire(counter)
    shown = desk.get(page)
    desk.post(page, TO_JAN | {"item": hidden_numbers(shown.text)}, see="/kancelaria/")

    assert "ważne do" in valid
    assert "straciło ważność 01.03.2024" in text_of(shown)
    assert "przedłużyć" in text_of(shown)
    assert str(permit) not in hidden_numbers(shown.text)
    assert f'type="checkbox" name="item" value="{permit}" form="give">' in shown.text
    assert counter.stage() == "handed_over"
    assert place_of(counter, permit) is ItemState.IN_OFFICE

    nothing = desk.post(page, TO_JAN, see="/kancelaria/")
    given = desk.post(page, TO_JAN | {"item": [permit]}, see="/kancelaria/")

    assert nothing.status_code == 422
    assert given.status_code == 302
    assert place_of(counter, permit) is ItemState.WITH_PARTY
    events = sa.select(AuditEvent.details).where(AuditEvent.action == "items-handed-out").order_by(AuditEvent.id)
    assert [one.get("expired") for one in counter.ask(lambda _work: db.session.scalars(events).all())] == [
        None,
        [permit],
    ]


def test_a_permit_that_is_kept_is_invalidated_and_needs_nobody_to_bring_it_back(office, counter):
    page = f"/kancelaria/{counter.sign}/wydanie"
    desk = log_in_staff(office, "front_desk")
    permit = expire(counter)
    desk.post(page, TO_JAN | {"item": hidden_numbers(desk.get(page).text)}, see="/kancelaria/")

    desk.post(
        f"/kancelaria/rzeczy/{counter.sign}/ruch", {"pick": permit, "movement": "invalidated"}, see="/kancelaria/"
    )

    assert counter.ask(lambda work: case_facts(work.case, work.act().today)).permit_returned
    assert hidden_numbers(desk.get(page).text) == []
    desk.post(f"/kancelaria/rzeczy/{counter.sign}/ruch", {"pick": permit, "movement": "filed"}, see="/kancelaria/")
    assert place_of(counter, permit) is ItemState.IN_FILE


@pytest.mark.parametrize("tail", ["X1", "X-1", "X 1", "żół"])
def test_of_an_identity_document_exactly_three_letters_or_digits_are_written_down(office, counter, tail):
    page = f"/kancelaria/{counter.sign}/wydanie"
    desk = log_in_staff(office, "front_desk")

    typed = TO_JAN | {"identity_tail": tail, "item": hidden_numbers(desk.get(page).text)}
    refused = desk.post(page, typed, see="/kancelaria/")

    assert refused.status_code == 422
    assert f'value="{tail}"' in refused.text
    assert 'aria-describedby="identity_tail-error"' in refused.text
    assert "dokładnie trzy" in text_of(refused).split("Dokument tożsamości")[1]
    assert counter.stage() == "agreeing_handover"


def test_whoever_hands_out_reads_what_goes_and_is_led_to_the_protocol(office, counter):
    page = f"/kancelaria/{counter.sign}/wydanie"
    desk = log_in_staff(office, "front_desk")
    shown = desk.get(page)
    numbers = hidden_numbers(shown.text)

    given = desk.get(desk.post(page, TO_JAN | {"item": numbers}, see="/kancelaria/").location)

    assert f"Wydajesz {len(numbers)} rzeczy: " in text_of(shown)
    assert re.search(r'name="identity_kind" required autofocus>', shown.text)
    assert shown.text.count(" autofocus") == given.text.count(" autofocus") == 1
    assert re.search(r'href="[^"]*/protokol/\d+\.pdf"[^>]* autofocus>', given.text)


def test_an_agreement_that_was_carried_out_is_shown_no_more_and_the_new_plate_is(office, counter):
    page = f"/kancelaria/{counter.sign}/wydanie"
    desk = log_in_staff(office, "front_desk")

    def settle(work) -> None:
        with one_transaction() as session:
            proposal = session.scalars(sa.select(Proposal)).one()
            proposal.slot, proposal.collector = dt.datetime(2024, 3, 5, 9, tzinfo=dt.UTC), "Ewa Odbiorcza"

    counter.ask(settle)
    before = desk.get(page)
    given = desk.post(
        page, TO_JAN | {"person": "Ewa Odbiorcza", "item": hidden_numbers(before.text)}, see="/kancelaria/"
    )
    after = text_of(desk.get(page))

    assert "umówione na" in text_of(before)
    assert "Ewa Odbiorcza" in before.text
    assert "umówione na" not in after
    assert "Ewa Odbiorcza" not in after
    vehicle = text_of(before).split("Pojazd")[1]
    assert vehicle.index("SC 7A123") < vehicle.index("(SC 12345)")
    protocol = desk.get(given.location.replace("wydano", "protokol") + ".pdf").data
    assert "SC 7A123 (dotychczas SC 12345)" in words_of(protocol)
