"""A vehicle is registered, from the received package to the archived case, by the verbs alone."""

from __future__ import annotations

import pytest

from app.domain.delivery import Method
from app.extensions import db
from app.house import equipment
from app.models import Carriage, ParcelOutcome
from app.usecases.receive_items import Envelope
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.factories import application_files, now, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, letters_of


@pytest.fixture
def work(office, signers) -> Work:
    citizen = a_citizen()
    sender = by_mailbox(citizen)
    return Work(send(signers.sign(application_files()), sender=sender).case_id)


def up_to_decision(work: Work) -> None:
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.later(1)
    work.open_letter()
    work.later(3)
    work.receive_all()
    work.register_temporarily()


def announce(work: Work, certificate: str = "DR/BAA 1234567") -> None:
    from app.models import Case
    from app.transaction import one_transaction
    from app.usecases.prepare_documents import receive_certificate

    with one_transaction() as session:
        receive_certificate(session, session.get_one(Case, work.case_id), certificate, act=work.act())
    work.write("announce_certificate")
    work.open_letter()


def sound() -> None:
    assert list(verify_store(db.session(), equipment().store, now())) == []
    assert verify_audit(db.session()) == []


def test_registration_in_person_throughout(work):
    up_to_decision(work)
    work.agree(Method.IN_PERSON)
    work.give()
    assert work.case.stage == "handed_over"
    work.later(14)
    announce(work)
    work.receive()
    work.register()
    work.give()
    assert work.case.stage == "closed"
    work.put_away()
    work.step("archive")

    assert work.case.stage == "archived"
    assert [kind for kind, _ in letters_of(work.case_id)] == [
        "originals_summons", "temporary_registration_decision", "permit_return_summons", "registration_decision",
    ]  # fmt: skip
    assert all(letter.service.served_on for letter in work.case.letters)
    assert {item.state.value for item in work.case.items} <= {"with_party", "in_file", "destroyed"}
    sound()


def test_registration_by_post_throughout(work):
    up_to_decision(work)
    work.agree(Method.POST)
    work.post("(00) 7 5900773 1 51200062 1")
    assert work.case.stage == "handed_over"
    work.later(4)
    work.parcel_ends()
    work.later(10)
    announce(work)
    work.receive(Carriage.POST, tracking="RR473124829PL")
    work.register()
    work.agree(Method.POST)
    work.post()
    assert work.case.stage == "closed"
    assert work.facts().acknowledgements_awaited == 1
    work.parcel_ends()
    work.put_away()
    work.step("archive")

    assert work.case.stage == "archived"
    sound()


def test_a_parcel_that_comes_back_is_handed_out_at_the_counter(work):
    up_to_decision(work)
    work.agree(Method.POST)
    work.post()
    work.later(20)
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    assert work.case.stage == "agreeing_handover"

    work.agree(Method.IN_PERSON)
    work.give()

    assert work.case.stage == "handed_over"
    assert {item.state.value for item in work.case.items if item.kind == "NEW_PLATE"} == {"with_party"}


def test_a_mixed_agreement_goes_both_ways(work):
    up_to_decision(work)
    work.agree(Method.IN_PERSON, DECISION=Method.POST)
    work.give()
    assert work.case.stage == "agreeing_handover"

    work.post()

    assert work.case.stage == "handed_over"


def test_one_plate_missing_leads_to_a_further_summons(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    plate = next(item for item in work.case.items if item.kind == "PLATE")
    work.receive(missing=[plate.number])
    work.compare_all()
    assert work.facts().discrepancies == 1

    work.write("summon_further")
    work.open_letter()
    work.receive()
    work.compare_all()
    work.step("confirm_originals")

    assert work.case.stage == "originals_complete"
    assert [letter.summons.met_at is not None for letter in work.case.letters] == [True, True]


@pytest.mark.one_database
@pytest.mark.parametrize("came", [True, False])
def test_a_further_summons_thanks_only_where_something_came(work, came):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    awaited = [item.number for item in work.awaited()]

    work.receive(missing=awaited[-1:] if came else awaited)
    work.compare_all()
    letter = work.write("summon_further")

    words = " ".join(" ".join(block["text"] for block in letter.blocks).split())
    assert ("dziękujemy za to, co zostało przekazane na wezwanie z dnia" in words) is came
    assert ("nie przekazano dotychczas żadnego z żądanych dokumentów" in words) is not came


def test_the_envelope_says_how_it_came(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.receive(Carriage.POST, tracking="00759007731512000621")

    (envelope,) = work.case.consignments

    assert envelope.number == f"RPW/1/{now().year}"
    assert envelope.tracking == "00759007731512000621"
    assert Envelope(carriage=Carriage.POST).person == ""
