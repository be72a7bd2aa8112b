"""Days that differ from the statutes known here: off or working by a new law, or closed by the office."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.holidays import DayKind
from app.models.base import Base, by_value


class DayOff(Base):
    """One change to the calendar, and what `day` is by it."""

    __tablename__ = "day_off"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[DayKind] = mapped_column(by_value(DayKind))
