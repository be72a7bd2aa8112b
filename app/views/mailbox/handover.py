"""How things are handed over: the office's proposal with its history, the owner's answer, the appointment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.delivery import Arrangement, Method
from app.domain.errors import BadInput, ConditionMissing, Refused, StepNotOpen
from app.domain.holidays import Calendar
from app.domain.office_hours import Slot
from app.domain.procedures.stages import Doer, Stage
from app.extensions import db
from app.house import equipment
from app.models import BINDING, Case, Proposal, ProposalState
from app.transaction import one_transaction
from app.usecases.addressees import address_lines, addressee_of
from app.usecases.agreements import answer_handover
from app.usecases.case_facts import newest_proposal
from app.usecases.comes_back import received_first
from app.usecases.days_off import office_calendar
from app.usecases.free_slots import closed_visit, free_slots
from app.views.acting import current_act
from app.views.mailbox import words
from app.views.mailbox.calendar_file import visit
from app.views.mailbox.me import my_case
from app.views.mailbox.say import say as _
from app.views.mailbox.things import SENT_BACK, WAYS, handed_over_on, may_answer, name_of, together
from app.views.numbers import whole_number
from app.views.wording import refusal

blueprint = Blueprint("handover", __name__)

_STATES: dict[ProposalState, LazyString] = {
    ProposalState.PROPOSED: lazy_gettext("waits for an answer"),
    ProposalState.ACCEPTED: lazy_gettext("agreed"),
    ProposalState.COUNTERED: lazy_gettext("answered by another proposal"),
    ProposalState.REPLACED: lazy_gettext("replaced by a newer one"),
    ProposalState.SET_BY_OFFICE: lazy_gettext("set by the office, as there was no answer"),
}


_FIELDS = {"delivery-address": "address", **dict.fromkeys(("slot-passed", "slot-not-offered", "slot-full"), "slot")}
"""The field of each refusal that has one of its own."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the agreement as the page shows it. `rows`: which thing goes which way."""

    number: int
    at: dt.datetime
    mine: bool
    state: str
    binding: bool
    by_default: bool
    rows: tuple[tuple[str, str], ...]
    address: tuple[str, ...]
    slot: dt.datetime | None
    in_person: bool
    collector: str
    remark: str
    due_on: dt.date
    sent_back: bool
    """Whether nobody is asked: the office sends back of itself what it holds."""
    closed: bool
    """Whether the office has made the day of the visit off."""
    passed: bool
    late: bool
    """Whether the day for an answer has passed."""
    bring: str
    """What has to be given back, or shown, before the permanent certificate is given."""
    done_on: dt.date | None
    """When the last of it was handed over, if all of it was."""


@blueprint.get("/sprawy/<public_id>/odbior")
def page(public_id: str) -> str:
    """Show what is proposed or agreed, and how it came to that."""
    case = my_case(public_id)
    if not case.proposals:
        abort(404)
    calendar = office_calendar(db.session())
    versions = [_version(case, row, calendar) for row in reversed(case.proposals)]
    return render_template(
        "mailbox/handover.html",
        case=case,
        title=words.procedure(case),
        newest=versions[0],
        earlier=versions[1:],
        may_answer=may_answer(case),
    )


@blueprint.post("/sprawy/<public_id>/odbior")
def accept(public_id: str) -> AnyResponse:
    """Accept the version that was seen, if it is still the newest."""
    try:
        _answer(my_case(public_id).id, None)
    except (ConditionMissing, StepNotOpen) as refused:
        _say_what_changed(refused)
    except BadInput as refused:  # the visit cannot take place
        db.session.rollback()
        flash(refusal(refused), "error")
        return redirect(url_for("handover.otherwise", public_id=public_id), 303)
    else:
        flash(_("You have accepted the proposal. The office will hand the things over as agreed."), "success")
    return redirect(url_for("handover.page", public_id=public_id), 303)


@blueprint.get("/sprawy/<public_id>/odbior/inaczej")
def otherwise(public_id: str) -> AnyResponse | str:
    """Ask what the citizen would like instead."""
    case = my_case(public_id)
    if not may_answer(case):
        abort(404)
    return _form(case, {})


@blueprint.post("/sprawy/<public_id>/odbior/inaczej")
def counter(public_id: str) -> AnyResponse | tuple[str, int]:
    """Propose something else for the same things."""
    case = my_case(public_id)
    if not may_answer(case):
        flash(_("There is no proposal that waits for your answer."), "info")
        return redirect(url_for("cases.page", public_id=public_id), 303)
    case_id, errors = case.id, {}
    methods = _methods(case)
    if methods is None:
        errors["ways"] = _("Choose for each thing how you want to get it.")
    slot, remark = _slot_and_remark(case, errors)
    try:
        if methods is None or errors:
            return _form(case, errors), 422
        wanted = Arrangement(
            methods=methods,
            address=request.form.get("address", "").strip()[:400] if Method.POST in methods.values() else "",
            slot=slot if Method.IN_PERSON in methods.values() else None,
            collector=" ".join(request.form.get("collector", "").split())[:200] or None,
        )
        _answer(case_id, wanted, remark)
    except (ConditionMissing, StepNotOpen) as refused:
        _say_what_changed(refused)
    except Refused as refused:
        field = _FIELDS.get(refused.code, "ways")
        return _form(my_case(public_id), {field: refusal(refused)}), 422
    else:
        flash(_("Your proposal has reached the office. Its answer will come to Received."), "success")
    return redirect(url_for("handover.page", public_id=public_id), 303)


