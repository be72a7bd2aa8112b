"""How stored bytes get their row."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.models import StoredFile
from app.models.statements import add_missing
from app.storage import Kept


def keep_file(session: Session, sha256: str, size: int, at: dt.datetime) -> None:
    """Record that the bytes named `sha256`, `size` bytes long, are kept. Once is enough; twice does no harm."""
    keep_files(session, Kept(sha256, size), at=at)


def keep_files(session: Session, *files: Kept, at: dt.datetime) -> None:
    """Record that `files` are kept since `at`."""
    rows = [{"sha256": file.sha256, "size": file.size, "stored_at": at} for file in files]
    add_missing(session, StoredFile, rows, unique="sha256")
