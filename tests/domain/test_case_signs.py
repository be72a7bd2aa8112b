"""Case signs: written one way, read in many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case_signs import CaseSign, parse_case_sign, recognise_case_sign
from app.domain.errors import BadInput

SIGN = CaseSign("KM", "5410", 128, 2026)

signs = st.builds(
    CaseSign,
    st.text("ABCDEFGHIJKLMNOPRSTUWYZ", min_size=1, max_size=5),
    st.from_regex(r"\A[0-9]{3,4}\Z"),
    st.integers(1, 999_999),
    st.integers(2000, 2099),
)


@given(signs)
def test_a_sign_comes_back_from_its_written_form(sign):
    assert parse_case_sign(str(sign)) == sign
    assert recognise_case_sign(str(sign)) == sign


@pytest.mark.parametrize(
    "written",
    [
        "KM.5410.128.2026",
        " km.5410.128.2026 ",
        "KM 5410 128 2026",
        "KM\N{NO-BREAK SPACE}5410\N{NO-BREAK SPACE}128\N{NO-BREAK SPACE}2026",
        "KM-5410-128-2026",
        "km/5410/00128/2026",
        "KM.5410.128.2026.AB",
        "KM.5410.128.2026.",
        "KM54101282026",
        "5410.128.2026",
        "128/2026",
        "128.2026",
        "00128 / 2026",
    ],
)
def test_what_people_type_and_scan_is_recognised(written):
    assert recognise_case_sign(written) == SIGN


@pytest.mark.parametrize(
    "written",
    ["", "KM", "KM.5410", "KM.5410.128", "128", "KM.5410.0.2026", "Kowalski", "SC 12345", "KM.5410.128.20266"],
)
def test_a_beginning_of_a_sign_or_something_else_is_no_sign(written):
    assert recognise_case_sign(written) is None


@pytest.mark.parametrize("written", ["KM.٥٤١٠.1.2026", "KM.5410.１.2026", "٥٤١٠.1.2026", "1٢/2026"])
def test_digits_of_other_scripts_make_no_sign(written):
    assert recognise_case_sign(written) is None


@pytest.mark.parametrize("written", ["km.5410.128.2026", "KM.5410.0128.2026", "KM.5410.128.2026\n", "KM.5410.١٢٨.2026"])
def test_the_strict_reading_takes_only_its_own_form(written):
    with pytest.raises(BadInput, match="case-sign-unreadable"):
        parse_case_sign(written)


def test_a_sign_that_could_not_be_read_again_cannot_be_made():
    with pytest.raises(ValueError, match="not a case sign"):
        CaseSign("KM.X", "5410", 1, 2026)


def test_an_office_with_another_unit_has_its_own_short_forms():
    assert recognise_case_sign("7/2026", unit="WK", klass="5411") == CaseSign("WK", "5411", 7, 2026)
    assert SIGN.short == "128/2026"
