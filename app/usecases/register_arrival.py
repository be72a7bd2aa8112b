"""An envelope that nobody can match to a case gets its number, until somebody finds out where it belongs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.models import Consignment
from app.usecases.receive_items import Envelope, new_arrival
from app.usecases.record import record


def register_arrival(session: Session, envelope: Envelope, contents: str, *, act: Act) -> Consignment:
    """Register an envelope of an unknown case; `contents` says what lies in it.

    Raises BadInput: `contents-missing`, and what `new_arrival` raises.
    """
    if not contents.strip():
        raise BadInput("contents-missing")
    consignment = new_arrival(session, envelope, act=act, contents=contents)
    session.flush()
    record(session, "office", "arrival-registered", {"consignment": consignment.number}, act=act)
    return consignment
