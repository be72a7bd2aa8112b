"""The clock of a case as a ledger: what stops it, what lets it run, with which paper, and which day that gives."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.deadlines import COMPLEX_CASE, StopReason, due_date
from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, DeadlineEvent, Direction
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, propose_handover
from app.usecases.case_clock import reckoning, settling_term
from app.usecases.days_off import office_calendar
from app.usecases.mistaken_receipt import take_back_receipt
from app.usecases.take_step import take_step
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound


@pytest.fixture
def work(office, signers) -> Work:
    """A case from a mailbox that a clerk has taken."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    return work


def newest(work: Work) -> DeadlineEvent:
    return settling_term(work.case).events[-1]


def kinds(work: Work) -> list[tuple[str, str | None]]:
    return [(event.kind, event.reason) for event in settling_term(work.case).events]


def stands(work: Work) -> bool:
    seen = reckoning(work.case, work.act().today, office_calendar(db.session()))
    assert work.case.clock_stands is not seen.running
    return not seen.running


def propose(work: Work, method: Method = Method.POST) -> None:
    methods = {item.number: method for item in work.case.items if item.is_owed}
    terms = Arrangement(methods=methods, address="ul. Testowa 1\n42-200 Częstochowa")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)


def answer(work: Work, *, by_party: bool, method: Method | None = None) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        methods = dict.fromkeys((int(number) for number in case.proposals[-1].methods), method) if method else {}
        counter = Arrangement(methods=methods, address="ul. Inna 2\n42-200 Częstochowa") if method else None
        act, doer = (work.citizen(), Doer.CITIZEN) if by_party else (work.act(), Doer.CLERK)
        answer_handover(
            session, case, case.proposals[-1].version, counter, equipment=equipment(), act=act, doers=frozenset({doer})
        )


def test_each_stop_and_restart_names_the_paper_that_brought_it_about(work):
    work.accept_all()
    summons = work.write("summon_originals")
    work.open_letter()

    assert newest(work).letter == summons
    work.later(3)
    work.receive_all()
    assert (newest(work).kind, newest(work).consignment.direction) == ("restarted", Direction.IN)
    work.register_temporarily()
    notice = work.write("notify_delay", reasons="Czekamy na inny urząd.")
    assert (newest(work).kind, newest(work).letter) == ("extended", notice)
    propose(work, Method.IN_PERSON)
    assert (newest(work).reason, newest(work).proposal.version) == ("awaiting-agreement", 1)
    answer(work, by_party=True)
    work.give()
    assert newest(work).reason == StopReason.OUTSIDE_THE_OFFICE
    assert newest(work).consignment.direction is Direction.OUT
    sound()


