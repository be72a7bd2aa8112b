"""What a citizen answers in a case: how the originals will come, a question to the clerk, a withdrawal."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.domain.deadlines import Way
from app.domain.errors import BadInput, Refused, StepNotOpen
from app.domain.procedures.stages import Stage
from app.epackages.application import Answer, AnswerKind, Application, Party, PartyKind, write_application
from app.models import Carriage, Case, Demand, HolderKind
from app.transaction import one_transaction
from app.usecases.announce_items import announce_items, announced_since, awaited_things, open_demands
from app.usecases.ask_question import LONGEST, ask_question
from app.usecases.case_facts import is_unsigned
from app.usecases.summons_in_force import summons_in_force
from app.usecases.withdrawal import withdraw_by_party
from app.views.acting import current_act
from app.views.mailbox import words
from app.views.mailbox.me import me, my_case
from app.views.mailbox.say import say as _
from app.views.mailbox.things import may_withdraw, name_of, together, with_ways
from app.views.wording import refusal

blueprint = Blueprint("answers", __name__)

_DAY = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WAYS = {Carriage.IN_PERSON: Way.IN_PERSON, Carriage.POST: Way.DESIGNATED_OPERATOR, Carriage.COURIER: Way.COURIER}


@blueprint.get("/sprawy/<public_id>/oryginaly")
def originals(public_id: str) -> str:
    """Ask how the originals will come."""
    return _originals(my_case(public_id), {})


@blueprint.post("/sprawy/<public_id>/oryginaly")
def announce(public_id: str) -> Response | tuple[str, int]:
    """Write down how they will come."""
    case = my_case(public_id)
    case_id, form = case.id, request.form
    way = next((one for one in _offered(case) if one.value == form.get("way")), None)
    errors = {} if way else {"way": _("Choose how the originals will come.")}
    planned, planned_text = None, form.get("planned", "").strip()
    if planned_text:
        planned = read_day(planned_text)
        if planned is None:
            errors["planned"] = _("Write the day like this: 27.11.2026.")
    if way is None or errors:
        return _originals(my_case(public_id), errors), 422
    field = f"tracking-{way.value}"
    try:
        with one_transaction() as session:
            announce_items(
                session, session.get_one(Case, case_id), way, act=current_act(), planned_on=planned,
                carrier=form.get("carrier", ""), tracking=form.get(field, ""),
            )  # fmt: skip
    except BadInput as refused:
        if refused.code == "planned-in-past":
            return _originals(my_case(public_id), {"planned": refusal(refused)}), 422
        wrong = _("This is not a number of a parcel. Check it digit by digit, or leave the field empty.")
        return _originals(my_case(public_id), {field: wrong}), 422
    if way is Carriage.IN_PERSON:
        flash(_("The office knows now that you will bring the originals. Give the case sign there."), "success")
    else:
        flash(_("The office knows now how the originals will come. Put the case sign on the envelope."), "success")
    return redirect(url_for("cases.page", public_id=public_id), 303)


@blueprint.get("/sprawy/<public_id>/pytanie")
def question(public_id: str) -> str:
    """Ask what the question is."""
    return _question(my_case(public_id), {})


@blueprint.post("/sprawy/<public_id>/pytanie")
def ask(public_id: str) -> Response | tuple[str, int]:
    """Put the question to the clerk."""
    case_id = my_case(public_id).id
    try:
        with one_transaction() as session:
            ask_question(session, session.get_one(Case, case_id), request.form.get("text", ""), act=current_act())
    except Refused as refused:
        if refused.code not in {"question-empty", "question-too-long", "questions-wait"}:
            raise
        return _question(my_case(public_id), {"text": refusal(refused)}), 422
    flash(_("Your question has reached the office. The answer will come to Received."), "success")
    return redirect(url_for("cases.page", public_id=public_id, _anchor="questions"), 303)


@blueprint.get("/sprawy/<public_id>/wycofanie")
def withdrawal(public_id: str) -> str:
    """Say what a withdrawal does, before anybody withdraws."""
    return _withdrawal(my_case(public_id), {})


@blueprint.get("/sprawy/<public_id>/wycofanie.xml")
def withdrawal_document(public_id: str) -> Response:
    """Give the withdrawal as a document to be signed in any program and sent back."""
    case, citizen = my_case(public_id), me()
    if not (may_withdraw(case) or is_unsigned(case)):
        abort(404)
    document = Application(
        filed_on=clock.today(),
        place=str(citizen.address.get("locality") or ""),
        answers=Answer(case.sign, AnswerKind.WITHDRAWAL),
        sender=Party(PartyKind.ENTITY if citizen.kind is HolderKind.ENTITY else PartyKind.PERSON, citizen.name),
        remarks=f"Cofam wniosek w sprawie {case.sign} i wnoszę o umorzenie postępowania (art. 105 § 2 k.p.a.).",
    )
    answer = Response(write_application(document), mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"cofniecie-{case.sign.replace('.', '-')}.xml")
    return answer


@blueprint.post("/sprawy/<public_id>/wycofanie")
def withdraw(public_id: str) -> Response | tuple[str, int]:
    """Withdraw the application without a signature, which has to follow."""
    case = my_case(public_id)
    case_id = case.id
    if request.form.get("sure") != "yes":
        return _withdrawal(case, {"sure": _("Confirm that you want to withdraw the application.")}), 422
    try:
        with one_transaction() as session:
            withdraw_by_party(
                session, session.get_one(Case, case_id), request.form.get("reason", ""), act=current_act()
            )
    except StepNotOpen:
        flash(_("The case has moved on, so the application cannot be withdrawn any more. Ask the clerk."), "error")
        return redirect(url_for("cases.page", public_id=public_id), 303)
    flash(_("The office knows that you want to withdraw. Sign the statement, so that it counts."), "success")
    return redirect(url_for("answers.withdrawal", public_id=public_id), 303)


def read_day(text: str) -> dt.date | None:
    """Return the day that somebody wrote: `27.11.2026`, `27-11-2026` or `2026-11-27`."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _around(case: Case, errors: dict[str, str]) -> dict[str, Any]:
    return {"case": case, "title": words.procedure(case), "errors": errors, "said": request.form}


