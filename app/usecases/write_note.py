"""A clerk leaves a note in a case for colleagues. It stays, and is never sent to anybody."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.models import Case, Note, authored
from app.usecases.record import record

LONGEST = 4000


def write_note(session: Session, case: Case, text: str, *, act: Act) -> Note:
    """Add a note to `case`. Notes stand beside each other, so no version of the case is asked for.

    Raises:
        BadInput: `note-empty`; `note-too-long` above 4000 characters.
    """
    if not text.strip():
        raise BadInput("note-empty")
    if len(text.strip()) > LONGEST:
        raise BadInput("note-too-long", most=LONGEST)
    note = Note(case_id=case.id, text=text.strip(), **authored(act))
    session.add(note)
    record(session, f"case:{case.id}", "note-written", {"length": len(note.text)}, act=act)
    return note
