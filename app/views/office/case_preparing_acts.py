"""What a clerk does before a decision: saves what is prepared, looks for a number, takes the certificate in."""

from __future__ import annotations

from flask import flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, BaseView, expose, has_access
from flask_babel import gettext as _

from app.domain.errors import NotAllowed
from app.domain.procedures.stages import Doer
from app.domain.vehicles import PlateKind
from app.house import equipment
from app.models import Case
from app.transaction import one_transaction
from app.usecases.extra_plate import receive_extra_plate
from app.usecases.individual_plates import receive_plates
from app.usecases.prepare_decision import NotPrepared, prepare_decision
from app.usecases.prepare_documents import receive_certificate
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.at_case import find_case
from app.views.office.case_doers import allowed_by, doers_of
from app.views.office.case_forms import back_to, seen_version, short
from app.views.office.case_loading import whole_case
from app.views.office.case_page import case_page
from app.views.office.case_preparing import free_numbers, name_of_field, wanted
from app.views.wording import refusal

SECTION = "preparing"


class CasePreparing(BaseView):
    """The acts of the panel "before the decision"."""

    route_base = "/sprawa"
    default_view = "numbers"

    @expose("/<sign>/przygotowanie", methods=["POST"])
    @has_access
    def save(self, sign: str) -> ResponseReturnValue:
        """Save all that was prepared, or say at each field what is wrong with it; nothing typed is lost."""
        try:
            with one_transaction() as session:
                case = find_case(sign)
                before = _fees(case)
                letter = equipment().office.plate_letter
                count = prepare_decision(session, case, seen_version(), wanted(case), letter=letter, act=current_act())
                fees = _fees(case)
        except NotPrepared as refused:
            wrong = {field: str(refusal(why)) for field, why in refused.fields.items()}
            case = whole_case(sign)
            page = case_page(case, self.appbuilder.sm.has_access, typed=request.form)
            named = {field: f"{name_of_field(case, field)}: {why}" for field, why in wrong.items()}
            return render_template("office/case.html", **page, wrong=wrong, summary=named), 422
        flash(_("What is prepared is saved.") if count else _("Nothing was changed."))
        if fees != before:
            flash(_("The fees are now %(sum)s.", sum=formats.money(fees)))
        return back_to(sign, SECTION)

    @expose("/<sign>/numery", methods=["GET"])
    @has_access
    def numbers(self, sign: str) -> ResponseReturnValue:
        """Return free numbers for the kind of plates that is chosen, and what was typed so far."""
        typed, kind = request.args.get("q", "")[:16], request.args.get("kind", PlateKind.ORDINARY.value)[:16]
        answer = jsonify(free_numbers(find_case(sign), typed, kind))
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @expose("/<sign>/tablice-sa", methods=["POST"])
    @has_access
    def plates(self, sign: str) -> ResponseReturnValue:
        """Register that the individual plates came from their maker."""
        with one_transaction() as session:
            case = find_case(sign)
            _refuse_others(self.appbuilder, case)
            receive_plates(session, case, act=current_act())
        flash(_("The plates are registered."))
        return back_to(sign, SECTION)

    @expose("/<sign>/dodatkowa-tablica", methods=["POST"])
    @has_access
    def extra_plate(self, sign: str) -> ResponseReturnValue:
        """Register that the additional plate came from its maker."""
        with one_transaction() as session:
            case = find_case(sign)
            _refuse_others(self.appbuilder, case)
            receive_extra_plate(session, case, act=current_act())
        flash(_("The additional plate is registered."))
        return back_to(sign, SECTION)

    @expose("/<sign>/dowod", methods=["POST"])
    @has_access
    def certificate(self, sign: str) -> ResponseReturnValue:
        """Register that the permanent certificate came."""
        with one_transaction() as session:
            case = find_case(sign)
            _refuse_others(self.appbuilder, case)
            receive_certificate(session, case, short("number"), act=current_act())
        flash(_("The certificate is registered. Announce it to the party now."))
        return back_to(sign, SECTION)


def _refuse_others(appbuilder: AppBuilder, case: Case) -> None:
    if Doer.CLERK not in doers_of(case, allowed_by(appbuilder)):
        raise NotAllowed("case-not-yours", sign=case.sign)


def _fees(case: Case) -> int:
    """Return what is due in `case` in all, in grosze."""
    return sum(fee.grosze for fee in case.fees)
