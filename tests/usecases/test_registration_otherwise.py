"""Registrations that take another way, by the verbs: a counter-proposal, a permit that runs out, the short path."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.custody import Movement
from app.domain.deadlines import APPEAL, due_date
from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.words import day_in_words
from app.models import Carriage, Case, ParcelOutcome
from app.reports.waiting import terms
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, propose_handover
from app.usecases.demands import demands_of_step
from app.usecases.prepare_decision import Preparation, prepare_decision
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_registration import announce, up_to_decision


def begin(signers, login: str = "jan.testowy") -> Work:
    sender = by_mailbox(a_citizen(login))
    return Work(send(signers.sign(application_files()), sender=sender).case_id)


@pytest.fixture
def work(office, signers) -> Work:
    return begin(signers)


def propose(work: Work, method: Method) -> None:
    methods = {item.number: method for item in work.case.items if item.is_owed}
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        terms = Arrangement(methods=methods)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)


def test_the_owner_proposes_another_way_and_the_office_agrees(work):
    up_to_decision(work)
    propose(work, Method.IN_PERSON)
    work.later(1)
    work.counter(Method.POST)
    with pytest.raises(Refused, match="agreement-accepted"):
        work.post()

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        answer_handover(session, case, 2, equipment=equipment(), act=work.act(), doers=frozenset({Doer.CLERK}))
    work.post()
    work.parcel_ends()

    assert work.case.stage == "handed_over"
    assert [(one.version, one.state.value) for one in work.case.proposals] == [(1, "countered"), (2, "accepted")]
    sound()


def test_an_owner_who_does_not_answer_is_reminded_with_a_new_day(work):
    up_to_decision(work)
    propose(work, Method.IN_PERSON)
    with pytest.raises(Refused, match="answer-overdue"):
        work.write("remind")
    work.later((work.case.proposals[-1].due_on - work.act().today).days + 1)

    letter = work.write("remind")

    proposal = work.case.proposals[-1]
    assert (work.case.stage, letter.kind) == ("agreeing_handover", "handover_reminder")
    assert (proposal.reminded_at, proposal.state.value) == (letter.sent_at, "proposed")
    assert proposal.due_on == dt.date.fromisoformat(letter.details["until"]) > work.act().today
    day = day_in_words(proposal.due_on).replace("\u00a0", " ")
    assert any(f"do {day}" in block["text"].replace("\u00a0", " ") for block in letter.blocks)
    work.accept()
    work.give()
    assert work.case.stage == "handed_over"
    sound()


def test_nobody_is_reminded_of_a_proposal_of_their_own(work):
    up_to_decision(work)
    propose(work, Method.IN_PERSON)
    work.counter(Method.POST)
    work.later(30)

    with pytest.raises(Refused, match="answer-overdue"):
        work.write("remind")


def test_what_came_back_is_not_sent_again_under_the_old_agreement(work):
    up_to_decision(work)
    work.agree(Method.POST)
    work.post()
    work.later(16)
    work.parcel_ends(ParcelOutcome.UNCLAIMED)

    with pytest.raises(Refused, match="something-to-post"):
        work.post()


def test_a_parcel_back_on_the_day_of_its_agreement_is_to_be_agreed_anew_until_somebody_proposes(work):
    up_to_decision(work)
    work.agree(Method.POST)
    work.post()
    work.start += dt.timedelta(hours=1)
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    today = work.act().today

    back = terms(db.session(), [work.case_id], today)
    work.start += dt.timedelta(minutes=1)
    propose(work, Method.IN_PERSON)
    proposed = terms(db.session(), [work.case_id], today)

    assert back[work.case_id].returned_on == today
    assert proposed[work.case_id].returned_on is None


def test_what_came_back_in_another_case_leaves_this_agreement_alone(work, signers):
    other = begin(signers, "ewa.testowa")
    for one, number in ((work, "SC 7A123"), (other, "SC 7A124")):
        one.gather()
        one.pay()
        one.make_ready(number, f"PC {number[-3:]}4567")
        one.write("register_temporarily")
        one.agree(Method.POST)
        one.post()
    work.start += dt.timedelta(hours=1)
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    work.start += dt.timedelta(minutes=1)
    propose(work, Method.IN_PERSON)
    other.start += dt.timedelta(hours=2)
    other.parcel_ends(ParcelOutcome.UNCLAIMED)

    found = terms(db.session(), [work.case_id, other.case_id], work.act().today)

    assert found[work.case_id].returned_on is None
    assert found[other.case_id].returned_on is not None


def test_the_returned_permit_is_not_posted_back_under_the_old_agreement(work):
    up_to_decision(work)
    work.agree(Method.POST)
    work.post()
    work.parcel_ends()
    announce(work)
    work.receive()
    work.register()

    with pytest.raises(Refused, match="something-to-post"):
        work.post()


def test_a_permit_is_extended_once_and_the_case_ends_in_time(work):
    up_to_decision(work)
    work.agree()
    work.give()
    first = work.case.permit.valid_until
    work.later(25)

    work.write("extend_permit", reasons="Producent nie dostarczył dowodu.")

    assert work.case.permit.valid_until == first + dt.timedelta(days=14)
    decision = work.case.decisions[-1]
    assert (decision.kind, decision.issued_on, decision.final_on) == (
        "permit_extension_decision", work.act().today, None,
    )  # fmt: skip
    work.open_letter()
    served = work.case.letters[-1].service.served_on
    assert work.case.decisions[-1].final_on == due_date(served, APPEAL) + dt.timedelta(days=1)
    with pytest.raises(Refused, match="permit-not-extended"):
        work.write("extend_permit", reasons="Producent nadal nie dostarczył dowodu.")
    work.later(9)
    announce(work)
    work.receive()
    work.register()
    work.give()
    work.put_away()
    work.step("archive")
    assert work.case.stage == "archived"
    sound()


def test_of_two_ways_at_the_end_the_case_waits_for_the_second(work):
    up_to_decision(work)
    work.agree()
    work.give()
    announce(work)
    work.receive()
    work.register()
    work.agree(Method.IN_PERSON, DECISION=Method.POST)

    work.give()
    assert work.case.stage == "permanent_ready"
    work.post()

    assert work.case.stage == "closed"
    assert work.facts().owed == 0


def keeping_the_number(signers, login: str = "jan.testowy") -> Work:
    work = begin(signers, login)
    assert work.case.edition == "2022"
    work.keep_the_number()
    return work


def test_what_came_back_after_the_certificate_arrived_is_fetched_with_it_at_the_counter(law, signers):
    work = keeping_the_number(signers)
    work.write("register_directly")
    work.agree(Method.POST)
    work.post()
    work.certificate_comes()
    work.write("announce_certificate")
    work.parcel_ends(ParcelOutcome.UNCLAIMED)
    with pytest.raises(Refused, match="certificate-invalidated"):
        work.give()  # the old one would go out with the new one

    work.invalidate()
    work.give()

    assert work.case.stage == "closed"
    assert work.facts().owed == 0
    assert work.things()["REG_CERT"] == {"in_office"}
    sound()


def test_a_permit_that_nobody_decided_is_withdrawn_before_the_owner_is_registered_at_once(law, signers):
    work = keeping_the_number(signers)
    prepare(work, permit="PC 1234567")
    with pytest.raises(Refused, match="no-permit-prepared"):
        work.write("register_directly")

    prepare(work, permit="")
    work.write("register_directly")

    assert work.case.permit is None
    assert "pozwolenie czasowe" not in work.case.letters[-1].details["given"]
    assert work.things()["TEMPORARY_PERMIT"] == {"forwarded"}
    sound()


def prepare(work: Work, **wanted: str) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        prepare_decision(session, case, case.version, Preparation(**wanted), letter="S", act=work.act())


def test_who_keeps_the_number_is_registered_at_once(law, signers):
    work = keeping_the_number(signers)
    work.later(1)
    with pytest.raises(Refused, match="old-certificate-confirmed"):
        work.write("register_directly")

    work.determine(DeterminationCode.OLD_CERTIFICATE_CONFIRMED)
    work.write("register_directly")
    work.agree()
    work.give()
    assert work.case.stage == "handed_over"
    assert work.things()["REG_CERT"] == {"with_party"}
    assert work.case.permit is None
    work.later(10)
    work.certificate_comes()
    work.write("announce_certificate")
    with pytest.raises(Refused, match="certificate-invalidated"):
        work.give()  # who has driven with the old one has it still
    bring_back(work, ItemKind.REG_CERT)
    with pytest.raises(Refused, match="fate-forbids"):
        work.move([item for item in work.case.items if item.kind is ItemKind.REG_CERT], Movement.FILED)
    with pytest.raises(Refused, match="certificate-invalidated"):
        work.give()
    work.invalidate()
    work.give()

    assert work.case.stage == "closed"
    work.put_away()
    work.step("archive")
    assert work.things() == {
        "OWNERSHIP": {"with_party"}, "INSPECTION": {"in_file"}, "REG_CERT": {"in_file"}, "PLATE": {"with_party"},
        "DECISION": {"with_party"}, "REGISTRATION_CERTIFICATE": {"with_party"},
    }  # fmt: skip
    sound()


def bring_back(work: Work, kind: ItemKind) -> None:
    from app.usecases.receive_items import Arrived, Envelope, receive_items

    (item,) = [item for item in work.case.items if item.kind is kind]
    with one_transaction() as session:
        receive_items(
            session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON),
            [Arrived(item.number)], act=work.act(work.desk), place="A-1",
        )  # fmt: skip


def test_by_the_law_a_new_number_needs_no_sticker_and_no_return_of_the_permit(law, signers):
    work = begin(signers)
    up_to_decision(work)
    work.agree()
    work.give()
    announce(work)
    assert [letter.summons is not None for letter in work.case.letters] == [True, False, False]
    work.register()
    work.give()
    assert work.case.stage == "closed"
    work.put_away()
    work.step("archive")

    assert work.things()["TEMPORARY_PERMIT"] == {"with_party"}
    assert "CONTROL_STICKER" not in work.things()
    sound()


def test_a_summons_says_of_each_plate_which_one_it_means(work):
    work.take()
    work.accept_all()

    letter = work.write("summon_originals")

    plates = [one.words for one in letter.summons.demands if one.subject == "PLATE"]
    assert plates == ["SC 12345, 1 z 2", "SC 12345, 2 z 2"]
    assert [one.words for one in letter.summons.demands if one.subject == "REG_CERT"] == [""]
    assert [one.words for one in demands_of_step(work.case, "remind") if one.subject == "PLATE"] == plates
