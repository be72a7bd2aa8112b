"""What the clerk writes down of an appeal: it came, it was forwarded, it ended."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.domain.appeals import AppealOutcome
from app.domain.deadlines import Way
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.transaction import one_transaction
from app.usecases.appeals import Ended, Lodged, end_appeal, forward_appeal, record_appeal
from app.views.acting import current_act
from app.views.office.at_case import find_case
from app.views.office.case_forms import back_to, seen_version, short, word
from app.views.office.register_filters import read_day

SECTION = "decisions"


class CaseAppeals(BaseView):
    """The acts about appeals in the panel of the decisions; `number` is that of the letter of the decision."""

    route_base = "/sprawa"
    class_permission_name = "CaseFile"
    default_view = "lodge"
    include_route_methods: ClassVar[set[str]] = {"lodge", "forward", "end"}

    @expose("/<sign>/odwolanie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("step")
    def lodge(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that an appeal came."""
        posted = _day("posted") if request.form.get("posted", "").strip() else None
        came = Lodged(word("way", Way), _day("on"), posted)
        with one_transaction() as session:
            late = record_appeal(
                session, find_case(sign), seen_version(), number, came, act=current_act(), doer=Doer.CLERK
            ).late
        if late:
            flash(
                _("The appeal is written down. It came after the term: whether it is admitted, the SKO decides."),
                "warning",
            )
        else:
            flash(_("The appeal is written down. The decision does not become final meanwhile."))
        return back_to(sign, SECTION)

    @expose("/<sign>/odwolanie/<int:number>/przekazanie", methods=["POST"])
    @has_access
    @permission_name("step")
    def forward(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that the appeal went to the appeal authority with the file."""
        on = _day("on")
        with one_transaction() as session:
            forward_appeal(session, find_case(sign), seen_version(), number, on, act=current_act(), doer=Doer.CLERK)
        flash(_("It is written down that the appeal and the file went to the SKO."))
        return back_to(sign, SECTION)

    @expose("/<sign>/odwolanie/<int:number>/koniec", methods=["POST"])
    @has_access
    @permission_name("step")
    def end(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down how the appeal ended."""
        ended = Ended(word("outcome", AppealOutcome), _day("on"), short("remark"))
        with one_transaction() as session:
            end_appeal(session, find_case(sign), seen_version(), number, ended, act=current_act(), doer=Doer.CLERK)
        flash(_("The end of the appeal is written down."))
        return back_to(sign, SECTION)


def _day(name: str) -> dt.date:
    day = read_day(request.form.get(name, "").strip())
    if day is None:
        raise BadInput("appeal-day" if name == "on" else "appeal-posted")
    return day
