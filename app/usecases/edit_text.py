"""The office edits the text of a kind of letter. Every version stays; letters that were sent never change."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Stale
from app.letters.texts import FOLDER, parse_text
from app.models import LetterText, authored
from app.usecases.record import record


def edition_of_text(kind: str, edition: str) -> str:
    """Return under which edition the text of `kind` is kept: its own where the program has one for it, else none."""
    return edition if any(FOLDER.glob(f"{kind}.*.txt")) else ""


def versions_of_text(session: Session, kind: str, edition: str) -> list[LetterText]:
    """Return how the office edited the text of `kind` under `edition`, the newest first."""
    return list(
        session.scalars(
            sa.select(LetterText)
            .where(LetterText.kind == kind, LetterText.edition == edition)
            .order_by(LetterText.version.desc())
        )
    )


def edit_text(session: Session, kind: str, edition: str, source: str, version: int, *, act: Act) -> LetterText:
    """Keep `source` as the newest text of `kind` under `edition`; an empty one goes back to the program's own.

    Args:
        session: The session of the transaction.
        kind: A kind of letter.
        edition: The edition of the procedures, or nothing for a text that serves them all.
        source: The text in its markup.
        version: The version that whoever edits has seen; 0 where the program's own was in use.
        act: Who edits, and when.

    Raises:
        Stale: `text-changed`: somebody else edited it since.
        TextRefused: the text makes no letter.
    """
    before = versions_of_text(session, kind, edition)
    newest = before[0].version if before else 0
    if newest != version:
        raise Stale("text-changed")
    if source.strip():
        parse_text(kind, source)
    row = LetterText(
        kind=kind, edition=edition, version=newest + 1, source=source if source.strip() else "", **authored(act)
    )
    session.add(row)
    details = {"kind": kind, "edition": edition, "version": row.version}
    record(session, "office", "letter-text-edited", details, act=act)
    return row