@blueprint.get("/sprawy/<public_id>/odbior/wizyta.ics")
def appointment(public_id: str) -> Response:
    """Give the agreed visit as a file for a calendar."""
    case = my_case(public_id)
    newest = newest_proposal(case)
    if newest is None or newest.slot is None or newest.state not in BINDING:
        abort(404)
    if closed_visit(case, office_calendar(db.session())) is not None:
        abort(404)
    content = visit(newest, case.sign, office=equipment().office, at=newest.answered_at or newest.at)
    headers = {"Content-Disposition": "attachment; filename=wizyta.ics"}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _answer(case_id: int, wanted: Arrangement | None, remark: str = "") -> None:
    version = request.form.get("version", "")
    with one_transaction() as session:
        answer_handover(
            session,
            session.get_one(Case, case_id),
            whole_number(version, 5) or 0,
            wanted,
            equipment=equipment(),
            act=current_act(),
            doers=frozenset({Doer.CITIZEN}),
            remark=remark,
        )


def _say_what_changed(refused: Refused) -> None:
    db.session.rollback()
    if refused.code == "version-superseded":
        flash(_("The office has made a newer proposal meanwhile. This is it; answer this one."), "error")
    else:
        flash(_("There is no proposal that waits for your answer."), "info")


def _version(case: Case, row: Proposal, calendar: Calendar) -> Version:
    items = [item for item in case.items if str(item.number) in row.methods]
    ways = {Method.POST: SENT_BACK} if row.sends_back else WAYS
    groups = [(name_of(group), str(ways[row.methods[str(group[0].number)]])) for group in _by_way(row, items)]
    methods = set(row.methods.values())
    return Version(
        row.version, row.at, not row.by_office, _state(row), row.state in BINDING,
        row.state is ProposalState.SET_BY_OFFICE and not row.sends_back, tuple(groups),
        tuple(row.address) if Method.POST in methods else (), row.slot, Method.IN_PERSON in methods,
        row.collector or "", row.remark or "", row.due_on, row.sends_back,
        row is newest_proposal(case) and closed_visit(case, calendar) is not None,
        row.slot is not None and row.slot <= clock.now(), row.due_on < clock.today(), _bring(case, row), _done_on(row),
    )  # fmt: skip


def _bring(case: Case, row: Proposal) -> str:
    if row is not newest_proposal(case) or row.sends_back or _done_on(row) or case.stage != Stage.PERMANENT_READY:
        return ""
    return ", ".join(map(name_of, together(received_first(case))))


def _done_on(row: Proposal) -> dt.date | None:
    """Return when the last of what `row` covers was handed over; nothing as long as something of it was not."""
    days = [handed_over_on([item], row.at) for item in row.case.items if str(item.number) in row.methods]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _state(row: Proposal) -> str:
    if row.sends_back:
        return _("sent back by the office")
    if row.is_spent:
        return str(_("no longer in force"))
    if row.is_outdated:
        return _("agreed before; the newest version counts")
    return str(_STATES[row.state])


def _by_way(row: Proposal, items: list[Any]) -> list[list[Any]]:
    """Return the things of a version in groups that share their way; where they are now does not part them."""
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for item in items:
        groups.setdefault((item.kind, item.label, row.methods[str(item.number)]), []).append(item)
    return list(groups.values())


def _methods(case: Case) -> dict[int, Method] | None:
    """Return the way of each thing, as the form says; `None` where it leaves one out."""
    newest = newest_proposal(case)
    methods: dict[int, Method] = {}
    for group in together(item for item in case.items if newest and str(item.number) in newest.methods):
        said = request.form.get(f"way-{group[0].number}", "")
        if said not in {Method.IN_PERSON.value, Method.POST.value}:
            return None
        methods |= dict.fromkeys((item.number for item in group), Method(said))
    return methods or None


def _slot_and_remark(case: Case, errors: dict[str, str]) -> tuple[dt.datetime | None, str]:
    """Return the chosen time and the words to the office; a day named in words is put before them."""
    remark, chosen = request.form.get("remark", "").strip(), request.form.get("slot", "")
    day = " ".join(request.form.get("day", "").split())[:100]
    if day:
        remark = f"Proponowany dzień: {day}. {remark}".strip()
    if not chosen:
        return None, remark
    offered = {_value(slot): slot.begins for slot in _offered(case)}
    if chosen not in offered:
        errors["slot"] = _("This time has just been taken, or has passed. Choose another one.")
    return offered.get(chosen), remark


def _offered(case: Case) -> tuple[Slot, ...]:
    return free_slots(db.session(), case, equipment=equipment(), act=current_act())


def _value(slot: Slot) -> str:
    return slot.begins.strftime("%Y%m%dT%H%MZ")


def _form(case: Case, errors: dict[str, str]) -> str:
    newest = case.proposals[-1]
    shown = [item for item in case.items if str(item.number) in newest.methods]
    local = [(slot.begins.astimezone(OFFICE_ZONE), _value(slot)) for slot in _offered(case)]
    return render_template(
        "mailbox/counter.html",
        case=case,
        title=words.procedure(case),
        errors=errors,
        said=request.form,
        version=newest.version,
        groups=[(group[0].number, name_of(group), newest.methods[str(group[0].number)]) for group in together(shown)],
        ways=[(method.value, str(WAYS[method])) for method in Method],
        address="\n".join(newest.address or address_lines(addressee_of(case))),
        days=[(day, list(times)) for day, times in groupby(local, key=lambda pair: pair[0].date())],
    )
