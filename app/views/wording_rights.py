"""Which sentences say what a role may do? Rights are declared in `app/roles.py`; here each has its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

Right = tuple[str, str]
"""(view, permission), as `app/roles.py` writes them."""

REGISTERS: Mapping[str, LazyString] = {
    "CaseRegister": _("Cases"),
    "PackageRegister": _("Packages"),
    "ReceiptRegister": _("Receipts"),
    "LetterRegister": _("Letters"),
    "SummonsRegister": _("Summonses"),
    "DecisionRegister": _("Decisions"),
    "DeliveryRegister": _("Deliveries"),
    "ItemRegister": _("Originals and plates"),
    "ConsignmentRegister": _("Consignments"),
    "PlateRegister": _("Plates"),
    "PermitRegister": _("Temporary permits"),
    "ReturnedPlateRegister": _("Returned plates"),
    "MarkingRegister": _("Documents and markings"),
    "DailyReportRegister": _("Daily reports"),
    "QuarantineRegister": _("Quarantine"),
    "JobRegister": _("Jobs"),
    "EmailRegister": _("E-mails"),
    "UserRegister": _("Users"),
    "RoleRegister": _("Roles"),
    "TrustAnchorRegister": _("Trust anchors"),
    "DistributionPointRegister": _("Revocation lists"),
    "PlatformRegister": _("Platforms"),
    "SealRegister": _("Seals"),
    "AuditRegister": _("Audit trail"),
}

GROUPS: Mapping[str, LazyString] = {
    "cases": _("Cases"),
    "counter": _("Counter and post"),
    "reading": _("Reads the registers"),
    "export": _("Downloads the registers as a file"),
    "upkeep": _("What was refused or given up"),
    "administration": _("Administration"),
    "audit": _("Audit"),
    "own": _("Own account"),
}

ACTS: Mapping[Right, tuple[str, LazyString]] = {
    ("Desk", "can_work"): ("cases", _("sees the queue “My work”")),
    ("Desk", "can_search"): ("cases", _("searches for cases")),
    ("CaseFile", "can_open"): ("cases", _("opens case files")),
    ("CaseFile", "can_document"): ("cases", _("looks at documents and downloads them")),
    ("CaseFile", "can_page"): ("cases", _("looks at documents and downloads them")),
    ("CaseFile", "can_report"): ("cases", _("reads forms and reports about signatures")),
    ("CaseFile", "can_receipt"): ("cases", _("downloads receipts")),
    ("CaseFile", "can_show_pesel"): ("cases", _("has a PESEL shown; this is written down")),
    ("CaseFile", "can_take"): ("cases", _("takes cases")),
    ("CaseFile", "can_take_next"): ("cases", _("takes cases")),
    ("CaseFile", "can_give_back"): ("cases", _("gives own cases back to the queue")),
    ("CaseFile", "can_describe"): ("cases", _("describes cases whose form cannot be read")),
    ("CaseFile", "can_settle"): ("cases", _("accepts signatures that could not be confirmed")),
    ("CaseAgreeing", "can_answer"): ("cases", _("writes down what the owner answered about the handing over")),
    ("CaseAgreeing", "can_default"): ("cases", _("proposes how things are handed over")),
    ("CaseAgreeing", "can_propose"): ("cases", _("proposes how things are handed over")),
    ("CaseAgreeing", "can_send_back"): ("cases", _("sends back by post what the office holds")),
    ("CaseFile", "can_desk_step"): ("counter", _("notes supplements and withdrawals of parties")),
    ("CaseFile", "can_note"): ("cases", _("writes notes")),
    ("CaseFile", "can_step"): ("cases", _("leads own cases through the procedure")),
    ("CaseFile", "can_take_away"): ("cases", _("puts cases of others back into the queue")),
    ("CaseLost", "can_replace"): ("cases", _("settles what comes instead of things that the post lost")),
    ("CaseLost", "can_write_off"): ("cases", _("settles what comes instead of things that the post lost")),
    ("CasePreparing", "can_extra_plate"): ("cases", _("prepares decisions: fees, plates, permits, certificates")),
    ("CasePreparing", "can_certificate"): ("cases", _("prepares decisions: fees, plates, permits, certificates")),
    ("CasePreparing", "can_save"): ("cases", _("prepares decisions: fees, plates, permits, certificates")),
    ("CasePreparing", "can_plates"): ("cases", _("prepares decisions: fees, plates, permits, certificates")),
    ("CasePreparing", "can_numbers"): ("cases", _("prepares decisions: fees, plates, permits, certificates")),
    ("Custody", "can_annotate"): ("counter", _("records annotations on papers, and strikes them out")),
    ("Custody", "can_compare"): ("counter", _("compares things with their scans")),
    ("Custody", "can_move"): (
        "counter",
        _("stores, files, destroys and forwards things, hands worn plates over to their maker"),
    ),
    ("Custody", "can_read"): ("counter", _("sees where things are")),
    ("FrontDesk", "can_read"): ("counter", _("sees what came and what goes out")),
    ("FrontDesk", "can_write"): ("counter", _("receives envelopes and hands things out")),
    ("PostingRoom", "can_read"): ("counter", _("sees what came and what goes out")),
    ("PostingRoom", "can_write"): ("counter", _("posts letters and parcels and notes what became of them")),
    ("Shelves", "can_read"): ("counter", _("sees where things are")),
    ("Shelves", "can_write"): ("counter", _("compares shelves with the register")),
    ("LetterPages", "can_compose"): ("cases", _("writes letters")),
    ("LetterPages", "can_preview"): ("cases", _("writes letters")),
    ("LetterPages", "can_take_back"): ("cases", _("takes letters back before they leave")),
    ("LetterPages", "can_send_again"): ("cases", _("writes letters")),
    ("LetterPages", "can_read"): ("cases", _("reads letters")),
    ("LetterPages", "can_pdf"): ("cases", _("reads letters")),
    ("LetterTextPages", "can_edit"): ("administration", _("edits the texts of letters")),
    ("LetterTextPages", "can_preview"): ("administration", _("edits the texts of letters")),
    ("LetterTextPages", "can_texts"): ("administration", _("edits the texts of letters")),
    ("VerificationPages", "can_determine"): ("cases", _("verifies documents and determines what the case needs")),
    ("VerificationPages", "can_skip_originals"): ("cases", _("verifies documents and determines what the case needs")),
    ("VerificationPages", "can_verdict"): ("cases", _("verifies documents and determines what the case needs")),
    ("VerificationPages", "can_verify"): ("cases", _("verifies documents and determines what the case needs")),
    ("CaseRegister", "can_bulk"): ("cases", _("acts on many cases at once")),
    ("CaseRegister", "can_receive"): ("counter", _("receives what many cases wait for, at once")),
    ("CaseRegister", "can_assign"): ("cases", _("gives cases to clerks")),
    ("CaseRegister", "can_remind"): ("cases", _("reminds parties in many cases at once")),
    ("PlateRegister", "can_stock"): ("counter", _("adds registration numbers to the stock")),
    ("Papers", "can_read"): (
        "cases",
        _("prints case cards, information cards of vehicles, lists of cases and daily reports"),
    ),
    ("DaysOffPages", "can_change"): ("administration", _("sees and changes the days off")),
    ("DaysOffPages", "can_read"): ("administration", _("sees and changes the days off")),
    ("ProcedurePages", "can_read"): ("cases", _("sees the procedures drawn")),
    ("DailyReportRegister", "can_download"): ("cases", _("downloads daily reports that are kept")),
    ("QuarantineRegister", "can_download"): ("upkeep", _("downloads refused packages")),
    ("QuarantineRegister", "can_recheck"): ("upkeep", _("has refused packages judged again")),
    ("JobRegister", "can_retry"): ("upkeep", _("runs given-up jobs again")),
    ("UserRegister", "can_add"): ("administration", _("opens accounts for staff")),
    ("UserRegister", "can_edit"): ("administration", _("gives roles and takes them away")),
    ("UserRegister", "can_send_link"): ("administration", _("makes links for new passwords")),
    ("UserRegister", "can_forget_factor"): (
        "administration",
        _("turns off the second factor of somebody who lost the telephone"),
    ),
    ("UserRegister", "can_disable"): ("administration", _("closes accounts and opens them again")),
    ("TrustAnchorRegister", "can_add"): ("administration", _("adds trust anchors and withdraws them")),
    ("TrustAnchorRegister", "can_withdraw"): ("administration", _("adds trust anchors and withdraws them")),
    ("TrustAnchorRegister", "can_import_list"): ("administration", _("imports trusted lists and revocation lists")),
    ("TrustAnchorRegister", "can_import_crl"): ("administration", _("imports trusted lists and revocation lists")),
    ("PlatformRegister", "can_add"): ("administration", _("lets other platforms send packages and stops them")),
    ("PlatformRegister", "can_revoke"): ("administration", _("lets other platforms send packages and stops them")),
    ("AuditRegister", "can_verify"): ("audit", _("checks whether the audit trail is whole")),
    ("AccountView", "can_account"): ("own", _("changes own settings and password, ends own sessions")),
    ("AccountView", "can_password"): ("own", _("changes own settings and password, ends own sessions")),
    ("AccountView", "can_sessions"): ("own", _("changes own settings and password, ends own sessions")),
    ("SavedViews", "can_save"): ("own", _("keeps own views of lists")),
    ("SavedViews", "can_remove"): ("own", _("keeps own views of lists")),
}
"""What each right that is no reading of a register lets somebody do, after the name of their role."""

_READING = {"can_list": "reading", "can_show": "reading", "can_export": "export"}


def has_words(right: Right) -> bool:
    """Return whether the page of a role can say what `right` is; entries of the menu follow from the others."""
    view, permission = right
    return permission == "menu_access" or right in ACTS or (permission in _READING and view in REGISTERS)


def said(rights: Iterable[Right], group: str) -> list[str]:
    """Return what `rights` let somebody do in the `group`, each sentence once, in the order of the tables above."""
    held = set(rights)
    if group in _READING.values():
        permissions = [name for name, where in _READING.items() if where == group]
        return [str(title) for view, title in REGISTERS.items() if held & {(view, name) for name in permissions}]
    return list(dict.fromkeys(str(words) for right, (where, words) in ACTS.items() if where == group and right in held))
