"""The one clock of the program, which a story may put forward: days pass for both doors and the worker alike."""

from __future__ import annotations

import datetime as dt

import pytest

from app import clock
from app.domain.acts import OFFICE_ZONE


class TravellingClock:
    """Stands where `app/clock.py` has the module `datetime`: the true time, and as much more as the story says."""

    UTC = dt.UTC

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.datetime = self
        self._ahead = dt.timedelta(0)
        monkeypatch.setattr(clock, "dt", self)

    def now(self, zone: dt.tzinfo) -> dt.datetime:
        """Answer what `app/clock.py` asks."""
        return dt.datetime.now(zone) + self._ahead

    def forward(self, by: dt.timedelta) -> None:
        assert by > dt.timedelta(0), "time does not run backwards"
        self._ahead += by

    def a_day(self) -> None:
        """Go on to the same hour of the next day, as the clock on the wall shows it."""
        here = clock.now().astimezone(OFFICE_ZONE)
        self.forward((here + dt.timedelta(days=1)).astimezone(dt.UTC) - here.astimezone(dt.UTC))

    def forward_to(self, month: int, day: int, hour: int, minute: int = 0) -> dt.date:
        """Go on to the next such moment in the office; returns its day."""
        now = clock.now()
        year = now.astimezone(OFFICE_ZONE).year
        moments = [dt.datetime(one, month, day, hour, minute, tzinfo=OFFICE_ZONE) for one in (year, year + 1)]
        self.forward(next(moment for moment in moments if moment > now) - now)
        return clock.today()
