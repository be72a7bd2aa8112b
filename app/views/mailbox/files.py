"""Files that a citizen may save: proofs, letters, packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Response, send_file

from app.extensions import db
from app.house import equipment
from app.models import StoredFile


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves something, to be downloaded."""

    label: str
    format: str
    size: int | None
    address: str


def sizes_of(names: Sequence[str | None]) -> dict[str, int]:
    """Return the sizes of stored files, in bytes."""
    wanted = [name for name in names if name]
    rows = db.session.execute(sa.select(StoredFile.sha256, StoredFile.size).where(StoredFile.sha256.in_(wanted))).all()
    return {row.sha256: row.size for row in rows}


def stored_file(sha256: str, name: str, media: str) -> Response:
    """Give a stored file as something to save, never to be opened in our origin."""
    plain = "".join(char for char in name if char.isprintable()) or "plik"
    return send_file(equipment().store.open(sha256), media, as_attachment=True, download_name=plain, max_age=0)
