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
from app.usecases.agreements import answer_handover, propose_handover, set_default_handover
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
    day = day_in_words(work.case.proposals[-1].due_on).replace("\u00a0", " ")
    assert f"Prosimy o odpowiedź do {day}" in said
    sound()


def test_what_the_party_answers_by_letter_is_written_down_and_binds(work):
    work.leave(propose(work).id)

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        doers = frozenset({Doer.CITIZEN, Doer.FRONT_DESK})
        answer_handover(session, case, 1, equipment=equipment(), act=work.act(work.desk), doers=doers, how="pismem")

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


def answer(work: Work, version: int, method: Method | None = None, *doers: Doer) -> None:
    """Somebody answers `version`, with a counter-proposal where a `method` is named."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        methods = dict.fromkeys(map(int, case.proposals[-1].methods), method)
        terms = Arrangement(methods=methods, address="ul. Inna 2\n42-200 Częstochowa") if method else None
        answer_handover(
            session, case, version, terms, equipment=equipment(), act=work.act(), doers=frozenset({Doer.CLERK, *doers})
        )


def test_that_the_office_agrees_to_what_the_party_proposed_leaves_as_a_letter(work):
    work.leave(propose(work).id)
    answer(work, 1, Method.POST, Doer.CITIZEN)
    asked = day_in_words(work.act().today).replace("\xa0", " ")

    answer(work, 2)

    letter = work.leave(work.case.letters[-1].id)
    assert (letter.kind, letter.way, letter.state) == ("handover_settled", LetterWay.POST, LetterState.SENT)
    said = words_of(letter)
    assert f"urząd przyjął sposób przekazania, który {asked} zaproponowała strona" in said
    assert "na adres: ul. Inna 2, 42-200 Częstochowa" in said
    assert "pozwolenie czasowe PC 1234567 – przesyłka pocztowa" in said
    sound()


def test_what_the_office_proposes_in_answer_to_the_party_leaves_as_a_letter(work):
    work.leave(propose(work).id)
    answer(work, 1, Method.POST, Doer.CITIZEN)

    answer(work, 2, Method.IN_PERSON)

    letter = work.leave(work.case.letters[-1].id)
    assert letter.kind == "handover_agreement"
    assert "pozwolenie czasowe PC 1234567 – odbiór osobisty" in words_of(letter)
    day = day_in_words(work.case.proposals[-1].due_on).replace("\u00a0", " ")
    assert f"Prosimy o odpowiedź do {day}" in words_of(letter)


def test_what_a_party_without_a_mailbox_says_itself_needs_no_letter(work):
    work.leave(propose(work).id)
    letters = len(work.case.letters)

    answer(work, 1, None, Doer.CITIZEN)

    assert len(work.case.letters) == letters


def set_default(work: Work) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        set_default_handover(session, case, case.version, equipment=equipment(), act=work.act(), doer=Doer.CLERK)


def test_the_default_holds_only_after_the_term_and_leaves_as_a_letter(work):
    work.leave(propose(work).id)
    asked = day_in_words(work.act().today).replace("\xa0", " ")
    work.later((work.case.proposals[-1].due_on - work.act().today).days)
    with pytest.raises(Refused, match="answer-overdue"):
        set_default(work)
    work.later(1)

    set_default(work)

    newest = work.case.proposals[-1]
    assert (newest.version, newest.state, set(newest.methods.values())) == (
        2,
        ProposalState.SET_BY_OFFICE,
        {"in_person"},
    )
    letter = work.leave(work.case.letters[-1].id)
    assert (letter.kind, letter.way) == ("handover_settled", LetterWay.POST)
    said = words_of(letter)
    assert f"na propozycję z dnia {asked} nie otrzymaliśmy odpowiedzi w terminie" in said
    assert "dowód własności pojazdu – odbiór osobisty" in said
    assert "przesyłka pocztowa" not in said
    work.give()
    assert work.case.stage == "handed_over"
    sound()
