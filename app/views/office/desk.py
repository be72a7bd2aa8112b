"""The clerk's desk: "Moja praca", the scan field's answer, and taking the next case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.domain.folding import KeyKind, bare, is_enough, key_of_query
from app.domain.procedures.stages import Stage
from app.extensions import db
from app.house import equipment
from app.models import Package, StaffProfile
from app.reports import queue, waiting
from app.reports.queue import Row
from app.reports.search import FOUND_AT_MOST, find_cases, sign_by_number
from app.reports.waiting import Came
from app.transaction import one_transaction
from app.usecases.take_case import take_next_case
from app.views.acting import current_act
from app.views.office.case_doers import allowed_by
from app.views.office.case_loading import cases_to_work_on
from app.views.office.desk_acts import Following, following
from app.views.office.desk_lines import Beside, grouped
from app.views.office.register_filters import written
from app.views.wording_cases import SHORT_PROCEDURES


class Desk(BaseView):
    """The home of everybody who works on cases."""

    route_base = "/praca"
    default_view = "work"

    @expose("/", methods=["GET"])
    @has_access
    def work(self) -> ResponseReturnValue:
        """Show one tab: cases in the order of their legal clocks, each with its next act."""
        today = clock.today()
        may_take = self.appbuilder.sm.has_access("can_take_next", "CaseFile")
        tab = _tab(request.args.get("tab", ""), queue.Tab.MINE if may_take else queue.Tab.NEW)
        session = db.session()
        counts = queue.counts(session, g.user.id, today)
        came = waiting.came(session, g.user.id, today) if may_take and tab in queue.OWN else {}
        after = _place(request.args.get("after", ""))
        rows, more = queue.rows(session, tab, g.user.id, today, after, first=came)
        if after is None:
            rows = [*queue.chosen(session, tab, g.user.id, today, came), *rows]
        terms = waiting.terms(session, [row.id for row in rows], today)
        acts = self._first_acts(rows, came, today)
        groups = grouped(rows, Beside(today, came, terms, may_take, acts))
        return render_template(
            "office/work.html",
            title=_("My work"),
            today=today,
            tabs=[
                (name, label, counts[name], url_for("Desk.work", tab=name.value))
                for name, label in _tabs()
                if (may_take or name not in _OWN) and (counts[name] or name not in _RARE or name is tab)
            ],
            tab=tab,
            late_tab=queue.Tab.LATE,
            cap=queue.CAP,
            waiting=counts[queue.Tab.NEW],
            groups=groups,
            more=url_for("Desk.work", tab=tab.value, after=_written(more)) if more else "",
            may_take=may_take,
            nothing=_nothing(tab),
        )

    def _first_acts(self, rows: list[Row], came: Mapping[int, Came], today: dt.date) -> dict[int, Following]:
        """Return what comes first in the clerk's own cases among `rows`, as their files propose it."""
        mine = [row.id for row in rows if row.mine and row.stage != Stage.ARCHIVED.value]
        allowed = allowed_by(self.appbuilder)
        return {case.id: following(case, came.get(case.id), today, allowed) for case in cases_to_work_on(mine)}

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
        if (refused := _refused_package(session, bare(text).upper())) and self.appbuilder.sm.has_access(
            "can_show", "PackageRegister"
        ):
            return redirect(url_for("PackageRegister.show", pk=refused))
        enough = is_enough(text)
        digest = equipment().ring.digest if request.method == "POST" else None
        keys = key_of_query(text, unit=equipment().office.unit, pesel_digest=digest) if enough else ()
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
        (queue.Tab.SUMMONED, _("Summoned")),
        (queue.Tab.ON_THE_WAY, _("Originals on the way")),
        (queue.Tab.DECISION, _("To decide")),
        (queue.Tab.AGREEMENT, _("Agreements")),
        (queue.Tab.DESCRIBE, _("To describe")),
        (queue.Tab.SIGNATURE, _("Signature to settle")),
        (queue.Tab.LATE, _("Overdue")),
        (queue.Tab.DONE, _("Finished")),
    )


_OWN = queue.OWN | {queue.Tab.DONE}
"""Lists of one's own cases: empty for whoever takes none."""


_RARE = frozenset({queue.Tab.DESCRIBE, queue.Tab.SIGNATURE})
"""Lists that are shown only while something is in them."""


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
        queue.Tab.SUMMONED: (
            _("You wait for nobody"),
            _("Cases come here when a summons has left, and go on by themselves when its answer comes."),
        ),
        queue.Tab.ON_THE_WAY: (
            _("No originals have come"),
            _("A case comes here with the first of its originals and plates."),
        ),
        queue.Tab.DECISION: (
            _("Nothing waits for a decision"),
            _("A case comes here when all its originals are here and agree with the scans."),
        ),
        queue.Tab.AGREEMENT: (
            _("Nothing is to be agreed"),
            _("After a decision the office and the party agree here how things are handed over."),
        ),
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


def _place(text: str) -> queue.Place | None:
    rank, _comma, rest = text.partition(",")
    day, _comma, number = rest.partition(",")
    try:
        return queue.Place(int(rank[:1]), dt.date.fromisoformat(day), int(number[:18]))
    except ValueError:
        return None


def _written(place: queue.Place) -> str:
    return f"{place.rank},{place.due_on.isoformat()},{place.id}"
