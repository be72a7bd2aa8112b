"""The clerk's desk: "Moja praca", the scan field's answer, and taking the next case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.folding import KeyKind, is_enough, key_of_query
from app.domain.procedures.stages import SETTLED_STAGES
from app.extensions import db
from app.house import equipment
from app.models import Package, StaffProfile
from app.reports import queue
from app.reports.search import FOUND_AT_MOST, find_cases, sign_by_number
from app.transaction import one_transaction
from app.usecases.take_case import take_next_case
from app.views.acting import current_act
from app.views.office.register_filters import written
from app.views.wording_cases import SHORT_PROCEDURES, STAGES


@dataclass(frozen=True, slots=True)
class Line:
    """One case of "Moja praca" in words: how urgent, what about it, the next act, what kind of case."""

    row: queue.Row
    urgency: str
    kind: str
    icon: str
    about: str
    act: str
    url: str
    procedure: str


class Desk(BaseView):
    """The home of everybody who works on cases."""

    route_base = "/praca"
    default_view = "work"

    @expose("/", methods=["GET"])
    @has_access
    def work(self) -> ResponseReturnValue:
        """Show one tab: cases in the order of their legal clocks, each with its next act."""
        today = clock.now().astimezone(OFFICE_ZONE).date()
        may_take = self.appbuilder.sm.has_access("can_take_next", "CaseFile")
        tab = _tab(request.args.get("tab", ""), queue.Tab.MINE if may_take else queue.Tab.NEW)
        session = db.session()
        counts = queue.counts(session, g.user.id, today)
        rows, more = queue.rows(session, tab, g.user.id, today, _place(request.args.get("after", "")))
        groups = _grouped(rows, today, ended=tab is queue.Tab.DONE, may_take=may_take)
        return render_template(
            "office/work.html",
            title=_("My work"),
            today=today,
            tabs=[
                (name, label, counts[name], url_for("Desk.work", tab=name.value))
                for name, label in _tabs()
                if may_take or name not in _OWN
            ],
            tab=tab,
            late_tab=queue.Tab.LATE,
            cap=queue.CAP,
            waiting=counts[queue.Tab.NEW],
            groups=groups,
            more=url_for("Desk.work", tab=tab.value, after=f"{more[0].isoformat()},{more[1]}") if more else "",
            may_take=may_take,
            nothing=_nothing(tab),
        )

    @expose("/szukaj", methods=["GET", "POST"])
    @has_access
    def search(self) -> ResponseReturnValue:
        """Open what a code, sign, plate, VIN, number or name belongs to; show a list where it is more than one.

        The field posts, so that a PESEL never stands in an address; anything else gets an address of its own.
        """
        text = written(request.values, "q")
        session = db.session()
        if case_sign := sign_by_number(session, text):
            return redirect(url_for("CaseFile.open", sign=case_sign))
        if (refused := _refused_package(session, text.upper())) and self.appbuilder.sm.has_access(
            "can_show", "PackageRegister"
        ):
            return redirect(url_for("PackageRegister.show", pk=refused))
        enough = is_enough(text)
        digest = equipment().ring.digest if request.method == "POST" else None
        keys = key_of_query(text, pesel_digest=digest) if enough else ()
        if request.method == "POST" and not any(key.kind is KeyKind.PESEL for key in keys):
            return redirect(url_for("Desk.search", q=text))
        found = find_cases(session, text, keys)
        if len(found) == 1:
            return redirect(url_for("CaseFile.open", sign=found[0].sign))
        # A PESEL that was typed is not shown again: it would stay in the page and in pictures of it.
        shown = "" if any(key.kind is KeyKind.PESEL for key in keys) else text
        return render_template(
            "office/search.html",
            title=_("Search"),
            text=shown,
            found=found[:FOUND_AT_MOST],
            more=len(found) > FOUND_AT_MOST,
            enough=enough,
            procedures={code: str(name) for code, name in SHORT_PROCEDURES.items()},
        )


def take_next() -> str:
    """Give the most urgent free case to the clerk and return its sign. Raises Refused (`queue-empty`)."""
    team = db.session.scalar(sa.select(StaffProfile.team_id).where(StaffProfile.user_id == g.user.id))
    with one_transaction() as session:
        return take_next_case(session, act=current_act(), team_id=team).sign


def _refused_package(session: Session, number: str) -> int | None:
    """Return the id of the package of this number that belongs to no case."""
    if not number.startswith("P-"):
        return None
    return session.scalar(sa.select(Package.id).where(Package.number == number, Package.case_id.is_(None)))


def _tabs() -> tuple[tuple[queue.Tab, str], ...]:
    return (
        (queue.Tab.MINE, _("Mine")),
        (queue.Tab.NEW, _("New")),
        (queue.Tab.VERIFICATION, _("To verify")),
        (queue.Tab.DESCRIBE, _("To describe")),
        (queue.Tab.SIGNATURE, _("Signature to settle")),
        (queue.Tab.LATE, _("Overdue")),
        (queue.Tab.DONE, _("Finished")),
    )


_OWN = frozenset({queue.Tab.MINE, queue.Tab.VERIFICATION, queue.Tab.DONE})
"""Lists of one's own cases: empty for whoever takes none."""


