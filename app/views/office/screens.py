"""Which screens the office has, in the order of its menu."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as _

from app.views.office.bulk_acts import BulkActs
from app.views.office.case_agreeing_acts import CaseAgreeing
from app.views.office.case_appeal_acts import CaseAppeals
from app.views.office.case_file import CaseFile
from app.views.office.case_lost import CaseLost
from app.views.office.case_preparing_acts import CasePreparing
from app.views.office.days_off_pages import DaysOffPages
from app.views.office.desk import Desk
from app.views.office.front_desk import FrontDesk
from app.views.office.item_pages import Custody
from app.views.office.letter_pages import LetterPages
from app.views.office.letter_text_pages import LetterTextPages
from app.views.office.letters_to_print import LettersToPrint
from app.views.office.papers import Papers
from app.views.office.plate_pages import PlateStock
from app.views.office.posting_room import PostingRoom
from app.views.office.procedure_pages import ProcedurePages
from app.views.office.registers_admin import (
    AuditRegister,
    EmailRegister,
    JobRegister,
    PlatformRegister,
    RoleRegister,
    SealRegister,
    TrustAnchorRegister,
    UserRegister,
)
from app.views.office.registers_annexes import MarkingRegister, ReturnedPlateRegister
from app.views.office.registers_cases import CaseRegister
from app.views.office.registers_intake import PackageRegister, QuarantineRegister, ReceiptRegister
from app.views.office.registers_procedure import DecisionRegister, DeliveryRegister, LetterRegister, SummonsRegister
from app.views.office.registers_reports import DailyReportRegister
from app.views.office.registers_things import ConsignmentRegister, ItemRegister, PermitRegister, PlateRegister
from app.views.office.registers_trust import DistributionPointRegister
from app.views.office.saved_views import SavedViews
from app.views.office.shelves import Shelves
from app.views.office.staff_pages import StaffPages
from app.views.office.trust_pages import PlatformPages, TrustPages
from app.views.office.upkeep_pages import AuditPages, JobPages, QuarantinePages
from app.views.office.verification import VerificationPages
from app.views.office.worn_plates import WornPlates

# (view, name of the line, its words, heading and its words)
_REGISTERS = (
    (CaseRegister, "Cases", _("Cases")),
    (PackageRegister, "Packages", _("Packages")),
    (ReceiptRegister, "Receipts", _("Receipts")),
    (LetterRegister, "Letters", _("Letters")),
    (SummonsRegister, "Summonses", _("Summonses")),
    (DecisionRegister, "Decisions", _("Decisions")),
    (DeliveryRegister, "Deliveries", _("Deliveries")),
    (ItemRegister, "Originals and plates", _("Originals and plates")),
    (ConsignmentRegister, "Consignments", _("Consignments")),
    (PlateRegister, "Plates", _("Plates")),
    (PermitRegister, "Temporary permits", _("Temporary permits")),
    (ReturnedPlateRegister, "Returned plates", _("Returned plates")),
    (MarkingRegister, "Documents and markings", _("Documents and markings")),
    (DailyReportRegister, "Daily reports", _("Daily reports")),
    (QuarantineRegister, "Quarantine", _("Quarantine")),
    (JobRegister, "Jobs", _("Jobs")),
    (EmailRegister, "E-mails", _("E-mails")),
)
_ADMINISTRATION = (
    (UserRegister, "Users", _("Users")),
    (RoleRegister, "Roles", _("Roles")),
    (TrustAnchorRegister, "Trust anchors", _("Trust anchors")),
    (DistributionPointRegister, "Revocation lists", _("Revocation lists")),
    (SealRegister, "Seals", _("Seals")),
    (PlatformRegister, "Platforms", _("Platforms")),
)
_ACTS = (
    CaseFile,
    CasePreparing,
    CaseLost,
    CaseAgreeing,
    CaseAppeals,
    SavedViews,
    StaffPages,
    TrustPages,
    PlatformPages,
    JobPages,
    QuarantinePages,
    AuditPages,
    VerificationPages,
    LetterPages,
    BulkActs,
    PlateStock,
)


def add_to(builder: AppBuilder) -> None:
    """Add the desk, the registers and administration to the office."""
    builder.add_view(Desk, "My work", label=_("My work"), href="Desk.work")
    builder.add_view(FrontDesk, "Front desk", label=_("Front desk"), href="FrontDesk.start")
    builder.add_view(PostingRoom, "Posting room", label=_("Post"), href="PostingRoom.today")
    for pages in (Shelves, Custody, WornPlates, LettersToPrint):
        builder.add_view_no_menu(pages)
    for pages in _ACTS:
        builder.add_view_no_menu(pages)
    for view, name, label in _REGISTERS:
        builder.add_view(view, name, label=label, category="Registers", category_label=_("Registers"))
    builder.add_view(
        LetterTextPages, "Letter texts", label=_("Texts of letters"), href="LetterTextPages.texts",
        category="Registers", category_label=_("Registers"),
    )  # fmt: skip
    for view, name, label in _ADMINISTRATION:
        builder.add_view(view, name, label=label, category="Administration", category_label=_("Administration"))
    builder.add_view(DaysOffPages, "Days off", label=_("Days off"), href="DaysOffPages.year", category="Administration")
    for pages, name, label, href in (
        (Papers, "Printouts", _("Printouts"), "Papers.choose"),
        (ProcedurePages, "Procedures", _("Procedures"), "ProcedurePages.index"),
    ):
        builder.add_view(pages, name, label=label, href=href, category="Registers")
    builder.add_view(AuditRegister, "Audit trail", label=_("Audit trail"), category="Audit", category_label=_("Audit"))
