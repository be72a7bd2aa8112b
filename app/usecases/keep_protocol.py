"""The paper of a handing over is kept, the protocol of a visit or the letter in a parcel: it never changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.models import Consignment
from app.storage import Kept
from app.usecases.keep_file import keep_file


def keep_protocol(session: Session, visit: Consignment, kept: Kept, *, act: Act) -> Consignment:
    """Give `visit`, or a parcel, the paper whose bytes are safe in the store. One that has a paper keeps it."""
    if visit.protocol_sha256 is None:
        keep_file(session, kept.sha256, kept.size, act.at)
        visit.protocol_sha256 = kept.sha256
    return visit
