"""How things are handed over, agreed in the mailbox: proposals, counter-proposals, the visit, what lies where."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import ConditionMissing
from app.domain.holidays import DayKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, DayOff, Message, ProposalState
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, set_default_handover
from app.usecases.free_slots import free_slots
from tests.web.letters_at_work import (
    case_page,
    methods_of,
    propose,
    said,
    up_to_proposal,
    up_to_summons,
)
from tests.web.mailbox_people import text_of


def test_a_proposal_is_accepted_and_goes_into_the_calendar(work, jan):
    slot = free_slots(db.session(), equipment=equipment(), act=work.act())[0].begins
    up_to_proposal(work, slot=slot)
    handover = f"{case_page(work)}/odbior"
    assert "Choose how you collect" in text_of(jan.get(case_page(work)))
    assert jan.get(f"{handover}/wizyta.ics").status_code == 404
    page = jan.get(handover)
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]

    jan.post(handover, {"version": version})

    assert work.case.proposals[-1].state == "accepted"
    assert db.session.scalar(sa.select(Message.read_at).where(Message.kind == "proposal")) is not None
    assert "Come for your things" in text_of(jan.get(case_page(work)))
    calendar = jan.get(f"{handover}/wizyta.ics")
    assert calendar.mimetype == "text/calendar"
    assert f"DTSTART:{slot:%Y%m%dT%H%M%SZ}" in calendar.text
    assert "Jan" not in calendar.text
    assert all(len(line.encode()) <= 75 for line in calendar.text.split("\r\n"))


def test_a_visit_whose_time_has_passed_is_not_accepted_but_answered_otherwise(work, jan):
    slot = free_slots(db.session(), equipment=equipment(), act=work.act())[0].begins
    up_to_proposal(work, slot=slot)
    with one_transaction() as session:
        session.get_one(Case, work.case_id).proposals[-1].slot = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
    handover = f"{case_page(work)}/odbior"

    page = text_of(jan.get(handover))
    answer = jan.post(handover, {"version": "1"}, follow_redirects=True)

    assert "The time of the visit has passed. Choose another one." in page
    assert "I accept this proposal" not in page
    assert "The date of the visit has passed already." in text_of(answer)
    assert answer.request.path == f"{handover}/inaczej"
    assert work.case.proposals[-1].state == "proposed"


def test_nobody_is_told_to_come_on_a_day_that_the_office_made_off(work, jan):
    slot = free_slots(db.session(), equipment=equipment(), act=work.act())[-1].begins
    up_to_proposal(work, slot=slot)
    handover = f"{case_page(work)}/odbior"
    with one_transaction() as session:
        session.add(DayOff(day=slot.date(), name="Awaria", kind=DayKind.CLOSED))

    asked = text_of(jan.get(handover))
    with one_transaction() as session:
        session.get_one(Case, work.case_id).proposals[-1].state = ProposalState.ACCEPTED
    agreed, case = text_of(jan.get(handover)), text_of(jan.get(case_page(work)))

    assert "The office is closed on the day of the visit. Choose another time." in asked
    assert "I accept this proposal" not in asked
    assert "Do not come on the day that was agreed: the office is closed then." in agreed
    assert "Save the appointment" not in agreed
    assert "Do not come on" in case
    assert "Come for your things" not in case
    assert jan.get(f"{handover}/wizyta.ics").status_code == 404


def test_the_subject_of_a_proposal_names_what_goes_out_by_it(work, jan):
    up_to_proposal(work)
    newest = db.session.scalars(sa.select(Message).where(Message.kind == "proposal")).one()
    assert text_of(jan.get("/odebrane")).count("and other things") == 1
    with one_transaction() as session:
        session.get_one(Message, newest.id).data = {"version": 1, "kinds": ["DECISION"]}

    page = text_of(jan.get("/odebrane"))

    assert "How it is handed over to you – decision" in page
    assert "other things" not in page


def test_a_proposal_that_was_replaced_is_not_accepted(work, jan):
    up_to_proposal(work)
    handover = f"{case_page(work)}/odbior"
    for doer, method in ((Doer.CITIZEN, Method.POST), (Doer.CLERK, Method.IN_PERSON)):
        with one_transaction() as session:
            terms = Arrangement(methods=methods_of(work, method), address="ul. Inna 1")
            case, act = session.get_one(Case, work.case_id), work.citizen() if doer is Doer.CITIZEN else work.act()
            newest, doers = len(case.proposals), frozenset({doer})
            answer_handover(session, case, newest, terms, equipment=equipment(), act=act, doers=doers)

    page = jan.post(handover, {"version": "1"}, follow_redirects=True)

    assert "newer proposal" in text_of(page)
    assert work.case.proposals[-1].state == "proposed"


def test_a_counter_proposal_says_the_way_of_each_thing_the_slot_and_who_comes(work, jan):
    up_to_proposal(work)
    form = f"{case_page(work)}/odbior/inaczej"
    page = jan.get(form).text
    fields = dict.fromkeys(re.findall(r'name="(way-\d+)"', page), "in_person")
    slot = re.search(r'<option value="(\d{8}T\d{4}Z)"', page)[1]
    posted = next(iter(fields))
    data = {"version": "1", **fields, posted: "post", "slot": slot, "collector": "Ewa Testowa", "remark": "Dziękuję"}

    missing = jan.post(form, {"version": "1"})
    homeless = jan.post(form, data | {"address": " "})
    gone = jan.post(form, data | {"address": "ul. Inna 1", "slot": "20200101T0800Z"})
    jan.post(form, data | {"address": "ul. Inna 1\n42-200 Częstochowa"})

    assert "Choose for each thing" in text_of(missing)
    assert "Post needs an address" in text_of(homeless)
    assert "just been taken" in text_of(gone)
    newest = work.case.proposals[-1]
    assert (newest.version, newest.by_office, newest.collector) == (2, False, "Ewa Testowa")
    assert newest.address == ["ul. Inna 1", "42-200 Częstochowa"]
    assert f"{newest.slot:%Y%m%dT%H%MZ}" == slot
    assert sorted(set(newest.methods.values())) == ["in_person", "post"]
    assert "The office looks at your proposal" in text_of(jan.get(case_page(work)))
    assert jan.get(form).status_code == 404


def test_a_counter_proposal_that_changes_nothing_is_refused_at_the_form(work, jan):
    up_to_proposal(work)
    form = f"{case_page(work)}/odbior/inaczej"
    page = jan.get(form).text
    same = dict(re.findall(r'name="(way-\d+)" type="radio" value="(\w+)" checked', page))

    answer = jan.post(form, {"version": "1", **same, "address": "ul. Inna 1"})

    assert answer.status_code == 422
    assert 'href="#ways"' in answer.text
    assert "Nothing is different in this proposal" in text_of(answer)
    assert [row.state for row in work.case.proposals] == ["proposed"]


def test_nobody_accepts_their_own_proposal(work, jan):
    up_to_proposal(work)
    work.counter(Method.POST)

    jan.post(f"{case_page(work)}/odbior", {"version": "2"})

    assert work.case.proposals[-1].state == "proposed"
    with pytest.raises(ConditionMissing, match="nothing-to-answer"), one_transaction() as session:
        answer_handover(
            session, session.get_one(Case, work.case_id), 2,
            equipment=equipment(), act=work.citizen(), doers=frozenset({Doer.CITIZEN}),
        )  # fmt: skip


@pytest.mark.parametrize("countered", [False, True], ids=["agreed to", "answered by another proposal"])
def test_the_office_s_answer_to_a_counter_proposal_comes_into_the_mailbox(work, jan, countered):
    up_to_proposal(work)
    work.counter(Method.POST)
    methods = {item.number: Method.IN_PERSON for item in work.case.items if item.is_owed}
    answer = Arrangement(methods=methods) if countered else None
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        answer_handover(session, case, 2, answer, equipment=equipment(), act=work.act(), doers=frozenset({Doer.CLERK}))

    message = db.session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()
    page = text_of(jan.get(f"/odebrane/{message.public_id}"))

    assert ("The office agrees to what you proposed" in page) is not countered
    assert ("The office proposes how" in page) is countered
    assert message.read_at is None


def test_without_times_on_offer_the_citizen_names_a_day(work, jan, mailbox_app):
    up_to_proposal(work)
    form = f"{case_page(work)}/odbior/inaczej"
    tools = mailbox_app.extensions["equipment"]
    none = dataclasses.replace(tools.settings, office=dataclasses.replace(tools.office, slots=""))
    mailbox_app.extensions["equipment"] = dataclasses.replace(tools, settings=none)
    page = jan.get(form).text
    fields = dict.fromkeys(re.findall(r'name="(way-\d+)"', page), "in_person")

    jan.post(form, {"version": "1", **fields, "day": "w środę po południu"})

    assert 'name="slot"' not in page
    assert work.case.proposals[-1].remark == "Proponowany dzień: w środę po południu."


def test_the_case_page_shows_things_parcels_and_the_permit(work, jan):
    up_to_proposal(work)
    work.accept()

    page = text_of(jan.get(case_page(work)))

    assert "What is in the office now" in page
    assert "New registration plate SC 7A123, 2 pieces" in page
    assert "you collect it in the office" in page
    assert "will be destroyed" in page
    assert said(work.case.permit.valid_until) in page
    work.give()
    assert "The permanent certificate is being made" in text_of(jan.get(case_page(work)))


def test_who_did_not_answer_reads_that_everything_is_collected_in_person(work, jan):
    up_to_proposal(work)
    work.later(30)
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        set_default_handover(session, case, case.version, equipment=equipment(), act=work.act(), doer=Doer.CLERK)

    message = db.session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()
    letter = text_of(jan.get(f"/odebrane/{message.public_id}"))
    page = text_of(jan.get(f"{case_page(work)}/odbior"))

    assert "Set by the office: how it is handed over to you" in letter
    for words in (letter, page):
        assert "has set that you collect everything in person" in words
    assert "The office proposes" not in letter + page
    assert "This is agreed." not in page


def test_the_owner_reads_when_all_was_handed_over_and_then_what_to_bring_for_the_permanent_certificate(work, jan):
    up_to_proposal(work)
    work.accept()
    handover = f"{case_page(work)}/odbior"
    agreed = text_of(jan.get(handover))
    work.give()
    given = text_of(jan.get(handover))
    work.certificate_comes()
    work.write("announce_certificate")
    propose(work)
    anew = text_of(jan.get(handover))

    assert "All of this was handed over to you" not in agreed
    assert f"the last of it on {said(work.act().today)}" in given
    assert "Bring an identity document" not in given
    assert "What to bring with you" not in agreed + given
    assert "What to bring with you Temporary permit" in anew


def test_what_goes_by_post_asks_nobody_whether_they_can_come(work, jan):
    up_to_proposal(work)
    work.accept()
    in_person = text_of(jan.get(f"{case_page(work)}/odbior"))
    work.agree(Method.POST)
    by_post = text_of(jan.get(f"{case_page(work)}/odbior"))

    assert "You cannot come?" in in_person
    assert "You cannot come?" not in by_post
    assert "Is the address wrong?" in by_post


def test_a_proposal_whose_day_has_passed_says_that_it_can_still_be_answered(work, jan):
    up_to_proposal(work)
    with one_transaction() as session:
        session.get_one(Case, work.case_id).proposals[-1].due_on = work.act().today - dt.timedelta(days=1)

    page, case = text_of(jan.get(f"{case_page(work)}/odbior")), text_of(jan.get(case_page(work)))

    assert "Answer by" not in page
    assert "You can still answer" in page
    assert "Choose how you collect, as soon as you can" in case


def test_who_has_everything_back_from_a_refused_case_reads_so_and_when(work, jan):
    up_to_summons(work)
    work.open_letter()
    work.receive()
    work.compare_all()
    work.determine(DeterminationCode.REFUSAL_REASONS, "powody odmowy")
    work.write("refuse", reasons="powody odmowy")
    work.open_letter()
    held = text_of(jan.get(case_page(work)))
    work.give()

    back = text_of(jan.get(case_page(work)))

    assert "Collect what is yours" in held
    assert "you have everything back" in back
    assert f"The last of it was handed over to you on {said(work.act().today)}" in back


def test_the_page_of_the_case_says_that_the_vehicle_card_comes_with_the_permanent_certificate(work, jan):
    work.accept_all(VEHICLE_CARD=Verdict.ACCEPTED)
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()

    page = text_of(jan.get(case_page(work)))

    assert re.search(r"Vehicle card \d\d\.\d\d\.\d{4} comes to you with the permanent registration certificate", page)
