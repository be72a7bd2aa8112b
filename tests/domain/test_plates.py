"""Which plates a vehicle gets, and the numbers of the office's stock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.identified import compact
from app.domain.plates import individual_text, is_stock_number, plate_count, series, stock_kind
from app.domain.vehicles import PlateKind, VehicleClass, is_valid_plate, plate_kinds

OURS = ("SC",)
P = PlateKind


@pytest.mark.parametrize("vehicle_class", VehicleClass)
def test_a_car_bears_two_plates_and_all_others_one(vehicle_class):
    assert plate_count(vehicle_class) == (2 if vehicle_class is VehicleClass.CAR else 1)


@pytest.mark.parametrize(
    ("number", "ours"),
    [
        ("SC12345", True),
        ("SC1234A", True),
        ("SC123AC", True),
        ("SC1A234", True),
        ("SC1AC23", True),
        ("SC1234", True),  # of a motorcycle
        ("SC12A", True),  # of an antique
        ("S123", True),  # reduced: of the voivodeship
        ("S01234", True),  # temporary: of the voivodeship
        ("K01234", False),
        ("SCZ12345", False),  # of the county around the city
        ("SK12345", False),
        ("SC00000", False),
        ("SC123AB", False),
        ("SC123AZ", False),
        ("SC0A234", False),
        ("SC1A000", False),
        ("S0TEST", False),  # individual: made to order
        ("sc12345", False),
        ("", False),
    ],
)
def test_the_stock_holds_numbers_of_the_own_letters(number, ours):
    assert any(is_stock_number(number, kind, OURS) for kind in PlateKind) == ours


def test_a_number_of_the_stock_is_of_one_kind_only():
    assert is_stock_number("SC12A", P.ANTIQUE, OURS)
    assert not is_stock_number("SC12A", P.ORDINARY, OURS)
    assert not is_stock_number("S0TEST", P.INDIVIDUAL, ("SC",))


@pytest.mark.parametrize(
    ("wanted", "vehicle_class", "kind"),
    [
        (P.ORDINARY, VehicleClass.CAR, P.ORDINARY),
        (P.ORDINARY, VehicleClass.TRAILER, P.ORDINARY),
        (P.ORDINARY, VehicleClass.MOPED, P.MOTORCYCLE),
        (P.ANTIQUE, VehicleClass.MOTORCYCLE, P.ANTIQUE),
    ],
)
def test_a_vehicle_gets_plates_of_the_kind_that_the_stock_has_for_it(wanted, vehicle_class, kind):
    assert stock_kind(wanted, vehicle_class) is kind


@pytest.mark.parametrize(
    ("first", "kind", "following"),
    [
        ("SC12345", P.ORDINARY, ["SC12346", "SC12347"]),
        ("SC99998", P.ORDINARY, ["SC99999", "SC0001A"]),
        ("SC9999A", P.ORDINARY, ["SC0001C", "SC0002C"]),
        ("SC9999Y", P.ORDINARY, ["SC001AA", "SC002AA"]),
        ("SC999AA", P.ORDINARY, ["SC001AC", "SC002AC"]),
        ("SC999AY", P.ORDINARY, ["SC001CA", "SC002CA"]),
        ("SC999YY", P.ORDINARY, ["SC1A001", "SC1A002"]),
        ("SC1A999", P.ORDINARY, ["SC2A001", "SC2A002"]),
        ("SC9A999", P.ORDINARY, ["SC1C001", "SC1C002"]),
        ("SC9Y998", P.ORDINARY, ["SC9Y999", "SC1AA01"]),
        ("SC9YY98", P.ORDINARY, ["SC9YY99"]),
        ("SC9999", P.MOTORCYCLE, ["SC001A", "SC002A"]),
        ("SC99Y", P.ANTIQUE, ["SC001", "SC002"]),
        ("S999", P.REDUCED, ["S01A", "S02A"]),
        ("S09999", P.TEMPORARY, ["S10001", "S10002"]),
        ("S99999", P.TEMPORARY, ["S0001A", "S0002A"]),
        ("SCZA999", P.ORDINARY, ["SCZC001", "SCZC002"]),
    ],
)
def test_a_series_goes_on_in_the_order_of_the_layouts(first, kind, following):
    assert list(series(first, 1 + len(following), kind)) == [first, *following]


def test_a_series_ends_where_the_layouts_end():
    with pytest.raises(BadInput) as refusal:
        series("SC9YY98", 3)

    assert (refusal.value.code, refusal.value.details) == ("series-exhausted", {"left": 2})


@pytest.mark.parametrize(
    ("first", "count", "kind", "code"),
    [
        ("SC00000", 1, P.ORDINARY, "series-start"),
        ("SC1234", 1, P.ORDINARY, "series-start"),
        ("XX12345", 1, P.ORDINARY, "series-start"),
        ("S0TEST", 1, P.INDIVIDUAL, "series-start"),
        ("", 1, P.TEMPORARY, "series-start"),
        ("SC12345", 0, P.ORDINARY, "series-length"),
    ],
)
def test_a_series_begins_with_a_number_of_its_kind_and_has_one_at_least(first, count, kind, code):
    with pytest.raises(BadInput, match=code):
        series(first, count, kind)


def test_the_whole_capacity_has_no_number_twice_and_all_are_valid():
    capacity = 99 * 20 + 999

    numbers = series("SC01A", capacity, P.ANTIQUE)

    assert len(set(numbers)) == capacity
    assert numbers[-1] == "SC999"
    assert all(P.ANTIQUE in plate_kinds(number) for number in numbers)
    with pytest.raises(BadInput, match="series-exhausted"):
        series("SC01A", capacity + 1, P.ANTIQUE)


starts = st.sampled_from(["SC00001", "SC9990A", "SC990YY", "SC9A990", "SC1AC20", "SCZA990", "SCZ90AC", "KR90001"])


@given(starts, st.integers(1, 60))
def test_every_number_of_a_series_is_one_of_the_kind_and_the_series_goes_on_from_it(first, count):
    numbers = series(first, count)

    assert all(PlateKind.ORDINARY in plate_kinds(number) for number in numbers)
    assert len(set(numbers)) == count
    assert series(numbers[-1], 2)[1] == series(first, count + 1)[-1]


@pytest.mark.parametrize(
    ("text", "value"), [("ola", "OLA"), ("JANEK", "JANEK"), (" kot-y ", "KOTY"), ("A12", "A12"), ("BOZE1", "BOZE1")]
)
def test_an_owners_own_text_is_letters_and_at_most_two_digits_at_the_end(text, value):
    assert individual_text(text) == value
    assert is_valid_plate(f"S0{value}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB", "individual-length"),
        ("", "individual-length"),
        ("JANECZ", "individual-length"),
        ("QUIZ", "individual-characters"),
        ("ŻABA", "individual-characters"),
        ("A.B.C", "individual-characters"),
        ("A123", "individual-digits"),
        ("123", "individual-digits"),
        ("A1BC", "individual-digits"),
    ],
)
def test_what_plates_cannot_show_is_refused_with_its_reason(text, code):
    with pytest.raises(BadInput, match=code):
        individual_text(text)


@given(st.text("ABQZ09 -ż", max_size=7))
def test_a_text_is_taken_exactly_if_the_number_is_valid(text):
    try:
        value = individual_text(text)
    except BadInput:
        assert PlateKind.INDIVIDUAL not in plate_kinds(f"S0{compact(text)}")
    else:
        assert PlateKind.INDIVIDUAL in plate_kinds(f"S0{value}")
