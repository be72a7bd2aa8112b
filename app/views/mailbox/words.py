"""How messages and cases sound to a citizen: subjects, lines of a list, stages. `reasons` has refusals."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from app.domain.procedures import ProcedureName, Stage
from app.domain.procedures.editions import LAW_OF_2022
from app.models import Case, Folder, Message, Package, Purpose
from app.views.mailbox import formats
from app.views.mailbox.say import say as gettext
from app.views.wording_things import THINGS

SUBJECTS: dict[str, LazyString] = {
    "receipt": _("Official Receipt (UPO)"),
    "refusal": _("The package was not accepted: what to do"),
    "package": _("Signed package"),
    "upload": _("Not sent yet"),
    "letter": _("Letter from the office"),
    "proposal": _("How it is handed over to you"),
    "reminder": _("We wait for your answer: how it is handed over to you"),
    "agreement": _("Agreed: how it is handed over to you"),
    "default": _("Set by the office: how it is handed over to you"),
    "parcel": _("A parcel is on its way to you"),
}
"""The base of each kind's subject: what a search finds it by."""
THINGS_NAMED = 3
"""So many kinds of things stand in the subject of a proposal."""

ICONS = {"receipt": "receipt", "refusal": "refusal", "package": "package", "upload": "draft"}

APPLICATIONS: dict[str, LazyString] = {
    ProcedureName.REGISTRATION: _("application for registration of a vehicle"),
    ProcedureName.DEREGISTRATION: _("application for deregistration of a vehicle"),
}

PROCEDURES: dict[str, LazyString] = {
    ProcedureName.REGISTRATION: _("Registration of a vehicle"),
    ProcedureName.DEREGISTRATION: _("Deregistration of a vehicle"),
    ProcedureName.UNDESCRIBED: _("A case that a clerk has yet to describe"),
}

STAGES: dict[str, LazyString] = {
    Stage.RECEIVED: _("The application has arrived"),
    Stage.VERIFICATION: _("Checking the application"),
    Stage.AWAITING_REMEDY: _("Waiting for what is missing"),
    Stage.AWAITING_ORIGINALS: _("Handing over originals and plates"),
    Stage.ORIGINALS_COMPLETE: _("Temporary registration"),
    Stage.AGREEING_HANDOVER: _("Agreeing how you collect"),
    Stage.HANDED_OVER: _("Collecting the plates and the temporary permit"),
    Stage.PERMANENT_READY: _("Permanent registration certificate"),
    Stage.CLOSED: _("The case is closed"),
    Stage.ARCHIVED: _("The case is closed"),
    Stage.WITHDRAWN: _("The application is withdrawn"),
    Stage.LEFT_UNEXAMINED: _("Left unexamined"),
    Stage.TRANSFERRED: _("Passed to another office"),
    Stage.REFUSED: _("Refused"),
    Stage.DISCONTINUED: _("Discontinued"),
}
_WITHOUT_TEMPORARY: dict[str, LazyString] = {
    Stage.ORIGINALS_COMPLETE: _("Registration"),
    Stage.HANDED_OVER: _("Collecting the documents"),
}
_IN_DEREGISTRATION: dict[str, LazyString] = {
    Stage.AWAITING_ORIGINALS: _("Handing over originals"),
    Stage.ORIGINALS_COMPLETE: _("Decision on deregistration"),
}

OTHERWISE: dict[str, LazyString] = {
    **dict.fromkeys(
        ("remedy_summons", "originals_summons", "further_summons"),
        _(
            "If it does not come in time, the office will leave the application unexamined: the case will end without a"
            " decision."
        ),
    ),
    "withdrawal_summons": _(
        "Without your signature the withdrawal does not count, and the office goes on with the case."
    ),
    "permit_return_summons": _("Without them the office cannot give you the permanent registration certificate."),
    "plates_return_summons": _("A vehicle without a valid document must not be used; that may cost a fine."),
}
"""What happens if a summons of a kind is not met."""


def subject(message: Message) -> str:
    """Return what a message is about, in the reader's language."""
    kind, package = message.kind, message.package
    if kind == "upload":
        return gettext("Not sent yet: %(name)s", name=str(message.data.get("name", "")))
    if kind == "letter" and message.data.get("title"):
        return str(message.data["title"])
    base = str(SUBJECTS.get(kind, SUBJECTS["package"]))
    if kind in {"proposal", "reminder", "agreement", "default", "parcel"}:
        return _what_goes_out(base, message.data.get("kinds", []))
    content = _content(package)
    if kind == "receipt" and content:
        return f"{base}{formats.HARD}– {content}"
    if kind == "package" and content:
        return content[:1].upper() + content[1:]
    return base


def _what_goes_out(base: str, kinds: list[str]) -> str:
    """Return the subject of a proposal: what goes out by it, where that is few enough to name."""
    if not kinds:
        return base
    named = [str(THINGS.get(kind, THINGS["OTHER"])) for kind in kinds[:THINGS_NAMED]]
    things = ", ".join(name[:1].lower() + name[1:] for name in named)
    if len(kinds) > THINGS_NAMED:
        things = gettext("%(things)s and other things", things=things)
    return f"{base}{formats.HARD}– {things}"


def foreign(message: Message) -> str | None:
    """Return the language of the subject if it is not the reader's: letters of the office are Polish."""
    return "pl" if message.kind == "letter" and str(get_locale()) != "pl" else None


def _content(package: Package | None) -> str:
    if package is None:
        return ""
    if package.purpose in (Purpose.SUPPLEMENT, Purpose.ANSWER):
        return gettext("letter in a case")
    return str(APPLICATIONS.get(package.procedure or "", ""))


def about(message: Message) -> Markup:
    """Return the second line of a message in a list: who or where, and the numbers people search by."""
    parts: list[str] = []
    if message.case is not None:
        parts.append(Markup("{} {}").format(gettext("case"), formats.number(message.case.sign)))
        if message.case.vehicle_label:
            parts.append(formats.hard(message.case.vehicle_label))
    if message.receipt is not None:
        parts.append(formats.number(message.receipt.number))
    elif message.package is not None:
        parts.append(formats.number(message.package.number))
    if message.folder is Folder.SENT and message.package is not None:
        parts.append(message.package.filename)
    if message.kind == "upload":
        parts.append(formats.size(int(message.data.get("size", 0))))
    return Markup(" · ").join(parts)


def icon(message: Message) -> str:
    """Return the name of the drawing beside a message."""
    return ICONS.get(message.kind, "letter" if message.read_at is None else "letter-open")


def kinds_named(words: str) -> list[str]:
    """Return the kinds of message whose subject contains `words` in the reader's language."""
    wanted = words.casefold()
    return [kind for kind, text in SUBJECTS.items() if wanted in str(text).casefold()]


def procedure(case: Case) -> str:
    """Return what a case is about."""
    return str(PROCEDURES.get(case.procedure, PROCEDURES[ProcedureName.UNDESCRIBED]))


TEMPORARILY = "register_temporarily"
"""In the edition of 2022 this step is one of two ways (PRD art. 74 ust. 2d); until it is taken nobody speaks of it."""


def stage(case: Case, stage: str, *, temporarily: bool) -> str:
    """Return how a stage of `case` is called to a citizen. `temporarily`: the vehicle was registered so first."""
    special = _IN_DEREGISTRATION if case.procedure == ProcedureName.DEREGISTRATION else {}
    if case.procedure == ProcedureName.REGISTRATION and case.edition == LAW_OF_2022 and not temporarily:
        special = _WITHOUT_TEMPORARY
    return str(special.get(stage) or STAGES.get(stage, STAGES[Stage.RECEIVED]))
