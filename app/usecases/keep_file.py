"""How stored bytes get their row."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.models import StoredFile
from app.models.statements import insert_into


def keep_file(session: Session, sha256: str, size: int, at: dt.datetime) -> None:
    """Record that the bytes named `sha256`, `size` bytes long, are kept. Once is enough; twice does no harm."""
    session.execute(
        insert_into(session, StoredFile)
        .values(sha256=sha256, size=size, stored_at=at)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
