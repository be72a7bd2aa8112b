"""The only reader of the clock."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return this moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
