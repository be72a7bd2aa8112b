"""Days that the office made off, or working again, beside the statutory ones."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class DayOff(Base):
    """One change to the statutory calendar: `day` is off (`off`), or a working day by a new law."""

    __tablename__ = "day_off"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    off: Mapped[bool]
