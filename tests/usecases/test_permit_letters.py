"""What the letters with the permanent certificate say of the temporary permit: by when, and where it has ended."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.words import day_in_words
from app.models import Case, Letter
from app.transaction import one_transaction
from app.usecases.prepare_letter import new_draft, sketch_letter
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, make_item
from tests.usecases.test_registration import up_to_decision

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(office, signers) -> Work:
    return handed_over(signers)


def handed_over(signers) -> Work:
    """The owner drives with the temporary permit, and the permanent certificate has come."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    up_to_decision(work)
    work.agree()
    work.give()
    work.certificate_comes()
    return work


def permit_ends_in(work: Work, days: int) -> dt.date:
    with one_transaction() as session:
        permit = session.get_one(Case, work.case_id).permit
        permit.valid_until = work.act().today + dt.timedelta(days=days)
        return permit.valid_until


def words_of(letter: Letter) -> str:
    rows = [" ".join([block["text"], *(row[0] for row in block["rows"])]) for block in letter.blocks]
    return " ".join(" ".join(rows).replace("\u200b", "").split())


def sketched(work: Work) -> Letter:
    """The letter with the permanent certificate as it would leave now."""
    draft = new_draft(db.session(), work.case, "announce_certificate", work.act())
    return sketch_letter(db.session(), work.case, draft, equipment=equipment(), act=work.act(), doer=Doer.CLERK)


def said(day: dt.date) -> str:
    return day_in_words(day).replace("\u00a0", " ")


@pytest.mark.parametrize(("left", "days"), [(30, 14), (17, 14), (16, 13), (9, 6), (4, 3), (0, 3), (-1, 14)])
def test_who_is_asked_for_the_permit_has_to_come_before_it_ends_where_that_can_be(work, left, days):
    permit_ends_in(work, left)

    draft = new_draft(db.session(), work.case, "announce_certificate", work.act())

    assert draft.days == days


def test_the_summons_names_its_term_and_the_last_day_and_the_ledger_counts_the_same(work):
    end = permit_ends_in(work, 12)

    summons = work.write("announce_certificate")
    work.later(1)
    work.open_letter()

    words = words_of(work.case.letters[-1])
    assert "Proszę to uczynić w terminie 9 dni od dnia doręczenia pisma." in words
    assert f"Prosimy o odbiór stałego dowodu najpóźniej {said(end)}, w ostatnim dniu ważności" in words
    assert "straciło ważność" not in words
    served = work.case.letters[-1].service.served_on
    assert (summons.summons.days, work.case.letters[-1].summons.due_on >= served + dt.timedelta(days=9)) == (9, True)


def test_a_summons_of_a_later_day_says_that_the_permit_has_ended(work):
    end = permit_ends_in(work, -1)

    words = words_of(sketched(work))

    assert f"Pozwolenie straciło ważność z upływem {said(end)} Pojazd nie może być używany" in words
    assert "najpóźniej" not in words
    assert "Po upływie" not in words


def test_by_the_law_of_2022_too_nobody_is_asked_to_come_by_a_day_that_has_passed(law, signers):
    work = handed_over(signers)
    assert work.case.edition == "2022"
    today = permit_ends_in(work, 0)
    running = words_of(sketched(work))
    ended = permit_ends_in(work, -1)

    late = words_of(sketched(work))

    assert f"Prosimy o odbiór najpóźniej {said(today)}; po upływie" in running
    assert "straciło ważność" not in running
    assert f"Pozwolenie straciło ważność z upływem {said(ended)} Na jego podstawie" in late
    assert "Prosimy o odbiór najpóźniej" not in late


def test_the_vehicle_card_is_not_among_what_goes_with_the_temporary_decision(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.gather()
    work.pay()
    work.make_ready()
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        make_item(session, case, ItemKind.NEW_VEHICLE_CARD, "KP 7654321", act=work.act())

    decision = work.write("register_temporarily")

    assert "nalepka kontrolna NK 1" in decision.details["given"]
    assert not any("KP 7654321" in row for row in decision.details["given"])
