"""The report of a working day, kept: what days it tells of, which file it is (CZYNN § 9). Rows are only added."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, Moment


class DailyReport(Base):
    """One report per working day. It begins where the one before ended: days off are in it, too."""

    __tablename__ = "daily_report"

    id: Mapped[Key]
    day: Mapped[dt.date] = mapped_column(unique=True)
    first_day: Mapped[dt.date]
    """The day from which on it tells: `day` itself, or the first of the days off before it."""
    made_at: Mapped[Moment]
    changes: Mapped[int]
    pdf_sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
