"""What SQLAlchemy says differently for each database, or without types."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session


def insert_into(session: Session, table: type[Any]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can say what happens on a conflict, in the words of the session's database."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def changed_rows(done: sa.Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return done.rowcount if isinstance(done, CursorResult) else 0
