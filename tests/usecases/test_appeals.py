"""An appeal is written down: the decision waits for its end, the office has seven days, the case stays open."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.appeals import AppealOutcome as Outcome
from app.domain.deadlines import Way
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.holidays import DayKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Appeal, AuditEvent, Case, Deadline, Letter
from app.outbox.case_sweepers import archive_what_is_over
from app.reports import waiting
from app.transaction import one_transaction
from app.usecases.appeals import Ended, Lodged, end_appeal, record_appeal, strike_out_appeal
from app.usecases.change_days_off import DayChange, change_days_off
from app.usecases.forward_appeal import forward_appeal
from app.usecases.serve_letter import post_letter
from tests.factories import application_files, send
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound


def refuse(work: Work) -> None:
    """The decision is written and, the same day, opened by its addressee."""
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="art. 73 ust. 1e ustawy")
    work.open_letter()


@pytest.fixture
def work(office, signers) -> Work:
    """A refusal that was served today, in a case that holds nothing of the party."""
    sender = by_mailbox(a_citizen())
    work = Work(send(signers.sign(application_files()), sender=sender).case_id)
    work.take()
    refuse(work)
    return work


def write_down(work: Work, came: Lodged) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        number = case.decisions[0].letter.seq
        record_appeal(session, case, case.version, number, came, act=work.act(), doer=Doer.CLERK)


def lodge(work: Work, way: Way = Way.IN_PERSON, posted_days_ago: int | None = None) -> None:
    today = work.act().today
    posted = None if posted_days_ago is None else today - dt.timedelta(days=posted_days_ago)
    write_down(work, Lodged(way, today, posted))


TRACKING = "RR473124829PL"


def write_to_the_sko(work: Work, place: int = 0) -> Letter:
    """The letter that forwards the newest appeal leaves the clerk, and waits in the posting room."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        letter = forward_appeal(
            session, case, case.version, place or len(case.appeals), "Bez zmian.",
            equipment=equipment(), act=work.act(), doer=Doer.CLERK,
        )  # fmt: skip
        letter_id = letter.id
    return work.leave(letter_id)


def forward(work: Work, place: int = 0) -> None:
    letter_id = write_to_the_sko(work, place).id
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, letter_id), TRACKING, act=work.act(work.desk))


def end(work: Work, outcome: Outcome, days_ago: int = 0, place: int = 0) -> None:
    on = work.act().today - dt.timedelta(days=days_ago)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        place = place or len(case.appeals)
        end_appeal(session, case, case.version, place, Ended(outcome, on), act=work.act(), doer=Doer.CLERK)


def strike(work: Work, reason: str = "pismo dotyczy innej sprawy", place: int = 0) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        place = place or len(case.appeals)
        strike_out_appeal(session, case, case.version, place, reason, act=work.act(), doer=Doer.CLERK)


def forwarding_term(case: Case) -> Deadline | None:
    """The term of the newest appeal, while it runs."""
    term = case.appeals[-1].forwarding
    return term if term.ended_at is None else None


def called(work: Work) -> waiting.Came | None:
    return waiting.came(db.session(), work.clerk.id, work.act().today).get(work.case_id)


def test_an_appeal_in_time_keeps_a_decision_from_becoming_final_until_the_sko_upholds_it(work):
    work.later(10)
    lodge(work)
    assert called(work) is waiting.Came.APPEAL
    work.later(30)
    with pytest.raises(Refused, match="no-appeal-open"):
        work.step("close")

    with pytest.raises(Refused, match="appeal-not-forwarded"):
        end(work, Outcome.UPHELD)
    forward(work)
    assert called(work) is None
    work.later(20)
    with pytest.raises(Refused, match="no-appeal-open"):
        work.step("close")
    end(work, Outcome.UPHELD, days_ago=3)

    decision = work.case.decisions[0]
    assert decision.final_on == work.act().today - dt.timedelta(days=3)
    work.step("close")
    assert work.case.stage == "closed"
    (appeal,) = work.case.appeals
    assert [(event.kind, event.actor_name) for event in appeal.events] == [
        ("received", "Anna Referent"), ("forwarded", "Karol Kancelaria"), ("upheld", "Anna Referent"),
    ]  # fmt: skip
    told = sa.select(AuditEvent.action).where(AuditEvent.action.startswith("appeal-")).order_by(AuditEvent.id)
    actions = db.session.scalars(told).all()
    assert actions == ["appeal-recorded", "appeal-forwarded", "appeal-ended"]
    sound()


