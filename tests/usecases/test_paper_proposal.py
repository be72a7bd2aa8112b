"""A party without a mailbox gets the proposal of a handover as a letter, by the verbs; its answer is written down."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.delivery import Arrangement, Method
from app.domain.errors import Refused
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.words import day_in_words
from app.models import Case, Letter, LetterState, LetterWay, ProposalState
from app.reports.posting import letters_to_post
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, propose_handover
from app.usecases.free_slots import free_slots
from app.usecases.serve_letter import note_paper_service, post_letter
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_co_owners import TRACKING, words_of


@pytest.fixture
def work(office, signers) -> Work:
    """A case that did not come from a mailbox, registered temporarily."""
    work = Work(send(signers.sign(application_files())).case_id)
    work.take()
    work.accept_all()
    served(work, work.write("summon_originals"))
    work.receive_all()
    work.register_temporarily()
    return work


def served(work: Work, letter: Letter) -> None:
    with one_transaction() as session:
        again = session.get_one(Letter, letter.id)
        post_letter(session, again, TRACKING, act=work.act(work.desk))
        note_paper_service(session, again, "delivered", work.act().today, act=work.act(work.desk))


def propose(work: Work, slot: dt.datetime | None = None) -> Letter:
    methods = {item.number: Method.IN_PERSON for item in work.case.items if item.is_owed}
    methods[min(methods)] = Method.POST
    terms = Arrangement(methods=methods, address="ul. Testowa 1\n42-200 Częstochowa", slot=slot, collector="Ewa Nowak")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)
    return work.case.letters[-1]


def test_the_proposal_leaves_as_a_letter_with_each_thing_its_way_the_visit_and_the_day_of_the_answer(work):
    slot = free_slots(db.session(), equipment=equipment(), act=work.act())[-1].begins
    letter = work.leave(propose(work, slot).id)

    assert (letter.kind, letter.way, letter.state) == ("handover_agreement", LetterWay.POST, LetterState.SENT)
    assert letter in letters_to_post(db.session())
    said = words_of(letter)
    assert "pozwolenie czasowe PC 1234567 – odbiór osobisty" in said
    assert "dowód własności pojazdu – przesyłka pocztowa" in said
    assert day_in_words(slot.date()).replace("\xa0", " ") in said
    assert "odbierze: Ewa Nowak" in said
    assert "na adres: ul. Testowa 1, 42-200 Częstochowa" in said
    assert f"Prosimy o odpowiedź do {work.case.proposals[-1].due_on:%d.%m.%Y}" in said
    sound()


def test_what_the_party_answers_by_letter_is_written_down_and_binds(work):
    work.leave(propose(work).id)

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        doers = frozenset({Doer.CITIZEN, Doer.FRONT_DESK})
        answer_handover(session, case, 1, act=work.act(work.desk), doers=doers, how="pismem")

    assert work.case.proposals[-1].state is ProposalState.ACCEPTED
    assert work.case.steps[-1].reason == "pismem"


def test_the_letter_can_be_taken_back_for_a_minute_and_another_proposal_waits_for_it(work):
    letter = propose(work)

    assert letter.state is LetterState.LEAVING
    with pytest.raises(Refused, match="letter-leaving"):
        propose(work)
    assert len(work.case.proposals) == 1


def test_who_has_a_mailbox_gets_no_letter(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.gather()
    work.register_temporarily()

    propose(work)

    assert "handover_agreement" not in [one.kind for one in work.case.letters]