def test_while_the_office_owes_the_answer_to_a_counter_proposal_the_clock_runs(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.register_temporarily()
    propose(work)
    assert stands(work)

    work.later(2)
    answer(work, by_party=True, method=Method.IN_PERSON)

    assert not stands(work)
    assert (newest(work).kind, newest(work).proposal.version) == ("restarted", 2)
    sound()
    due = work.case.due_on
    work.later(10)
    answer(work, by_party=False)
    assert stands(work)
    assert work.case.due_on == due
    sound()


def test_once_a_way_out_is_determined_the_days_are_the_offices_whatever_the_case_waited_for(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    assert stands(work)

    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd jest poszukiwany.")

    assert not stands(work)
    work.determine(DeterminationCode.REFUSAL_REASONS, holds=False)
    assert stands(work)
    sound()


def test_a_delay_is_written_down_with_its_reason_and_letter_stands_over_a_summons_and_ends_by_an_act(work):
    due = work.case.due_on
    letter = work.write("notify_delay", reasons="Czekamy na odpowiedź sądu.", until=due_date(due, COMPLEX_CASE))
    announced = work.case.due_on
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        take_step(session, case, case.version, "await_outside", act=work.act(), doer=Doer.CLERK,
                  reason="Pytanie do CEP", letter=letter.seq)  # fmt: skip

    assert (newest(work).words, newest(work).letter, newest(work).law) == ("Pytanie do CEP", letter, "KPA art. 35 § 5")
    assert stands(work)
    sound()
    with pytest.raises(ConditionMissing, match="no-delay-noted"):
        work.step("await_party", "Strona nie odbiera telefonu")
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    assert stands(work), "the originals came, and the other office has not answered"
    work.later(15)
    work.step("go_on", "CEP odpowiedział")

    assert not stands(work)
    assert work.case.due_on >= announced + dt.timedelta(days=14)
    assert work.case.steps[-1].reason == "CEP odpowiedział"
    sound()


def test_a_suspension_leaves_by_an_order_stops_the_clock_and_lets_nothing_be_decided(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.pay()
    work.make_ready()

    order = work.write("suspend", reasons="Sprawa zależy od wyroku sądu (art. 97 § 1 pkt 4 k.p.a.).")

    assert (order.kind, newest(work).letter, newest(work).reason) == ("suspension_order", order, "suspended")
    assert newest(work).law == "KPA art. 97 § 1, 98 § 1"
    with pytest.raises(ConditionMissing, match="not-suspended"):
        work.prepare("register_temporarily")
    sound()
    before = reckoning(work.case, work.act().today, office_calendar(db.session())).stopped_days
    work.later(40)
    work.write("take_up", reasons="Zapadł wyrok (art. 97 § 2 k.p.a.).")
    assert not stands(work)
    seen = reckoning(work.case, work.act().today, office_calendar(db.session()))
    assert seen.stopped_days - before == 39
    work.write("register_temporarily")
    sound()


def test_what_a_clerk_stopped_runs_again_at_the_latest_when_the_case_is_decided(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.step("await_party", "Strona prosi o czas")

    work.register_temporarily()

    assert kinds(work)[-1] == ("restarted", "delay-by-party")
    sound()


def test_the_days_are_the_offices_from_the_arrival_of_the_last_thing_on_and_not_from_the_word_of_a_clerk(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.later(5)
    work.receive(missing=[work.awaited()[-1].number])
    assert stands(work)

    work.later(4)
    work.receive()

    assert not stands(work)
    arrived, came = work.act().today, newest(work)
    assert (came.kind, came.on, came.consignment.direction) == ("restarted", arrived, Direction.IN)
    due = work.case.due_on
    work.later(6)
    work.compare_all()
    work.step("confirm_originals")
    assert newest(work) == came
    assert work.case.due_on == due
    sound()


def test_what_was_taken_for_the_last_thing_by_mistake_is_waited_for_again(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    last = work.awaited()[-1].number
    work.receive()
    assert not stands(work)

    with one_transaction() as session:
        take_back_receipt(session, session.get_one(Case, work.case_id), last, "To inna tablica", act=work.act())

    assert stands(work)
    sound()


def test_what_is_agreed_to_be_posted_is_the_offices_to_post(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.register_temporarily()
    assert not stands(work), "the office has yet to propose"
    propose(work, Method.POST)
    assert stands(work)

    answer(work, by_party=True)

    assert not stands(work)
    work.post()
    assert (stands(work), newest(work).reason) == (True, "outside-the-office")
    sound()


def test_of_two_ways_the_parcel_is_the_offices_and_what_is_fetched_then_is_the_owners(work):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.register_temporarily()
    work.agree(Method.IN_PERSON, DECISION=Method.POST)
    assert not stands(work)

    work.post()

    assert (stands(work), newest(work).consignment.direction) == (True, Direction.OUT)
    assert work.case.stage == "agreeing_handover"
    sound()


def until_the_certificate_is_announced(work: Work) -> None:
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.register_temporarily()
    work.agree()
    work.give()
    assert stands(work)
    work.certificate_comes()
    assert not stands(work), "the office has yet to say so"
    work.write("announce_certificate")
    work.open_letter()


def test_the_certificate_waits_for_the_permit_and_the_policy_then_for_the_office_and_then_for_its_owner(work):
    until_the_certificate_is_announced(work)
    assert (stands(work), newest(work).reason) == (True, "awaiting-party")

    work.receive()

    assert (stands(work), newest(work).consignment.direction) == (False, Direction.IN)
    work.register()
    assert (stands(work), newest(work).letter.kind) == (True, "registration_decision")
    sound()


def test_where_nothing_is_brought_back_the_days_until_the_registration_are_the_offices(law, work):
    until_the_certificate_is_announced(work)
    assert (work.case.edition, stands(work)) == ("2022", False)

    work.register()

    assert (stands(work), newest(work).reason) == (True, "awaiting-party")
    sound()


def test_a_complicated_case_has_two_months_from_its_start_and_only_while_the_month_runs(work):
    start = work.case.received_on

    work.step("deem_complicated", "Dokumenty w trzech językach")

    assert work.case.due_on == due_date(start, COMPLEX_CASE)
    assert newest(work).words == "Dokumenty w trzech językach"
    with pytest.raises(ConditionMissing, match="may-be-complicated"):
        work.step("deem_complicated", "Jeszcze raz")
    sound()


@pytest.mark.one_database
def test_a_month_that_has_passed_is_not_made_two(work):
    work.later(45)

    with pytest.raises(ConditionMissing, match="may-be-complicated"):
        work.step("deem_complicated", "Za późno")


@pytest.mark.one_database
def test_an_act_on_the_clock_has_a_reason_and_a_letter_of_the_case_if_one(work):
    with pytest.raises(BadInput, match="reason-missing"):
        work.step("await_party", " ")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        with pytest.raises(BadInput, match="letter-unknown"):
            take_step(session, case, case.version, "await_party", act=work.act(), doer=Doer.CLERK, reason="x", letter=7)
