"""A decision that nobody collects is served by post (KPA art. 109 § 1, 44); the things stay until somebody comes."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.deadlines import deemed_served
from app.domain.delivery import Arrangement, Method
from app.domain.errors import Refused
from app.domain.procedures.stages import Doer
from app.epackages.application import RequestKind
from app.extensions import db
from app.house import equipment
from app.models import Case, Letter, LetterWay, ParcelOutcome, ProposalState
from app.reports.office_papers import acts_of
from app.reports.posting import letters_to_post
from app.transaction import one_transaction
from app.usecases.agreements import propose_handover, set_default_handover
from app.usecases.days_off import office_calendar
from app.usecases.hand_out import things_to_hand_out
from app.usecases.send_again import send_again
from app.usecases.serve_letter import note_paper_service, post_letter
from app.views.office.calling import called_for
from app.views.office.first_act import first_act
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_deregistration import up_to_decision


@pytest.fixture
def work(office, signers) -> Work:
    """Registered temporarily; the office proposed the post, nobody answered, all is to be collected, nobody comes."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.gather()
    work.register_temporarily()
    methods = {item.number: Method.POST for item in work.case.items if item.is_owed}
    terms = Arrangement(methods=methods, address="ul. Testowa 1\n42-200 Częstochowa")
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)
    work.later(30)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        set_default_handover(session, case, case.version, equipment=equipment(), act=work.act(), doer=Doer.CLERK)
    work.later(300)
    return work


def decision(work: Work) -> Letter:
    return work.case.decisions[-1].letter


def to_be_scrapped(signers) -> Work:
    """A deregistration is decided, and the paper lies here."""
    files = application_files(kind=RequestKind.DEREGISTRATION, ground="DEMONTAZ")
    work = Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id)
    up_to_decision(work)
    return work


def proposed_to_the_clerk(work: Work) -> str:
    return first_act(work.case, work.facts(), frozenset({Doer.CLERK}))


def by_post(work: Work) -> Letter:
    with one_transaction() as session:
        letter = session.get_one(Letter, decision(work).id)
        address = ["ul. Testowa 1", "42-200 Częstochowa"]
        return send_again(session, letter, letter.case.version, address, act=work.act(), doer=Doer.CLERK)


def note(work: Work, letter: Letter, kind: str, on: dt.date, second: dt.date | None = None) -> None:
    with one_transaction() as session:
        again = session.get_one(Letter, letter.id)
        note_paper_service(session, again, kind, on, act=work.act(work.desk), second=second)


def test_a_decision_that_nobody_collects_is_posted_and_counts_as_served_though_nobody_claims_it(work):
    assert decision(work).service is None

    sent = by_post(work)

    assert (sent.way, sent.number, sent.pdf_sha256) == (
        LetterWay.POST, decision(work).number, decision(work).pdf_sha256
    )  # fmt: skip
    assert [one.id for one in letters_to_post(db.session())] == [sent.id]
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, sent.id), "RR473124829PL", act=work.act(work.desk))
    assert work.facts().acknowledgements_awaited == 1
    work.later(3)
    first = work.act().today
    note(work, sent, "first_notice", first)
    work.later(20)
    note(work, sent, "unclaimed", work.act().today, second=first + dt.timedelta(days=8))

    served = db.session.get_one(Letter, sent.id).service.served_on
    assert served == deemed_served(first, office_calendar(db.session()))
    acts = [deed for deed in acts_of(db.session(), work.case) if deed.code == "unclaimed" or "event" in deed.details]
    assert [(one.code, one.details.get("served_on")) for one in acts] == [
        ("paper-service-noted", None), ("paper-service-noted", None), ("unclaimed", served.isoformat()),
    ]  # fmt: skip
    assert work.facts().acknowledgements_awaited == 0
    sound()


def test_what_was_agreed_about_the_things_stands_and_they_go_out_without_the_paper_when_somebody_comes(work):
    by_post(work)

    assert work.case.stage == "agreeing_handover"
    assert work.facts().agreement_accepted
    assert work.things()["DECISION"] == {"in_file"}
    work.give()

    assert work.case.stage == "handed_over"
    assert work.things()["DECISION"] == {"in_file"}
    sound()


def test_after_a_fortnight_the_clerk_is_asked_to_serve_it(work):
    today = work.act().today
    assert called_for(work.case, None, today - dt.timedelta(days=290)) == ""
    assert called_for(work.case, None, today) == "serve_by_post"
    by_post(work)
    assert called_for(work.case, None, today) != "serve_by_post"


def test_a_deregistration_whose_decision_nobody_collects_ends_with_its_posting(office, signers):
    work = to_be_scrapped(signers)
    work.agree(Method.IN_PERSON)
    work.later(30)

    sent = by_post(work)

    assert work.case.stage == "agreeing_handover", "the letter waits in the posting room"
    with pytest.raises(Refused, match="letters-posted"):
        work.step("close")
    assert work.things()["DECISION"] == {"in_file"}
    assert not things_to_hand_out(work.case)
    assert work.case.proposals[-1].state is ProposalState.REPLACED
    with one_transaction() as session:
        post_letter(session, session.get_one(Letter, sent.id), "RR473124829PL", act=work.act(work.desk))
    assert work.case.stage == "closed"
    assert proposed_to_the_clerk(work) != "destroy", "it binds nobody before it is served"
    work.later(3)
    note(work, sent, "delivered", work.act().today)
    assert proposed_to_the_clerk(work) == "destroy"
    work.put_away()
    work.step("archive")
    sound()


def test_a_case_that_a_parcel_opens_again_was_not_under_appeal(office, signers):
    work = to_be_scrapped(signers)
    work.agree(Method.POST)
    work.post()
    assert work.case.stage == "closed"
    work.later(3)
    work.parcel_ends(ParcelOutcome.UNKNOWN_ADDRESSEE)

    reasons = [event.reason for term in work.case.deadlines for event in term.events]
    assert reasons.count("in-the-post") == 2
    assert "under-appeal" not in reasons
    work.later(30)
    assert called_for(work.case, None, work.act().today) != "serve_by_post", "how it goes out is agreed anew"
    sound()


def test_what_was_accepted_without_a_day_is_not_waited_for_for_ever(work):
    work.agree(Method.IN_PERSON)
    assert called_for(work.case, None, work.act().today) == ""

    work.later(15)

    assert called_for(work.case, None, work.act().today) == "serve_by_post"


def test_it_is_posted_once(work):
    by_post(work)
    with pytest.raises(Refused, match="letter-not-back"):
        by_post(work)


def test_who_has_collected_the_decision_gets_no_other_by_post(work):
    work.give()

    with pytest.raises(Refused, match="letter-not-back"):
        by_post(work)