def _tab(text: str, otherwise: queue.Tab) -> queue.Tab:
    try:
        return queue.Tab(text)
    except ValueError:
        return otherwise


def _nothing(tab: queue.Tab) -> tuple[str, str]:
    """Return what an empty list says, and what comes next."""
    take = _("New applications come to the list “New” by themselves. Take the next one when you are ready.")
    return {
        queue.Tab.MINE: (_("You have no case now"), take),
        queue.Tab.NEW: (_("Nobody waits for a clerk"), _("A new application appears here as soon as it is received.")),
        queue.Tab.VERIFICATION: (_("You have nothing to verify"), take),
        queue.Tab.DESCRIBE: (
            _("Every case is described"),
            _("Cases whose form the program could not read come here: a clerk says what the party asks for."),
        ),
        queue.Tab.SIGNATURE: (
            _("No signature waits to be settled"),
            _("Cases whose signature the program could not confirm come here. A person decides about each."),
        ),
        queue.Tab.LATE: (_("Nothing is overdue"), _("A case whose term has passed comes here the next day.")),
        queue.Tab.DONE: (_("No case of yours has ended yet"), _("Cases that you finish are found here.")),
    }[tab]


def _place(text: str) -> tuple[dt.date, int] | None:
    day, _comma, number = text.partition(",")
    try:
        return dt.date.fromisoformat(day), int(number[:18])
    except ValueError:
        return None


def _grouped(rows: list[queue.Row], today: dt.date, *, ended: bool, may_take: bool) -> list[tuple[str, list[Line]]]:
    """Return the rows under their headings: overdue, this week, later; those that have `ended` under one."""
    friday = today + dt.timedelta(days=(4 - today.weekday()) % 7)
    names = {0: _("Overdue and today"), 1: _("By Friday"), 2: _("Finished") if ended else _("Later")}
    acts = {
        "take": _("Open and take") if may_take else _("Open"),
        "describe": _("Describe"),
        "verify": _("Verify"),
        "open": _("Open"),
    }
    said = _sayings()
    groups: dict[int, list[Line]] = {}
    for row in rows:
        place = 2 if ended or row.due_on is None or row.due_on > friday else 0 if row.due_on <= today else 1
        groups.setdefault(place, []).append(_line(row, today, acts, said))
    return [(names[place], groups[place]) for place in sorted(groups)]


def _sayings() -> dict[str, str]:
    return {
        "received": _("Arrived %(day)s."),
        "signature": _("The signature waits to be settled."),
        "describe": _("The form could not be read: say what the party asks for."),
    }


def _line(row: queue.Row, today: dt.date, acts: dict[str, str], said: dict[str, str]) -> Line:
    left = (row.due_on - today).days if row.due_on else 0
    if row.stage in SETTLED_STAGES:
        urgency, kind, icon = str(STAGES[row.stage]), "", "check"
    elif left < 0:
        urgency = ngettext("%(num)s day overdue", "%(num)s days overdue", -left)
        kind, icon = "late", "alert-triangle"
    else:
        urgency = _("Today") if left == 0 else ngettext("%(num)s day left", "%(num)s days left", left)
        kind, icon = ("warn", "clock") if left <= 6 else ("", "clock")
    parts = [row.vehicle_label or "", said["received"] % {"day": f"{row.received_on:%d.%m.%Y}"}]
    if not row.signature_settled:
        parts.append(said["signature"])
    if row.procedure == "undescribed":
        parts.append(said["describe"])
    act = "take" if row.free else "describe" if row.procedure == "undescribed" else "open"
    if row.stage == "verification" and row.mine and act == "open":
        act = "verify"
    about = " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
    procedure = str(SHORT_PROCEDURES[row.procedure])
    return Line(row, urgency, kind, icon, about, acts[act], url_for("CaseFile.open", sign=row.sign), procedure)
