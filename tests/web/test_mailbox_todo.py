"""What a citizen is told to do: one answer for each situation, from the table."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.procedures.stages import Stage
from app.views.mailbox.answers import read_day
from app.views.mailbox.situation import Situation
from app.views.mailbox.todo import RULES, todo

pytestmark = pytest.mark.one_database

DAY = dt.date(2026, 12, 15)
AT = dt.datetime(2026, 12, 15, 9, 20, tzinfo=dt.UTC)


def now(stage: Stage = Stage.VERIFICATION, **more: object) -> Situation:
    return Situation(case="AAAAAAAAAAAAAAAA", stage=stage, **more)


# fmt: off
SITUATIONS = (
    (now(unopened="/odebrane/x", open_until=DAY, things=True, due_on=DAY),  "Open the letter",          "/odebrane/x"),
    (now(unopened="/odebrane/x"),                                           "Open the letter",          "/odebrane/x"),
    (now(Stage.REFUSED, to_be_sent_back=True, to_collect=True),             "sends your things back",   "/odbior"),
    (now(Stage.REFUSED, plates=True, due_on=DAY, to_collect=True),          "Return the plates",        "/pytanie"),
    (now(Stage.REFUSED, to_collect=True),                                   "Collect what is yours",    "/pytanie"),
    (now(Stage.CLOSED, to_collect=True),                                    "Collect what is yours",    "#things"),
    (now(Stage.AWAITING_REMEDY, papers=True, due_on=DAY),                   "Send what is missing by",  "/wyslij?"),
    (now(Stage.AWAITING_REMEDY, papers=True, due_on=DAY, late=True),        "Send what is missing, as", "/wyslij?"),
    (now(Stage.AWAITING_ORIGINALS, things=True, due_on=DAY),                "Hand over the originals by", "/oryginaly"),
    (now(Stage.AWAITING_ORIGINALS, things=True, due_on=DAY, late=True),   "Hand over the originals, as", "/oryginaly"),
    (now(Stage.AWAITING_ORIGINALS, things=True, due_on=DAY, announced=True), "Bring or send",           "/oryginaly"),
    (now(Stage.HANDED_OVER, things=True, only_plates=True, not_originals=True, due_on=DAY),
     "Return the plates by", "/oryginaly"),
    (now(Stage.HANDED_OVER, things=True, only_plates=True, not_originals=True, due_on=DAY, late=True),
     "Return the plates, as", "/oryginaly"),
    (now(Stage.PERMANENT_READY, things=True, not_originals=True, due_on=DAY),
     "Hand over what the summons asks for by", "/oryginaly"),
    (now(Stage.PERMANENT_READY, things=True, not_originals=True, due_on=DAY, late=True),
     "Hand over what the summons asks for, as", "/oryginaly"),
    (now(Stage.AGREEING_HANDOVER, asked_how=True, answer_by=DAY),           "Choose how you collect",   "/odbior"),
    (now(Stage.AGREEING_HANDOVER, asked_how=True, answer_by=DAY, answer_late=True), "as soon as you can",  "/odbior"),
    (now(Stage.AGREEING_HANDOVER, counter=True),                            "The office looks at",      "/odbior"),
    (now(Stage.PERMANENT_READY, lent=True, ready=True),                     "Bring the old registration", "/pytanie"),
    (now(Stage.PERMANENT_READY, lent=True, to_collect=True, slot=AT, closed=True), "Do not come on",   "/odbior"),
    (now(Stage.PERMANENT_READY, lent=True, to_collect=True, slot=AT),       "Come with the old",        "/odbior"),
    (now(Stage.PERMANENT_READY, lent=True, ready=True, to_be_posted=True),  "Send the old registration", "/pytanie"),
    (now(Stage.AGREEING_HANDOVER, to_collect=True, slot=AT),                "Come for your things",     "/odbior"),
    (now(Stage.AGREEING_HANDOVER, to_collect=True),                         "Collect your things",      "/odbior"),
    (now(Stage.AGREEING_HANDOVER, to_be_posted=True),                       "sends your things by post", "/odbior"),
    (now(Stage.HANDED_OVER, lost=True, permit_until=DAY),                   "The post lost your parcel", "/pytanie"),
    (now(Stage.AGREEING_HANDOVER, came_back=True, answer_by=DAY),           "did not reach you",        "/pytanie"),
    (now(Stage.AGREEING_HANDOVER, own_turn=True),                           "are being got ready",      ""),
    (now(Stage.HANDED_OVER, papers_later="Excise", permit_until=DAY, permit_over=True), "as soon as you can: Excise",
     "/oryginaly"),
    (now(Stage.HANDED_OVER, papers_later="Excise", permit_until=DAY),       "registration: Excise",     "/oryginaly"),
    (now(Stage.HANDED_OVER, permit_until=DAY, permit_over=True),            "Do not drive",             "/pytanie"),
    (now(Stage.HANDED_OVER, permit_until=DAY),                              "certificate is being made", ""),
    (now(Stage.HANDED_OVER),                                                "certificate is being made", ""),
    (now(Stage.PERMANENT_READY, ready=True),                                "Collect the permanent",    "/pytanie"),
    (now(Stage.PERMANENT_READY),                                            "say how you collect it",   "/pytanie"),
    (now(Stage.AGREEING_HANDOVER, answer_by=DAY, own_turn=True, to_be_served=True), "sends the decision by post", ""),
    (now(Stage.CLOSED, in_post=True),                                       "it is on its way to you",  ""),
    (now(Stage.CLOSED),                                                     "The case is closed",       ""),
    (now(Stage.REFUSED, under_appeal=True),                                 "Your appeal is being looked at", ""),
    (now(Stage.WITHDRAWN, unsigned=True),                                   "Sign the withdrawal",      "/wycofanie"),
    (now(Stage.WITHDRAWN),                                                  "You have withdrawn",       ""),
    (now(Stage.REFUSED, plates_out=True),                                   "will ask you for the plates", ""),
    (now(Stage.REFUSED, comes_back=True, all_back_on=DAY),                  "The case was ended.",      ""),
    (now(Stage.REFUSED, all_back_on=DAY),                                   "you have everything back", ""),
    (now(Stage.TRANSFERRED, all_back_on=DAY),                               "The case was ended.",      ""),
    (now(Stage.REFUSED),                                                    "The case was ended.",      ""),
    (now(Stage.AWAITING_REMEDY, own_turn=True),                             "Read the latest letter",   "/odebrane"),
    (now(),                                                                 "It is the office's turn",  ""),
)
# fmt: on


def test_each_situation_has_its_answer_and_its_address(mailbox_app):
    with mailbox_app.test_request_context(headers={"Accept-Language": "en"}):
        told = [(todo(situation).heading, todo(situation).address) for situation, _, _ in SITUATIONS]

    for (heading, address), (situation, words, where) in zip(told, SITUATIONS, strict=True):
        assert words in heading, situation
        assert (where in address) if where else address == "", situation


def test_every_rule_of_the_table_is_the_answer_to_some_situation():
    used = {next(place for place, rule in enumerate(RULES) if rule.holds(situation)) for situation, _, _ in SITUATIONS}

    assert used == set(range(len(RULES)))


def test_a_day_comes_with_its_consequence_where_something_is_asked(mailbox_app):
    asked = now(Stage.AWAITING_REMEDY, papers=True, due_on=DAY, otherwise="Otherwise.")
    with mailbox_app.test_request_context(headers={"Accept-Language": "en"}):
        answer = todo(asked)

    assert "15\u00a0December 2026" in answer.heading
    assert answer.otherwise == "Otherwise."


@pytest.mark.parametrize("text", ["27.11.2026", "27-11-2026", "27/11/2026", "2026-11-27", " 27 11 2026 "])
def test_a_day_is_read_as_people_write_it(text):
    assert read_day(text) == dt.date(2026, 11, 27)


@pytest.mark.parametrize("text", ["", "jutro", "31.02.2026", "27.11.26", "0.0.0000"])
def test_what_is_no_day_is_not_guessed(text):
    assert read_day(text) is None
