"""Passwords: the citizens' published rule, and the staff's."""

import pytest

from app.domain.passwords import citizen_password_faults, staff_password_faults, strength


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Kotek123", ()),
        ("Żółw1234", ()),
        ("Ko tek 1!", ()),
        ("kotek123", ("password-no-upper",)),
        ("KOTEK123", ("password-no-lower",)),
        ("KotekKotek", ("password-no-digit",)),
        ("Kotek12", ("password-too-short",)),
        ("", ("password-too-short", "password-no-lower", "password-no-upper", "password-no-digit")),
        ("Aa1" * 100, ("password-too-long",)),
    ],
)
def test_citizens_have_the_rule_that_the_city_published(password, faults):
    assert citizen_password_faults(password) == faults


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("zielony-czajnik-drze-mapy", ()),
        ("Kx7#pQ2v!mL9", ()),
        ("Kx7#pQ2v", ("password-too-short",)),
        ("passwordpassword", ("password-guessable",)),
        ("Czestochowa2026", ("password-guessable",)),
        ("rejestracjapojazdu", ("password-guessable",)),
        ("x" * 300, ("password-too-long",)),
    ],
)
def test_staff_need_twelve_characters_that_are_hard_to_guess(password, faults):
    assert staff_password_faults(password) == faults


def test_the_owners_own_name_makes_a_password_weak():
    password = "marcelinazielinska"

    assert staff_password_faults(password) == ()
    assert staff_password_faults(password, ["Marcelina Zielinska", "m.zielinska@example.pl"]) == ("password-guessable",)


def test_a_very_long_password_is_measured_without_complaint():
    assert strength("zielony czajnik drze mapy " * 9) == 4
    assert strength("") == 0
