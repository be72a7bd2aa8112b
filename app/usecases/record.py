"""How an event gets into the audit trail: in the verb's own transaction, chained to the event before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import evidence
from app.domain.acts import Act
from app.models import AuditEvent
from app.models.statements import add_rows, dialect_of

TRAIL = 5411
"""Held by everybody who records, shared, and by who seals, alone: a seal must not overtake an open transaction."""

_WRITTEN = "okienko_written"
_LAST = (
    sa.select(AuditEvent.seq, AuditEvent.hash)
    .where(AuditEvent.chain == sa.bindparam("chain"))
    .order_by(AuditEvent.seq.desc())
    .limit(1)
)
# Two statements: what is read after waiting must see what was committed meanwhile.
_WAIT = sa.select(
    sa.func.pg_advisory_xact_lock_shared(TRAIL),
    sa.func.pg_advisory_xact_lock(sa.bindparam("turn", type_=sa.BigInteger)),
)


@dataclass(frozen=True, slots=True)
class Last:
    """The end of a chain."""

    seq: int
    hash: str


def record(
    session: Session, chain: str, action: str, details: Mapping[str, Any], *, act: Act, begins: bool = False
) -> None:
    """Write that `act.actor` did `action` to what `chain` names (`case:12`, `package:7`, `office`).

    `details` are text, whole numbers, booleans, null, lists and objects of these; personal data no more than needed.
    Whoever records in the same chain at the same time waits for this transaction. `begins`: what the chain is about
    was made in this transaction, so there is no event before.

    Raises:
        TypeError: a detail that JSON cannot carry exactly.
    """
    written = _written(session)
    last = written.get(chain)
    if last is None and not (begins and written):
        _wait_for_turn(session, chain)
    if last is None and not begins:
        found = session.execute(_LAST, {"chain": chain}).one_or_none()
        last = Last(*found) if found else None
    event = evidence.Event(
        chain=chain,
        seq=last.seq + 1 if last else 1,
        at=act.at,
        actor_kind=act.actor.kind.value,
        actor_id=act.actor.id,
        actor_name=evidence.plain(act.actor.name),
        address=act.address,
        request_id=act.request_id,
        action=action,
        details=evidence.plain(details),
        previous=last.hash if last else evidence.FIRST,
    )
    row = {name: getattr(event, name) for name in evidence.Event.__slots__}
    written[chain] = Last(event.seq, event.digest())
    add_rows(session, AuditEvent, [{**row, "hash": written[chain].hash}])


def _written(session: Session) -> dict[str, Last]:
    """Return the last event that this transaction wrote in each chain: those chains are held already."""
    transaction = session.connection().get_transaction()
    known, written = session.info.get(_WRITTEN, (None, {}))
    if known is not transaction:
        written = {}
        session.info[_WRITTEN] = (transaction, written)
    return cast("dict[str, Last]", written)


def _wait_for_turn(session: Session, chain: str) -> None:
    """On PostgreSQL, wait for the others of this chain; on SQLite the writer is alone anyway."""
    if dialect_of(session) == "postgresql":
        turn = int.from_bytes(hashlib.sha256(chain.encode()).digest()[:8], "big", signed=True)
        session.execute(_WAIT, {"turn": turn})
