"""Which days is the office closed? The statutory days of a year, and what the office changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.holidays import FIRST_YEAR, statutory_days_off
from app.extensions import db
from app.models import DayOff

LAST_YEAR = 2100
HOLIDAYS: Mapping[str, LazyString] = {
    "new-year": _l("New Year"),
    "epiphany": _l("Epiphany"),
    "easter": _l("Easter"),
    "easter-monday": _l("Easter Monday"),
    "labour-day": _l("Labour Day"),
    "constitution-day": _l("3 May Constitution Day"),
    "pentecost": _l("Pentecost"),
    "corpus-christi": _l("Corpus Christi"),
    "assumption": _l("Assumption of Mary"),
    "all-saints": _l("All Saints' Day"),
    "independence-day": _l("Independence Day"),
    "independence-centenary": _l("Centenary of Independence"),
    "christmas-eve": _l("Christmas Eve"),
    "christmas": _l("Christmas Day"),
    "second-christmas-day": _l("Second Day of Christmas"),
}


class DaysOffPages(BaseView):
    """The calendar of the office."""

    route_base = "/dni-wolne"
    default_view = "year"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def year(self) -> ResponseReturnValue:
        """Show the days off of a year."""
        asked = request.args.get("year", type=int)
        this_year = clock.now().astimezone(OFFICE_ZONE).year
        year = asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else this_year
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        changes = {
            change.day: change
            for change in db.session.scalars(sa.select(DayOff).where(DayOff.day.between(first, last)))
        }
        statutory = statutory_days_off(year)
        days = [(day, *_said(statutory.get(day), changes.get(day))) for day in sorted({*statutory, *changes})]
        return render_template(
            "office/days_off.html",
            title=_("Days off in %(year)s", year=year),
            days=days,
            earlier=url_for("DaysOffPages.year", year=year - 1) if year > FIRST_YEAR else "",
            later=url_for("DaysOffPages.year", year=year + 1) if year < LAST_YEAR else "",
            year=year,
        )


def _said(code: str | None, change: DayOff | None) -> tuple[str, str, str]:
    """Return the name of a day, where it comes from in words, and the kind of its chip."""
    name = str(HOLIDAYS.get(code, code)) if code else ""
    if change is None:
        return name, _("by statute"), ""
    if change.off:
        return change.name or name, _("set by the office"), "info"
    return change.name or name, _("a working day by decision of the office"), "warn"
