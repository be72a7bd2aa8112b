"""What both sides agree counts: the newest version, once the other side accepted it."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.delivery import (
    NOTHING_PROPOSED,
    Arrangement,
    CostBearer,
    Method,
    Side,
    accept,
    answer_due,
    counter,
    expire,
    propose,
    send_back,
)
from app.domain.errors import BadInput, Refused

OFFICE, CITIZEN = Side.OFFICE, Side.CITIZEN
DAY = dt.date(2026, 9, 1)
PERMIT, PLATE = 1, 2
IN_PERSON = Arrangement(methods=dict.fromkeys((PERMIT, PLATE), Method.IN_PERSON))
BY_POST = Arrangement(methods=dict.fromkeys((PERMIT, PLATE), Method.POST), address="ul. Polna 1, 42-200 Częstochowa")


def proposed(arrangement=IN_PERSON, by=OFFICE):
    return propose(NOTHING_PROPOSED, by, arrangement, DAY)


def agreed(arrangement=IN_PERSON):
    return accept(proposed(arrangement), CITIZEN, 1, DAY)


def refused(code, function, *arguments):
    with pytest.raises(Refused) as refusal:
        function(*arguments)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("particulars", "code"),
    [
        ({"methods": {}}, "delivery-empty"),
        ({"methods": {PERMIT: Method.POST}}, "delivery-address"),
        ({"methods": {PERMIT: Method.POST, PLATE: Method.IN_PERSON}, "address": "  "}, "delivery-address"),
        ({"methods": {PERMIT: Method.IN_PERSON}, "collector": " "}, "collector-name"),
    ],
)
def test_what_cannot_be_carried_out_is_not_proposed(particulars, code):
    with pytest.raises(BadInput) as refusal:
        Arrangement(**particulars)

    assert refusal.value.code == code


def test_what_is_agreed_goes_by_post_at_the_cost_of_the_owner_and_what_goes_back_at_that_of_the_office():
    at_our_cost = Arrangement(methods={PERMIT: Method.POST}, address="x", cost_bearer=CostBearer.OFFICE)

    refused("delivery-cost", propose, NOTHING_PROPOSED, OFFICE, at_our_cost, DAY)
    back = send_back(NOTHING_PROPOSED, [PERMIT], "x", DAY)

    assert back.accepted.arrangement == at_our_cost
    assert back.awaiting is None
    refused("delivery-address", send_back, NOTHING_PROPOSED, [PERMIT], " ", DAY)


def test_a_proposal_is_frozen():
    methods = {PERMIT: Method.IN_PERSON}
    arrangement = Arrangement(methods=methods)

    methods[PERMIT] = Method.POST

    assert arrangement.methods[PERMIT] is Method.IN_PERSON
    with pytest.raises(TypeError):
        arrangement.methods[PLATE] = Method.POST


def test_only_the_other_side_accepts():
    for side, other in ((OFFICE, CITIZEN), (CITIZEN, OFFICE)):
        refused("nothing-to-answer", accept, proposed(by=side), side, 1, DAY)
        assert accept(proposed(by=side), other, 1, DAY).accepted.version == 1


def test_a_counter_proposal_is_a_new_version_and_only_the_newest_is_accepted():
    agreement = counter(proposed(), CITIZEN, BY_POST, DAY)

    assert [one.by for one in agreement.proposals] == [OFFICE, CITIZEN]
    assert agreement.proposals[0].arrangement == IN_PERSON
    refused("version-superseded", accept, agreement, OFFICE, 1, DAY)
    assert accept(agreement, OFFICE, 2, DAY).accepted.arrangement == BY_POST


def test_who_is_to_answer_answers():
    refused("nothing-to-answer", counter, NOTHING_PROPOSED, CITIZEN, BY_POST, DAY)
    refused("nothing-to-answer", counter, proposed(), OFFICE, BY_POST, DAY)
    refused("nothing-to-answer", counter, agreed(), CITIZEN, BY_POST, DAY)
    refused("nothing-to-answer", accept, NOTHING_PROPOSED, CITIZEN, 1, DAY)
    refused("nothing-to-answer", accept, agreed(), CITIZEN, 1, DAY)
    refused("answer-first", propose, proposed(), CITIZEN, BY_POST, DAY)


def test_a_counter_proposal_is_about_the_same_things():
    refused("items-differ", counter, proposed(), CITIZEN, Arrangement(methods={PERMIT: Method.IN_PERSON}), DAY)


def test_until_a_new_proposal_is_accepted_nothing_goes_out_under_the_old_one():
    agreement = propose(agreed(), CITIZEN, BY_POST, DAY)

    assert agreement.accepted is None
    assert agreement.awaiting is OFFICE
    assert accept(agreement, OFFICE, 2, DAY).accepted.arrangement == BY_POST


def test_what_is_gone_is_proposed_no_more():
    agreement = replace(agreed(), gone=frozenset({PERMIT}))

    refused("item-gone-out", propose, agreement, OFFICE, BY_POST, DAY)
    rest = Arrangement(methods={PLATE: Method.POST}, address="ul. Polna 1")
    assert propose(agreement, OFFICE, rest, DAY).newest.version == 2


def test_a_visit_lies_ahead():
    late = Arrangement(methods={PERMIT: Method.IN_PERSON}, slot=dt.datetime(2026, 8, 31, 21, 59, tzinfo=dt.UTC))
    same_day = Arrangement(methods={PERMIT: Method.IN_PERSON}, slot=dt.datetime(2026, 8, 31, 22, 0, tzinfo=dt.UTC))

    refused("slot-passed", propose, NOTHING_PROPOSED, OFFICE, late, DAY)
    assert proposed(same_day).newest.arrangement.slot is not None


@pytest.mark.parametrize(
    ("visit", "until"),
    [
        (dt.date(2026, 9, 7), dt.date(2026, 9, 4)),  # a Monday: the Friday before
        (dt.date(2026, 9, 30), dt.date(2026, 9, 15)),  # far ahead: fourteen days, as without a visit
        (dt.date(2026, 9, 2), DAY),
        (DAY, DAY),
    ],
)
def test_an_answer_is_due_before_the_visit_that_is_proposed(visit, until):
    slot = dt.datetime.combine(visit, dt.time(22), dt.UTC) - dt.timedelta(hours=16)

    assert answer_due(proposed(replace(IN_PERSON, slot=slot)).newest) == until
    assert answer_due(proposed(replace(BY_POST, slot=slot)).newest) == dt.date(2026, 9, 15)


def test_without_an_answer_in_fourteen_days_everything_is_collected_in_person():
    agreement = proposed(BY_POST)
    assert answer_due(agreement.newest) == dt.date(2026, 9, 15)
    refused("answer-overdue", expire, agreement, dt.date(2026, 9, 15))

    agreement = expire(agreement, dt.date(2026, 9, 16))

    assert agreement.accepted.arrangement.methods == IN_PERSON.methods
    assert agreement.acceptances[-1].by is None
    assert agreement.proposals[0].arrangement == BY_POST
    assert propose(agreement, CITIZEN, BY_POST, dt.date(2026, 9, 17)).awaiting is OFFICE


def test_the_default_holds_only_where_the_owner_was_asked():
    late = DAY + dt.timedelta(days=60)

    refused("nothing-to-answer", expire, NOTHING_PROPOSED, late)
    refused("nothing-to-answer", expire, proposed(by=CITIZEN), late)
    refused("nothing-to-answer", expire, agreed(), late)


class Deliveries(RuleBasedStateMachine):
    """Both sides and the desk do what they like, in any order."""

    def __init__(self):
        super().__init__()
        self.agreement = NOTHING_PROPOSED
        self.day = DAY

    def attempt(self, function, *arguments):
        before = self.agreement
        try:
            self.agreement = function(before, *arguments)
        except Refused:
            self.agreement = before
            return False
        # History is only added to.
        assert self.agreement.proposals[: len(before.proposals)] == before.proposals
        assert self.agreement.acceptances[: len(before.acceptances)] == before.acceptances
        return True

    @rule(
        function=st.sampled_from([propose, counter]),
        by=st.sampled_from(Side),
        methods=st.dictionaries(st.integers(1, 3), st.sampled_from(Method), min_size=1),
    )
    def say(self, function, by, methods):
        self.attempt(function, by, Arrangement(methods=methods, address="ul. Polna 1"), self.day)

    @rule(by=st.sampled_from(Side), back=st.integers(0, 2))
    def agree(self, by, back):
        self.attempt(accept, by, len(self.agreement.proposals) - back, self.day)

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.day += dt.timedelta(days=days)
        self.attempt(expire, self.day)

    @invariant()
    def versions_count_from_one(self):
        assert [one.version for one in self.agreement.proposals] == list(range(1, len(self.agreement.proposals) + 1))

    @invariant()
    def it_is_agreed_or_somebody_is_to_answer_or_nothing_was_said(self):
        agreement = self.agreement
        assert (agreement.newest is None) + (agreement.accepted is not None) + (agreement.awaiting is not None) == 1


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=60, stateful_step_count=25)
