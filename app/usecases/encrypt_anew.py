"""Encrypting anew, with the first of the data keys, what an earlier one encrypted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.folding import KeyKind
from app.models import CentreAuthority, Citizen, Party, Seal, SearchKey, StaffProfile
from app.usecases import centre, seals, totp
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.record import record
from app.vault import KeyRing

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where a table keeps a sealed value, and in which context it was sealed."""

    column: str
    context: Callable[[Any], str]


SEALED: Mapping[type, Sealed] = {
    Seal: Sealed("key_sealed", lambda _row: seals.CONTEXT),
    CentreAuthority: Sealed("key_sealed", lambda _row: centre.CONTEXT),
    StaffProfile: Sealed("totp_sealed", lambda profile: totp.place(profile.user_id)),
    Citizen: Sealed("pesel_sealed", lambda _row: PESEL_CONTEXT),
    Party: Sealed("pesel_sealed", lambda _row: PESEL_CONTEXT),
}
"""Every table with sealed values."""


def encrypt_anew(session: Session, table: type, after: int, *, ring: KeyRing) -> tuple[int, int | None]:
    """Encrypt anew the next rows of `table`, one of `SEALED`, whose keys are above `after`. Safe to repeat.

    Returns:
        How many values had an earlier key, and the key of the last row; None in its place if there was no row.

    Raises:
        CannotOpen: a value whose key is not in the ring; nothing of this transaction may be kept.
    """
    place = SEALED[table]
    key: sa.Column[int] = sa.inspect(table).primary_key[0]
    column = getattr(table, place.column)
    rows: Sequence[Any] = session.scalars(
        sa.select(table).where(key > after, column.is_not(None)).order_by(key).limit(_BATCH).with_for_update()
    ).all()
    changed = 0
    for row in rows:
        sealed = getattr(row, place.column)
        if ring.is_current(sealed):
            continue
        text = ring.open(sealed, context=place.context(row))
        setattr(row, place.column, ring.seal(text, context=place.context(row)))
        if isinstance(row, Party | Citizen):
            _digest_anew(session, row, ring.digest(text))
        changed += 1
    return changed, getattr(rows[-1], key.name) if rows else None


def note_encrypted_anew(session: Session, count: int, *, act: Act) -> None:
    """Write that `count` values were encrypted anew."""
    record(session, "office", "encrypted-anew", {"count": count}, act=act)


def _digest_anew(session: Session, person: Party | Citizen, digest: str) -> None:
    """Let the person be found by the first key: searches ask for its digest only."""
    before, person.pesel_digest = person.pesel_digest, digest
    if isinstance(person, Party) and before:
        of_case = {"kind": KeyKind.PESEL.value, "case_id": person.case_id}
        session.execute(sa.delete(SearchKey).filter_by(key=before, **of_case))
        session.merge(SearchKey(key=digest, **of_case))
