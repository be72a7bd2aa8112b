"""Are moments and sizes written as Polish letters write them?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.letters.words import amount_in_words, day_in_words, moment_in_words, size_in_words, typeset


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2026, 3, 2, 9, 15, 30, tzinfo=dt.UTC), "2 marca 2026 r., godz. 10:15:30"),
        (dt.datetime(2026, 6, 30, 22, 0, 5, tzinfo=dt.UTC), "1 lipca 2026 r., godz. 00:00:05"),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), "25 października 2026 r., godz. 02:30:00 (UTC+0200)"),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), "25 października 2026 r., godz. 02:30:00 (UTC+0100)"),
        (dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC), "1 stycznia 2027 r., godz. 00:00:00"),
    ],
)
def test_a_moment_is_written_in_office_time(at: dt.datetime, words: str) -> None:
    assert moment_in_words(at).replace("\xa0", " ") == words


def test_a_moment_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="aware"):
        moment_in_words(dt.datetime(2026, 3, 2))  # noqa: DTZ001 # what is refused


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 kB"),
        (4312, "4 kB"),
        (1024 * 1024, "1,0 MB"),
        (52_428_800, "50,0 MB"),
    ],
)
def test_a_size_is_said_as_on_the_pages(size: int, words: str) -> None:
    assert size_in_words(size).replace("\xa0", " ") == words


def test_a_day_is_written_with_the_month_in_the_genitive():
    assert day_in_words(dt.date(2026, 10, 1)).replace("\xa0", " ") == "1 października 2026 r."


@pytest.mark.parametrize(
    ("amount", "words"), [("0", "0,00 zł"), ("66.5", "66,50 zł"), ("1234.50", "1 234,50 zł"), ("-3", "-3,00 zł")]
)
def test_an_amount_is_written_in_zlotys(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("loose", "held"),
    [
        ("w terminie i o czasie", "w~terminie i~o~czasie"),
        ("art. 54 § 1 k.p.a. oraz ust. 2 pkt 1", "art.~54~§~1~k.p.a. oraz ust.~2~pkt~1"),
        ("nr 7, ul. Łąkowa 7 m. 3", "nr~7, ul.~Łąkowa 7 m.~3"),
        ("ul. Waszyngtona 5, tel. 34 370 00 00", "ul.~Waszyngtona~5, tel.~34~370~00~00"),
        ("200 zł i 30 dni, 2 marca 2026 r.", "200~zł i~30~dni, 2 marca 2026~r."),
        ("polityka a/a, LOK W. Nowak", "polityka a/a, LOK W. Nowak"),
        ("", ""),
    ],
)
def test_a_line_does_not_end_with_a_word_of_one_letter_or_an_abbreviation(loose: str, held: str) -> None:
    assert typeset(loose).replace("\xa0", "~") == held
