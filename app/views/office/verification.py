"""Verification: a clerk looks at each required document beside what the form says, and gives a verdict."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput
from app.domain.procedures.facts import REJECTING, Verdict
from app.transaction import one_transaction
from app.usecases.give_verdict import determine, give_verdict
from app.usecases.record import record
from app.usecases.take_step import take_step
from app.views.acting import current_act
from app.views.office.at_case import capacity, find_case
from app.views.office.case_forms import seen_version
from app.views.office.verification_page import next_to_judge, verification_page
from app.views.wording import refusal


class VerificationPages(BaseView):
    """The documents of one case, one after the other."""

    route_base = "/sprawa"
    default_view = "verify"

    @expose("/<sign>/weryfikacja", methods=["GET"])
    @has_access
    def verify(self, sign: str) -> ResponseReturnValue:
        """Show the current document and what the form says. It shows the case, so that reading it is written down."""
        with one_transaction() as session:
            record(session, f"case:{find_case(sign).id}", "case-read", {"sign": sign}, act=current_act())
        return render_template("office/verification.html", **verification_page(find_case(sign), request.args))

    @expose("/<sign>/weryfikacja", methods=["POST"])
    @has_access
    def verdict(self, sign: str) -> ResponseReturnValue:
        """Write down a verdict and go on to the next document; taking one back stays at its document."""
        kind, given = request.form.get("kind", "")[:48], request.form.get("verdict", "")
        back = "undo" in request.form
        reason = _reason()
        wrong = _wrong(given, reason)
        if wrong:
            return _page(sign, kind, wrong, given)
        try:
            with one_transaction() as session:
                case = find_case(sign)
                shown = next((one for one in case.documents if one.public_id == request.form.get("document")), None)
                verdict = Verdict(given)
                document = None if verdict in {Verdict.MISSING, Verdict.NOT_APPLICABLE} else shown
                give_verdict(
                    session, case, seen_version(), kind, verdict, act=current_act(), document=document, reason=reason
                )
                following = kind if back else next_to_judge(case, kind)
        except BadInput as refused:
            if refused.code not in {"accepted-without-file", "waived-without-reason"}:
                raise
            return _page(sign, kind, {"reason": refusal(refused)}, given)
        return redirect(url_for("VerificationPages.verify", sign=sign, dokument=following or None), 303)

    @expose("/<sign>/ustalenie", methods=["POST"])
    @has_access
    def determine(self, sign: str) -> ResponseReturnValue:
        """Write down what was determined about the case, or that it no longer holds."""
        code = request.form.get("code", "")
        if code not in set(DeterminationCode):
            abort(400)
        holds = request.form.get("holds", "1") == "1"
        text = request.form.get("text", "")
        with one_transaction() as session:
            determine(
                session, find_case(sign), seen_version(), DeterminationCode(code),
                act=current_act(), doer=capacity(), text=text, holds=holds,
            )  # fmt: skip
        flash(_("Written down.") if holds else _("It no longer counts."), "success")
        return redirect(_back_to(sign), 303)

    @expose("/<sign>/bez-oryginalow", methods=["POST"])
    @has_access
    def skip_originals(self, sign: str) -> ResponseReturnValue:
        """Go on without a summons for originals, where none has still to come."""
        with one_transaction() as session:
            take_step(session, find_case(sign), seen_version(), "skip_originals", act=current_act(), doer=capacity())
        flash(_("The case goes on without a summons for originals."), "success")
        return redirect(url_for("CaseFile.open", sign=sign), 303)


def _reason() -> str:
    """Return the reason: the ready one that was picked, the clerk's own words, or both."""
    parts = (request.form.get("ready", "").strip(), request.form.get("reason", "").strip())
    return "; ".join(part for part in parts if part)[:1000]


def _wrong(given: str, reason: str) -> dict[str, str]:
    if given not in set(Verdict):
        return {"verdict": _("Say what the document is worth.")}
    if Verdict(given) in REJECTING and not reason:
        return {"reason": _("Pick or write a reason: the summons will say it.")}
    return {}


def _page(sign: str, kind: str, wrong: dict[str, str], given: str) -> ResponseReturnValue:
    page = verification_page(find_case(sign), {**request.form, "dokument": kind})
    return render_template("office/verification.html", **page, wrong=wrong, given=given), 422


def _back_to(sign: str) -> str:
    if request.form.get("back") == "case":
        return url_for("CaseFile.open", sign=sign, _anchor="determinations")
    kind = request.form.get("dokument", "")[:48]
    return url_for("VerificationPages.verify", sign=sign, dokument=kind or None, _anchor="determinations")
