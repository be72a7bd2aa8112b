"""The registers of what came in: packages, quarantine, receipts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.models import Outcome, Package, PackageState, Receipt, ReceiptKind
from app.views.office import marks
from app.views.office.formats import moment, size
from app.views.office.register_acts import RowAct
from app.views.office.register_filters import Choice, Days, Words
from app.views.office.registers import Register
from app.views.wording_cases import CHANNELS, OUTCOMES, PURPOSES, SHORT_PROCEDURES
from app.views.wording_reasons import reason_words

_OUTCOME_MARKS = {
    Outcome.VALID: ("ok", "check"),
    Outcome.UNDECIDED: ("warn", "help-circle"),
    Outcome.INVALID: ("late", "x"),
    Outcome.UNREADABLE: ("late", "x"),
}


def outcome_chip(outcome: Outcome | None) -> Markup:
    """Return the outcome of judging in words with its mark; a package that waits is said to wait."""
    if outcome is None:
        return marks.chip(str(_("waiting")), "", "clock")
    kind, icon = _OUTCOME_MARKS[outcome]
    return marks.chip(str(OUTCOMES[outcome.value]), kind, icon)


def _case_sign(package: Package) -> Markup | str:
    if package.case is None:
        return marks.muted(str(_("refused"))) if package.state is PackageState.REFUSED else ""
    return marks.sign(package.case.sign, url_for("CaseFile.open", sign=package.case.sign))


_RECEIPT_KINDS = {ReceiptKind.UPP: _("of what came in"), ReceiptKind.UPD: _("of what was served")}


def _package_number(receipt: Receipt) -> Markup | str:
    if receipt.package is None:
        return ""
    return marks.sign(receipt.package.number, url_for("PackageRegister.show", pk=receipt.package.id))


_LABELS = {
    "package": _("Package"),
    "number": _("Number"),
    "received_at": _("Arrived"),
    "sender_name": _("Sender"),
    "procedure": _("Procedure"),
    "outcome": _("Signature"),
    "case_sign": _("Case"),
    "case": _("Case"),
    "size": _("Size"),
    "channel": _("Way in"),
    "purpose": _("Purpose"),
    "filename": _("File"),
    "sha256": _("SHA-256"),
    "reasons": _("Reasons"),
    "container": _("Container"),
    "decided_at": _("Settled"),
    "judged_at": _("Last judged"),
    "issued_at": _("Issued"),
    "kind": _("Kind"),
    "xml_sha256": _("SHA-256 of the XML"),
}
_CONTAINERS = {"asic-e": "ASiC-E", "asic-s": "ASiC-S", "zip": "ZIP", "xml": "XML"}
_ASKED_FOR = {code: SHORT_PROCEDURES[code] for code in ("registration", "deregistration")}


class PackageRegister(Register):
    """Every package, the newest first."""

    datamodel = SQLAInterface(Package)
    route_base = "/paczki"
    list_title, show_title = _("Packages"), _("Package")
    label_columns = _LABELS
    list_columns = ["number", "received_at", "sender_name", "procedure", "outcome", "case", "size"]
    show_columns = [
        "number", "received_at", "sender_name", "channel", "filename", "size", "container", "outcome", "reasons",
        "purpose", "case", "decided_at", "sha256",
    ]  # fmt: skip
    base_order = ("received_at", "desc")
    order_columns = ["received_at"]
    number_columns = ["size"]
    eager = {"case": ("sign",)}
    quick_filters = (
        Words("q", _("Case sign, plate, VIN, name or number"), Package.case_id, exact=(Package.number,)),
        Days("received", _("Arrived from"), _("to"), Package.received_at),
        Choice("procedure", _("Procedure"), _ASKED_FOR, Package.procedure),
        Choice("outcome", _("Signature"), OUTCOMES, Package.outcome),
    )  # fmt: skip
    standing_views: Sequence[tuple[Any, str]] = ((_("Signature to settle"), "outcome=undecided"),)
    formatters_columns = {
        "received_at": moment,
        "decided_at": moment,
        "judged_at": moment,
        "size": size,
        "procedure": lambda code: str(SHORT_PROCEDURES.get(code, "")),
        "outcome": outcome_chip,
        "container": lambda kind: _CONTAINERS.get(kind, str(_("unknown"))),
        "reasons": lambda codes: reason_words(codes) or "–",
        "channel": lambda channel: str(CHANNELS[channel.value]),
        "purpose": lambda purpose: str(PURPOSES[purpose.value]) if purpose else "–",
        "sha256": marks.code,
    }
    more_columns = ["state"]
    row_formatters = {"case": _case_sign}
    empty_title = _("No package yet")
    empty_text = _("Packages come from the mailbox, from other platforms and by import. Each appears here at once.")


class QuarantineRegister(PackageRegister):
    """Packages that were refused: kept, part of no case, seen by supervisors."""

    route_base = "/kwarantanna"
    list_title, show_title = _("Quarantine"), _("Refused package")
    base_filters = [["state", FilterEqual, PackageState.REFUSED]]
    list_columns = ["number", "received_at", "sender_name", "outcome", "reasons", "size"]
    show_columns = [
        "number", "received_at", "sender_name", "channel", "filename", "size", "container", "outcome", "reasons",
        "judged_at", "decided_at", "sha256",
    ]  # fmt: skip
    standing_views = ()
    row_formatters: dict[str, Any] = {"case": _case_sign}
    row_acts = (
        RowAct(_("Download the bytes"), "QuarantinePages.download", "package_id", "can_download"),
        RowAct(_("Judge again"), "QuarantinePages.recheck", "package_id", "can_recheck"),
    )
    empty_title = _("Nothing was refused")
    empty_text = _("Packages whose signature is invalid, and files that nobody can read, are kept here.")


class ReceiptRegister(Register):
    """Every official receipt."""

    datamodel = SQLAInterface(Receipt)
    route_base = "/poswiadczenia"
    list_title, show_title = _("Receipts"), _("Receipt")
    label_columns = _LABELS
    list_columns = ["number", "issued_at", "sender_name", "package", "kind"]
    show_columns = ["number", "issued_at", "sender_name", "package", "kind", "xml_sha256"]
    eager = {"package": ("number",)}
    base_order = ("issued_at", "desc")
    order_columns = ["issued_at"]
    quick_filters = (
        Words("q", _("Number"), exact=(Receipt.number,)),
        Days("issued", _("Issued from"), _("to"), Receipt.issued_at),
    )
    formatters_columns: dict[str, Any] = {
        "issued_at": moment,
        "kind": lambda kind: str(_RECEIPT_KINDS[kind]),
        "xml_sha256": marks.code,
    }
    row_formatters: dict[str, Any] = {"package": _package_number}
    empty_title = _("No receipt yet")
    empty_text = _("A receipt is issued for each accepted package, by itself.")
