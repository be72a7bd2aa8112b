"""The register of where revocation lists are published, with how fetching them went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from app.domain.errors import BadInput
from app.house import equipment
from app.models import DistributionPoint
from app.pki.outside import is_listed
from app.views.office import marks
from app.views.office.formats import moment
from app.views.office.register_filters import Words
from app.views.office.registers import Register
from app.views.wording import refusal

FAILURES: Mapping[str, LazyString] = {
    "no-answer": _("no answer"),
    "too-large": _("the answer is too large"),
    "crl-stale": _("the list published there is past its date"),
}
"""Why nothing usable came, where it was not the list that was refused."""


def _state(point: DistributionPoint) -> Markup:
    if not point.address:
        return marks.chip(str(_("by hand: the certificate names no address")), "", "download")
    if not is_listed(point.address, equipment().settings.crl_hosts):
        return marks.chip(str(_("by hand: the host is not in CRL_HOSTS")), "", "download")
    if point.failure:
        return marks.chip(str(FAILURES.get(point.failure) or refusal(BadInput(point.failure))), "late", "x")
    if point.fetched_at is None:
        return marks.chip(str(_("not fetched yet")), "", "clock")
    return marks.chip(str(_("fetched")), "ok", "check")


class DistributionPointRegister(Register):
    """Where lists are published that packages waited for."""

    datamodel = SQLAInterface(DistributionPoint)
    route_base = "/listy-crl"
    list_title, show_title = _("Revocation lists"), _("Revocation list")
    list_lead = _(
        "Addresses that certificates in packages named, when nobody could say whether they were revoked. The worker "
        "fetches from those whose host is listed in CRL_HOSTS; the others are imported by hand."
    )
    label_columns = {
        "issuer_name": _("Issuer"), "address": _("Address"), "failure": _("State"), "fetched_at": _("Fetched"),
        "valid_until": _("The list lasts until"), "tried_at": _("Last try"), "due_at": _("Next try"),
        "added_at": _("Added"),
    }  # fmt: skip
    list_columns = ["issuer_name", "address", "failure", "fetched_at", "valid_until"]
    show_columns = [*list_columns, "tried_at", "due_at", "added_at"]
    short = True
    quick_filters = (
        Words("q", _("Issuer or address"), within=(DistributionPoint.issuer_name, DistributionPoint.address)),
    )
    formatters_columns: Mapping[str, Callable[[Any], object]] = {
        "issuer_name": marks.long, "address": marks.long,
        "fetched_at": moment, "valid_until": moment, "tried_at": moment, "due_at": moment, "added_at": moment,
    }  # fmt: skip
    row_formatters = {"failure": _state}
    empty_title = _("No package waited for a revocation list")

    def _said(self, row: DistributionPoint) -> str:
        return row.issuer_name
