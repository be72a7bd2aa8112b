"""What the letters with the permanent certificate say of the temporary permit: by when, and where it has ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.holidays import STATUTORY, DayKind
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.words import day_in_words
from app.models import Case, DayOff, Letter
from app.transaction import one_transaction
from app.usecases.prepare_letter import new_draft, printable_letter, sketch_letter
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


def closed_on(*days: dt.date) -> None:
    with one_transaction() as session:
        session.add_all(DayOff(day=day, name="Remont", kind=DayKind.CLOSED) for day in days)


def is_open(day: dt.date) -> bool:
    return day.weekday() < 5 and not STATUTORY.is_day_off(day)


def next_on(work: Work, weekday: int, after: int) -> int:
    """In how many days, more than `after`, comes a `weekday` whose week has no holiday?"""
    today = work.act().today
    return next(
        days
        for days in range(after + 1, after + 60)
        if (day := today + dt.timedelta(days=days)).weekday() == weekday
        and all(is_open(day + dt.timedelta(days=one - weekday)) for one in range(5))
    )


SUNDAY = 6


@pytest.mark.parametrize(("left", "days"), [(30, 14), (17, 14), (16, 13), (9, 6), (4, 3), (0, 3), (-1, 14)])
def test_who_is_asked_for_the_permit_has_to_come_before_it_ends_where_that_can_be(work, left, days):
    permit_ends_in(work, left)

    draft = new_draft(db.session(), work.case, "announce_certificate", work.act())

    assert draft.days == days


def test_the_summons_names_its_term_and_the_last_day_and_the_ledger_counts_the_same(work):
    left = next_on(work, 4, 8)
    end, days = permit_ends_in(work, left), min(14, left - 3)

    summons = work.write("announce_certificate")
    work.later(1)
    work.open_letter()

    words = words_of(work.case.letters[-1])
    assert f"Proszę to uczynić w terminie {days} dni od dnia doręczenia pisma." in words
    assert f"Prosimy o odbiór stałego dowodu najpóźniej {said(end)}; wtedy upływa też" in words
    assert "straciło ważność" not in words
    served = work.case.letters[-1].service.served_on
    assert summons.summons.days == days
    assert served + dt.timedelta(days=days) <= work.case.letters[-1].summons.due_on <= end


def test_a_permit_that_ends_on_a_sunday_has_its_owner_come_on_the_last_day_on_which_the_office_is_open(work):
    end = permit_ends_in(work, next_on(work, SUNDAY, 20))
    friday = end - dt.timedelta(days=2)
    before = words_of(sketched(work))
    closed_on(friday)

    after = words_of(sketched(work))

    assert f"najpóźniej {said(friday)}; wtedy upływa też" in before
    thursday = friday - dt.timedelta(days=1)
    assert f"najpóźniej {said(thursday)}; wtedy upływa też" in after
    assert "Proszę to uczynić w terminie 14 dni od dnia doręczenia pisma." in after


def test_a_term_that_would_end_after_the_permit_gives_way_to_the_last_day_of_the_office_before(work):
    end = permit_ends_in(work, next_on(work, SUNDAY, 6))
    draft = replace(new_draft(db.session(), work.case, "announce_certificate", work.act()), days=30)
    letter = sketch_letter(db.session(), work.case, draft, equipment=equipment(), act=work.act(), doer=Doer.CLERK)

    words, friday = words_of(letter), said(end - dt.timedelta(days=2))

    assert f"Proszę to uczynić najpóźniej {friday} Prosimy o odbiór stałego dowodu najpóźniej {friday};" in words
    assert f"z upływem {said(end)} pozwolenie czasowe traci ważność" in words
    assert "od dnia doręczenia" not in words


def test_the_term_of_a_summons_that_is_read_late_ends_on_the_day_that_it_names(work):
    end = permit_ends_in(work, next_on(work, SUNDAY, 6))
    work.write("announce_certificate")
    work.later((end - work.act().today).days - 3)

    work.open_letter()

    assert work.case.letters[-1].summons.due_on == end - dt.timedelta(days=2)


def test_who_reads_of_it_only_when_the_permit_has_ended_has_the_days_of_the_summons(work):
    end = permit_ends_in(work, next_on(work, SUNDAY, 6))
    summons = work.write("announce_certificate")
    work.later((end - work.act().today).days)

    work.open_letter()

    assert work.case.letters[-1].summons.due_on >= end + dt.timedelta(days=summons.summons.days)


def test_where_the_office_is_closed_until_the_permit_ends_no_day_is_named(work):
    end = permit_ends_in(work, 3)
    closed_on(*(end - dt.timedelta(days=days) for days in range(4)))

    words = words_of(sketched(work))

    assert "najpóźniej" not in words
    assert f"Po upływie {said(end)} pojazd nie może być używany" in words


def test_a_summons_of_a_later_day_says_that_the_permit_has_ended(work):
    end = permit_ends_in(work, -1)

    words = words_of(sketched(work))

    assert f"Pozwolenie straciło ważność z upływem {said(end)} Pojazd nie może być używany" in words
    assert "najpóźniej" not in words
    assert "Po upływie" not in words


def test_by_the_law_of_2022_nothing_is_sent_in_and_no_sheet_for_an_envelope_comes_with_the_letter(law, signers):
    work = handed_over(signers)

    letter = sketched(work)

    assert letter.details["demands"] == []
    assert printable_letter(letter, equipment=equipment(), case=work.case).cover is None


def test_by_the_law_of_2022_too_nobody_is_asked_to_come_by_a_day_that_has_passed(law, signers):
    work = handed_over(signers)
    assert work.case.edition == "2022"
    end = permit_ends_in(work, next_on(work, SUNDAY, 2))
    running = words_of(sketched(work))
    ended = permit_ends_in(work, -1)

    late = words_of(sketched(work))

    friday = said(end - dt.timedelta(days=2))
    assert f"Prosimy o odbiór najpóźniej {friday}: z upływem {said(end)} pozwolenie traci ważność" in running
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


def test_the_announcement_lists_the_certificate_that_has_come(work):
    letter = sketched(work)
    assert "dowód rejestracyjny" in words_of(letter).split("Kogo i po co wzywam")[0].split("Co jest do odbioru")[1]


def test_the_summons_for_originals_promises_no_plates_to_whoever_keeps_the_number(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    work.accept_all()
    work.determine(DeterminationCode.NUMBER_KEPT)

    words = words_of(work.write("summon_originals"))

    promised = words.split("Co będzie do odbioru")[1].split("Sposób odbioru")[0]
    assert "zalegalizowana tablica" not in promised