def test_the_office_has_seven_days_to_forward_it_and_a_new_day_off_moves_them(work):
    work.later(1)
    lodge(work)
    term, due_on = forwarding_term(work.case), work.case.due_on
    before = term.due_on
    assert (term.law, term.events[0].on) == ("KPA art. 133", work.act().today)
    assert before >= work.act().today + dt.timedelta(days=7)

    with one_transaction() as session:
        moved = change_days_off(session, DayChange(before, kind=DayKind.BY_LAW, name="dzień wolny"), act=work.act())

    assert [one.what for one in moved if one.sign == work.case.sign] == ["appeal-forwarding"]
    assert forwarding_term(work.case).due_on > before
    assert work.case.due_on == due_on
    forward(work)
    assert forwarding_term(work.case) is None
    sound()


def test_what_was_posted_on_the_last_day_is_in_time_though_it_came_later(work):
    last = work.case.decisions[0].final_on - dt.timedelta(days=1)
    work.later((last - work.act().today).days + 3)
    lodge(work, Way.DESIGNATED_OPERATOR, posted_days_ago=3)

    assert not work.case.appeals[0].late
    assert work.case.decisions[0].final_on is None


@pytest.mark.parametrize("way", [Way.COURIER, Way.DESIGNATED_OPERATOR])
def test_a_late_appeal_is_written_down_the_decision_stays_final_and_the_case_waits(work, way):
    final = work.case.decisions[0].final_on
    work.later((final - work.act().today).days)
    # A courier's day of posting counts for nothing; without one, the day of arrival counts for the post, too.
    lodge(work, way, posted_days_ago=2 if way is Way.COURIER else None)

    assert work.case.appeals[0].late
    assert work.case.decisions[0].final_on == final
    with pytest.raises(Refused, match="no-appeal-open"):
        work.step("close")
    forward(work)
    end(work, Outcome.NOT_ADMITTED)
    assert work.case.decisions[0].final_on == final
    work.step("close")
    sound()


def test_a_case_that_was_closed_already_is_not_archived_over_a_late_appeal(work):
    work.later((work.case.decisions[0].final_on - work.act().today).days)
    work.step("close")
    work.later(1)
    lodge(work)

    archive_what_is_over(equipment(), Act(SYSTEM, work.act().at + dt.timedelta(days=60)).at)
    assert work.case.stage == "closed"
    end(work, Outcome.WITHDRAWN)
    archive_what_is_over(equipment(), Act(SYSTEM, work.act().at + dt.timedelta(days=60)).at)

    assert work.case.stage == "archived"


def test_a_repealed_decision_is_never_final_and_the_case_can_be_closed(work):
    work.later(5)
    lodge(work)
    forward(work)
    with pytest.raises(Refused, match="appeal-gone"):
        end(work, Outcome.CORRECTED)
    end(work, Outcome.REPEALED)

    assert work.case.decisions[0].final_on is None
    with pytest.raises(Refused, match="appeal-impossible"):
        lodge(work)
    work.step("close")
    sound()


def test_what_was_repealed_is_taken_up_again_and_the_time_of_the_appeal_does_not_count(work):
    left = (work.case.due_on - work.act().today).days
    work.later(5)
    lodge(work)
    forward(work)
    work.later(60)
    with pytest.raises(Refused, match="decision-repealed"):
        work.step("resume", "czekamy na SKO")
    end(work, Outcome.REPEALED)

    work.step("resume", "decyzja SKO.4100.7.2026")

    case = work.case
    assert case.stage == "verification"
    # The last day may be shifted off a day off, before and after.
    assert abs((case.due_on - work.act().today).days - left) <= 4
    sound()
    work.later(3)
    work.accept_all()
    work.write("summon_originals")
    assert work.case.stage == "awaiting_originals"
    sound()


def test_a_repealed_decision_calls_its_clerk_until_the_case_is_taken_up_again(work):
    lodge(work)
    forward(work)
    end(work, Outcome.REPEALED)
    assert called(work) is waiting.Came.REPEALED

    work.step("resume", "decyzja SKO")
    assert called(work) is None
    refuse(work)

    assert work.case.stage == "refused"
    assert called(work) is None


def test_what_a_refusal_rests_on_stands_once_it_is_written(work):
    with pytest.raises(Refused, match="decided-already"):
        work.determine(DeterminationCode.REFUSAL_REASONS, "inne powody")


