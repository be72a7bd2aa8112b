"""How stored bytes get their row."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import StoredFile


def keep_file(session: Session, sha256: str, size: int, at: dt.datetime) -> None:
    """Record that the bytes named `sha256`, `size` bytes long, are kept. Once is enough; twice does no harm."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(StoredFile)
        .values(sha256=sha256, size=size, stored_at=at)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
