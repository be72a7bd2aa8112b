"""A decision that ended a case was repealed on appeal: the matter is decided anew, with the things that came for it."""

from __future__ import annotations

import pytest

from app.domain.appeals import AppealOutcome as Outcome
from app.domain.errors import Refused
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_appeals import end, forward, lodge, refuse


@pytest.fixture
def repealed(office, signers):
    """A case whose originals are all here, refused; the refusal is repealed on appeal."""
    sender = by_mailbox(a_citizen())
    work = Work(send(signers.sign(application_files()), sender=sender).case_id)
    work.gather()

    def repeal() -> Work:
        refuse(work)
        lodge(work)
        forward(work)
        end(work, Outcome.REPEALED)
        return work

    return work, repeal


def test_what_came_is_kept_for_the_new_decision_when_a_case_is_taken_up_again(repealed):
    work, repeal = repealed
    fates = {item.number: item.fate for item in work.case.items}
    repeal()
    work.send_back()

    work.step("resume", "decyzja SKO")

    assert work.case.stage == "verification"
    assert {item.number: item.fate for item in work.case.items} == fates
    facts = work.facts()
    assert (facts.originals_awaited, facts.originals_unasked) == (0, 0)
    with pytest.raises(Refused, match="something-to-post"):
        work.post()
    assert work.facts().may_go_back == 0
    refuse(work)
    work.give()
    work.later((work.case.decisions[-1].final_on - work.act().today).days)
    work.step("close")
    assert set().union(*work.things().values()) == {"with_party"}
    sound()


def test_what_was_given_back_is_asked_for_anew_when_a_case_is_taken_up_again(repealed):
    work, repeal = repealed
    repeal()
    work.send_back()
    work.post()
    with pytest.raises(Refused, match="nothing-moved"):
        work.step("resume", "decyzja SKO")
    work.parcel_ends()
    given = {item.number for item in work.case.items}

    work.step("resume", "decyzja SKO")
    work.write("summon_originals")

    asked = {item.number for item in work.awaited()}
    assert len(asked) == len(given)
    assert not asked & given
    work.open_letter()
    assert work.case.clock_stands, "the reasons of the refusal that was repealed end nothing"
    work.receive_all()
    assert work.case.stage == "originals_complete"
    work.register_temporarily()
    work.agree()
    work.give()
    assert work.case.stage == "handed_over"
    sound()


def test_a_case_for_which_the_office_has_made_something_is_not_taken_up_again(repealed):
    work, repeal = repealed
    work.make_ready()
    repeal()

    with pytest.raises(Refused, match="nothing-moved"):
        work.step("resume", "decyzja SKO")
    work.give()
    work.step("close")
    sound()
