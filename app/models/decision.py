"""What the office decided and made: decisions, registration numbers, permits, ordered certificates."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Code, Key, Moment, Name, UtcDateTime, belongs_to, by_value
from app.models.case import Case
from app.models.letter import Letter


class Decision(Base):
    """A decision that was issued; its words are the letter's."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.Index("ix_decision_issued_on_id", "issued_on", "id"),
        sa.Index("ix_decision_final_on_id", "final_on", "id"),
        sa.Index("ix_decision_kind_id", "kind", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    letter_id: Mapped[int] = mapped_column(BigKey, belongs_to("letter"), unique=True)
    kind: Mapped[Code]
    issued_on: Mapped[dt.date]
    signed_by: Mapped[Name]
    final_on: Mapped[dt.date | None]
    """The first day on which nobody can appeal; at once for one that grants in full (KPA art. 127 § 1a)."""
    waived_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    case: Mapped[Case] = relationship(back_populates="decisions")
    letter: Mapped[Letter] = relationship()


class PlateState(enum.StrEnum):
    """Where a registration number is."""

    IN_STOCK = "in_stock"
    ASSIGNED = "assigned"
    RETIRED = "retired"


class PlateNumber(Base):
    """A registration number of the office's stock, with its plates. One number is never on two vehicles."""

    __tablename__ = "plate_number"
    __table_args__ = (sa.Index("ix_plate_number_state_kind_id", "state", "kind", "id"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sa.String(16), unique=True)
    kind: Mapped[Code]
    plates: Mapped[int]
    state: Mapped[PlateState] = mapped_column(by_value(PlateState), default=PlateState.IN_STOCK)
    case_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    assigned_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    added_at: Mapped[Moment]
    retired_because: Mapped[str | None] = mapped_column(sa.String(200))

    case: Mapped[Case | None] = relationship(back_populates="plate_numbers")


class Permit(Base):
    """A temporary permit (pozwolenie czasowe) with a clock of its own: at most 30 days, and 14 more, once."""

    __tablename__ = "permit"
    __table_args__ = (sa.Index("ix_permit_valid_until_id", "valid_until", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), unique=True)
    number: Mapped[str] = mapped_column(sa.String(30), unique=True)
    days: Mapped[int]
    valid_until: Mapped[dt.date | None]
    """Counted from the day of the decision."""
    extended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    warned_for: Mapped[dt.date | None]
    """The last day of which the clerk was warned; another day warns again."""
    last_warned_for: Mapped[dt.date | None]
    """The last day of which the clerk was warned once more, when it was near."""

    case: Mapped[Case] = relationship(back_populates="permit")


class CertificateOrder(Base):
    """A permanent registration certificate, ordered from its manufacturer."""

    __tablename__ = "certificate_order"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), unique=True)
    ordered_on: Mapped[dt.date]
    number: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    arrived_on: Mapped[dt.date | None]

    case: Mapped[Case] = relationship(back_populates="certificate_order")
