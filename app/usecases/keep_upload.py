"""Keeping a package that a citizen brought but has not sent: a draft, which the office does not answer for yet."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused
from app.models import Citizen, Folder, Message
from app.storage import Kept
from app.usecases.keep_file import keep_file

UPLOAD = "upload"
"""The kind of a draft that is a finished package made elsewhere."""
MOST = 20
"""Drafts of this kind in one mailbox: room for everybody, and no free disk for anybody."""


@dataclass(frozen=True, slots=True)
class Brought:
    """One file as it was brought: safe in the store, under the name its owner gave it."""

    kept: Kept
    name: str


def refuse_more(session: Session, citizen_id: int) -> None:
    """Raise Refused (`too-many-drafts`) where a mailbox is full: asked before its bytes are taken, not only after."""
    if len(session.scalars(_drafts_of(citizen_id)).all()) >= MOST:
        raise Refused("too-many-drafts", most=MOST)


def keep_upload(
    session: Session, citizen: Citizen, package: Brought, companion: Brought | None = None, *, act: Act
) -> Message:
    """Put `package` (and the signature beside it, `companion`) into the drafts of `citizen`.

    The same bytes brought again are the draft that is already there.

    Raises:
        Refused: `too-many-drafts`, with the number that is allowed.
    """
    session.execute(sa.select(Citizen.id).where(Citizen.id == citizen.id).with_for_update())
    data = _files(package, companion)
    drafts = session.scalars(_drafts_of(citizen.id)).all()
    for draft in drafts:
        if [draft.data.get("sha256"), draft.data.get("companion_sha256")] == [
            data["sha256"],
            data.get("companion_sha256"),
        ]:
            return draft
    if len(drafts) >= MOST:
        raise Refused("too-many-drafts", most=MOST)
    for brought in (package, companion):
        if brought is not None:
            keep_file(session, brought.kept.sha256, brought.kept.size, act.at)
    draft = Message(citizen_id=citizen.id, folder=Folder.DRAFTS, kind=UPLOAD, data=data, at=act.at, read_at=act.at)
    session.add(draft)
    session.flush()
    return draft


def _drafts_of(citizen_id: int) -> sa.Select[Message]:
    return sa.select(Message).where(
        Message.citizen_id == citizen_id, Message.folder == Folder.DRAFTS, Message.kind == UPLOAD
    )


def _files(package: Brought, companion: Brought | None) -> dict[str, str | int]:
    data: dict[str, str | int] = {
        "sha256": package.kept.sha256,
        "size": package.kept.size,
        "name": package.name[:255],
    }
    if companion is not None:
        data["companion_sha256"] = companion.kept.sha256
        data["companion_size"] = companion.kept.size
        data["companion_name"] = companion.name[:255]
    return data
