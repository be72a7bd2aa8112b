"""A citizen has read what lies in the mailbox; the first time counts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Case, Folder, Message


def read_message(message: Message, *, act: Act) -> None:
    """Mark `message` as read."""
    message.read_at = message.read_at or act.at


def read_proposals(session: Session, case: Case, *, act: Act) -> None:
    """Mark word of the office's proposals in `case` as read: the owner has answered."""
    wanted = sa.select(Message).where(
        Message.case_id == case.id, Message.folder == Folder.RECEIVED, Message.kind.in_(("proposal", "reminder"))
    )
    for message in session.scalars(wanted):
        read_message(message, act=act)
