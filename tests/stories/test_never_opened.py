"""A letter that nobody opens counts as served on the right day, over Christmas and over a change of clocks, by HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from app.epackages.application import RequestKind
from tests.stories.both_doors import FILE, PARTY, Town

STOLEN = {"kind": RequestKind.DEREGISTRATION, "ground": "KRADZIEZ"}


def working_day(day: dt.date) -> dt.date:
    """`day`, or the Monday after its weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def stays_unopened(town: Town, last: dt.date, served_on: dt.date) -> None:
    """Jan stays away: he is reminded after a week, until the end of the last day nothing is served, and then it is."""
    town.days_pass((last - town.today()).days)
    assert town.ask(lambda case: [event.kind for event in case.letters[-1].service.events]) == ["arrived", "reminded"]
    assert town.served() == (None, None)

    town.days_pass(1)
    assert town.served() == ("deemed", served_on)


@pytest.mark.parametrize(("editions", "later"), [("sekap", 0), ("law", 1)])
def test_over_christmas_and_then_nothing_is_remedied(town, later):
    """Fourteen days from 11 December end at Christmas: the letter waits until the end of the first working day."""
    arrived = town.wait_for(12, 11, hour=10)
    town.apply(**STOLEN)
    town.take()
    town.verify(REG_CERT="illegible")
    town.write("summon_remedy")
    last = working_day(dt.date(arrived.year, 12, 27))
    stays_unopened(town, last, last + dt.timedelta(days=later))
    due = town.ask(lambda case: case.letters[-1].summons.due_on)
    town.days_pass((due - town.today()).days + 1)
    town.write("leave_unexamined", reasons="Nie uzupełniono dowodu rejestracyjnego.")
    town.confirm()
    town.step("close")

    assert town.ends_with({})
    assert due == working_day(last + dt.timedelta(days=later + 7))


def test_over_the_change_of_clocks_and_then_the_originals_come(town):
    """A letter of half past midnight: counted in hours, its fourteen days would end on the day before."""
    arrived = town.wait_for(10, 20, hour=0, minute=30)
    town.asks_for_originals(opened=False, **STOLEN)
    last = working_day(dt.date(arrived.year, 11, 3))
    stays_unopened(town, last, last)
    town.deregisters_in_person()

    assert town.ends_with({"REG_CERT": FILE, "DECISION": PARTY})
