"""Letters of a case: written, shown before, sent, taken back for a minute, and read afterwards."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app import clock
from app.domain.errors import BadInput, ConditionMissing, Refused, Stale, StepNotOpen
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.official import print_letter
from app.models import Case, Letter, LetterState
from app.transaction import one_transaction
from app.usecases.prepare_letter import draft_of_cover, prepare_letter, printable_letter, take_back_letter
from app.usecases.record import record
from app.usecases.send_again import send_again
from app.views.acting import current_act
from app.views.office.at_case import capacity, find_case
from app.views.office.case_forms import seen_version
from app.views.office.letter_draft import ANSWER, Typed, again, fresh, read_typed, rule_of
from app.views.office.letter_page import (
    compose_page,
    letter_page,
    problem_in_words,
    problems_of,
    sketch,
    written_anew_at,
)


class LetterPages(BaseView):
    """What the office writes in one case."""

    route_base = "/sprawa"
    default_view = "compose"

    @expose("/<sign>/pismo/<step>", methods=["GET", "POST"])
    @has_access
    def compose(self, sign: str, step: str) -> ResponseReturnValue:
        """Write the letter of a step, or an answer; `do=send` lets it leave in a minute."""
        case = _case_and_step(sign, step)
        if request.method == "GET":
            return _page(case, step, _begun(case, step))
        typed = read_typed(case, step, request.form)
        if request.form.get("do") != "send":
            return _page(case, step, typed)
        return self._send(sign, step, typed)

    def _send(self, sign: str, step: str, typed: Typed) -> ResponseReturnValue:
        """Prepare the letter; whatever stands in the way is said on the page, and nothing typed is lost."""
        case = find_case(sign)
        if typed.wrong:
            return _page(case, step, typed, said=problems_of(case, typed), status=422)
        try:
            with one_transaction() as session:
                letter = prepare_letter(
                    session, find_case(sign), seen_version(), typed.draft,
                    equipment=equipment(), act=current_act(), doer=capacity(),
                )  # fmt: skip
                seq = letter.seq
        except (BadInput, ConditionMissing, StepNotOpen, Stale) as refused:
            status = 422 if isinstance(refused, BadInput) else 409
            case = find_case(sign)
            said = problems_of(case, typed) if isinstance(refused, BadInput) else {}
            return _page(case, step, typed, said=said or _in_words(refused), status=status)
        return redirect(url_for("LetterPages.read", sign=sign, seq=seq), 303)

    @expose("/<sign>/pismo/<step>/podglad", methods=["POST"])
    @has_access
    def preview(self, sign: str, step: str) -> ResponseReturnValue:
        """Print the letter as it would leave, marked as a draft."""
        case = _case_and_step(sign, step)
        typed = read_typed(case, step, request.form)
        if found := problems_of(case, typed):
            return _page(case, step, typed, said=found, status=422)
        letter = printable_letter(sketch(case, typed), equipment=equipment(), case=case, draft=True)
        return _pdf(print_letter(letter, clock.now()), f"{_file_name(sign)}-projekt.pdf")

    @expose("/<sign>/pismo/transfer/przewodnie", methods=["POST"])
    @has_access
    @permission_name("preview")
    def cover(self, sign: str) -> ResponseReturnValue:
        """Print the letter with which the application goes to the competent authority, marked as a draft."""
        case = find_case(sign)
        typed = read_typed(case, "transfer", request.form)
        if found := problems_of(case, typed):
            return _page(case, "transfer", typed, said=found, status=422)
        draft = draft_of_cover(typed.draft.reasons)
        letter = printable_letter(
            sketch(case, replace(typed, draft=draft)), equipment=equipment(), case=case, draft=True
        )
        return _pdf(print_letter(letter, clock.now()), f"{_file_name(sign)}-przewodnie-projekt.pdf")

    @expose("/<sign>/pismo/<int:seq>/cofnij", methods=["POST"])
    @has_access
    def take_back(self, sign: str, seq: int) -> ResponseReturnValue:
        """Keep a letter from leaving, and go on writing it."""
        with one_transaction() as session:
            case = find_case(sign)
            place = written_anew_at(
                case, take_back_letter(session, _letter(case, seq), act=current_act(), doer=capacity())
            )
        flash(_("The letter did not leave. Nobody has seen it."), "success")
        return redirect(place, 303)

    @expose("/<sign>/pismo/<int:seq>/ponownie", methods=["POST"])
    @has_access
    def send_again(self, sign: str, seq: int) -> ResponseReturnValue:
        """Send a letter that came back to another address, or a decision that nobody has collected."""
        with one_transaction() as session:
            letter, version = _letter(find_case(sign), seq), seen_version()
            address = request.form.get("address", "")[:400].splitlines()
            again = send_again(session, letter, version, address, act=current_act(), doer=Doer.CLERK).seq
        flash(_("The letter goes out by post; the posting room has it."), "success")
        return redirect(url_for("LetterPages.read", sign=sign, seq=again), 303)

    @expose("/<sign>/pismo/<int:seq>", methods=["GET"])
    @has_access
    def read(self, sign: str, seq: int) -> ResponseReturnValue:
        """Show a letter, how far it is, and how it was served; who read it is written down."""
        with one_transaction() as session:
            case = find_case(sign)
            letter = _letter(case, seq)
            record(session, f"case:{case.id}", "letter-read", {"letter": letter.seq}, act=current_act())
        case = find_case(sign)
        return render_template("office/letter.html", **letter_page(case, _letter(case, seq)))

    @expose("/<sign>/pismo/<int:seq>.pdf", methods=["GET"])
    @has_access
    def pdf(self, sign: str, seq: int) -> ResponseReturnValue:
        """Hand out the sealed letter, the same bytes each time; who took it is written down."""
        with one_transaction() as session:
            case = find_case(sign)
            letter = _letter(case, seq)
            digest = letter.pdf_sha256 or abort(404)
            record(session, f"case:{case.id}", "letter-downloaded", {"letter": letter.seq}, act=current_act())
        return _pdf(equipment().store.read(digest), f"{_file_name(sign)}-{seq}.pdf")


def _page(
    case: Case, step: str, typed: Typed, *, said: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template("office/compose.html", **compose_page(case, step, typed, said=said)), status


def _case_and_step(sign: str, step: str) -> Case:
    try:
        rule_of(step)
    except BadInput:
        abort(404)
    return find_case(sign)


def _begun(case: Case, step: str) -> Typed:
    """Return the form as it begins: fresh, or as a letter that did not leave had it."""
    seq = request.args.get("z", "")
    letter = next((one for one in case.letters if str(one.seq) == seq), None)
    if letter is not None and letter.state is not LetterState.SENT and (letter.step or ANSWER) == step:
        return again(case, letter)
    return fresh(case, step, current_act())


def _in_words(refused: Refused) -> dict[str, str]:
    if isinstance(refused, Stale):
        return {"": _("Somebody else changed the case meanwhile. Look at the letter once more and send it again.")}
    return problem_in_words(refused)


def _letter(case: Case, seq: int) -> Letter:
    letter: Letter | None = db.session.scalars(
        sa.select(Letter).where(Letter.case_id == case.id, Letter.seq == seq)
    ).one_or_none()
    return letter if letter is not None else abort(404)


def _pdf(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _file_name(sign: str) -> str:
    return sign.replace("/", "-")
