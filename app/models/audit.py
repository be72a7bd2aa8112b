"""Who did and saw what: events chained per subject, and the seals over them. Rows are only ever added."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigKey, Code, Key, Moment, Name, belongs_to


class AuditEvent(Base):
    """One event. `chain` names what it is about (`case:12`, `office`); `hash` covers `previous` and all else."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.UniqueConstraint("chain", "seq"),
        sa.Index("ix_audit_event_at_id", "at", "id"),
        sa.Index("ix_audit_event_action_id", "action", "id"),
        sa.Index("ix_audit_event_actor_kind_actor_id_id", "actor_kind", "actor_id", "id"),
    )

    id: Mapped[Key]
    chain: Mapped[str] = mapped_column(sa.String(40))
    seq: Mapped[int]
    at: Mapped[Moment]
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_id: Mapped[int | None] = mapped_column(BigKey)
    actor_name: Mapped[Name]
    address: Mapped[str | None] = mapped_column(sa.String(45))
    request_id: Mapped[str | None] = mapped_column(sa.String(40))
    action: Mapped[Code]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditSeal(Base):
    """A Merkle root over the events since the seal before, signed with the office's seal."""

    __tablename__ = "audit_seal"

    id: Mapped[Key]
    first_event_id: Mapped[int] = mapped_column(BigKey)
    last_event_id: Mapped[int] = mapped_column(BigKey)
    events: Mapped[int]
    root: Mapped[str] = mapped_column(sa.String(64))
    previous_root: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[Moment]
    seal_id: Mapped[int] = mapped_column(BigKey, belongs_to("seal"))
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary)