def test_the_office_grants_an_appeal_itself_before_it_is_forwarded(work):
    work.later(5)
    lodge(work)
    end(work, Outcome.CORRECTED)

    assert forwarding_term(work.case) is None
    with pytest.raises(Refused, match="appeal-not-here"):
        forward(work)
    with pytest.raises(Refused, match="appeal-over"):
        end(work, Outcome.WITHDRAWN)


def test_an_appeal_withdrawn_before_the_term_is_over_leaves_the_rest_of_the_term(work):
    final = work.case.decisions[0].final_on
    work.later(3)
    lodge(work)
    with pytest.raises(Refused, match="appeal-impossible"):
        lodge(work)
    end(work, Outcome.WITHDRAWN)
    assert work.case.decisions[0].final_on == final

    lodge(work)

    assert [one.outcome for one in work.case.appeals] == [Outcome.WITHDRAWN, None]


@pytest.mark.one_database
def test_days_that_cannot_be_are_refused_and_nothing_is_written(work):
    work.later(5)
    today = work.act().today
    for came, code in (
        (Lodged(Way.IN_PERSON, today + dt.timedelta(days=1)), "appeal-day"),
        (Lodged(Way.IN_PERSON, today - dt.timedelta(days=6)), "appeal-day"),
        (Lodged(Way.DESIGNATED_OPERATOR, today, today + dt.timedelta(days=1)), "appeal-posted"),
        (Lodged(Way.DESIGNATED_OPERATOR, today, today - dt.timedelta(days=6)), "appeal-posted"),
    ):
        with pytest.raises(Refused, match=code):
            write_down(work, came)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appeal)) == 0


@pytest.mark.one_database
def test_a_decision_that_was_not_served_cannot_be_appealed_against_yet(office, signers):
    sender = by_mailbox(a_citizen())
    work = Work(send(signers.sign(application_files()), sender=sender).case_id)
    work.take()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="art. 73 ust. 1e ustawy")

    with pytest.raises(Refused, match="appeal-impossible"):
        lodge(work)


def test_an_appeal_is_forwarded_by_a_letter_to_the_sko_on_the_day_on_which_it_is_posted(work):
    lodge(work)
    work.later(2)

    letter = write_to_the_sko(work)
    assert called(work) is None
    (appeal,) = work.case.appeals
    assert (appeal.letter_id, appeal.forwarded_on) == (letter.id, None)
    assert forwarding_term(work.case) is not None
    with pytest.raises(Refused, match="appeal-not-here"):
        write_to_the_sko(work)
    with pytest.raises(Refused, match="appeal-gone"):
        strike(work)
    work.later(1)
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, letter.id), TRACKING, act=work.act(work.desk))

    assert work.case.appeals[0].forwarded_on == work.act().today
    assert forwarding_term(work.case) is None
    letter = db.session.get_one(Letter, letter.id)
    assert (letter.addressee, letter.address[-1]) == (
        "Samorządowe Kolegium Odwoławcze w Częstochowie", "42-200 Częstochowa"
    )  # fmt: skip
    said = in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))
    decision = work.case.decisions[0].letter.number
    for words in (decision, "Jan Testowy", "Wniesiono je w terminie.", "Bez zmian.", "akta sprawy"):
        assert words in said, words
    sound()


def test_an_appeal_written_down_by_mistake_is_struck_out_and_the_decision_is_final_as_if_there_were_none(work):
    final = work.case.decisions[0].final_on
    work.later(2)
    lodge(work)
    with pytest.raises(Refused, match="reason-missing"):
        strike(work, " ")

    strike(work)

    (appeal,) = work.case.appeals
    assert work.case.decisions[0].final_on == final
    assert (appeal.outcome, forwarding_term(work.case), called(work)) == (Outcome.STRUCK_OUT, None, None)
    assert [(one.kind, one.remark) for one in appeal.events][-1] == ("struck_out", "pismo dotyczy innej sprawy")
    with pytest.raises(Refused, match="appeal-over"):
        strike(work)
    lodge(work)
    assert work.case.decisions[0].final_on is None
    sound()


def test_a_letter_about_an_appeal_that_was_struck_out_meanwhile_does_not_leave(work):
    lodge(work)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        letter_id = forward_appeal(
            session, case, case.version, 1, "Bez zmian.", equipment=equipment(), act=work.act(), doer=Doer.CLERK
        ).id
    strike(work)

    letter = work.leave(letter_id)

    assert (letter.state.value, letter.stopped_because) == ("stopped", "appeal-over")


def test_no_form_ends_an_appeal_by_striking_it_out(work):
    lodge(work)
    with pytest.raises(Refused, match="appeal-over"):
        end(work, Outcome.STRUCK_OUT)
