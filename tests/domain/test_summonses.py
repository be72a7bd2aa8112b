"""What a summons asks for, and until when."""

import datetime as dt

import pytest

from app.domain.deadlines import Way
from app.domain.documents import Answers, DocumentKind, required_documents
from app.domain.errors import BadInput
from app.domain.items import expected_items
from app.domain.procedures import ProcedureName, Verdict
from app.domain.summonses import (
    ORIGINALS_DAYS,
    WAYS_OF_SUPPLEMENTS,
    WAYS_OF_THINGS,
    Demand,
    DemandKind,
    TermTooShort,
    compose_originals,
    compose_remedy,
    only_ways,
    summons_due,
    summons_term,
)


def test_originals_have_fourteen_days_unless_the_office_says_otherwise():
    served = dt.date(2026, 9, 1)

    assert summons_due(served, summons_term(ORIGINALS_DAYS)) == dt.date(2026, 9, 15)
    assert summons_due(served, summons_term(21)) == dt.date(2026, 9, 22)


def test_a_summons_that_ends_on_a_saturday_ends_on_the_next_working_day():
    assert summons_due(dt.date(2026, 9, 5), summons_term(7, 7)) == dt.date(2026, 9, 14)
    assert summons_due(dt.date(2026, 12, 18), summons_term(7, 7)) == dt.date(2026, 12, 28)


@pytest.mark.parametrize("days", [-1, 0, 1, 6])
def test_a_remedy_leaves_no_less_than_seven_days(days):
    with pytest.raises(TermTooShort) as refusal:
        summons_term(days, 7)

    assert isinstance(refusal.value, BadInput)
    assert (refusal.value.code, refusal.value.details) == ("term-too-short", {"days": days, "least": 7})


def test_a_summons_for_originals_leaves_a_day_at_least():
    assert summons_term(1).length == 1
    with pytest.raises(TermTooShort):
        summons_term(0)


def test_a_thing_cannot_be_demanded_as_data_and_nothing_without_a_way():
    with pytest.raises(BadInput, match="thing-not-electronic"):
        Demand(DemandKind.THING, "PLATE", ways=WAYS_OF_SUPPLEMENTS)
    with pytest.raises(BadInput, match="demand-without-way"):
        Demand(DemandKind.DEFECT, "signature", ways=frozenset())


def test_originals_are_demanded_one_by_one():
    answers = Answers()
    items = expected_items(required_documents(ProcedureName.REGISTRATION, "2022", answers), answers)

    demands = compose_originals([item.kind for item in items])

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


def test_a_demand_names_its_ways_only_where_they_are_fewer_than_usual():
    assert only_ways(DemandKind.THING, WAYS_OF_THINGS) == ()
    assert only_ways(DemandKind.DOCUMENT, WAYS_OF_SUPPLEMENTS) == ()
    assert only_ways(DemandKind.THING, {Way.COURIER, Way.IN_PERSON}) == (Way.IN_PERSON, Way.COURIER)
    assert only_ways(DemandKind.DOCUMENT, {Way.ELECTRONIC}) == (Way.ELECTRONIC,)
