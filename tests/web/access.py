"""The table of who may open what. A route that is not here fails the suite; so does a line without a route.

Office: endpoint -> roles. `ALL` means every member of staff. Mailbox: endpoint -> CITIZEN or PUBLIC.
"""

from __future__ import annotations

from app.roles import Role

ALL = frozenset(Role)
DESK = frozenset({Role.CLERK, Role.FRONT_DESK, Role.SUPERVISOR})
FILES = frozenset({Role.CLERK, Role.SUPERVISOR})
SUPERVISION = frozenset({Role.SUPERVISOR})
ADMINISTRATION = frozenset({Role.ADMINISTRATOR})
ENGINE_ROOM = SUPERVISION | ADMINISTRATION
AUDIT = frozenset({Role.AUDITOR})
CLERKS = frozenset({Role.CLERK})
PUBLIC, CITIZEN, PLATFORM = "public", "citizen", "platform"


def _register(name: str, roles: frozenset[Role], *pages: str) -> dict[str, frozenset[Role]]:
    return {f"{name}.{page}": roles for page in pages or ("list", "show", "export")}


OFFICE: dict[str, frozenset[Role] | str] = {
    "static": PUBLIC,
    "languages.choose": PUBLIC,
    "AuthView.login": PUBLIC,
    "AuthView.logout": PUBLIC,
    "PasswordLink.set_password": PUBLIC,
    "Home.index": ALL,
    "AccountView.account": ALL,
    "AccountView.settings": ALL,
    "AccountView.language": ALL,
    "AccountView.password": ALL,
    "AccountView.sessions": ALL,
    "AccountView.end_session": ALL,
    "SecondFactor.second_factor": ALL,
    "SavedViews.save": ALL,
    "SavedViews.remove": ALL,
    "Desk.work": DESK,
    "Desk.search": DESK,
    "CaseFile.open": DESK,
    "CaseFile.document": FILES,
    "CaseFile.page": FILES,
    "CaseFile.report": FILES,
    "CaseFile.form": FILES,
    "CaseFile.form_pdf": FILES,
    "CaseFile.receipt": FILES,
    "CaseFile.take": CLERKS,
    "CaseFile.take_next": CLERKS,
    "CaseFile.give_back": CLERKS,
    "CaseFile.describe": CLERKS,
    "CaseFile.settle": FILES,
    "CaseFile.take_away": SUPERVISION,
    "CaseFile.step": CLERKS,
    "CaseFile.desk_step": frozenset({Role.FRONT_DESK}),
    "CaseFile.note": DESK,
    "CaseFile.determine": CLERKS,
    **_register("CasePreparing", CLERKS, "fee", "numbers", "plates", "release", "permit", "item", "certificate"),
    **_register("CaseAgreeing", CLERKS, "propose", "default"),
    "CaseAgreeing.answer": CLERKS | {Role.FRONT_DESK},
    "CaseFile.show_pesel": FILES,
    **_register("VerificationPages", FILES, "verify", "determine", "skip_originals"),
    "VerificationPages.verdict": CLERKS,
    **_register("LetterPages", FILES, "compose", "preview", "take_back", "read", "pdf"),
    **_register("LetterTextPages", ENGINE_ROOM, "texts", "edit", "preview"),
    **_register("CaseRegister", DESK, "list", "export"),
    **_register("PackageRegister", DESK),
    **_register("ReceiptRegister", DESK),
    **_register("QuarantineRegister", SUPERVISION),
    **_register("JobRegister", ENGINE_ROOM),
    **_register("EmailRegister", ENGINE_ROOM),
    **_register("UserRegister", ADMINISTRATION),
    **_register("RoleRegister", ADMINISTRATION, "list", "show"),
    **_register("TrustAnchorRegister", ADMINISTRATION),
    **_register("SealRegister", ADMINISTRATION),
    **_register("PlatformRegister", ADMINISTRATION),
    **_register("AuditRegister", AUDIT),
    **_register("StaffPages", ADMINISTRATION, "add", "edit", "disable", "send_link"),
    **_register("TrustPages", ADMINISTRATION, "add", "import_list", "import_crl", "withdraw"),
    **_register("PlatformPages", ADMINISTRATION, "add", "revoke"),
    **_register("JobPages", ENGINE_ROOM, "retry"),
    **_register("QuarantinePages", SUPERVISION, "download", "recheck"),
    "AuditPages.verify": AUDIT,
}

MAILBOX: dict[str, str] = {
    "static": PUBLIC,
    "languages.choose": PUBLIC,
    "health.alive": PUBLIC,
    "health.ready": PUBLIC,
    "health.metrics": PUBLIC,
    "api_packages.submit": PLATFORM,
    "api_packages.show": PLATFORM,
    "api_packages.receipt": PLATFORM,
    "start.page": PUBLIC,
    "login.page": PUBLIC,
    "login.enter": PUBLIC,
    "login.leave": PUBLIC,
    "login.stay": CITIZEN,
    "login.sessions": CITIZEN,
    "login.end_session": CITIZEN,
    "password.page": CITIZEN,
    "password.change": CITIZEN,
    "check.page": PUBLIC,
    "check.check": PUBLIC,
    "pages.accessibility": PUBLIC,
    "pages.terms": PUBLIC,
    "pages.privacy": PUBLIC,
    "pages.help": PUBLIC,
    "pages.signing": PUBLIC,
    "centre.certificate": PUBLIC,
    "centre.revocations": PUBLIC,
    "letters.received": CITIZEN,
    "letters.drafts": CITIZEN,
    "letters.sent": CITIZEN,
    "letters.letter": CITIZEN,
    "letters.mark_read": CITIZEN,
    "letters.copy": CITIZEN,
    "letters.package": CITIZEN,
    "letters.evidence": CITIZEN,
    "upload.choose": CITIZEN,
    "upload.bring": CITIZEN,
    "upload.check": CITIZEN,
    "upload.send": CITIZEN,
    "upload.discard": CITIZEN,
    "cases.index": CITIZEN,
    "cases.page": CITIZEN,
    "office_letters.confirm": CITIZEN,
    "office_letters.pdf": CITIZEN,
    "office_letters.proof": CITIZEN,
    "answers.originals": CITIZEN,
    "answers.announce": CITIZEN,
    "answers.question": CITIZEN,
    "answers.ask": CITIZEN,
    "answers.withdrawal": CITIZEN,
    "answers.withdraw": CITIZEN,
    "handover.page": CITIZEN,
    "handover.accept": CITIZEN,
    "handover.otherwise": CITIZEN,
    "handover.counter": CITIZEN,
    "handover.appointment": CITIZEN,
}
