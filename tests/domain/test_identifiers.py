"""Identifiers of persons, parcels and addresses: read once, never refused, doubts kept. All numbers are test data."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import identifiers as ids
from app.domain.identified import IdentifierKind

PARSERS = [
    ids.parse_vin,
    ids.parse_plate,
    ids.parse_pesel,
    ids.parse_nip,
    ids.parse_regon,
    ids.parse_pesel_or_regon,
    ids.parse_tracking,
    ids.parse_postal_code,
    ids.parse_delivery_address,
    ids.parse_epuap_box,
]


@pytest.mark.parametrize("parse", PARSERS)
@given(st.text(max_size=40))
def test_nothing_that_a_citizen_writes_is_refused(parse, text):
    read = parse(text)

    assert read.as_written == text
    # Reading the value again gives the same value: it is the normal form.
    assert parse(read.value).value == read.value


@pytest.mark.parametrize("parse", PARSERS)
def test_an_empty_field_is_doubtful(parse):
    assert parse("  ").warnings
    assert not parse("  ").is_certain


@pytest.mark.parametrize(
    ("written", "warnings"),
    [
        ("44051401359", ()),
        ("840512 03872", ()),
        ("44051401358", ("pesel-check-digit",)),
        ("4405140135", ("pesel-length",)),
        ("4405140135A", ("pesel-characters",)),
        ("٤٤٠٥١٤٠١٣٥٩", ("pesel-characters",)),
        ("02381307589", ("pesel-date",)),  # the check digit fits, the 38th of no century is no month
        ("", ("pesel-empty",)),
    ],
)
def test_a_pesel_is_judged_by_length_check_digit_and_date(written, warnings):
    assert ids.parse_pesel(written).warnings == warnings
    assert ids.is_valid_pesel(ids.parse_pesel(written).value) == (not warnings)


@pytest.mark.parametrize(
    ("pesel", "born"),
    [
        ("44051401359", dt.date(1944, 5, 14)),
        ("02122401358", dt.date(1902, 12, 24)),
        ("02211307589", dt.date(2002, 1, 13)),
    ],
)
def test_a_pesel_tells_the_birth_date_of_its_century(pesel, born):
    assert ids.birth_date(pesel) == born


def test_a_pesel_of_the_nineteenth_and_the_twenty_second_century_is_read():
    for month, year in (("81", 1899), ("41", 2199), ("61", 2299)):
        body = f"99{month}010001"
        check = str((10 - sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True)) % 10) % 10)
        assert ids.birth_date(body + check).year == year
        assert ids.is_valid_pesel(body + check)


def test_the_tenth_digit_of_a_pesel_tells_the_sex():
    assert ids.is_male("84051203872")
    assert not ids.is_male("02211307589")


def test_a_masked_pesel_shows_neither_month_nor_day():
    assert ids.masked_pesel("84051203872") == "84•••••••72"
    assert ids.masked_pesel("123") == "•••"


@given(st.from_regex(r"\A[0-9]{11}\Z"), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_in_a_pesel_is_always_noticed(number, place, more):
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]

    assert not (ids.is_valid_pesel(number) and ids.is_valid_pesel(wrong))


@pytest.mark.parametrize(
    ("written", "value", "warnings"),
    [
        ("526-10-40-828", "5261040828", ()),
        ("PL 526 104 08 28", "5261040828", ()),
        ("5261040827", "5261040827", ("nip-check-digit",)),
        ("526104082", "526104082", ("nip-length",)),
    ],
)
def test_a_nip_is_read_with_dashes_and_country(written, value, warnings):
    assert (ids.parse_nip(written).value, ids.parse_nip(written).warnings) == (value, warnings)


@pytest.mark.parametrize(
    ("written", "warnings"),
    [
        ("000331501", ()),
        ("123456785", ()),
        ("123456786", ("regon-check-digit",)),
        ("12345678512347", ()),
        ("12345678612347", ("regon-check-digit",)),  # fourteen digits whose first nine are wrong
        ("12345678", ("regon-length",)),
    ],
)
def test_a_regon_of_nine_or_fourteen_digits(written, warnings):
    assert ids.parse_regon(written).warnings == warnings


def test_the_common_field_takes_either_number():
    assert ids.parse_pesel_or_regon("123456785").kind is IdentifierKind.REGON
    assert ids.parse_pesel_or_regon("44051401359").kind is IdentifierKind.PESEL


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("00759007731512000621", "00759007731512000621"),
        ("00159007731100010009", "00159007731100010009"),
        ("00359007734300030000", "00359007734300030000"),
        ("(00) 7 5900773 1 51200062 1", "00759007731512000621"),
        ("R/00159007731100010009", "00159007731100010009"),
    ],
)
def test_domestic_registered_numbers_are_proved_by_their_check_digit(written, value):
    read = ids.parse_tracking(written)

    assert (read.value, read.kind, read.warnings) == (value, IdentifierKind.TRACKING_DOMESTIC, ())
    assert ids.is_valid_domestic(value)
    assert ids.is_registered_letter(value)


@pytest.mark.parametrize("number", ["RR473124829PL", "RR473124850PL", "RR473124885PL", "RR123456785PL"])
def test_s10_numbers_are_proved_by_their_check_digit(number):
    read = ids.parse_tracking(number.lower())

    assert (read.value, read.kind, read.warnings) == (number, IdentifierKind.TRACKING_S10, ())
    assert ids.is_valid_s10(number)


@pytest.mark.parametrize("number", ["00759007731512000622", "RR473124820PL"])
def test_a_wrong_digit_in_a_tracking_number_is_noticed(number):
    assert ids.parse_tracking(number).warnings == ("tracking-check-digit",)
    assert not ids.is_valid_tracking(number)


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z999AA10123456784", "UPS"),
        ("620000000000000000000000", "InPost"),
        ("12345678901", "DHL"),
        ("123456789012", "FedEx"),
        ("1234567890123A", "DPD"),
        ("RR473124829PL", "Poczta Polska"),
    ],
)
def test_couriers_are_suggested_by_the_look_of_their_numbers(number, carrier):
    assert ids.carriers_of(number)[0] == carrier
    assert ids.parse_tracking(number).is_certain


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1234", "tracking-length"),
        ("A" * 41, "tracking-length"),
        ("ąęć 12345", "tracking-characters"),
        ("RR000002011PLRR473124829PL", "tracking-length"),
        ("RR473124829PL00759007731512000621", "tracking-length"),
    ],
)
def test_what_no_carrier_could_have_printed_is_doubtful(written, code):
    assert ids.parse_tracking(written).warnings == (code,)


@pytest.mark.parametrize(
    ("written", "value", "certain"),
    [
        ("42-217", "42-217", True),
        ("42217", "42-217", True),
        ("42 217", "42-217", True),
        ("SW1A 1AA", "SW1A 1AA", False),
    ],
)
def test_a_postal_code_gets_its_dash(written, value, certain):
    read = ids.parse_postal_code(written)

    assert (read.value, read.is_certain) == (value, certain)
    assert ids.is_valid_postal_code(value) == certain


@pytest.mark.parametrize(
    "written", ["AE:PL-12345-67890-ABCDE-12", "ae:pl-12345-67890-abcde-12", "12345 67890 ABCDE 12"]
)
def test_an_address_for_electronic_deliveries_is_read(written):
    assert ids.parse_delivery_address(written).value == "AE:PL-12345-67890-ABCDE-12"
    assert ids.is_valid_delivery_address("AE:PL-12345-67890-ABCDE-12")


def test_other_codes_have_their_forms():
    assert ids.is_valid_terc("2464011")
    assert not ids.is_valid_terc("2464016")
    assert not ids.is_valid_terc("0164011")
    assert ids.is_valid_epuap_box("/umczest/SkrytkaESP")
    assert not ids.parse_epuap_box("umczest").is_certain
    assert not ids.is_valid_delivery_address("AE:PL-12345-67890-ABCD1-12")
