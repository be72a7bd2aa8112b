"""A new password for a citizen's mailbox."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.passwords import citizen_password_faults
from app.models import Citizen, Door
from app.usecases.record import record
from app.usecases.web_sessions import end_sessions


def refuse_weak(password: str) -> None:
    """Raise BadInput with the code of the first thing that `password` lacks, if any."""
    faults = citizen_password_faults(password)
    if faults:
        raise BadInput(faults[0])


def change_citizen_password(session: Session, citizen: Citizen, new_hash: str, *, spare: int | None, act: Act) -> None:
    """Write a password that was already judged and hashed, and end the citizen's sessions but the `spare` one."""
    citizen.password_hash = new_hash
    citizen.password_changed_at = act.at
    citizen.must_change_password = False
    ended = end_sessions(session, Door.MAILBOX, citizen.id, at=act.at, spare=spare)
    record(session, f"citizen:{citizen.id}", "password-changed", {"citizen": citizen.id, "ended": ended}, act=act)
