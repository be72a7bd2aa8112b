"""My cases: where each stands, as a line of steps with dates, and its letters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import joinedload

from app.domain.acts import OFFICE_ZONE
from app.domain.procedures import Progress, Stage, Waiting, line_of_steps, procedure_of, waits_for
from app.extensions import db
from app.models import Case, CaseStep, Folder, Message
from app.views.mailbox import words
from app.views.mailbox.formats import hard
from app.views.mailbox.me import me, my_case

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


_STATES = {Progress.DONE: "done", Progress.CURRENT: "now", Progress.AHEAD: "later"}


@blueprint.get("/sprawy")
def index() -> str:
    """List my cases, the newest first."""
    latest = sa.select(CaseStep.case_id, sa.func.max(CaseStep.at).label("at")).group_by(CaseStep.case_id).subquery()
    rows = db.session.execute(
        sa.select(Case, latest.c.at)
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
            words.stage(case.procedure, case.stage),
            at or case.opened_at,
        )
        for case, at in rows
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
    )
    return render_template(
        "mailbox/case.html",
        case=case,
        title=words.procedure(case),
        vehicle=_vehicle(case),
        line=_line(case),
        waiting=waits_for(Stage(case.stage)).value,
        nobody=Waiting.NOBODY.value,
        letters=[Line(words.subject(message), _address(message)) for message in messages],
        clerk=f"{case.clerk.first_name} {case.clerk.last_name}" if case.clerk else None,
    )


def _vehicle(case: Case) -> str:
    return hard(case.vehicle_label or case.sign)


def _address(message: Message) -> str:
    endpoint = "letters.letter" if message.folder is Folder.RECEIVED else "letters.copy"
    return url_for(endpoint, public_id=message.public_id)


def _line(case: Case) -> list[Point]:
    entered = [(Stage(step.to_stage), step.at.astimezone(OFFICE_ZONE).date()) for step in case.steps]
    entered = entered or [(Stage(case.stage), case.received_on)]
    points = line_of_steps(procedure_of(case.procedure, case.edition), entered)
    return [Point(words.stage(case.procedure, point.stage), _STATES[point.progress], point.since) for point in points]
