"""The vehicle card that was handed in goes back with the permanent certificate, or when the case ended without one."""

from __future__ import annotations

import pytest

from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.models import Item
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.usecases.test_registration import announce

CARD = ItemKind.VEHICLE_CARD
pytestmark = pytest.mark.one_database


@pytest.fixture
def work(office, signers) -> Work:
    """All originals are here, the card among them."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    work.accept_all(VEHICLE_CARD=Verdict.ACCEPTED)
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    return work


def card_of(work: Work) -> Item:
    return next(item for item in work.case.items if item.kind is CARD)


@pytest.mark.parametrize("way", [Method.IN_PERSON, Method.POST])
def test_it_goes_out_with_the_permanent_certificate(work, way):
    work.register_temporarily()
    work.agree(way)
    assert str(card_of(work).number) not in work.case.proposals[-1].methods
    assert work.facts().not_agreed == 0
    work.give() if way is Method.IN_PERSON else work.post()
    work.parcel_ends()
    assert (work.case.stage, work.things()["VEHICLE_CARD"]) == ("handed_over", {"in_office"})

    announce(work)
    work.receive()
    work.register()
    work.agree(way)
    work.give() if way is Method.IN_PERSON else work.post()
    work.parcel_ends()

    announced = next(one for one in work.case.letters if one.kind == "permit_return_summons")
    assert any("karta pojazdu" in str(block) for block in announced.blocks)
    assert card_of(work).departure.consignment is not None
    certificate = next(item for item in work.case.items if item.kind is ItemKind.REGISTRATION_CERTIFICATE)
    assert card_of(work).departure.consignment_id == certificate.departure.consignment_id
    assert (work.case.stage, work.things()["VEHICLE_CARD"]) == ("closed", {"with_party"})


def test_the_decision_on_the_temporary_registration_does_not_name_it_among_what_goes_with_it(work):
    work.pay()
    work.make_ready()

    decision = work.write("register_temporarily")

    assert "karta pojazdu" not in decision.details["given"]


def test_where_the_registration_is_refused_after_the_permit_it_goes_back_at_once(work):
    work.register_temporarily()
    work.agree()
    work.give()
    work.determine(DeterminationCode.REFUSAL_REASONS, "powód testowy")

    work.write("refuse", reasons="powód testowy")
    work.send_back("VEHICLE_CARD")

    assert list(work.case.proposals[-1].methods) == [str(card_of(work).number)]


@pytest.mark.parametrize("ending", ["refuse", "discontinue"])
def test_where_a_case_ends_before_any_registration_it_goes_back_with_the_other_originals(work, ending):
    if ending == "refuse":
        work.determine(DeterminationCode.REFUSAL_REASONS, "powód testowy")
    else:
        work.withdraw()

    work.write(ending, reasons="powód testowy")
    work.send_back()

    going = {item.kind for item in work.case.items if str(item.number) in work.case.proposals[-1].methods}
    assert {CARD, ItemKind.OWNERSHIP} <= going
