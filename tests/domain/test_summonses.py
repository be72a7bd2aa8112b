"""What a summons asks for, until when, and when it is met."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody import Discrepancy
from app.domain.deadlines import Way
from app.domain.documents import Answers, DocumentKind, required_documents
from app.domain.errors import BadInput
from app.domain.items import expected_items
from app.domain.procedures import ProcedureName, Verdict
from app.domain.summonses import (
    WAYS_OF_SUPPLEMENTS,
    WAYS_OF_THINGS,
    Arrival,
    Demand,
    DemandKind,
    Met,
    TermTooShort,
    compose_originals,
    compose_remedy,
    how_far_met,
    originals_term,
    remedy_term,
    summons_due,
    unmet,
)

PLATE = Demand(DemandKind.THING, "PLATE")
CERTIFICATE = Demand(DemandKind.THING, "REG_CERT")


def test_originals_have_fourteen_days_unless_the_office_says_otherwise():
    served = dt.date(2026, 9, 1)

    assert summons_due(served, originals_term()) == dt.date(2026, 9, 15)
    assert summons_due(served, originals_term(21)) == dt.date(2026, 9, 22)


def test_a_summons_that_ends_on_a_saturday_ends_on_the_next_working_day():
    assert summons_due(dt.date(2026, 9, 5), remedy_term()) == dt.date(2026, 9, 14)
    assert summons_due(dt.date(2026, 12, 18), remedy_term()) == dt.date(2026, 12, 28)


@pytest.mark.parametrize("days", [-1, 0, 1, 6])
def test_a_remedy_leaves_no_less_than_seven_days(days):
    with pytest.raises(TermTooShort) as refusal:
        remedy_term(days)

    assert isinstance(refusal.value, BadInput)
    assert (refusal.value.code, refusal.value.details) == ("term-too-short", {"days": days, "least": 7})


def test_a_summons_for_originals_leaves_a_day_at_least():
    assert originals_term(1).length == 1
    with pytest.raises(TermTooShort):
        originals_term(0)


def test_a_thing_cannot_be_demanded_as_data_and_nothing_without_a_way():
    with pytest.raises(BadInput, match="thing-not-electronic"):
        Demand(DemandKind.THING, "PLATE", ways=WAYS_OF_SUPPLEMENTS)
    with pytest.raises(BadInput, match="demand-without-way"):
        Demand(DemandKind.DEFECT, "signature", ways=frozenset())


def test_originals_are_demanded_one_by_one():
    answers = Answers()
    items = expected_items(required_documents(ProcedureName.REGISTRATION, "2022", answers), answers)

    demands = compose_originals(items)

    assert [demand.subject for demand in demands] == ["OWNERSHIP", "INSPECTION", "REG_CERT", "PLATE", "PLATE"]
    assert {demand.ways for demand in demands} == {WAYS_OF_THINGS}


def test_a_remedy_asks_for_what_was_rejected_and_for_nothing_else():
    verdicts = [
        (DocumentKind.OWNERSHIP, Verdict.ACCEPTED, ""),
        (DocumentKind.INSPECTION, Verdict.OUTDATED, "Badanie z maja."),
        (DocumentKind.REG_CERT, Verdict.PENDING, ""),
        (DocumentKind.FEE_PROOF, Verdict.MISSING, ""),
        (DocumentKind.EXCISE, Verdict.NOT_APPLICABLE, ""),
    ]

    demands = compose_remedy(verdicts)

    assert [(one.subject, one.verdict, one.words) for one in demands] == [
        ("INSPECTION", Verdict.OUTDATED, "Badanie z maja."),
        ("FEE_PROOF", Verdict.MISSING, ""),
    ]
    assert all(Way.ELECTRONIC in one.ways for one in demands)


@pytest.mark.parametrize(
    ("arrivals", "met", "left"),
    [
        ([], Met.NOT_AT_ALL, [PLATE, CERTIFICATE, PLATE]),
        ([Arrival("PLATE", Way.COURIER)], Met.PARTLY, [CERTIFICATE, PLATE]),
        ([Arrival("OTHER", Way.COURIER)], Met.NOT_AT_ALL, [PLATE, CERTIFICATE, PLATE]),
        ([Arrival("REG_CERT", Way.ELECTRONIC)], Met.NOT_AT_ALL, [PLATE, CERTIFICATE, PLATE]),
        ([Arrival("REG_CERT", Way.IN_PERSON, Discrepancy.DAMAGED)], Met.NOT_AT_ALL, [PLATE, CERTIFICATE, PLATE]),
        (
            [
                Arrival("PLATE", Way.DESIGNATED_OPERATOR),
                Arrival("PLATE", Way.IN_PERSON),
                Arrival("REG_CERT", Way.COURIER),
            ],
            Met.WHOLLY,
            [],
        ),
    ],
)
def test_a_summons_is_met_by_the_things_themselves_each_once(arrivals, met, left):
    demands = [PLATE, CERTIFICATE, PLATE]

    assert how_far_met(demands, arrivals) is met
    assert list(unmet(demands, arrivals)) == left


def test_a_demand_that_allows_fewer_ways_is_met_first():
    anyhow = Demand(DemandKind.DOCUMENT, "PROXY", ways=WAYS_OF_SUPPLEMENTS)
    by_hand = Demand(DemandKind.DOCUMENT, "PROXY", ways=frozenset({Way.IN_PERSON}))
    came = [Arrival("PROXY", Way.IN_PERSON), Arrival("PROXY", Way.ELECTRONIC)]

    assert how_far_met([anyhow, by_hand], came) is Met.WHOLLY


arrivals_of_any_kind = st.lists(
    st.builds(Arrival, st.sampled_from(["PLATE", "REG_CERT", "OTHER"]), st.sampled_from(Way), st.none()), max_size=8
)


@given(st.lists(st.sampled_from([PLATE, CERTIFICATE]), min_size=1, max_size=5), arrivals_of_any_kind)
def test_what_comes_later_never_undoes_what_came(demands, arrivals):
    left = [len(unmet(demands, arrivals[:count])) for count in range(len(arrivals) + 1)]

    assert left == sorted(left, reverse=True)
    assert len(demands) - left[-1] <= len(arrivals)
