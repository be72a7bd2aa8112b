"""How the audit trail is sealed: one signature over all events since the seal before."""

from __future__ import annotations

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sqlalchemy.orm import Session

from app.domain import evidence
from app.domain.acts import Act
from app.models import AuditEvent, AuditSeal
from app.pki.seal import SealKey
from app.usecases.record import TRAIL
from app.usecases.seals import SealRow

_BATCH = 10_000


def seal_audit(session: Session, seal: tuple[SealRow, SealKey], *, act: Act) -> AuditSeal | None:
    """Seal what was recorded since the last seal, with the office's `seal` (as `seal_in_use` gives it).

    Returns None where nothing was recorded since: a seal over nothing says nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Numbers are given before commits: wait until nobody holds a lower number than one that is already visible.
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(TRAIL)))
    before = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    after = before.last_event_id if before else 0
    first, last, events = session.execute(
        sa.select(sa.func.min(AuditEvent.id), sa.func.max(AuditEvent.id), sa.func.count()).where(AuditEvent.id > after)
    ).one()
    if not events:
        return None
    hashes_of_events = session.scalars(
        sa.select(AuditEvent.hash)
        .where(AuditEvent.id > after, AuditEvent.id <= last)
        .order_by(AuditEvent.id)
        .execution_options(yield_per=_BATCH)
    )
    sealed = evidence.SealedRange(
        first=first,
        last=last,
        events=events,
        root=evidence.merkle_root(hashes_of_events),
        previous_root=before.root if before else evidence.FIRST,
        at=act.at,
    )
    row, key = seal
    if not isinstance(key.private_key, rsa.RSAPrivateKey):
        raise TypeError("the office seals with an RSA key")
    made = AuditSeal(
        first_event_id=sealed.first,
        last_event_id=sealed.last,
        events=sealed.events,
        root=sealed.root,
        previous_root=sealed.previous_root,
        at=sealed.at,
        seal_id=row.id,
        signature=key.private_key.sign(sealed.to_sign(), padding.PKCS1v15(), hashes.SHA256()),
    )
    session.add(made)
    session.flush()
    return made
