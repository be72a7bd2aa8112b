"""When a visit can begin: office hours cut into slots, by the clock on the wall."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.holidays import STATUTORY, Calendar
from app.domain.office_hours import MONDAY_TO_FRIDAY, OfficeHours, Slot, last_open_day, parse_office_hours, slots

WARSAW = ZoneInfo("Europe/Warsaw")
SETTING = "pn 8-16:30, wt 8-16, śr 8-16, cz 8-16, pt 8-15; 15 min; 2"
EVERY_DAY = parse_office_hours("pn 8-10, wt 8-10, śr 8-10, cz 8-10, pt 8-10, so 8-10, nd 8-10; 60 min; 2")
MONDAY = dt.date(2026, 9, 7)


def beginnings(hours, first_day, days, taken=None, **kwargs):
    return [slot.begins for slot in slots(hours, first_day, days, taken or {}, **kwargs)]


def on_the_wall(moments):
    return [moment.astimezone(WARSAW).strftime("%d.%m %H:%M") for moment in moments]


def test_the_setting_says_days_slot_and_capacity():
    hours = parse_office_hours(SETTING)

    assert dict(hours.weekdays) == {0: (480, 990), 1: (480, 960), 2: (480, 960), 3: (480, 960), 4: (480, 900)}
    assert (hours.slot_minutes, hours.capacity) == (15, 2)
    assert parse_office_hours(" PN 08:00 – 16:30 ; 15min ;2 ").weekdays[0] == (480, 990)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "hours-parts"),
        ("pn 8-16; 15 min", "hours-parts"),
        ("; 15 min; 2", "hours-empty"),
        ("po 8-16; 15 min; 2", "hours-day"),
        ("pn 8; 15 min; 2", "hours-day"),
        ("pn 8:60-16; 15 min; 2", "hours-day"),
        ("pn 8-16, pn 9-12; 15 min; 2", "hours-twice"),
        ("pn 16-8; 15 min; 2", "hours-order"),
        ("pn 8-25; 15 min; 2", "hours-order"),
        ("pn 8-16; 15; 2", "hours-slot"),
        ("pn 8-16; 0 min; 2", "hours-slot"),
        ("pn 8-9; 90 min; 2", "hours-slot"),
        ("pn 8-16; 15 min; two", "hours-capacity"),
        ("pn 8-16; 15 min; 0", "hours-capacity"),
    ],
)
def test_a_setting_that_cannot_be_read_says_where(text, code):
    with pytest.raises(BadInput) as refusal:
        parse_office_hours(text)

    assert refusal.value.code == code


def test_a_day_is_cut_into_slots_that_end_while_the_office_is_open():
    hours = parse_office_hours("pn 8-9:50; 30 min; 1")

    found = slots(hours, MONDAY, 7, {})

    assert on_the_wall(slot.begins for slot in found) == ["07.09 08:00", "07.09 08:30", "07.09 09:00"]
    assert found[0] == Slot(
        dt.datetime(2026, 9, 7, 6, 0, tzinfo=dt.UTC), dt.datetime(2026, 9, 7, 6, 30, tzinfo=dt.UTC), 1
    )


def test_a_slot_is_offered_while_it_has_room():
    eight = dt.datetime(2026, 9, 7, 8, 0, tzinfo=WARSAW)

    assert [slot.free for slot in slots(EVERY_DAY, MONDAY, 1, {})] == [2, 2]
    assert [slot.free for slot in slots(EVERY_DAY, MONDAY, 1, {eight: 1})] == [1, 2]
    assert on_the_wall(beginnings(EVERY_DAY, MONDAY, 1, {eight: 2})) == ["07.09 09:00"]
    assert on_the_wall(beginnings(EVERY_DAY, MONDAY, 1, {eight: 3})) == ["07.09 09:00"]


def test_nothing_is_offered_before_the_moment_that_is_named():
    nine = dt.datetime(2026, 9, 7, 7, 0, tzinfo=dt.UTC)

    assert on_the_wall(beginnings(EVERY_DAY, MONDAY, 1, not_before=nine)) == ["07.09 09:00"]
    assert beginnings(EVERY_DAY, MONDAY, 1, not_before=nine + dt.timedelta(seconds=1)) == []


def test_nobody_is_asked_to_come_on_a_sunday_or_a_day_off():
    days = {moment.date() for moment in beginnings(EVERY_DAY, dt.date(2026, 12, 23), 6)}

    assert days == {dt.date(2026, 12, 23), dt.date(2026, 12, 28)}
    # A Saturday is no day off where the office says that it is open.
    assert beginnings(EVERY_DAY, dt.date(2026, 9, 12), 1)


@pytest.mark.parametrize("kind", ["extra", "closed"])
def test_nobody_is_asked_to_come_on_a_day_that_a_new_law_made_off_or_on_which_the_office_closed(kind):
    calendar = Calendar(**{kind: {MONDAY: "dzień urzędu"}})

    assert beginnings(EVERY_DAY, MONDAY, 1, calendar=calendar) == []


@pytest.mark.parametrize(
    ("friday", "before", "after"),
    [(dt.date(2026, 3, 27), 7, 6), (dt.date(2026, 10, 23), 6, 7)],
    ids=["to summer time", "to winter time"],
)
def test_the_office_opens_at_eight_before_and_after_the_clocks_change(friday, before, after):
    hours = parse_office_hours("pn 8-9, pt 8-9; 60 min; 1")

    found = beginnings(hours, friday, 4)

    assert [moment.hour for moment in found] == [before, after]
    assert {moment.astimezone(WARSAW).hour for moment in found} == {8}


spans = st.tuples(st.integers(0, 1380), st.integers(60, 600)).map(lambda span: (span[0], min(1440, sum(span))))
any_hours = st.builds(
    OfficeHours, st.dictionaries(st.integers(0, 6), spans, min_size=1), st.integers(5, 60), st.integers(1, 3)
)


@given(any_hours, st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 10))
def test_slots_never_overlap_and_lie_within_the_hours_of_working_days(hours, first_day, days):
    found = slots(hours, first_day, days, {})

    for slot in found:
        wall = slot.begins.astimezone(WARSAW)
        opens, closes = hours.weekdays[wall.weekday()]
        minute = 60 * wall.hour + wall.minute
        assert opens <= minute <= closes - hours.slot_minutes
        assert not STATUTORY.is_day_off(wall.date())
        assert slot.begins.tzinfo is dt.UTC
    assert all(one.ends <= other.begins for one, other in itertools.pairwise(found))


def test_the_last_open_day_is_one_of_the_hours_and_neither_off_nor_closed():
    def last(closed=(), first=dt.date(2026, 12, 1)):
        calendar = Calendar(closed=dict.fromkeys(closed, "remont"))
        return last_open_day(MONDAY_TO_FRIDAY, calendar, first, dt.date(2026, 12, 27))

    # Sunday the 27th; Christmas Eve and both days of Christmas before.
    assert last() == dt.date(2026, 12, 23)
    assert last([dt.date(2026, 12, 23)]) == dt.date(2026, 12, 22)
    assert last(first=dt.date(2026, 12, 24)) is None