def _originals(case: Case, errors: dict[str, str]) -> str:
    summons = summons_in_force(case)
    awaited, asked = awaited_things(case), _asked(case)
    # What a vehicle was registered without is awaited, too; no summons asks for it until the permit has expired.
    due_on = summons.due_on if summons and any(item.id in asked for item in awaited) else None
    return render_template(
        "mailbox/originals.html",
        things=[with_ways(name_of(group), asked.get(group[0].id)) for group in together(awaited)],
        offered=_offered(case),
        due_on=due_on,
        late=due_on is not None and due_on < clock.today(),
        announced=announced_since(case, summons.letter if summons else None),
        **_around(case, errors),
    )


def _asked(case: Case) -> dict[int | None, Demand]:
    """Return what the summonses of `case` still ask for, by the thing that it is about."""
    return {demand.item_id: demand for letter in case.letters for demand in open_demands(letter)}


def _offered(case: Case) -> list[Carriage]:
    """Return how what is awaited may come; a way that no demand leaves open is not offered."""
    asked = _asked(case)
    left = [asked[item.id].ways if item.id in asked else list(Way) for item in awaited_things(case)]
    return [carriage for carriage, way in _WAYS.items() if not left or any(way in ways for ways in left)]


def _question(case: Case, errors: dict[str, str]) -> str:
    return render_template("mailbox/question.html", longest=LONGEST, **_around(case, errors))


def _withdrawal(case: Case, errors: dict[str, str]) -> str:
    return render_template(
        "mailbox/withdrawal.html",
        open=may_withdraw(case),
        withdrawn=case.stage == Stage.WITHDRAWN.value,
        unsigned=is_unsigned(case),
        **_around(case, errors),
    )
