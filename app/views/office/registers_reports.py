"""The register of the daily reports that the office keeps, and each of them as it was kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose, has_access
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.house import equipment
from app.models import DailyReport
from app.transaction import one_transaction
from app.usecases.record import record
from app.views.acting import current_act
from app.views.office import marks
from app.views.office.formats import day, moment
from app.views.office.register_filters import Days, read_day
from app.views.office.registers import Register


def _since(report: DailyReport) -> Markup | str:
    return day(report.first_day) if report.first_day < report.day else ""


class DailyReportRegister(Register):
    """The report of each working day, the newest first; a row opens its file."""

    datamodel = SQLAInterface(DailyReport)
    route_base = "/raporty-dzienne"
    include_route_methods = {"list", "export", "download"}
    row_endpoint, row_argument, row_key = "DailyReportRegister.download", "day", "day"
    list_title, show_title = _("Daily reports"), _("Daily report")
    list_lead = _("Made by the office's computer after each working day, and kept as it was made.")
    label_columns = {
        "day": _("Working day"),
        "first_day": _("With days off from"),
        "changes": _("Entries and changes"),
        "made_at": _("Made"),
        "pdf_sha256": _("SHA-256"),
    }
    list_columns = ["day", "first_day", "changes", "made_at", "pdf_sha256"]
    base_order = ("day", "desc")
    order_columns = ["day"]
    number_columns = ["changes"]
    quick_filters = (Days("day", _("From"), _("to"), DailyReport.day),)
    formatters_columns: dict[str, Any] = {"day": day, "made_at": moment, "pdf_sha256": marks.code}
    row_formatters = {"first_day": _since}
    empty_title = _("No daily report yet")
    empty_text = _(
        "The report of a working day appears here in the night after it. Days that were missed are made up for. "
        "Today's changes can be printed under Printouts."
    )

    @expose("/<day>.pdf", methods=["GET"])
    @has_access
    def download(self, day: str) -> ResponseReturnValue:
        """Give the report of `day`, the very bytes that were kept. Who took it is written down."""
        wanted: dt.date = read_day(day) or abort(404)
        with one_transaction() as session:
            sha256: str = session.scalar(sa.select(DailyReport.pdf_sha256).where(DailyReport.day == wanted)) or abort(
                404
            )
            record(session, "office", "daily-report-downloaded", {"day": wanted.isoformat()}, act=current_act())
        answer = Response(equipment().store.read(sha256), content_type="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"raport-dzienny-{wanted.isoformat()}.pdf")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
