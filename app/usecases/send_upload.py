"""Sending a draft that is a finished package: in one commit it leaves the drafts and becomes a received package."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Channel, Citizen, Folder, Message
from app.storage import Kept
from app.usecases.receive_package import Arrival, Sender, receive_package

DRAFTS = "drafts"
"""Under this name the copy in Sent keeps which drafts it came from: their addresses lead to it."""
REMEMBERED = 20


def mailbox_sender(citizen: Citizen) -> Sender:
    """Return `citizen` as the sender of a package: the user name tells senders apart, also in the receipt."""
    return Sender(Channel.MAILBOX, f"mailbox:{citizen.login}", citizen.name, citizen_id=citizen.id)


def send_upload(session: Session, draft: Message, citizen: Citizen, *, act: Act) -> tuple[int, bool]:
    """Receive the package that `draft` holds; the draft is gone with the same commit, and its copy in Sent knows it.

    Returns the package's id and whether it is new: what was sent before is not sent twice.
    """
    data = draft.data
    companion = None
    if data.get("companion_sha256"):
        companion = Kept(str(data["companion_sha256"]), int(data["companion_size"]))
    arrival = Arrival(Kept(str(data["sha256"]), int(data["size"])), str(data["name"]), companion)
    package_id, new = receive_package(session, arrival, mailbox_sender(citizen), act=act)
    copy = session.scalars(
        sa.select(Message).where(
            Message.citizen_id == citizen.id, Message.package_id == package_id, Message.folder == Folder.SENT
        )
    ).one()
    copy.data = {**copy.data, DRAFTS: [*copy.data.get(DRAFTS, []), draft.public_id][-REMEMBERED:]}
    session.delete(draft)
    return package_id, new


def sent_from(session: Session, citizen: Citizen, public_id: str) -> Message | None:
    """Return the copy in Sent of what was the draft `public_id` of `citizen`, if it was sent."""
    copies = session.scalars(
        sa.select(Message).where(
            Message.citizen_id == citizen.id,
            Message.folder == Folder.SENT,
            # Narrowed down as text, which both databases can; decided below.
            sa.cast(Message.data, sa.Text).contains(public_id, autoescape=True),
        )
    )
    return next((copy for copy in copies if public_id in copy.data.get(DRAFTS, [])), None)
