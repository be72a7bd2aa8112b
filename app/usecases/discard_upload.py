"""Throwing a draft away: what its owner never sent, the office does not keep."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Folder, Message, Package, PackageMember, Receipt, StoredFile

_FILES = ("sha256", "companion_sha256")


def discard_upload(session: Session, draft: Message) -> tuple[str, ...]:
    """Delete `draft` and the rows of files that nothing else needs.

    Returns the SHA-256 of those files, for the caller to move their bytes aside after the commit.
    """
    files = [str(draft.data[name]) for name in _FILES if draft.data.get(name)]
    session.delete(draft)
    session.flush()
    unneeded = tuple(sha256 for sha256 in dict.fromkeys(files) if not _needed(session, sha256))
    if unneeded:
        session.execute(sa.delete(StoredFile).where(StoredFile.sha256.in_(unneeded)))
    return unneeded


def _needed(session: Session, sha256: str) -> bool:
    """Tell whether a package, a receipt or another draft rests on these bytes."""
    uses = (
        sa.select(Package.id).where((Package.sha256 == sha256) | (Package.companion_sha256 == sha256)),
        sa.select(PackageMember.id).where(PackageMember.sha256 == sha256),
        sa.select(Receipt.id).where((Receipt.xml_sha256 == sha256) | (Receipt.pdf_sha256 == sha256)),
        sa.select(Message.id).where(
            Message.folder == Folder.DRAFTS, sa.or_(*(Message.data[name].as_string() == sha256 for name in _FILES))
        ),
    )
    return any(session.scalar(query.limit(1)) is not None for query in uses)
