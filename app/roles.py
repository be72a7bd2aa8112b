"""Who may do what: one readable list. A permission that no role names here belongs to nobody.

Each right is (pattern of the view's name, pattern of the permission's name), both anchored at both ends:
Flask-AppBuilder matches prefixes, and a prefix grants more than it says.
"""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """The roles of the office (design: people of the process)."""

    CLERK = "Referent"
    FRONT_DESK = "Kancelaria"
    INSPECTOR = "Inspektor"
    SUPERVISOR = "Kierownik"
    ADMINISTRATOR = "Administrator"
    AUDITOR = "Audytor"


_LOOK = r"^can_(list|show)$"
_LOOK_AND_EXPORT = r"^can_(list|show|export)$"
_MENU = r"^menu_access$"
_OWN_ACCOUNT = [
    (r"^AccountView$", r"^can_(account|sessions|password)$"),
    (r"^SavedViews$", r"^can_(save|remove)$"),
    (r"^ProcedurePages$", r"^can_read$"),
    (r"^Procedures$", _MENU),
]


def _register(view: str, menu: str | None = None, rights: str = _LOOK_AND_EXPORT) -> list[tuple[str, str]]:
    return [(rf"^{view}$", rights), *([(rf"^{menu}$", _MENU)] if menu else [])]


_CASES = _register("CaseRegister", "Cases")
_PACKAGES = _register("PackageRegister", "Packages")
_RECEIPTS = _register("ReceiptRegister", "Receipts")
_OF_THE_PROCEDURE = [
    right
    for view, menu in (
        ("LetterRegister", "Letters"),
        ("SummonsRegister", "Summonses"),
        ("DecisionRegister", "Decisions"),
        ("DeliveryRegister", "Deliveries"),
        ("ItemRegister", "Originals and plates"),
        ("ConsignmentRegister", "Consignments"),
        ("PlateRegister", "Plates"),
        ("PermitRegister", "Temporary permits"),
        ("ReturnedPlateRegister", "Returned plates"),
        ("MarkingRegister", "Documents and markings"),
    )
    for right in _register(view, menu)
]
_PAPERS = [(r"^Papers$", r"^can_read$"), (r"^Printouts$", _MENU)]
_DAILY_REPORTS = _register("DailyReportRegister", "Daily reports", r"^can_(list|export|download)$")
_CASE_FILE = [(r"^CaseFile$", r"^can_(open|document|page|report|receipt)$")]
_LETTERS = [
    (r"^VerificationPages$", r"^can_(verify|determine|skip_originals)$"),
    (r"^LetterPages$", r"^can_(compose|preview|take_back|send_again|read|pdf)$"),
]
_LETTER_TEXTS = [(r"^LetterTextPages$", r"^can_(texts|edit|preview)$"), (r"^Letter texts$", _MENU)]
_DESK = [(r"^Desk$", r"^can_(work|search)$"), (r"^My work$", _MENU), (r"^Registers$", _MENU)]

_COUNTER_READ = [
    (r"^(FrontDesk|PostingRoom|Shelves|Custody)$", r"^can_read$"),
    (r"^(Front desk|Posting room)$", _MENU),
]
_COUNTER = [
    *_COUNTER_READ,
    (r"^(FrontDesk|PostingRoom|Shelves)$", r"^can_write$"),
    (r"^Custody$", r"^can_move$"),
]

RIGHTS: dict[Role, list[tuple[str, str]]] = {
    Role.CLERK: [
        *_OWN_ACCOUNT,
        *_DESK,
        *_CASES,
        *_PACKAGES,
        *_RECEIPTS,
        *_OF_THE_PROCEDURE,
        *_CASE_FILE,
        *_LETTERS,
        (r"^VerificationPages$", r"^can_verdict$"),
        (r"^CaseFile$", r"^can_(take|take_next|give_back|describe|settle|show_pesel|step|note)$"),
        (r"^CasePreparing$", r"^can_(save|numbers|plates|extra_plate|certificate)$"),
        (r"^CaseLost$", r"^can_(replace|write_off)$"),
        (r"^CaseAgreeing$", r"^can_(propose|answer|default|send_back)$"),
        *_COUNTER,
        (r"^Custody$", r"^can_(compare|annotate)$"),
        *_PAPERS,
        (r"^CaseRegister$", r"^can_(bulk|receive|remind)$"),
    ],
    Role.FRONT_DESK: [
        *_OWN_ACCOUNT,
        *_DESK,
        *_CASES,
        *_PACKAGES,
        *_RECEIPTS,
        (r"^CaseFile$", r"^can_(open|desk_step|note)$"),
        (r"^CaseAgreeing$", r"^can_answer$"),
        *_COUNTER,
        (r"^CaseRegister$", r"^can_(bulk|receive)$"),
        *_OF_THE_PROCEDURE,
    ],
    Role.INSPECTOR: [*_OWN_ACCOUNT],
    Role.SUPERVISOR: [
        *_OWN_ACCOUNT,
        *_DESK,
        *_CASES,
        *_PACKAGES,
        *_RECEIPTS,
        *_OF_THE_PROCEDURE,
        *_CASE_FILE,
        *_LETTERS,
        *_LETTER_TEXTS,
        (r"^CaseFile$", r"^can_(settle|show_pesel|take_away|note)$"),
        *_COUNTER_READ,
        *_PAPERS,
        *_DAILY_REPORTS,
        (r"^CaseRegister$", r"^can_(bulk|assign)$"),
        (r"^PlateRegister$", r"^can_stock$"),
        *_register("QuarantineRegister", "Quarantine"),
        (r"^QuarantineRegister$", r"^can_(download|recheck)$"),
        *_register("JobRegister", "Jobs"),
        (r"^JobRegister$", r"^can_retry$"),
        *_register("EmailRegister", "E-mails"),
    ],
    Role.ADMINISTRATOR: [
        *_OWN_ACCOUNT,
        (r"^Registers$", _MENU),
        (r"^Administration$", _MENU),
        *_LETTER_TEXTS,
        *_register("UserRegister", "Users"),
        (r"^UserRegister$", r"^can_(add|edit|send_link|disable|forget_factor)$"),
        *_register("RoleRegister", "Roles", _LOOK),
        *_register("TrustAnchorRegister", "Trust anchors"),
        (r"^TrustAnchorRegister$", r"^can_(add|import_list|import_crl|withdraw)$"),
        *_register("DistributionPointRegister", "Revocation lists"),
        *_register("PlatformRegister", "Platforms"),
        (r"^PlatformRegister$", r"^can_(add|revoke)$"),
        *_register("SealRegister", "Seals"),
        (r"^DaysOffPages$", r"^can_(read|change)$"),
        (r"^Days off$", _MENU),
        *_register("JobRegister", "Jobs"),
        (r"^JobRegister$", r"^can_retry$"),
        *_register("EmailRegister", "E-mails"),
    ],
    Role.AUDITOR: [
        *_OWN_ACCOUNT,
        (r"^(Audit|Registers)$", _MENU),
        *_DAILY_REPORTS,
        *_register("AuditRegister", "Audit trail"),
        (r"^AuditRegister$", r"^can_verify$"),
    ],
}
