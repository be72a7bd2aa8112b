"""An appeal of a party against a decision, from the day it reached the office to its end."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import Way
from app.models.base import Authored, Base, BigKey, Code, Key, belongs_to, by_value
from app.models.case import Case
from app.models.decision import Decision


class Appeal(Base):
    """An appeal (odwołanie). While it has no `outcome`, its case is neither closed nor archived."""

    __tablename__ = "appeal"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    decision_id: Mapped[int] = mapped_column(BigKey, belongs_to("decision"), index=True)
    way: Mapped[Way] = mapped_column(by_value(Way))
    posted_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date]
    term_end: Mapped[dt.date]
    """The last day on which an appeal could be lodged, as it was when this one came."""
    late: Mapped[bool]
    forwarded_on: Mapped[dt.date | None]
    outcome: Mapped[AppealOutcome | None] = mapped_column(by_value(AppealOutcome))
    ended_on: Mapped[dt.date | None]

    case: Mapped[Case] = relationship(back_populates="appeals")
    decision: Mapped[Decision] = relationship()
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
