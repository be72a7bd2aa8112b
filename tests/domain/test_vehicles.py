"""VINs, chassis numbers and plates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identified import IdentifierKind
from app.domain.vehicles import (
    PlateKind,
    VehicleClass,
    is_valid_office_chassis_number,
    is_valid_plate,
    is_valid_vin,
    parse_plate,
    parse_vin,
    plate_as_printed,
    plate_kinds,
    plate_prefix,
    plate_prefixes,
    vehicle_class_of,
    vin_check_digit,
)

K = IdentifierKind


@pytest.mark.parametrize(
    ("written", "value", "kind", "warnings"),
    [
        ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788", K.VIN, ()),
        ("11111111111111111", "11111111111111111", K.VIN, ()),
        ("1m8gdm9a-xkp-042788", "1M8GDM9AXKP042788", K.VIN, ()),
        # A maker who must use the check digit, and one who need not.
        ("1M8GDM9A1KP042788", "1M8GDM9A1KP042788", K.VIN, ("vin-check-digit",)),
        ("LVSHCAMB1CE054249", "LVSHCAMB1CE054249", K.VIN, ()),
        ("TMBJJ7NE8J0123456", "TMBJJ7NE8J0123456", K.VIN, ("vin-check-digit-optional",)),
        ("WVWZZZ1KZAW123156", "WVWZZZ1KZAW123156", K.VIN, ()),
        ("WVWZZZ1KZAWI23156", "WVWZZZ1KZAWI23156", K.VIN, ("vin-letters",)),
        ("WVWZZZ1KZAW12315", "WVWZZZ1KZAW12315", K.CHASSIS_OTHER, ("vin-length",)),
        ("WVWZZZ1KZAW12*156", "WVWZZZ1KZAW12*156", K.CHASSIS_OTHER, ("vin-characters",)),
        ("SCX123260001", "SCX123260001", K.CHASSIS_BY_OFFICE, ()),
        ("SCZ 123 260001", "SCZ123260001", K.CHASSIS_BY_OFFICE, ()),
        ("QQX123260001", "QQX123260001", K.CHASSIS_OTHER, ("vin-length",)),
        ("1234567", "1234567", K.CHASSIS_BY_PRODUCER, ()),
        ("A12345678", "A12345678", K.CHASSIS_BY_PRODUCER, ()),
        ("123456", "123456", K.CHASSIS_OTHER, ("vin-length",)),
    ],
)
def test_a_vehicle_number_is_read_with_its_doubts(written, value, kind, warnings):
    read = parse_vin(written)

    assert (read.value, read.kind, read.warnings) == (value, kind, warnings)


@given(st.from_regex(r"\A[A-HJ-NPR-Z0-9]{17}\Z"))
def test_the_check_digit_makes_every_vin_consistent(vin):
    right = vin[:8] + vin_check_digit(vin) + vin[9:]

    assert is_valid_vin(right)
    assert vin_check_digit(right) == right[8]
    assert parse_vin(right).is_certain


def test_a_check_digit_of_something_else_cannot_be_had():
    with pytest.raises(ValueError, match="not a VIN"):
        vin_check_digit("WVWZZZ1KZAWI23156")


def test_office_numbers_carry_the_letters_of_a_county():
    assert is_valid_office_chassis_number("SCX123260001")
    assert not is_valid_office_chassis_number("SCX12326001")
    assert not is_valid_office_chassis_number("SQX123260001")


P = PlateKind


@pytest.mark.parametrize(
    ("plate", "kinds"),
    [
        ("SC12345", (P.ORDINARY,)),
        ("SC1234A", (P.ORDINARY,)),
        ("SC123AC", (P.ORDINARY,)),
        ("SC1A234", (P.ORDINARY,)),
        ("SC1AC23", (P.ORDINARY,)),
        ("SCZ12AC", (P.ORDINARY, P.MOTORCYCLE)),
        ("SCZA123", (P.ORDINARY, P.MOTORCYCLE)),
        ("SC1234", (P.MOTORCYCLE,)),
        ("SC12A", (P.ANTIQUE,)),
        ("SCZ12", (P.ANTIQUE,)),
        ("S12A", (P.REDUCED,)),
        ("SA1A", (P.REDUCED,)),
        ("S1ABC", (P.INDIVIDUAL,)),
        ("S1ABC12", (P.INDIVIDUAL,)),
        ("S0ADAM", (P.INDIVIDUAL,)),
        ("S01234", (P.TEMPORARY,)),
        ("S0123A", (P.TEMPORARY,)),
        ("W123456", (P.DIPLOMATIC,)),
        ("KR4MN81", (P.ORDINARY,)),
    ],
)
def test_plates_of_every_kind_are_recognised(plate, kinds):
    assert plate_kinds(plate) == kinds
    assert is_valid_plate(plate)


@pytest.mark.parametrize(
    "plate",
    [
        "", "SC", "SC00000", "SC0A234", "SC1B234", "SC1O234", "SC1A000", "SC123456", "S1123", "S1A123", "S1ABCDEF",
        "Q012345", "SCZ10A2B", "sc12345", "SC 12345", "S00000", "W000000", "SCZ1234", "SC١٢٣٤٥",
    ],
)  # fmt: skip
def test_what_the_rules_do_not_know_is_no_plate(plate):
    assert not is_valid_plate(plate)


@pytest.mark.parametrize(
    ("written", "value", "warnings"),
    [
        ("sc 12345", "SC12345", ()),
        ("SC-12345", "SC12345", ()),
        ("SC I2345", "SCI2345", ("plate-layout",)),
        ("B·MW 123", "B·MW123", ("plate-characters",)),
        ("CZA 1234", "CZA1234", ("plate-prefix",)),
        ("SC 00000", "SC00000", ("plate-layout",)),
        (" ", "", ("plate-empty",)),
    ],
)
def test_a_plate_is_read_with_its_doubts(written, value, warnings):
    read = parse_plate(written)

    assert (read.value, read.warnings) == (value, warnings)


@pytest.mark.parametrize(
    ("plate", "printed"),
    [
        ("SC12345", "SC 12345"),
        ("SCZ12AC", "SCZ 12AC"),
        ("S1ABC12", "S1 ABC12"),
        ("S01234", "S0 1234"),
        ("W123456", "W 123456"),
        ("XX", "XX"),
    ],
)
def test_a_plate_is_printed_with_its_space(plate, printed):
    assert plate_as_printed(plate) == printed


def test_counties_are_known_by_their_letters():
    assert plate_prefixes()["SC"] == "Częstochowa"
    assert plate_prefix("SCZ12AC") == "SCZ"
    assert plate_prefix("SC12345") == "SC"
    assert plate_prefix("S1ABC") is None
    assert len(plate_prefixes()) > 400


@given(st.sampled_from(sorted(plate_prefixes())), st.from_regex(r"\A[1-9][0-9]{4}\Z"))
def test_five_digits_fit_behind_the_letters_of_every_county(prefix, digits):
    assert PlateKind.ORDINARY in plate_kinds(prefix + digits)
    assert plate_as_printed(prefix + digits).replace(" ", "") == prefix + digits


@pytest.mark.parametrize(
    ("kind", "vehicle_class"),
    [
        ("samochód osobowy", VehicleClass.CAR),
        ("Samochód ciężarowy", VehicleClass.CAR),
        ("ciągnik siodłowy do naczep", VehicleClass.CAR),
        ("samochód specjalny do przewozu motocykli", VehicleClass.CAR),
        ("MOTOCYKL", VehicleClass.MOTORCYCLE),
        ("motorower", VehicleClass.MOPED),
        ("przyczepa lekka", VehicleClass.TRAILER),
        ("naczepa ciężarowa", VehicleClass.TRAILER),
        ("przyczepa ciężarowa rolnicza", VehicleClass.TRAILER),
        ("ciągnik rolniczy", VehicleClass.TRACTOR),
        ("", VehicleClass.CAR),
    ],
)
def test_the_words_of_the_form_say_which_class_a_vehicle_is_of(kind, vehicle_class):
    assert vehicle_class_of(kind) is vehicle_class
