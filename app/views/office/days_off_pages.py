"""Which days are off by law, and on which is the office closed? Those of a year, and how one is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.errors import BadInput
from app.domain.holidays import FIRST_YEAR, DayKind, statutory_days_off
from app.extensions import db
from app.models import DayOff
from app.transaction import one_transaction
from app.usecases.change_days_off import DayChange, Moved, change_days_off, preview_days_off
from app.views.acting import current_act
from app.views.office.forms import Form
from app.views.office.register_filters import read_day
from app.views.wording import refusal
from app.views.wording_registers import DAYS_OFF

SHOWN = 100
"""So many of the days that move, and of the visits, are listed; how many more there are is said."""
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


MOVED: Mapping[str, LazyString] = {
    "case": _l("case to be settled by"),
    "summons": _l("summons to be complied with by"),
    "letter": _l("letter served, if nobody opens it, on"),
    "answer": _l("answer to the proposal by"),
    "visit": _l("visit to be agreed anew"),
    "appeal": _l("decision final on"),
    "appeal-forwarding": _l("appeal forwarded by"),
    "office-notice": _l("other office told by"),
    "office-answer": _l("answer of the other office by"),
}


class DayForm(Form):
    """Which day changes, and how."""

    day = StringField(
        _l("Day"),
        [InputRequired(_l("Write the day.")), Length(max=10)],
        description=_l("dd.mm.yyyy, for example 24.12.2026"),
    )
    kind = SelectField(
        _l("From now on"),
        choices=[
            SelectChoice(DayKind.CLOSED.value, _l("the office is closed")),
            SelectChoice(DayKind.BY_LAW.value, _l("a day off by law")),
            SelectChoice(DayKind.WORKING.value, _l("a working day")),
        ],
        description=_l(
            "Only a day off by law moves terms. Off by law is what a statute makes so (KPA art. 57 § 4), not what the"
            " office decides."
        ),
    )
    name = StringField(_l("What the day off is called"), [Length(max=120)])


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

    @expose("/zmiana", methods=["GET", "POST"])
    @has_access
    @permission_name("change")
    def change(self) -> ResponseReturnValue:
        """Show which days would move; make the change when they were seen."""
        form = DayForm()
        moves = None
        if form.validate_on_submit():
            try:
                wanted = _wanted(form)
                if request.form.get("seen") == "yes":
                    with one_transaction() as session:
                        moved = change_days_off(session, wanted, act=current_act())
                    _say_what_moved(moved)
                    return redirect(url_for("DaysOffPages.year", year=wanted.day.year))
                moves = preview_days_off(db.session(), wanted, act=current_act())
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
        page = render_template(
            "office/days_off_change.html",
            title=_("Change the days off"),
            form=form,
            preview=None if moves is None else _preview(moves),
            shown=SHOWN,
            words={what: str(said) for what, said in MOVED.items()},
            back_url=url_for("DaysOffPages.year"),
        )
        return page, 422 if form.errors else 200


def _preview(moves: Sequence[Moved]) -> dict[str, list[Moved]]:
    """Return the days that move apart from the visits that have to be agreed anew."""
    return {
        "days": [one for one in moves if one.new is not None],
        "visits": [one for one in moves if one.new is None],
    }


def _say_what_moved(moved: Sequence[Moved]) -> None:
    visits = sum(one.new is None for one in moved)
    days = len(moved) - visits
    flash(
        ngettext("The calendar is changed; %(num)s day moved.", "The calendar is changed; %(num)s days moved.", days),
        "success",
    )
    if visits:
        flash(
            ngettext(
                "%(num)s visit is to be agreed anew; the clerk finds the case in “My work”.",
                "%(num)s visits are to be agreed anew; the clerks find the cases in “My work”.",
                visits,
            ),
            "info",
        )


def _wanted(form: DayForm) -> DayChange:
    """Read the form. Raises BadInput: `day-unreadable`."""
    day = read_day(form.day.data.strip())
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("day-unreadable", day=form.day.data)
    return DayChange(day, DayKind(form.kind.data), form.name.data or "")


def _said(code: str | None, change: DayOff | None) -> tuple[str, str, str]:
    """Return the name of a day, where it comes from in words, and the kind of its chip."""
    name = str(HOLIDAYS.get(code, code)) if code else ""
    if change is None or (code and change.kind is DayKind.CLOSED):
        return name, _("by statute"), ""
    return change.name or name, str(DAYS_OFF[change.kind]), "warn" if change.kind is DayKind.WORKING else "info"
