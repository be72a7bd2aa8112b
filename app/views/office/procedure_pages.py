"""How does each procedure go? Its picture and its table of steps, for everybody who works here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

from app.domain.procedures import EDITIONS as ALL_EDITIONS
from app.domain.procedures import PROCEDURES as TABLES
from app.domain.procedures import ProcedureName
from app.views.office.procedure_picture import picture_of, rows_of
from app.views.wording_cases import CONDITIONS, EDITIONS, PROCEDURES, STAGES, STEPS

_DOERS: Mapping[str, LazyString] = {
    "clerk": lazy_pgettext("doer", "clerk"),
    "front_desk": lazy_pgettext("doer", "front desk"),
    "supervisor": lazy_pgettext("doer", "supervisor"),
    "citizen": lazy_pgettext("doer", "party"),
    "system": lazy_pgettext("doer", "the system"),
}
_NEEDS: Mapping[str, LazyString] = {
    "signature-undecided": _l("the signature is in doubt"),
    "signature-settled": _l("the signature is settled"),
    "documents-accepted": _l("every required document is accepted"),
    "something-to-remedy": _l("a document is rejected or a defect is named"),
    "address-missing": _l("the sender cannot be reached"),
    "other-authority-named": _l("the competent authority is named"),
    "summons-expired": _l("the term of the summons has passed"),
    "reminded": _l("a reminder was sent"),
    "originals-required": _l("originals or plates have still to come"),
    "no-originals-required": _l("no original and no plate has still to come"),
    "originals-in-order": _l("all originals are here and compared"),
    "discrepancy-found": _l("something is missing, different or damaged"),
    "fees-paid": _l("the fees are proved"),
    "number-assigned": _l("the registration number is assigned"),
    "plates-here": _l("individual plates, if any, are here"),
    "extra-plate-here": _l("an additional plate, if any, is here"),
    "permit-prepared": _l("the temporary permit is prepared"),
    "no-permit-prepared": _l("no temporary permit is prepared"),
    "sticker-prepared": _l("the control sticker is prepared"),
    "number-kept": _l("the owner keeps the number"),
    "old-certificate-confirmed": _l("the central register confirmed the old certificate that day"),
    "room-for-annotation": _l("the old certificate has room for the annotation"),
    "certificate-invalidated": _l("the old certificate is invalidated"),
    "refusal-reasoned": _l("the reasons of the refusal are written"),
    "pointless": _l("it is noted why there is nothing left to decide"),
    "withdrawal-signed": _l("the withdrawal is signed"),
    "withdrawal-unsigned": _l("the withdrawal bears no signature"),
    "withdrawal-void": _l("a party objects, or the signature did not come in time"),
    "no-party-objects": _l("no party objects"),
    "agreement-accepted": _l("the way of handing over is agreed"),
    "answer-overdue": _l("nobody answered in time"),
    "something-to-hand-out": _l("something waits to be handed out in person"),
    "nothing-to-hand-out": _l("nothing waits to be handed out in person"),
    "something-to-post": _l("something waits to be posted"),
    "nothing-to-post": _l("nothing waits to be posted"),
    "something-to-send-back": _l("the office holds something that the party may have back"),
    "parcel-returned": _l("a parcel has come back"),
    "certificate-arrived": _l("the permanent certificate has come"),
    "permit-not-extended": _l("the permit was not extended yet"),
    "permit-runs": _l("the temporary permit has not ended"),
    "permit-expired": _l("the temporary permit has ended"),
    "permit-returned": _l("the temporary permit is returned"),
    "policy-shown": _l("the insurance policy was shown"),
    "not-registered-yet": _l("the vehicle is not registered yet"),
    "registration-decided": _l("the decision on registration is issued"),
    "deregistration-decided": _l("the decision on deregistration is issued"),
    "acts-ex-officio": _l("the office acts by itself"),
    "on-application": _l("somebody applied"),
    "appeal-term-passed": _l("nothing that the office decided by itself can be appealed"),
    "decision-final": _l("the decision is final"),
    "nothing-owed": _l("the office holds nothing of the party"),
    "letters-posted": _l("no letter waits to be posted"),
    "every-item-settled": _l("every thing is in its lawful place"),
    "not-suspended": _l("the proceedings are not suspended"),
    "suspended": _l("the proceedings are suspended"),
    "no-delay-noted": _l("no noted delay goes on"),
    "delay-noted": _l("a noted delay goes on"),
    "may-be-complicated": _l("the month still runs, and no other day was announced"),
    "acknowledgements-in": _l("all proofs of delivery have come"),
}
"""What must be true before a step, by the code of its condition."""


class ProcedurePages(BaseView):
    """The procedures as their tables have them."""

    route_base = "/procedury"
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def index(self) -> ResponseReturnValue:
        """Show which procedures and editions there are."""
        shown = [
            (str(PROCEDURES[name.value]), [(edition, str(EDITIONS[edition])) for edition in ALL_EDITIONS], name.value)
            for name in ProcedureName
        ]
        return render_template("office/procedures.html", title=_("Procedures"), procedures=shown)

    @expose("/<name>/<edition>", methods=["GET"])
    @has_access
    @permission_name("read")
    def show(self, name: str, edition: str) -> ResponseReturnValue:
        """Draw one procedure and list its steps in words."""
        try:
            table = TABLES[ProcedureName(name), edition]
        except (KeyError, ValueError):
            abort(404)
        steps = [
            (
                str(STAGES[stage.value]),
                [
                    {
                        "name": str(STEPS[step.name]),
                        "to": _("stays") if step.stays else str(STAGES[step.to.value]),
                        "by": ", ".join(str(_DOERS[doer.value]) for doer in step.by),
                        "needs": [_needed(condition.code) for condition in step.needs],
                        "law": step.law,
                    }
                    for step in found
                ],
            )
            for stage, found in rows_of(table)
            if found
        ]
        return render_template(
            "office/procedure.html",
            title=str(PROCEDURES[name]),
            edition=str(EDITIONS[edition]),
            others=[(other, str(EDITIONS[other])) for other in ALL_EDITIONS if other != edition],
            name=name,
            picture=picture_of(table, lambda code: str(STAGES[code]), lambda code: str(STEPS[code])),
            steps=steps,
        )


def _needed(code: str) -> str:
    """Return a condition in words; one that is new in the tables is said by what it refuses with."""
    return str(_NEEDS.get(code) or CONDITIONS.get(code, code))
