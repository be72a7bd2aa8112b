"""Of several parties each appeals for itself: one open appeal of each, each forwarded within its own seven days."""

from __future__ import annotations

import pytest

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import Way
from app.domain.errors import Refused
from app.domain.procedures.stages import Doer
from app.models import Case
from app.transaction import one_transaction
from app.usecases.appeals import Ended, Lodged, end_appeal, record_appeal
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.usecases.test_co_owners import ANNA, refused, serve_copy


@pytest.fixture
def work(office, signers) -> Work:
    """A refusal that was served on both owners today."""
    files = application_files(co_owners=(ANNA,))
    work = Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id)
    refused(work)
    work.open_letter()
    serve_copy(work)
    return work


def appeal_of(work: Work, place: int | None) -> None:
    """The party at this place appeals against the refusal; `None`: nobody says whose appeal it is."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        party = None if place is None else case.parties[place].id
        came = Lodged(Way.IN_PERSON, work.act().today, party=party)
        record_appeal(session, case, case.version, case.decisions[0].letter.seq, came, act=work.act(), doer=Doer.CLERK)


def test_each_party_has_an_appeal_of_its_own_with_its_own_term_to_forward_it(work):
    with pytest.raises(Refused, match="appeal-party"):
        appeal_of(work, None)
    appeal_of(work, 0)
    with pytest.raises(Refused, match="appeal-impossible"):
        appeal_of(work, 0)
    work.later(3)

    appeal_of(work, 1)

    first, second = work.case.appeals
    assert [one.party.name for one in (first, second)] == ["Jan Testowy", "Anna Testowa"]
    assert first.forwarding.due_on < second.forwarding.due_on
    assert first.term_end == second.term_end
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        withdrawn = Ended(AppealOutcome.WITHDRAWN, work.act().today)
        end_appeal(session, case, case.version, 1, withdrawn, act=work.act(), doer=Doer.CLERK)
    first, second = work.case.appeals
    assert first.forwarding.ended_at is not None
    assert second.forwarding.ended_at is None
    assert work.case.decisions[0].final_on is None
    appeal_of(work, 0)
    assert [one.party.name for one in work.case.appeals if one.outcome is None] == ["Anna Testowa", "Jan Testowy"]


def test_what_one_party_s_appeal_repealed_stays_so_when_the_other_appeal_ends(work):
    appeal_of(work, 0)
    appeal_of(work, 1)

    for place, outcome in ((1, AppealOutcome.CORRECTED), (2, AppealOutcome.WITHDRAWN)):
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            ended = Ended(outcome, work.act().today)
            end_appeal(session, case, case.version, place, ended, act=work.act(), doer=Doer.CLERK)

    assert work.case.decisions[0].final_on is None
