"""Who has a case open now: noted at each reading, asked by the next reader. It warns and proves nothing."""

from __future__ import annotations

import datetime as dt
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Presence
from app.models.statements import dialect_of, insert_in

STAYS = dt.timedelta(minutes=10)
"""Whoever opened a case so long ago may still be reading it."""


def note_presence(session: Session, case_id: int, *, act: Act) -> None:
    """Note that the member of staff who acts has the case open now. One statement, whoever else is there."""
    if act.actor.id is None:
        return
    row = {"case_id": case_id, "user_id": act.actor.id, "seen_at": act.at}
    statement = insert_in(dialect_of(session), cast("sa.Table", Presence.__table__)).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["case_id", "user_id"], set_={"seen_at": act.at}))
