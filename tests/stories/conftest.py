"""A town for each story: both doors, its people, and a clock that may be put forward."""

from __future__ import annotations

import dataclasses

import pytest

from tests.stories.both_doors import Town
from tests.stories.travelling_clock import TravellingClock


@pytest.fixture
def editions() -> str:
    """What the setting EDITIONS says: the procedure as the office tells its citizens. A story may say `law`."""
    return "sekap"


@pytest.fixture
def settings(settings, editions):
    return dataclasses.replace(settings, editions=editions)


@pytest.fixture
def time(monkeypatch) -> TravellingClock:
    return TravellingClock(monkeypatch)


@pytest.fixture
def town(mailbox_app, office_app, authority, time) -> Town:
    return Town(mailbox_app, office_app, authority, time)
