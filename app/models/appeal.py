"""An appeal of a party against a decision, from the day it reached the office to its end."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import Way
from app.models.base import Authored, Base, BigKey, Code, Key, belongs_to, by_value
from app.models.case import Case, Deadline, Party
from app.models.decision import Decision
from app.models.letter import Letter


class Appeal(Base):
    """An appeal (odwołanie). While it has no `outcome`, its case is neither closed nor archived."""

    __tablename__ = "appeal"
    __table_args__ = (sa.Index("ix_appeal_letter_id", "letter_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    decision_id: Mapped[int] = mapped_column(BigKey, belongs_to("decision"), index=True)
    party_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("party"))
    """Whose it is; `None` where nobody asked, or the case names nobody."""
    way: Mapped[Way] = mapped_column(by_value(Way))
    posted_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date]
    term_end: Mapped[dt.date]
    """The last day on which an appeal could be lodged, as it was when this one came."""
    late: Mapped[bool]
    forwarding_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("deadline"))
    letter_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("letter"))
    """The letter that forwards it, once it has left the clerk."""
    forwarded_on: Mapped[dt.date | None]
    """The day on which that letter was posted."""
    outcome: Mapped[AppealOutcome | None] = mapped_column(by_value(AppealOutcome))
    ended_on: Mapped[dt.date | None]

    case: Mapped[Case] = relationship(back_populates="appeals")
    decision: Mapped[Decision] = relationship()
    party: Mapped[Party | None] = relationship()
    forwarding: Mapped[Deadline | None] = relationship()
    """The term in which it has to be forwarded; it is its own (KPA art. 133)."""
    letter: Mapped[Letter | None] = relationship()
    events: Mapped[list[AppealEvent]] = relationship(back_populates="appeal", order_by="AppealEvent.id")


class AppealEvent(Authored, Base):
    """Something that happened to an appeal: received, forwarded, ended with an outcome. Only added."""

    __tablename__ = "appeal_event"

    id: Mapped[Key]
    appeal_id: Mapped[int] = mapped_column(BigKey, belongs_to("appeal"), index=True)
    kind: Mapped[Code]
    on: Mapped[dt.date] = mapped_column("on_day")
    remark: Mapped[str | None] = mapped_column(sa.Text)

    appeal: Mapped[Appeal] = relationship(back_populates="events")
