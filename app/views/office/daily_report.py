"""Which words does the daily report use? What was entered and changed, from the audit trail; always in Polish."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.acts import SYSTEM
from app.letters.case_card import DailyReport, ReportedChange
from app.letters.receipt import Office
from app.models import AuditSeal
from app.reports.office_papers import DayChange, changes_of
from app.views.office.audit_details import details, named_in
from app.views.office.register_filters_audit import names_of
from app.views.wording_audit import action

_LAST_SEAL = sa.select(AuditSeal.id, AuditSeal.root).order_by(AuditSeal.id.desc()).limit(1)


def daily_report(session: Session, office: Office, day: dt.date, first_day: dt.date | None = None) -> DailyReport:
    """Return what was entered and changed on `day`, or from `first_day` to `day`, as its report says it.

    What the machine does of itself, belonging to no case, is counted: a day has hundreds of examinations.
    """
    found = changes_of(session, day, first_day)
    own = [change for change in found if _is_by_the_machine(change)]
    with force_locale("pl"):
        known = names_of(session, (chain for change in found for chain in named_in(change.details)))
        changes = tuple(
            ReportedChange(
                at=change.at,
                person=change.person,
                person_id=change.person_id,
                what=action(change.action),
                subject=change.sign or _("the office"),
                details=details(change.action, change.details, known) if change.details else "",
            )
            for change in found
            if not _is_by_the_machine(change)
        )
        if own:
            changes += (_by_the_machine(own),)
    seal = session.execute(_LAST_SEAL).one_or_none()
    return DailyReport(office, day, changes, first_day, (seal.id, seal.root) if seal else None)


def _is_by_the_machine(change: DayChange) -> bool:
    """Whether the machine did it of itself, outside any case; what a person did alike stands in the report."""
    return (change.person, change.person_id) == (SYSTEM.name, SYSTEM.kind.value) and not change.sign


def _by_the_machine(own: Sequence[DayChange]) -> ReportedChange:
    """Return one line that counts what the machine did of itself."""
    told = Counter(action(change.action) for change in own)
    return ReportedChange(
        at=own[-1].at,
        person=SYSTEM.name,
        person_id=SYSTEM.kind.value,
        what=_("acts of the system by itself"),
        subject=_("the office"),
        details="; ".join(f"{words}: {count}" for words, count in told.items()),
    )
