"""The register of cases."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _

from app.models import Case
from app.views.languages import spoken
from app.views.office import marks
from app.views.office.formats import day
from app.views.office.register_acts import ListAct
from app.views.office.register_filters import Choice, Days, Person, Words
from app.views.office.registers import Register
from app.views.wording_cases import SHORT_PROCEDURES, STAGES


def _clerk(case: Case) -> str:
    return f"{case.clerk.first_name[:1]}. {case.clerk.last_name}" if case.clerk else ""


class CaseRegister(Register):
    """Every case; a row opens the case file."""

    datamodel = SQLAInterface(Case)
    route_base = "/sprawy"
    include_route_methods = {"list", "export"}
    list_title, show_title = _("Cases"), _("Case")
    label_columns = {
        "sign": _("Case sign"),
        "received_on": _("Arrived"),
        "applicant_name": _("Applicant"),
        "plate": _("Plate"),
        "vehicle_label": _("Vehicle"),
        "procedure": _("Procedure"),
        "stage": _("Stage"),
        "clerk": _("Clerk"),
        "due_on": _("Due"),
    }
    list_columns = [
        "sign",
        "received_on",
        "applicant_name",
        "plate",
        "vehicle_label",
        "procedure",
        "stage",
        "clerk",
        "due_on",
    ]
    order_columns = ["due_on", "opened_at"]
    base_order = ("id", "desc")
    eager = {"clerk": ("first_name", "last_name")}
    plain = True
    row_endpoint, row_argument, row_key = "CaseFile.open", "sign", "sign"
    quick_filters = (
        Words("q", _("Case sign, plate, VIN or name"), Case.id),
        Days("due", _("Due from"), _("to"), Case.due_on),
        Choice("procedure", _("Procedure"), SHORT_PROCEDURES, Case.procedure),
        Choice("stage", _("Stage"), STAGES, Case.stage),
        Person("clerk", _("Clerk"), Case.clerk_id),
    )
    list_acts = (ListAct(_("Many at once"), "BulkActs.choose", "can_bulk", icon="checks", keeps_filter=True),)
    standing_views = ((_("Mine"), "clerk=me"), (_("Nobody's"), "clerk=nobody"))
    formatters_columns = {
        "received_on": day,
        "due_on": day,
        "plate": marks.plate,
        "procedure": lambda code: spoken(SHORT_PROCEDURES[code]),
        "stage": lambda code: spoken(STAGES[code]),
    }
    row_formatters = {"clerk": _clerk}
    empty_title = _("No case yet")
    empty_text = _("A case is opened by itself when a signed package arrives.")
