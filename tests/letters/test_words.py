"""Are moments and sizes written as Polish letters write them?"""

from __future__ import annotations

import datetime as dt

import pytest

from app.letters.words import moment_in_words, size_in_words


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
