"""Search keys: what is found by what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case_signs import CaseSign
from app.domain.folding import (
    KeyKind,
    SearchKey,
    fold,
    fold_words,
    is_enough,
    key_of_query,
    keys_for_case,
    prefix_range,
)

SIGN = CaseSign("KM", "5410", 128, 2026)
PESEL = "84051203872"  # invented, with a right check digit
KEYS = keys_for_case(
    SIGN,
    plates=["SC 12345", "kr 4mn81"],
    vins=["TMBJJ7NE8J0123456"],
    tracking_numbers=["(00) 7 5900773 1 51200062 1", "RR473124829PL"],
    pesel_digests=[f"digest of {PESEL}"],
    regons=["240512872"],
    names=["Jan Żółć-Kowalczyk", "Trans-Bud sp. z o.o."],
)


def found_by(query):
    """Whether our case is found: one key of another kind fits, or all words of a name do."""
    guesses = key_of_query(query, unit="KM", pesel_digest=lambda pesel: f"digest of {pesel}")

    def fits(guess):
        return any(key.kind == guess.kind and key.key.startswith(guess.key) for key in KEYS)

    words = [guess for guess in guesses if guess.kind is KeyKind.NAME]
    return any(fits(guess) for guess in guesses if guess.kind is not KeyKind.NAME) or (
        bool(words) and all(map(fits, words))
    )


@pytest.mark.parametrize(
    "query",
    [
        "KM.5410.128.2026", "km 5410 128 2026", "KM.5410.128.2026.AB", "KM54101282026", "128/2026", "128", "KM.5410.12",
        "KM.5410", "128.20", "km 128", "KM 128/2026", "km.128.20", "KM 0128",
        "/KM.5410.128.2026", "KM.5410.128.2026,", "/128", "„128/2026”", "/km 128", "(128)", "/SC 12345", "'Kowalczyk;",
        "SC 12345", "sc12345", "SC-12345", "sc 123", "SC I2345", "KR4MN81", "SC",
        "TMBJJ7NE8J0123456", "tmbjj7ne8jO123456", "TMBJJ7NE8", "123456", "I23456",
        "(00) 7 5900773 1 51200062 1", "00759007731512000621", "00759007", "rr 473 124 829 pl", "RR473124829PL",
        PESEL, "840512 03872",
        "240512872", "240-512-872",
        "Żółć", "zolc", "ŻÓŁĆ-KOWALCZYK", "kowalcz", "jan kowalczyk", "Kowalczyk Jan", "zolckowalczyk",
        "Trans-Bud", "transbud", "trans bud", "Trans-Bud Sp. z o.o.",
    ],
)  # fmt: skip
def test_the_case_is_found_by(query):
    assert found_by(query)


@pytest.mark.parametrize(
    "query",
    [
        "", "  ", "-", "KM.5410.129.2026", "12/2026", "12", "28", "KM.5410.28.2026", "km 12", "SC 128", "km 128/2025",
        "SC 12346", "C12345", "123457",
        "TMBJJ7NE8J0123457", "00759007731512000622", "44051401359", "Nowak", "jan nowak", "anna kowalczyk", "bud-trans",
    ],
)  # fmt: skip
def test_the_case_is_not_found_by(query):
    assert not found_by(query)


def test_a_pesel_itself_never_becomes_a_key():
    assert not any(PESEL in key.key for key in KEYS if key.kind is not KeyKind.PESEL)
    assert KeyKind.PESEL not in {guess.kind for guess in key_of_query(PESEL, unit="KM")}


def test_each_key_of_a_case_is_there_once():
    assert len(KEYS) == len(set(KEYS))
    assert SearchKey(KeyKind.VIN_TAIL, "123456") in KEYS
    assert [key.key for key in KEYS if key.kind is KeyKind.CASE_SIGN] == ["KM.5410.128.2026", "128.2026"]
    assert [key.key for key in KEYS if key.kind is KeyKind.NAME] == [
        "JAN", "Z0LC", "K0WALCZYK", "Z0LCK0WALCZYK", "TRANS", "BUD", "TRANSBUD", "SP", "Z", "00",
    ]  # fmt: skip


def test_empty_values_make_no_keys():
    keys = keys_for_case(SIGN, plates=[""], vins=["", "-"], tracking_numbers=[" "], names=["", "–"])

    assert {key.kind for key in keys} == {KeyKind.CASE_SIGN}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Zażółć gęślą jaźń", "ZAZ0LCGESLAJAZN"),
        ("ŁÓDŹ", "L0DZ"),
        ("o i O I 0 1", "010101"),
        ("O'Brien", "0BR1EN"),
        ("Müller-Lüdenscheidt", "MULLERLUDENSCHE1DT"),
        ("Straße", "STRASSE"),
        ("sc‑12 345", "SC12345"),
        ("Шевченко", "ШЕВЧЕНКО"),
    ],
)
def test_folding_forgives_what_eyes_and_keyboards_confuse(text, key):
    assert fold(text) == key


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_keys_have_letters_and_digits_only(text):
    assert all(c.isalnum() for c in fold(text))
    assert "O" not in fold(text)
    assert "I" not in fold(text)


@given(st.text("aąbcćdeęłńoóśźżABCŁO0I1 -", max_size=20), st.integers(0, 20))
def test_the_beginning_of_a_text_has_the_beginning_of_its_key(text, length):
    assert fold(text).startswith(fold(text[:length]))


@given(st.text(max_size=30))
def test_no_query_is_too_strange_to_guess_at(text):
    for guess in key_of_query(text, unit="KM", pesel_digest=lambda _: "d"):
        assert guess.key


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_the_range_of_a_prefix_holds_exactly_what_begins_with_it(prefix, key):
    low, high = prefix_range(prefix)

    assert (low <= key < high) == key.startswith(prefix)


@pytest.mark.parametrize(
    ("text", "enough"),
    [("", False), (" ", False), (".-/", False), ("a", False), ("ż ", False), ("a b", False), ("I", False),
     ("x-", False), ("ab", True), ("Li", True), ("7", True), ("/7", True), ("S1", True), ("S 1", True),
     ("12/2026", True), ("j kowalski", True)],
)  # fmt: skip
def test_one_letter_or_punctuation_is_not_enough_to_search_by(text, enough):
    assert is_enough(text) is enough


def test_an_empty_prefix_is_refused():
    with pytest.raises(ValueError, match="everything"):
        prefix_range("")


@given(st.lists(st.text("abcłó-", min_size=1, max_size=8), max_size=4))
def test_a_name_is_found_by_each_of_its_words(words):
    name = " ".join(words)

    for guess in key_of_query(name, unit="KM"):
        if guess.kind is KeyKind.NAME:
            assert guess.key in fold_words(name)
