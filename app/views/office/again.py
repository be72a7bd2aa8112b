"""A form that was refused comes back on its page: what was typed is still there, and the sentence is at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, g, make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.domain.errors import BadInput, ConditionMissing, Refused
from app.extensions import db
from app.views.errors import answer, of_refusal
from app.views.wording import refusal

ID = "again"
"""The id of the field that needs the correction, wherever it stands: the summary on top leads to it."""

_ITEMS, _CASE, _SHELVES, _WORN = "FrontDesk.items", "CaseFile.open", "Shelves.look", "WornPlates.look"
_PARTICULARS = {
    "delivery-address": "address", "collector-name": "collector", "nothing-changed": "remark",
    **dict.fromkeys(("slot-unreadable", "slot-passed", "slot-not-offered", "slot-full"), "slot"),
}  # fmt: skip
_CERTIFICATE = dict.fromkeys(("certificate-number-missing", "certificate-number-used"), "number")
_LABEL = dict.fromkeys(("label-missing", "label-unreadable", "permit-number-unreadable", "label-used"), "label")
_NOTE = dict.fromkeys(("note-empty", "note-too-long"), "text")
_REASON = {"reason-missing": "reason"}
_TO_MAKER = {
    "maker-missing": "maker", "person-missing": "person",
    **dict.fromkeys(("nothing-ticked", "too-many-plates", "plates-unknown", "movement-not-open"), "pick"),
}  # fmt: skip
_MOVE = {
    "manner-missing": "remark", "reason-missing": "remark", "destruction-unconfirmed": "sure", "place-missing": "place",
    "nothing-ticked": "pick",
}  # fmt: skip

FORMS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    # form                         its page   the field of each refusal that has one
    "Custody.move":               (_ITEMS,    _MOVE),
    "Custody.compare":            (_ITEMS,    {"reason-missing": "remark"}),
    "Custody.accept":             (_ITEMS,    _REASON),
    "Custody.mistaken":           (_ITEMS,    _REASON),
    "Custody.annotate":           (_ITEMS,    {"annotation-missing": "pick"}),
    "Custody.strike":             (_ITEMS,    _REASON),
    "Shelves.put":                (_SHELVES,  {"place-missing": "place", "nothing-ticked": "pick"}),
    "WornPlates.hand_over":       (_WORN,     _TO_MAKER),
    "CaseFile.step":              (_CASE,     _REASON),
    "CaseFile.desk_step":         (_CASE,     _REASON),
    "CaseFile.give_back":         (_CASE,     _REASON),
    "CaseFile.take_away":         (_CASE,     _REASON),
    "CaseFile.settle":            (_CASE,     _REASON),
    "CaseFile.note":              (_CASE,     _NOTE),
    "CaseAgreeing.propose":       (_CASE,     _PARTICULARS),
    "CaseAgreeing.answer":        (_CASE,     _PARTICULARS),
    "CaseAgreeing.send_back":     (_CASE,     {"delivery-address": "address", "nothing-ticked": "things"}),
    "CaseAppeals.lodge":          (_CASE,     {"appeal-day": "on", "appeal-posted": "posted", "appeal-party": "party"}),
    "CaseAppeals.forward":        (_CASE,     {"reasons-missing": "reasons"}),
    "CaseAppeals.preview":        (_CASE,     {}),
    "CaseAppeals.strike":         (_CASE,     _REASON),
    "CaseAppeals.end":            (_CASE,     {"appeal-day": "on"}),
    "CasePreparing.certificate":  (_CASE,     _CERTIFICATE),
    "CaseLost.replace":           (_CASE,     _LABEL),
    "CaseLost.write_off":         (_CASE,     _REASON),
    "VerificationPages.determine": (_CASE,    {"words-missing": "text", "party-unknown": "text"}),
}  # fmt: skip
"""The forms that share a page with others. A form with a page of its own draws that page itself."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form of the page shows: what was typed where it was just refused, else what it shows at first."""

    form: MultiDict[str, str] = field(default_factory=MultiDict)
    bad: str = ""
    sentence: str = ""
    refused: bool = False

    def __bool__(self) -> bool:
        """Return whether it was this form that was refused."""
        return self.refused

    def text(self, name: str, at_first: str = "") -> str:
        """Return what stands in the field `name`."""
        return self.form.get(name, "") if self.refused else at_first

    def on(self, name: str, value: object, *, at_first: bool = False) -> bool:
        """Return whether the box or choice `value` of `name` is ticked."""
        return str(value) in self.form.getlist(name) if self.refused else at_first

    def wrong(self, name: str) -> str:
        """Return what is wrong with the field `name`; nothing where it is not the one."""
        return self.sentence if self.refused and name == self.bad else ""

    def id(self, name: str, at_first: str) -> str:
        """Return the id of the field `name`."""
        return ID if self.wrong(name) else at_first


def again(action: str, **sent: str) -> Typed:
    """Return what the form shows that posts to `action`; `sent`: what tells it from others that post there, too."""
    refused: Typed | None = g.get("refused_form")
    here = refused is not None and action.partition("?")[0] == request.script_root + request.path
    if refused is None or not here or any(refused.form.get(name) != value for name, value in sent.items()):
        return Typed()
    return refused


def refused_form() -> Typed | None:
    """Return the form that was refused in this request, for the summary on top of the page."""
    form: Typed | None = g.get("refused_form")
    return form


def register(app: Flask) -> None:
    """Let the office door `app` draw the page of a refused form again."""
    app.jinja_env.globals.update(again=again, refused_form=refused_form)

    def once_more(error: Refused) -> Response:
        page, fields = FORMS.get(request.endpoint or "", ("", {}))
        if not page:
            return answer(of_refusal(error), error.code)
        db.session.rollback()
        g.refused_form = Typed(request.form, fields.get(error.code, ""), refusal(error), refused=True)
        where = {"sign": request.view_args["sign"]} if request.view_args and "sign" in request.view_args else {}
        try:
            drawn = make_response(app.view_functions[page](**where))
        except HTTPException as gone:  # there is no such case; nobody else answers what fails in here
            return make_response(app.handle_user_exception(gone))
        if drawn.status_code == 200:
            drawn.status_code = 422
        return drawn

    app.register_error_handler(BadInput, once_more)
    app.register_error_handler(ConditionMissing, once_more)
