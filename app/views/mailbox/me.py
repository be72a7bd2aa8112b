"""Who asks, and what is theirs: every object of the mailbox is loaded through here, or is not there."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Case, Citizen, Folder, Letter, LetterState, Message
from app.views.sessions import current_citizen


def me() -> Citizen:
    """Return the citizen who is logged in. The doorkeeper has let nobody else this far."""
    citizen = current_citizen()
    if citizen is None:
        abort(404)
    return citizen


def my_message(public_id: str, folder: Folder) -> Message:
    """Return my message, or 404: also for somebody else's, and for one in another folder."""
    message: Message | None = db.session.scalars(
        sa.select(Message)
        .options(joinedload(Message.package), joinedload(Message.receipt), joinedload(Message.case))
        .where(Message.public_id == public_id, Message.citizen_id == me().id, Message.folder == folder)
    ).one_or_none()
    if message is None:
        abort(404)
    return message


def my_letter(public_id: str) -> Letter:
    """Return the letter that my message brings, or 404."""
    letter: Letter | None = db.session.scalars(
        sa.select(Letter)
        .join(Message, Message.id == Letter.message_id)
        .options(joinedload(Letter.service), joinedload(Letter.case), joinedload(Letter.message))
        .where(
            Message.public_id == public_id,
            Message.citizen_id == me().id,
            Message.folder == Folder.RECEIVED,
            Letter.state == LetterState.SENT,
        )
    ).one_or_none()
    if letter is None:
        abort(404)
    return letter


def my_case(public_id: str) -> Case:
    """Return my case, or 404."""
    case: Case | None = db.session.scalars(
        sa.select(Case).options(joinedload(Case.clerk)).where(Case.public_id == public_id, Case.citizen_id == me().id)
    ).one_or_none()
    if case is None:
        abort(404)
    return case
