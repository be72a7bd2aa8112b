"""What the office writes: letters, how each was served, the summonses among them, and the texts they are made of."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.summonses import DemandKind
from app.models.base import Authored, Base, BigKey, Code, Key, Moment, Name, PublicId, UtcDateTime, belongs_to, by_value
from app.models.case import Case
from app.models.post import Message
from app.models.receipt import Receipt

LONGEST_HEAD = 250
"""How long title and legal basis of a letter may be; nothing of them is cut off."""


class LetterState(enum.StrEnum):
    """How far a letter is: it leaves after a minute in which it can be taken back, and never changes afterwards."""

    LEAVING = "leaving"
    SENT = "sent"
    TAKEN_BACK = "taken_back"
    STOPPED = "stopped"
    """The case had moved on before it left, so that its step was not open any more."""


class LetterWay(enum.StrEnum):
    """How a letter reaches its addressee."""

    MAILBOX = "mailbox"
    POST = "post"
    WITH_ITEMS = "with_items"
    """Handed over together with the things of the case, in person or in the parcel."""


class Letter(Base):
    """A letter of a case, and the step of the procedure that is taken when it leaves."""

    __tablename__ = "letter"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "seq"),
        sa.Index("ix_letter_state_leaves_at", "state", "leaves_at"),
        sa.Index("ix_letter_sent_at_id", "sent_at", "id"),
        sa.Index("ix_letter_pdf_sha256", "pdf_sha256"),
        sa.Index("ix_letter_kind_id", "kind", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    seq: Mapped[int]
    kind: Mapped[Code]
    step: Mapped[str | None] = mapped_column(sa.String(48))
    state: Mapped[LetterState] = mapped_column(by_value(LetterState), default=LetterState.LEAVING)
    way: Mapped[LetterWay] = mapped_column(by_value(LetterWay))
    needs_receipt: Mapped[bool]
    addressee: Mapped[Name]
    address: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    title: Mapped[str] = mapped_column(sa.String(LONGEST_HEAD))
    legal_basis: Mapped[str] = mapped_column(sa.String(LONGEST_HEAD))
    blocks: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    author_id: Mapped[int | None] = mapped_column(BigKey)
    author_name: Mapped[Name]
    made_at: Mapped[Moment]
    leaves_at: Mapped[Moment]
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    pdf_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    stopped_because: Mapped[str | None] = mapped_column(sa.String(48))
    """The code of the refusal that its step met when it was to leave."""
    message_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("message"), unique=True)

    case: Mapped[Case] = relationship(back_populates="letters")
    service: Mapped[Service | None] = relationship(back_populates="letter")
    summons: Mapped[Summons | None] = relationship(back_populates="letter")
    message: Mapped[Message | None] = relationship()

    @property
    def number(self) -> str:
        """The identifier of the letter: the sign of its case and its place in it; a copy has that of its original."""
        return f"{self.case.sign}/{self.copy_of or self.seq}"

    @property
    def copy_of(self) -> int | None:
        """The place of the letter that this is a copy of, for a further party; `None` for the first."""
        found: int | None = self.details.get("copy_of")
        return found


class ServiceOutcome(enum.StrEnum):
    """How the service of a letter ended."""

    COLLECTED = "collected"
    DEEMED = "deemed"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    UNKNOWN_ADDRESSEE = "unknown_addressee"
    LOST = "lost"
    """The post lost it: nobody was served."""


REACHED_NOBODY = frozenset({ServiceOutcome.UNKNOWN_ADDRESSEE, ServiceOutcome.LOST})
"""How a letter ends that has to go out again."""


class Service(Base):
    """The service (doręczenie) of one letter. `served_on` is the day that the law counts from."""

    __tablename__ = "service"
    __table_args__ = (
        sa.Index("ix_service_served_on_arrived_on_id", "served_on", "arrived_on", "id"),
        sa.Index("ix_service_tracking", "tracking"),
    )

    id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(BigKey, belongs_to("letter"), unique=True)
    arrived_on: Mapped[dt.date]
    """The day it lay in the mailbox, or was posted."""
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    served_on: Mapped[dt.date | None]
    outcome: Mapped[ServiceOutcome | None] = mapped_column(by_value(ServiceOutcome))
    tracking: Mapped[str | None] = mapped_column(sa.String(40))
    receipt_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("receipt"))

    letter: Mapped[Letter] = relationship(back_populates="service")
    receipt: Mapped[Receipt | None] = relationship()
    events: Mapped[list[ServiceEvent]] = relationship(back_populates="service", order_by="ServiceEvent.id")


class ServiceEvent(Authored, Base):
    """Something that happened to a letter on its way: put into the mailbox, announced, opened. Only added."""

    __tablename__ = "service_event"

    id: Mapped[Key]
    service_id: Mapped[int] = mapped_column(BigKey, belongs_to("service"), index=True)
    kind: Mapped[Code]
    on: Mapped[dt.date] = mapped_column("on_day")
    remark: Mapped[str | None] = mapped_column(sa.Text)

    service: Mapped[Service] = relationship(back_populates="events")


class Summons(Base):
    """A letter that asks for something by a day. Its term runs from the service of the letter."""

    __tablename__ = "summons"
    __table_args__ = (
        sa.Index("ix_summons_due_on_id", "due_on", "id"),
        sa.Index("ix_summons_met_at_due_on_id", "met_at", "due_on", "id"),
        sa.Index("ix_summons_kind_id", "kind", "id"),
    )

    id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(BigKey, belongs_to("letter"), unique=True)
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    kind: Mapped[Code]
    days: Mapped[int]
    due_on: Mapped[dt.date | None]
    """`None` until the letter is served."""
    met_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    case: Mapped[Case] = relationship(viewonly=True)
    letter: Mapped[Letter] = relationship(back_populates="summons")
    demands: Mapped[list[Demand]] = relationship(back_populates="summons", order_by="Demand.id")


class Demand(Base):
    """One thing that a summons asks for, and in which ways it may come."""

    __tablename__ = "demand"

    id: Mapped[Key]
    summons_id: Mapped[int] = mapped_column(BigKey, belongs_to("summons"), index=True)
    kind: Mapped[DemandKind] = mapped_column(by_value(DemandKind))
    subject: Mapped[Code]
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    ways: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    item_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("item"), index=True)
    met_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    summons: Mapped[Summons] = relationship(back_populates="demands")


class LetterText(Authored, Base):
    """A text of letters as the office edited it. The newest of a kind and edition is used. Only added."""

    __tablename__ = "letter_text"
    __table_args__ = (sa.UniqueConstraint("kind", "edition", "version"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    edition: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int]
    source: Mapped[str] = mapped_column(sa.Text)


class Question(Base):
    """What a party asked the clerk in a case. A letter of the kind `answer` answers it."""

    __tablename__ = "question"
    __table_args__ = (
        sa.Index("ix_question_case_id_id", "case_id", "id"),
        sa.Index("ix_question_answered_letter_id_asked_at", "answered_letter_id", "asked_at"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    asked_at: Mapped[Moment]
    asked_by: Mapped[Name]
    text: Mapped[str] = mapped_column(sa.Text)
    answered_letter_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("letter"))

    case: Mapped[Case] = relationship(back_populates="questions")
    answer: Mapped[Letter | None] = relationship()
