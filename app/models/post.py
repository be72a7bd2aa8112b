"""What goes out and what waits to be done: messages in mailboxes, e-mails, and jobs, all rows of the same commit."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Code, Key, Moment, PublicId, UtcDateTime, belongs_to, by_value
from app.models.case import Case
from app.models.package import Package
from app.models.people import Citizen
from app.models.receipt import Receipt


class Folder(enum.StrEnum):
    """The folders of a mailbox (Robocze, Wysłane, Odebrane)."""

    DRAFTS = "drafts"
    SENT = "sent"
    RECEIVED = "received"


class Message(Base):
    """Something in a citizen's folder. Its words come from `kind` and `data` at display, in the reader's language."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_citizen_id_folder_id", "citizen_id", "folder", "id"),
        sa.UniqueConstraint("package_id", "folder", "kind"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    citizen_id: Mapped[int] = mapped_column(BigKey, belongs_to("citizen"))
    folder: Mapped[Folder] = mapped_column(by_value(Folder))
    kind: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    package_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("package"))
    receipt_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("receipt"))
    case_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    at: Mapped[Moment]
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    citizen: Mapped[Citizen] = relationship()
    package: Mapped[Package | None] = relationship()
    receipt: Mapped[Receipt | None] = relationship()
    case: Mapped[Case | None] = relationship()


class DeliveryState(enum.StrEnum):
    """How far an e-mail is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Email(Base):
    """An e-mail to be sent at least once, always under the same Message-ID. A doorbell, never the letter."""

    __tablename__ = "email"
    __table_args__ = (sa.Index("ix_email_state_id", "state", "id"),)

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(5))
    template: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[DeliveryState] = mapped_column(by_value(DeliveryState), default=DeliveryState.WAITING)
    created_at: Mapped[Moment]
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None] = mapped_column(sa.Text)


class JobState(enum.StrEnum):
    """Whether a job waits (or is held under a lease) or was given up."""

    READY = "ready"
    DEAD = "dead"


class Job(Base):
    """Work to be done after the commit that wrote this row. Done jobs are deleted; given-up ones stay visible."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_state_due_at", "state", "due_at"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    subject_id: Mapped[int] = mapped_column(BigKey)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    state: Mapped[JobState] = mapped_column(by_value(JobState), default=JobState.READY)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[Moment]
    lease: Mapped[str | None] = mapped_column(sa.String(32))
    leased_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[Moment]
