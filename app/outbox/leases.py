"""How long a worker may hold a job, how long a failed one rests, and when it is given up."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.models import Job, JobState

LEASE = dt.timedelta(seconds=120)
"""Longer than a job should take. Whoever holds on longer has died or hangs, and is fenced off by the lease's token."""

MAX_TRIES = 16
"""With the rests below, a job is given up after some nine hours: a night of a mail server that is down."""

_SHORTEST, _LONGEST = 10, 3600


def claimable(at: dt.datetime) -> sa.ColumnElement[bool]:
    """Return which jobs a worker may take at `at`.

    A lease that ends much later than any lease may, or a rest that does, was given by a clock that has been set back
    since. Much later: the clocks of two hosts differ a little, and `at` was read before waiting for the lock.
    """
    free = sa.or_(Job.leased_until.is_(None), Job.leased_until <= at, Job.leased_until > at + 2 * LEASE)
    due = sa.or_(Job.due_at <= at, Job.due_at > at + 2 * dt.timedelta(seconds=_LONGEST))
    return sa.and_(Job.state == JobState.READY, due, free)


def retry_after(tries: int) -> dt.timedelta:
    """Return how long a job rests after its failed try number `tries`: 10 s, doubled each time, at most an hour."""
    return dt.timedelta(seconds=min(_LONGEST, _SHORTEST * 2 ** min(tries - 1, 10)))
