"""The report of a working day is kept (CZYNN § 9): which days still wait for theirs, and the row of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.deadlines import office_day
from app.domain.holidays import Calendar
from app.models import AuditEvent, DailyReport
from app.storage import Kept
from app.usecases.keep_file import keep_files
from app.usecases.record import record

REST = dt.timedelta(hours=1)
"""How long after midnight a day is over for its report: what was begun on it has been committed by then."""

_ONE_DAY = dt.timedelta(days=1)


def days_without_report(session: Session, calendar: Calendar, at: dt.datetime) -> Iterator[tuple[dt.date, dt.date]]:
    """Return each working day that is over at `at` and has no report, the oldest first, with the day it begins on.

    The office works on the days on which it is not closed. A report begins on the day after the one before, so that
    what happened on a day off stands in the next report.
    The first one begins with the first event of the office; before that there is nothing to tell.
    """
    first = session.scalar(sa.select(sa.func.max(DailyReport.day)))
    if first is not None:
        first += _ONE_DAY
    else:
        begun = session.scalar(sa.select(sa.func.min(AuditEvent.at)))
        if begun is None:
            return
        first = office_day(begun)
    day, today = first, office_day(at - REST)
    while day < today:
        if calendar.is_working_day(day) and not calendar.is_closed(day):
            yield day, first
            first = day + _ONE_DAY
        day += _ONE_DAY


def keep_daily_report(
    session: Session, day: dt.date, first_day: dt.date, changes: int, pdf: Kept, *, act: Act
) -> DailyReport | None:
    """Write the row of the report of `day`, whose bytes are `pdf`. Returns None where the day has one already."""
    if session.scalar(sa.select(DailyReport.id).where(DailyReport.day == day)) is not None:
        return None
    keep_files(session, pdf, at=act.at)
    report = DailyReport(day=day, first_day=first_day, made_at=act.at, changes=changes, pdf_sha256=pdf.sha256)
    session.add(report)
    session.flush()
    details = {"day": day.isoformat(), "entries": changes, "sha256": pdf.sha256}
    record(session, "office", "daily-report-kept", details, act=act)
    return report
