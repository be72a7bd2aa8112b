"""What the card of a case and the list of a year say: every act once, and how each case was settled."""

from __future__ import annotations

import pytest

from app.domain.custody import Movement
from app.domain.items import ItemKind
from app.extensions import db
from app.reports.office_papers import acts_of, cases_of
from tests.web.case_office import at, work_of

pytestmark = pytest.mark.one_database


def test_the_card_of_a_case_has_each_act_once_with_its_letter_its_verdicts_and_comparisons(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")

        deeds = acts_of(db.session(), work.case)

    summonses = [deed for deed in deeds if "summon" in deed.code]
    assert [(deed.sort, deed.code) for deed in summonses] == [("step", "summon_originals")]
    assert summonses[0].document.startswith("KM.")
    assert {("verdict", "accepted"), ("things", "compared")} <= {(deed.sort, deed.code) for deed in deeds}
    assert all(deed.actor_id == work.clerk.id for deed in deeds if deed.sort in {"step", "verdict"} and deed.actor_id)


def test_the_card_of_a_case_says_what_was_done_with_its_things(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")
        work.move([item for item in work.case.items if item.kind is ItemKind.PLATE], Movement.DESTROYED)

        said = {(deed.code, deed.about) for deed in acts_of(db.session(), work.case) if deed.sort == "things"}

    assert {code for code, _kinds in said} == {"compared", "destroyed"}
    assert ("destroyed", "PLATE") in said


def test_the_list_of_a_year_says_how_a_case_was_settled_and_of_which_vehicle(ready, authority):
    with ready.app_context():
        case = at(work_of(authority), "closed").case

        (listed,) = cases_of(db.session(), case.year, case.case_class)

    assert listed.settled_by == "register"
    assert case.vehicle_label in listed.vehicle
