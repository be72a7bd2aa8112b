"""Sending a draft that is a finished package: in one commit it leaves the drafts and becomes a received package."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Channel, Citizen, Message, Package
from app.storage import Kept
from app.usecases.receive_package import Arrival, Sender, receive_package


def mailbox_sender(citizen: Citizen) -> Sender:
    """Return `citizen` as the sender of a package: the user name tells senders apart, also in the receipt."""
    return Sender(Channel.MAILBOX, f"mailbox:{citizen.login}", citizen.name, citizen_id=citizen.id)


def send_upload(session: Session, draft: Message, citizen: Citizen, *, act: Act) -> tuple[Package, bool]:
    """Receive the package that `draft` holds; the draft is gone with the same commit.

    Returns the package and whether it is new: what was sent before is not sent twice.
    """
    data = draft.data
    companion = None
    if data.get("companion_sha256"):
        companion = Kept(str(data["companion_sha256"]), int(data["companion_size"]))
    arrival = Arrival(Kept(str(data["sha256"]), int(data["size"])), str(data["name"]), companion)
    received = receive_package(session, arrival, mailbox_sender(citizen), act=act)
    session.delete(draft)
    return received
