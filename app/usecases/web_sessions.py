"""How a log-in becomes a row, and what ends it: log-out, a new password, disabling, other rights."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Door, WebSession
from app.models.statements import changed_rows

AGENT_LENGTH = 200


def digest_of(token: str) -> str:
    """Return what the database keeps of a session token: who reads the table cannot use a session."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_web_session(
    session: Session, door: Door, person_id: int, token: str, *, lasts: int, agent: str, act: Act
) -> WebSession:
    """Write the row of a log-in that ends after `lasts` seconds at the latest. `person_id` is of the door's table."""
    row = WebSession(
        token_digest=digest_of(token),
        door=door,
        user_id=person_id if door is Door.OFFICE else None,
        citizen_id=person_id if door is Door.MAILBOX else None,
        data={},
        created_at=act.at,
        seen_at=act.at,
        ends_at=act.at + dt.timedelta(seconds=lasts),
        address=act.address,
        agent=agent[:AGENT_LENGTH],
    )
    session.add(row)
    session.flush()
    return row


def live_sessions(door: Door, person_id: int, at: dt.datetime, idle: int) -> sa.Select[WebSession]:
    """Return the query of one person's sessions that are neither ended nor past their limits (`idle` in seconds)."""
    return (
        sa.select(WebSession)
        .where(
            _belonging(door, person_id),
            WebSession.ended_at.is_(None),
            WebSession.ends_at > at,
            WebSession.seen_at > at - dt.timedelta(seconds=idle),
        )
        .order_by(WebSession.seen_at.desc(), WebSession.id.desc())
    )


def end_sessions(
    session: Session,
    door: Door,
    person_id: int,
    *,
    at: dt.datetime,
    only: int | None = None,
    spare: int | None = None,
) -> int:
    """End the sessions of one person: all, `only` one, or all but the `spare` one. Returns how many ended."""
    query = sa.update(WebSession).where(_belonging(door, person_id), WebSession.ended_at.is_(None))
    if only is not None:
        query = query.where(WebSession.id == only)
    if spare is not None:
        query = query.where(WebSession.id != spare)
    done = session.execute(query.values(ended_at=at), execution_options={"synchronize_session": False})
    return changed_rows(done)


def sweep_sessions(session: Session, at: dt.datetime) -> int:
    """Delete rows that ended a month ago; until then they show where somebody was logged in. Returns how many."""
    before = at - dt.timedelta(days=30)
    done = session.execute(sa.delete(WebSession).where(WebSession.ends_at < before))
    return changed_rows(done)


def _belonging(door: Door, person_id: int) -> sa.ColumnElement[bool]:
    owner = WebSession.user_id if door is Door.OFFICE else WebSession.citizen_id
    return owner == person_id
