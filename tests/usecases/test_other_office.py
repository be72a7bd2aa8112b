"""The office that registered a vehicle last is told of the registration within five working days, and answers."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput, ConditionMissing
from app.domain.holidays import DayKind
from app.domain.other_offices import ANSWER_TERM, NOTICE_TERM, due_after_working_days
from app.extensions import db
from app.models import Case, Letter, LetterWay
from app.reports.waiting import Came, came, terms
from app.transaction import one_transaction
from app.usecases.change_days_off import DayChange, change_days_off
from app.usecases.days_off import office_calendar
from app.usecases.other_office import running_term
from app.usecases.serve_letter import note_paper_service, post_letter
from app.views.office.calling import came_in
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

OFFICE = "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck"
TRACKING = "(00) 7 5900773 1 51200062 1"


@pytest.fixture
def work(office, signers) -> Work:
    return Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)


def named(work: Work, words: str = OFFICE) -> None:
    work.determine(DeterminationCode.LAST_OFFICE, words)


def due(work: Work, kind: str = NOTICE_TERM) -> dt.date | None:
    term = running_term(work.case, kind)
    return term.due_on if term is not None else None


def called(work: Work) -> Came | None:
    """What the list and the case file call for, which is the same."""
    in_the_list = came(db.session(), work.clerk.id, work.act().today).get(work.case_id)
    assert in_the_list is came_in(work.case, work.act().today)
    return in_the_list


def post(work: Work) -> None:
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        post_letter(session, letter, TRACKING, act=work.act(work.desk))


def reach(work: Work, kind: str = "delivered") -> None:
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        note_paper_service(session, letter, kind, work.act().today, act=work.act(work.desk))


def test_it_is_told_within_five_working_days_from_the_complete_documents(work):
    work.take()
    named(work)
    assert (due(work), called(work)) == (None, None)
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.later(3)
    work.receive_all()
    complete = work.act().today
    assert due(work) == due_after_working_days(complete, office_calendar(db.session()))
    assert called(work) is Came.NOTICE
    assert terms(db.session(), [work.case_id], complete)[work.case_id].notice_until == due(work)

    letter = work.write("notify_office")

    assert (letter.addressee, letter.address, letter.way) == (
        "Starosta Kłobucki", ["Rynek 13", "42-100 Kłobuck"], LetterWay.POST,
    )  # fmt: skip
    assert (due(work), called(work), work.case.stage) == (None, None, "originals_complete")
    with pytest.raises(ConditionMissing, match="last-office-not-told"):
        work.prepare("notify_office")
    sound()


def test_its_answer_is_awaited_from_the_day_on_which_the_notice_reached_it(work):
    work.gather()
    named(work)
    work.write("notify_office")
    post(work)
    assert due(work, ANSWER_TERM) is None
    work.later(4)
    reach(work)
    assert due(work, ANSWER_TERM) == due_after_working_days(work.act().today, office_calendar(db.session()))
    work.later(2)
    work.determine(DeterminationCode.LAST_OFFICE_ANSWERED, "pismo z 30.11.2026: dane są zgodne")
    assert due(work, ANSWER_TERM) is None
    sound()


def test_a_notice_that_came_back_told_nobody_and_another_office_is_told_anew(work):
    work.gather()
    named(work)
    first = due(work)
    work.write("notify_office")
    post(work)
    work.later(3)
    reach(work, "unknown_addressee")
    assert due(work) == first
    assert called(work) is Came.NOTICE
    named(work, "Starosta Myszkowski\nul. Pułaskiego 6\n42-300 Myszków")
    work.later(1)
    assert work.write("notify_office").addressee == "Starosta Myszkowski"
    assert due(work) is None


def test_who_names_another_office_later_tells_that_one_too(work):
    work.gather()
    named(work)
    work.write("notify_office")
    work.later(1)
    named(work, "Starosta Myszkowski\nul. Pułaskiego 6\n42-300 Myszków")
    assert due(work) is not None
    assert work.write("notify_office").addressee == "Starosta Myszkowski"


def test_nothing_in_the_case_waits_for_it_and_a_closed_case_still_tells(work):
    work.gather()
    named(work)
    work.register_temporarily()
    work.agree()
    work.give()
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.receive()
    work.register()
    work.give()
    assert work.case.stage == "closed"
    assert called(work) is Came.NOTICE
    work.write("notify_office")
    assert called(work) is None
    sound()


def test_who_took_the_determination_back_and_a_case_that_ended_aside_owe_no_notice(work):
    work.gather()
    named(work)
    work.determine(DeterminationCode.LAST_OFFICE, holds=False)
    assert due(work) is None
    named(work)
    assert due(work) is not None
    work.determine(DeterminationCode.REFUSAL_REASONS, "pojazd figuruje jako skradziony")
    work.write("refuse", reasons="art. 73 ust. 1e")
    assert (due(work), work.case.stage) == (None, "refused")


def test_a_notice_needs_the_address_that_it_goes_to(work):
    work.gather()
    named(work, "Starosta Kłobucki")
    with pytest.raises(BadInput, match="letter-lacks"):
        work.prepare("notify_office")


def test_a_new_day_off_inside_the_term_moves_it(work):
    work.gather()
    named(work)
    day, before = office_calendar(db.session()).next_working_day(work.act().today + dt.timedelta(days=1)), due(work)
    with one_transaction() as session:
        moved = change_days_off(
            session, DayChange(day, kind=DayKind.BY_LAW, name="Dzień żałoby"), act=Act(SYSTEM, work.act().at)
        )
    assert [(one.what, one.old) for one in moved if one.what == NOTICE_TERM] == [(NOTICE_TERM, before)]
    assert due(work) > before
    assert db.session.scalar(sa.select(Case.due_on).where(Case.id == work.case_id)) is not None
