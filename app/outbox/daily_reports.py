"""After each working day, its report is made and kept (CZYNN § 9), those that were missed included."""

from __future__ import annotations

import datetime as dt
import itertools
import logging

from sqlalchemy.exc import IntegrityError

from app.domain.acts import SYSTEM, Act
from app.equipment import Equipment
from app.extensions import db
from app.letters.case_card import print_daily_report
from app.transaction import one_transaction
from app.usecases.days_off import office_calendar
from app.usecases.keep_daily_report import days_without_report, keep_daily_report
from app.usecases.letter_head import letter_head
from app.views.office.daily_report import daily_report

log = logging.getLogger(__name__)

AT_ONCE = 20
"""So many are made up for before other work has its turn."""


def keep_daily_reports(equipment: Equipment, at: dt.datetime) -> None:
    """Keep the report of each working day that is over and has none. Of several workers, the first one keeps it."""
    act, calendar = Act(SYSTEM, at), office_calendar(db.session())
    missing = list(itertools.islice(days_without_report(db.session(), calendar, at), AT_ONCE))
    for day, first_day in missing:
        report = daily_report(db.session(), letter_head(equipment), day, first_day)
        db.session.rollback()
        pdf = equipment.store.put_bytes(print_daily_report(report, at))
        try:
            with one_transaction() as session:
                keep_daily_report(session, day, first_day, len(report.changes), pdf, act=act)
        except IntegrityError:
            log.info("the report of %s was kept by somebody else", day)
