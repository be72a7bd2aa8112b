"""Worn plates go to their maker, those of many cases by one protocol, and are settled as if they were destroyed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.custody import Movement
from app.domain.errors import Refused
from app.domain.items import Fate, ItemKind
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, Consignment
from app.transaction import one_transaction
from app.usecases.hand_to_maker import hand_to_maker, protocols, worn_plates
from app.usecases.printouts import print_maker_protocol
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_printouts import words_of
from tests.usecases.test_registration import announce
from tests.usecases.test_ways_out import refused


@pytest.fixture
def works(office, signers) -> list[Work]:
    """Two cases of one owner."""
    sender = by_mailbox(a_citizen())
    packages = (send(signers.sign({**application_files(), "uwaga.txt": text}), sender=sender) for text in (b"1", b"2"))
    return [Work(package.case_id) for package in packages]


def plates_of(work: Work) -> list[int]:
    return [item.number for item in work.case.items if item.kind is ItemKind.PLATE]


def hand_over(work: Work, numbers: list[int], maker: str = "Tablice sp. z o.o.", person: str = "Ewa Kurier") -> str:
    with one_transaction() as session:
        return hand_to_maker(session, numbers, maker, person, act=work.act(work.desk)).number


def waiting() -> list[int]:
    return [item.number for item in db.session.scalars(worn_plates())]


def test_plates_of_two_cases_go_by_one_protocol_that_names_each_number_and_its_pieces(works):
    for work, number, permit in zip(works, ("SC 7A123", "SC 7A124"), ("PC 1234567", "PC 1234568"), strict=True):
        work.gather()
        work.pay()
        work.make_ready(number, permit)
        work.write("register_temporarily")
    both = [number for work in works for number in plates_of(work)]
    assert sorted(waiting()) == sorted(both)

    number = hand_over(works[0], both)

    visit = db.session.scalars(protocols(5)).one()
    assert (visit.number, visit.case_id, visit.address) == (number, None, ["Tablice sp. z o.o."])
    assert {row.item.number for row in visit.handovers} == set(both)
    words = words_of(print_maker_protocol(visit, equipment=equipment()))
    assert "Liczba tablic 4" in words
    for work in works:
        assert f"SC 12345 2 szt., {work.case.sign}" in words
        assert work.things()["PLATE"] == {"with_maker"}
    assert waiting() == []
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "plates-to-maker")).one()
    assert event.details == {"consignment": number, "count": 4}
    sound()


def test_a_case_whose_plates_went_to_their_maker_is_archived_as_after_their_destruction(works):
    work = works[0]
    work.gather()
    work.register_temporarily()
    work.open_letter()
    work.agree()
    work.give()
    announce(work)
    work.receive()
    work.register()
    work.give()
    assert work.case.stage == "closed"
    with pytest.raises(Refused, match="every-item-settled"):
        work.step("archive")

    hand_over(work, plates_of(work))
    work.put_away()
    work.step("archive")

    assert work.case.stage == "archived"
    sound()


def test_before_the_decision_no_plate_goes_to_its_maker(works):
    work = works[0]
    work.gather()
    assert waiting() == []

    with pytest.raises(Refused, match="decision-first"):
        hand_over(work, plates_of(work))

    assert work.things()["PLATE"] == {"in_office"}
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Consignment).where(Consignment.case_id.is_(None))) == 0
    )


def test_what_went_to_the_maker_goes_there_once_and_does_not_come_back(works):
    work = works[0]
    work.gather()
    work.register_temporarily()
    plates = [item for item in work.case.items if item.kind is ItemKind.PLATE]
    hand_over(work, plates_of(work))

    with pytest.raises(Refused, match="movement-not-open"):
        hand_over(work, plates_of(work))
    with pytest.raises(Refused, match="movement-not-open"):
        work.move(plates, Movement.DESTROYED)

    sound()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"maker": " "}, "maker-missing"),
        ({"person": ""}, "person-missing"),
        ({"numbers": []}, "nothing-ticked"),
        ({"numbers": [10**9]}, "plates-unknown"),
        ({"numbers": list(range(501))}, "too-many-plates"),
    ],
)
@pytest.mark.one_database
def test_what_a_handing_over_lacks_is_named(works, changes, code):
    with pytest.raises(Refused) as refused:
        hand_over(works[0], **{"numbers": [1], **changes})

    assert refused.value.code == code


@pytest.mark.one_database
def test_only_plates_go_to_the_maker_of_plates(works):
    work = works[0]
    work.gather()
    work.make_ready()
    refused(work)
    doomed = {item.kind: item.number for item in work.case.items if item.fate is Fate.DESTROYED}
    assert set(doomed) == {ItemKind.NEW_PLATE, ItemKind.TEMPORARY_PERMIT, ItemKind.CONTROL_STICKER}

    with pytest.raises(Refused, match="fate-forbids"):
        hand_over(work, [doomed[ItemKind.TEMPORARY_PERMIT], doomed[ItemKind.NEW_PLATE]])

    assert ItemKind.TEMPORARY_PERMIT not in {item.kind for item in db.session.scalars(worn_plates())}
    hand_over(work, waiting())
    assert work.things()["NEW_PLATE"] == {"with_maker"}
    sound()
