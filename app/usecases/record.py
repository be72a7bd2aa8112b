"""How an event gets into the audit trail: in the verb's own transaction, chained to the event before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import evidence
from app.domain.acts import Act
from app.models import AuditEvent
from app.models.statements import dialect_of, leave, leave_rows, of_transaction, write_left

TRAIL = 5411
"""Held by everybody who records, shared, and by who seals, alone: a seal must not overtake an open transaction."""

_RECORDED = "okienko_recorded"
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


@dataclass(slots=True)
class Recorded:
    """What one transaction recorded so far, in its order, and which chains begin with it."""

    events: list[dict[str, Any]] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)


def record(
    session: Session, chain: str, action: str, details: Mapping[str, Any], *, act: Act, begins: bool = False
) -> None:
    """Record that `act.actor` did `action` to what `chain` names (`case:12`, `package:7`, `office`).

    `details` are text, whole numbers, booleans, null, lists and objects of these; personal data no more than needed.
    It is written where the transaction ends, all of it at once: whoever records in the same chain at the same time
    waits no longer than a commit takes. `begins`: what the chain is about was made in this transaction, so there is
    no event before.

    Raises:
        TypeError: a detail that JSON cannot carry exactly.
    """
    recorded = of_transaction(session, _RECORDED, Recorded)
    if begins:
        recorded.begun.add(chain)
    recorded.events.append({
        "chain": chain,
        "at": act.at,
        "actor_kind": act.actor.kind.value,
        "actor_id": act.actor.id,
        "actor_name": evidence.plain(act.actor.name),
        "address": act.address,
        "request_id": act.request_id,
        "action": action,
        "details": evidence.plain(details),
    })  # fmt: skip


@sa.event.listens_for(Session, "before_commit", insert=True)  # before `write_left`, which writes it
def _write_recorded(session: Session) -> None:
    """Write what was recorded in the transaction that ends, each event chained to the one before."""
    if _RECORDED not in session.info or not (recorded := of_transaction(session, _RECORDED, Recorded)).events:
        return
    last = _ends(session, recorded)
    rows = []
    for said in recorded.events:
        before = last[said["chain"]]
        event = evidence.Event(**said, seq=before.seq + 1, previous=before.hash)
        last[event.chain] = Last(event.seq, event.digest())
        rows.append({**{name: getattr(event, name) for name in event.__slots__}, "hash": last[event.chain].hash})
    del session.info[_RECORDED]
    leave_rows(session, AuditEvent, *rows)


def _ends(session: Session, recorded: Recorded) -> dict[str, Last]:
    """Return the end of each chain that `recorded` goes on with, once it is its turn there.

    In the order of their names, so that of two transactions in the same two chains none waits for the other.
    """
    ends = dict.fromkeys(sorted({said["chain"] for said in recorded.events}), Last(0, evidence.FIRST))
    known = [chain for chain in ends if chain not in recorded.begun]
    _wait_for_turn(session, known or list(ends)[:1])
    if known:
        write_left(session)
    for chain in known:
        if found := session.execute(_LAST, {"chain": chain}).one_or_none():
            ends[chain] = Last(*found)
    return ends


def _wait_for_turn(session: Session, chains: Iterable[str]) -> None:
    """On PostgreSQL, wait for the others of these chains, and for a seal; on SQLite the writer is alone anyway."""
    if dialect_of(session) != "postgresql":
        return
    for chain in chains:
        turn = int.from_bytes(hashlib.sha256(chain.encode()).digest()[:8], "big", signed=True)
        leave(session, _WAIT, {"turn": turn})
