"""My cases: where each stands, as a line of steps with dates, and its letters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template, url_for
from sqlalchemy.orm import joinedload

from app import clock
from app.domain.deadlines import office_day
from app.domain.holidays import Calendar
from app.domain.procedures import Progress, Stage, line_of_steps, procedure_of
from app.domain.procedures.line import Point as StagePoint
from app.extensions import db
from app.models import Case, CaseStep, Folder, Letter, Message
from app.usecases.announce_items import announced_since, awaited_things
from app.usecases.days_off import office_calendar
from app.usecases.summons_in_force import summons_in_force
from app.views.mailbox import office_letters, words
from app.views.mailbox.decisions import of_decisions
from app.views.mailbox.files import stored_file
from app.views.mailbox.formats import hard
from app.views.mailbox.gate import gate_of, letters_by_message
from app.views.mailbox.me import me, my_case
from app.views.mailbox.situation import situation_of
from app.views.mailbox.things import CARRIAGES, has_letter, in_the_office, may_withdraw, parcels, settled
from app.views.mailbox.todo import todo

blueprint = Blueprint("cases", __name__)

MOST = 200


@dataclass(frozen=True, slots=True)
class Card:
    """A case in the list."""

    public_id: str
    title: str
    sign: str
    vehicle: str
    stage: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the line of steps; `state` is done, now or later."""

    name: str
    state: str
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A letter beside the case."""

    subject: str
    address: str
    written_in: str | None


_CALLED_BY_WHAT_IS_DONE = frozenset(
    {
        Stage.AWAITING_ORIGINALS, Stage.ORIGINALS_COMPLETE, Stage.AGREEING_HANDOVER, Stage.HANDED_OVER,
        Stage.PERMANENT_READY,
    }
)  # fmt: skip
"""To a citizen these are acts (*Temporary registration*): where the case left them without, nobody is told of them."""
_STATES = {Progress.DONE: "done", Progress.CURRENT: "now", Progress.AHEAD: "later"}


@blueprint.get("/sprawy")
def index() -> str:
    """List my cases, the newest first."""
    latest = sa.select(CaseStep.case_id, sa.func.max(CaseStep.at).label("at")).group_by(CaseStep.case_id).subquery()
    temporarily = sa.exists().where(CaseStep.case_id == Case.id, CaseStep.step == words.TEMPORARILY)
    rows = db.session.execute(
        sa.select(Case, latest.c.at, temporarily)
        .outerjoin(latest, latest.c.case_id == Case.id)
        .where(Case.citizen_id == me().id)
        .order_by(Case.id.desc())
        .limit(MOST)
    ).all()
    cards = [
        Card(
            case.public_id,
            words.procedure(case),
            case.sign,
            _vehicle(case),
            words.stage(case, case.stage, temporarily=registered),
            at or case.opened_at,
        )
        for case, at, registered in rows
    ]
    return render_template("mailbox/cases.html", cases=cards)


@blueprint.get("/sprawy/<public_id>")
def page(public_id: str) -> str:
    """Show one of my cases."""
    case = my_case(public_id)
    messages = db.session.scalars(
        sa.select(Message)
        .options(joinedload(Message.package))
        .where(Message.case_id == case.id, Message.citizen_id == me().id)
        .order_by(Message.id.desc())
    ).all()
    today, calendar = clock.today(), office_calendar(db.session())
    summons = summons_in_force(case)
    announced = announced_since(case, summons.letter if summons else None)
    letters = letters_by_message([message.id for message in messages if message.kind == office_letters.KIND])
    return render_template(
        "mailbox/case.html",
        case=case,
        title=words.procedure(case),
        vehicle=_vehicle(case),
        line=_line(case),
        todo=todo(situation_of(case, today, _unopened(letters, calendar, today), calendar)),
        letters=[Line(words.subject(message), _address(message), words.foreign(message)) for message in messages],
        things=in_the_office(case),
        settled=settled(case),
        parcels=parcels(case),
        of_decisions=of_decisions(case),
        announced=announced if awaited_things(case) else None,
        carriages=CARRIAGES,
        permit_until=_permit_until(case),
        today=today,
        new_plate=case.plate_numbers[-1].number if case.plate_numbers else None,
        may_withdraw=may_withdraw(case),
        stands=case.clock_stands,
        clerk=f"{case.clerk.first_name} {case.clerk.last_name}" if case.clerk else None,
    )


@blueprint.get("/sprawy/<public_id>/przesylka/<int:pk>.pdf")
def parcel_letter(public_id: str, pk: int) -> Response:
    """Give the letter that lies in a parcel, the bytes that were kept when it left."""
    parcel = next((one for one in my_case(public_id).consignments if one.id == pk and has_letter(one)), None)
    if parcel is None or parcel.protocol_sha256 is None:
        abort(404)
    return stored_file(parcel.protocol_sha256, f"{parcel.number.replace('/', '-')}.pdf", "application/pdf")


def _vehicle(case: Case) -> str:
    return hard(case.vehicle_label or case.sign)


def _address(message: Message) -> str:
    endpoint = "letters.letter" if message.folder is Folder.RECEIVED else "letters.copy"
    return url_for(endpoint, public_id=message.public_id)


def _unopened(letters: dict[int, Letter], calendar: Calendar, today: dt.date) -> tuple[str, dt.date | None] | None:
    """Return the address of the letter that has waited longest to be opened, and until when it can be."""
    for letter in sorted(letters.values(), key=lambda one: one.seq):
        gate = gate_of(letter, calendar, today)
        if gate is not None and not gate.over and letter.message is not None:
            address = url_for("letters.letter", public_id=letter.message.public_id)
            return address, None if gate.served else gate.last_day
    return None


def _permit_until(case: Case) -> dt.date | None:
    """Return the last day of the temporary permit, while it counts."""
    decided = any(decision.kind == "registration_decision" for decision in case.decisions)
    return case.permit.valid_until if case.permit and not decided else None


def _day(point: StagePoint) -> dt.date | None:
    """Return the day at a point of the line: the temporary registration is decided when its stage is left."""
    decided = point.stage is Stage.ORIGINALS_COMPLETE and point.progress is Progress.DONE
    return point.until if decided else point.since


def _line(case: Case) -> list[Point]:
    entered = [(Stage(step.to_stage), office_day(step.at)) for step in case.steps]
    entered = entered or [(Stage(case.stage), case.received_on)]
    points = line_of_steps(procedure_of(case.procedure, case.edition), entered)
    temporarily = any(step.step == words.TEMPORARILY for step in case.steps)
    return [
        Point(words.stage(case, point.stage, temporarily=temporarily), _STATES[point.progress], _day(point))
        for point in points
        if point.finished or point.progress is not Progress.DONE or point.stage not in _CALLED_BY_WHAT_IS_DONE
    ]
