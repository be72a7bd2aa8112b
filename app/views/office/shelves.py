"""The shelves: what should lie where, and the count at the end of the day."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.models import Item
from app.reports import counter
from app.transaction import one_transaction
from app.usecases.reconcile_shelf import TO_EXPLAIN, compare_shelf, lying_at, put_on_shelf, reconcile_shelf
from app.views.acting import current_act
from app.views.office.reception import is_plate, name_of, numbers_of

CODES = 500
"""Labels that one count may scan."""

LISTED = 1000
"""Things of one shelf, or of none, that one page lists."""

Line = tuple[Item, str, bool]


class Shelves(BaseView):
    """One shelf at a time: the system says what should lie there, a person says what does."""

    route_base = "/kancelaria/polki"
    default_view = "look"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def look(self) -> ResponseReturnValue:
        """Show the shelves, and what should lie on the chosen one."""
        place = request.args.get("polka", "")[:60]
        unplaced = "bez" in request.args
        lying = db.session.scalars(lying_at(place).limit(LISTED)).all() if place or unplaced else []
        return self._page(place, lying=list(map(_line, lying)), difference=None, unplaced=unplaced and not place)

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("write")
    def compare(self) -> ResponseReturnValue:
        """Show in what the shelf differs from the system. Nothing is changed yet."""
        form = request.form
        place = form.get("place", "").strip()[:60]
        codes = [line.strip()[:60] for line in form.get("codes", "").splitlines() if line.strip()][:CODES]
        found = compare_shelf(db.session(), place, numbers_of(form.getlist("seen")), codes)
        return self._page(
            place,
            lying=list(map(_line, found.lying)),
            difference={
                "absent": list(map(_line, found.absent)),
                "found": list(map(_line, found.found)),
                "unknown": found.unknown,
            },
        )

    @expose("/zapis", methods=["POST"])
    @has_access
    @permission_name("write")
    def settle(self) -> ResponseReturnValue:
        """Write the differences down: what was found lies here now, what was not found has to be explained."""
        form = request.form
        place = form.get("place", "").strip()[:60]
        absent, found = numbers_of(form.getlist("absent")), numbers_of(form.getlist("found"))
        with one_transaction() as session:
            lost, here = reconcile_shelf(session, place, absent, found, act=current_act())
            counts = len(lost), len(here)
        flash(_("The shelf %(place)s is counted. To be explained: %(lost)s. Found here: %(here)s.",
                place=place, lost=counts[0], here=counts[1]))  # fmt: skip
        return redirect(url_for("Shelves.look", polka=place))

    @expose("/odlozenie", methods=["POST"])
    @has_access
    @permission_name("write")
    def put(self) -> ResponseReturnValue:
        """Put things that lie on no shelf on one."""
        place = request.form.get("place", "").strip()[:60]
        with one_transaction() as session:
            count = len(put_on_shelf(session, place, numbers_of(request.form.getlist("pick")), act=current_act()))
        flash(ngettext("%(num)s thing is on the shelf %(place)s now.", "%(num)s things are on the shelf %(place)s now.",
                       count, place=place))  # fmt: skip
        return redirect(url_for("Shelves.look", bez=1))

    def _page(self, place: str, **values: object) -> str:
        return render_template(
            "office/shelves.html",
            title=_("Shelves"),
            place=place,
            to_explain=TO_EXPLAIN,
            shelves=counter.shelves(db.session()),
            scan_url=url_for("FrontDesk.start"),
            may_write=self.appbuilder.sm.has_access("can_write", "Shelves"),
            **values,
        )


def _line(item: Item) -> Line:
    return item, name_of(item), is_plate(item)
