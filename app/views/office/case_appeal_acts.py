"""What the clerk does about an appeal: it came, it is forwarded, it ended, it was written down by mistake."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app import clock
from app.domain.appeals import AppealOutcome
from app.domain.deadlines import Way
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.official import print_letter
from app.transaction import one_transaction
from app.usecases.appeals import Ended, Lodged, end_appeal, record_appeal, strike_out_appeal
from app.usecases.forward_appeal import forward_appeal, sketch_forwarding
from app.usecases.prepare_letter import printable_letter
from app.views.acting import current_act
from app.views.numbers import whole_number
from app.views.office.at_case import find_case
from app.views.office.at_the_counter import pdf_answer
from app.views.office.case_forms import back_to, seen_version, short, word
from app.views.office.register_filters import read_day

SECTION = "decisions"


class CaseAppeals(BaseView):
    """The acts about appeals in the panel of the decisions.

    `number` is that of the letter of a decision, `place` that of an appeal among those of the case.
    """

    route_base = "/sprawa"
    class_permission_name = "CaseFile"
    default_view = "lodge"
    include_route_methods: ClassVar[set[str]] = {"lodge", "forward", "preview", "end", "strike"}

    @expose("/<sign>/odwolanie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("step")
    def lodge(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that an appeal came."""
        posted = _day("posted") if request.form.get("posted", "").strip() else None
        came = Lodged(word("way", Way), _day("on"), posted, whole_number(request.form.get("party", "")))
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

    @expose("/<sign>/odwolania/<int:place>/przekazanie", methods=["POST"])
    @has_access
    @permission_name("step")
    def forward(self, sign: str, place: int) -> ResponseReturnValue:
        """Write the letter that forwards an appeal with the file; it can be taken back for a minute."""
        with one_transaction() as session:
            seq = forward_appeal(
                session, find_case(sign), seen_version(), place, _opinion(),
                equipment=equipment(), act=current_act(), doer=Doer.CLERK,
            ).seq  # fmt: skip
        return redirect(url_for("LetterPages.read", sign=sign, seq=seq), 303)

    @expose("/<sign>/odwolania/<int:place>/podglad", methods=["POST"])
    @has_access
    @permission_name("step")
    def preview(self, sign: str, place: int) -> ResponseReturnValue:
        """Print that letter as it would leave, marked as a draft."""
        case = find_case(sign)
        letter = sketch_forwarding(
            db.session(), case, place, _opinion(), equipment=equipment(), act=current_act(), doer=Doer.CLERK
        )
        paper = printable_letter(letter, equipment=equipment(), case=case, draft=True)
        return pdf_answer(print_letter(paper, clock.now()), "przekazanie-odwolania-projekt.pdf")

    @expose("/<sign>/odwolania/<int:place>/koniec", methods=["POST"])
    @has_access
    @permission_name("step")
    def end(self, sign: str, place: int) -> ResponseReturnValue:
        """Write down how the appeal ended."""
        ended = Ended(word("outcome", AppealOutcome), _day("on"), short("remark"))
        with one_transaction() as session:
            end_appeal(session, find_case(sign), seen_version(), place, ended, act=current_act(), doer=Doer.CLERK)
        flash(_("The end of the appeal is written down."))
        return back_to(sign, SECTION)

    @expose("/<sign>/odwolania/<int:place>/skreslenie", methods=["POST"])
    @has_access
    @permission_name("step")
    def strike(self, sign: str, place: int) -> ResponseReturnValue:
        """Strike out an appeal that was written down by mistake."""
        with one_transaction() as session:
            strike_out_appeal(
                session, find_case(sign), seen_version(), place, short("reason"), act=current_act(), doer=Doer.CLERK
            )
        flash(_("The appeal is struck out. The history of the case keeps it."))
        return back_to(sign, SECTION)


def _opinion() -> str:
    return request.form.get("reasons", "")[:10_000].replace("\r\n", "\n")


def _day(name: str) -> dt.date:
    day = read_day(request.form.get(name, "").strip())
    if day is None:
        raise BadInput("appeal-day" if name == "on" else "appeal-posted")
    return day
