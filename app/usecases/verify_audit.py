"""Whether the audit trail is as it was written: every chain from its first event, every seal from the first one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sqlalchemy.orm import Session

from app.domain import evidence
from app.models import AuditEvent, AuditSeal, Seal

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing wrong in one chain, or with one seal.

    `row` is the number of the event (or of the seal); `problem` is a code: `altered`, `gap`, `unlinked`, `count`,
    `root`, `seal-gap`, `seal-unlinked`, `signature`.
    """

    chain: str
    row: int
    problem: str
    sentence: str


def verify_audit(session: Session) -> list[Broken]:
    """Return what is broken, the first bad row of each chain and each bad seal; nothing, if the trail is whole."""
    begin_long_look(session)
    return [*_chains(session), *_seals(session)]


def begin_long_look(session: Session) -> None:
    """Let this transaction read as long as it takes, and see one moment throughout, while the office goes on."""
    if session.get_bind().dialect.name != "postgresql":
        return
    if not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))


def _chains(session: Session) -> Iterator[Broken]:
    rows = session.execute(
        sa.select(AuditEvent.__table__).order_by(AuditEvent.chain, AuditEvent.seq).execution_options(yield_per=_BATCH)
    )
    for chain, events in groupby(rows, key=lambda row: row.chain):
        expected, previous = 1, evidence.FIRST
        for row in events:
            problem = _problem(row, expected, previous)
            if problem:
                yield Broken(chain, row.id, *problem)
                break
            expected, previous = row.seq + 1, row.hash


def _problem(row: sa.Row[tuple[object, ...]], expected: int, previous: str) -> tuple[str, str] | None:
    if row.seq != expected:
        return "gap", f"event {row.seq} of {row.chain} stands where event {expected} should: something was removed"
    if row.previous != previous:
        return "unlinked", f"event {row.seq} of {row.chain} (row {row.id}) does not follow the event before it"
    event = evidence.Event(**{name: getattr(row, name) for name in evidence.Event.__slots__})
    if event.digest() != row.hash:
        return "altered", f"event {row.seq} of {row.chain} (row {row.id}) was changed after it was written"
    return None


def has_seal(session: Session, number: int, root: str) -> bool:
    """Return whether the trail has the seal `number` over `root` (hex), as a daily report names it.

    A trail whose end was cut off together with its seals is whole in itself, and has not.
    """
    return session.scalar(sa.select(AuditSeal.root).where(AuditSeal.id == number)) == root.lower()


def _seals(session: Session) -> Iterator[Broken]:
    after, previous_root, expected = 0, evidence.FIRST, 1
    certificates = {row.id: row.certificate for row in session.execute(sa.select(Seal.id, Seal.certificate))}
    for seal in session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)).all():
        problem = (
            _order_problem(seal, expected, after, previous_root)
            or _signature_problem(seal, certificates.get(seal.seal_id))
            or _root_problem(session, seal, after)
        )
        if problem:
            yield Broken("seal", seal.id, problem[0], f"seal {seal.id}: {problem[1]}")
        after, previous_root, expected = seal.last_event_id, seal.root, seal.id + 1


def _order_problem(seal: AuditSeal, expected: int, after: int, previous_root: str) -> tuple[str, str] | None:
    if seal.previous_root != previous_root:
        kind = "seal-gap" if seal.id != expected else "seal-unlinked"
        return kind, "it does not follow the seal before it: a seal was removed or changed"
    if seal.first_event_id <= after:
        return "seal-unlinked", "it begins within the seal before it"
    return None


def _signature_problem(seal: AuditSeal, certificate: bytes | None) -> tuple[str, str] | None:
    sealed = evidence.SealedRange(
        first=seal.first_event_id,
        last=seal.last_event_id,
        events=seal.events,
        root=seal.root,
        previous_root=seal.previous_root,
        at=seal.at,
    )
    key = x509.load_der_x509_certificate(certificate).public_key() if certificate else None
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(seal.signature, sealed.to_sign(), padding.PKCS1v15(), hashes.SHA256())
            return None
    except InvalidSignature:
        pass
    return "signature", "the office's seal did not sign this"


def _root_problem(session: Session, seal: AuditSeal, after: int) -> tuple[str, str] | None:
    """Compare the seal with the events that are there: also the end of a chain cannot be cut unseen."""
    covered = sa.and_(AuditEvent.id > after, AuditEvent.id <= seal.last_event_id)
    there = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(covered))
    span = f"events {seal.first_event_id} to {seal.last_event_id}"
    if there != seal.events:
        return "count", f"{span} were {seal.events}, and {there} are there"
    digests = session.scalars(
        sa.select(AuditEvent.hash).where(covered).order_by(AuditEvent.id).execution_options(yield_per=_BATCH)
    )
    if evidence.merkle_root(digests) != seal.root:
        return "root", f"{span} are not the ones that were sealed"
    return None
