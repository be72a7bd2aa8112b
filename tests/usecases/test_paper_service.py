"""What the post does with a letter on paper: notices, their corrections, and when it counts as served."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.deadlines import Term, Unit, due_date
from app.domain.errors import BadInput
from app.extensions import db
from app.models import AuditEvent, Case, Letter
from app.transaction import one_transaction
from app.usecases.post_notices import notices_left
from app.usecases.serve_letter import note_paper_service, post_letter
from tests.factories import application_files, send
from tests.usecases.at_work import Work, sound


@pytest.fixture
def paper(office, signers) -> Work:
    """The party has no mailbox: letters go by post."""
    return Work(send(signers.sign(application_files())).case_id)


def on_paper(work: Work, kind: str, on: dt.date, second: dt.date | None = None) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        note_paper_service(session, case.letters[-1], kind, on, act=work.act(work.desk), second=second)


def posted(paper: Work) -> dt.date:
    """Summon for the originals on paper; return the day on which the letter was posted."""
    paper.take()
    paper.accept_all()
    paper.write("summon_originals")
    with one_transaction() as session:
        letter = session.get_one(Case, paper.case_id).letters[-1]
        post_letter(session, letter, "RR473124829PL", act=paper.act(paper.desk))
    return paper.act().today


def test_a_letter_on_paper_that_nobody_collects_is_served_on_the_fourteenth_day(paper):
    posted(paper)
    paper.later(3)
    first = paper.act().today
    on_paper(paper, "first_notice", first)
    paper.later(7)
    on_paper(paper, "second_notice", paper.act().today)
    paper.later(12)
    on_paper(paper, "unclaimed", paper.act().today)

    (letter,) = paper.case.letters
    last = first + dt.timedelta(days=14)
    assert letter.service.outcome.value == "unclaimed"
    assert last <= letter.service.served_on <= last + dt.timedelta(days=5)
    assert letter.summons.due_on >= letter.service.served_on + dt.timedelta(days=14)
    assert db.session.get_one(Letter, letter.id).way.value == "post"
    paper.receive()
    paper.compare_all()
    paper.step("confirm_originals")
    sound()


def test_a_letter_counts_as_unclaimed_only_after_a_second_notice_which_may_be_said_with_it(paper):
    first = posted(paper)
    on_paper(paper, "first_notice", first)
    paper.later(30)
    back = paper.act().today

    for code, second in (("missing", None), ("too-early", first + dt.timedelta(days=6)),
                         ("too-late", back + dt.timedelta(days=1))):  # fmt: skip
        with pytest.raises(BadInput, match=f"second-notice-{code}"):
            on_paper(paper, "unclaimed", back, second)
    on_paper(paper, "unclaimed", back, first + dt.timedelta(days=8))

    (letter,) = paper.case.letters
    assert letter.service.served_on is not None
    assert [(event.kind, event.on) for event in letter.service.events][1:] == [
        ("first_notice", first), ("second_notice", first + dt.timedelta(days=8)), ("unclaimed", back),
    ]  # fmt: skip
    noted = db.session.scalars(sa.select(AuditEvent.details).where(AuditEvent.action == "paper-service-noted"))
    assert {details["event"] for details in noted} == {"first_notice", "second_notice", "unclaimed"}


def test_the_second_notice_follows_seven_days_after_the_first_and_a_later_entry_corrects_its_day(paper):
    sent = posted(paper)
    first = sent + dt.timedelta(days=3)
    paper.later(20)

    with pytest.raises(BadInput, match="first-notice-missing"):
        on_paper(paper, "second_notice", sent)
    on_paper(paper, "first_notice", sent)
    on_paper(paper, "first_notice", first)  # the right day, after a wrong one
    with pytest.raises(BadInput, match="second-notice-too-early"):
        on_paper(paper, "second_notice", first + dt.timedelta(days=6))
    on_paper(paper, "second_notice", first + dt.timedelta(days=7))
    with pytest.raises(BadInput, match="notice-noted"):
        on_paper(paper, "second_notice", first + dt.timedelta(days=7))
    with pytest.raises(BadInput, match="second-notice-too-early"):
        on_paper(paper, "first_notice", first + dt.timedelta(days=1))
    on_paper(paper, "second_notice", first + dt.timedelta(days=8))  # the right day, after a wrong one

    service = paper.case.letters[-1].service
    assert notices_left(service) == {"first_notice": first, "second_notice": first + dt.timedelta(days=8)}
    assert [event.on - first for event in service.events if event.kind == "second_notice"] == [
        dt.timedelta(days=7),
        dt.timedelta(days=8),
    ]


@pytest.mark.parametrize(("outcome", "served"), [("delivered", True), ("refused", True), ("unknown_addressee", False)])
def test_a_letter_on_paper_is_served_when_it_is_taken_or_refused_and_not_where_nobody_knows_its_addressee(
    paper, outcome, served
):
    posted(paper)
    paper.later(4)
    day = paper.act().today
    paper.later(3)  # the card comes back later

    on_paper(paper, outcome, day)

    (letter,) = paper.case.letters
    assert letter.service.outcome.value == outcome
    assert letter.service.served_on == (day if served else None)
    assert (letter.summons.due_on is not None) == served
    if served:
        assert letter.summons.due_on == due_date(day, Term(14, Unit.DAY))
    sound()
