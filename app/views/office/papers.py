"""Papers that the office prints for itself: the case card, the list of cases, the daily report. Always in Polish."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import ClassVar

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.deadlines import office_day
from app.domain.procedures.facts import Verdict
from app.extensions import db
from app.house import equipment
from app.letters.case_card import (
    CardEntry,
    CaseCard,
    CaseList,
    ListedCase,
    ReportedChange,
    print_case_card,
    print_case_list,
    print_daily_report,
)
from app.letters.information_card import print_card
from app.models import Case
from app.reports.office_papers import CERTIFICATE_ORDERED, Deed, acts_of, cases_of, classes_of
from app.transaction import one_transaction
from app.usecases.information_card import has_information_card, information_card
from app.usecases.letter_head import letter_head
from app.usecases.record import record
from app.usecases.staff import position_of
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.audit_details import details, named_in
from app.views.office.daily_report import daily_report
from app.views.office.register_export import harmless
from app.views.office.register_filters import read_day
from app.views.office.register_filters_audit import names_of
from app.views.wording_appeals import EVENTS as APPEAL_EVENTS
from app.views.wording_audit import action
from app.views.wording_cases import EVENTS, PROCEDURES, PURPOSES, SETTLED, STAGES
from app.views.wording_letters import LETTERS, SERVED_ON_PAPER
from app.views.wording_registers import DIRECTIONS
from app.views.wording_things import THINGS, movement_in_words
from app.views.wording_verdicts import VERDICTS


class Papers(BaseView):
    """Printed papers about cases."""

    route_base = "/dokumenty"
    default_view = "choose"
    include_route_methods: ClassVar[set[str]] = {"choose", "card", "vehicle", "year", "day"}

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def choose(self) -> ResponseReturnValue:
        """Ask which paper; an answer leads to it."""
        asked = request.args
        today = clock.today()
        if asked.get("paper") == "card":
            sign = asked.get("sign", "").strip().upper()
            sign = _full_sign(sign)
            if db.session.scalar(sa.select(Case.id).where(Case.sign == sign)):
                return redirect(url_for("Papers.card", sign=sign))
            flash(_("There is no case with the sign %(sign)s.", sign=sign[:40]), "warning")
        if asked.get("paper") == "list":
            year, _dot, klass = asked.get("list", "").partition(".")
            if year.isascii() and year.isdecimal():
                return redirect(url_for("Papers.year", year=int(year[:4]), klass=klass))
        if asked.get("paper") == "day":
            day = read_day(asked.get("day", "").strip())
            if day is not None:
                kind = "csv" if asked.get("kind") == "csv" else "pdf"
                return redirect(url_for("Papers.day", day=day.isoformat(), kind=kind))
            flash(_("Write the day like this: 02.11.2026."), "warning")
        return render_template(
            "office/papers.html",
            title=_("Printouts"),
            lists=classes_of(db.session()),
            today=f"{today:%d.%m.%Y}",
            asked=asked,
            kept_url=url_for("DailyReportRegister.list")
            if self.appbuilder.sm.has_access("can_list", "DailyReportRegister")
            else "",
        )

    @expose("/metryka/<sign>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def card(self, sign: str) -> ResponseReturnValue:
        """Print the case card."""
        with one_transaction() as session:
            case = session.scalars(sa.select(Case).where(Case.sign == sign)).one_or_none() or abort(404)
            record(session, f"case:{case.id}", "case-card-printed", {"sign": sign}, act=current_act())
            deeds = acts_of(session, case)
            with force_locale("pl"):
                known = names_of(session, (chain for deed in deeds for chain in named_in(deed.details)))
                card = CaseCard(
                    office=letter_head(equipment()),
                    sign=case.sign,
                    title=" – ".join(filter(None, (str(PROCEDURES[case.procedure]), case.vehicle_label, case.plate))),
                    opened=office_day(case.opened_at),
                    entries=tuple(_entry(session, deed, known) for deed in deeds),
                )
        return _pdf(print_case_card(card, clock.now()), f"metryka-{sign}.pdf")

    @expose("/karta-informacyjna/<sign>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def vehicle(self, sign: str) -> ResponseReturnValue:
        """Print the information card of the vehicle, for its owner to check and sign. Printing it is written down."""
        with one_transaction() as session:
            case = session.scalars(sa.select(Case).where(Case.sign == sign)).one_or_none()
            if case is None or not has_information_card(case):
                abort(404)
            record(session, f"case:{case.id}", "information-card-printed", {"sign": sign}, act=current_act())
            card = information_card(case, equipment=equipment())
        return _pdf(print_card(card, clock.now()), f"karta-informacyjna-{sign}.pdf")

    @expose("/spis/<int:year>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def year(self, year: int) -> ResponseReturnValue:
        """Print the list of the cases of a year and class."""
        known = [one for one in classes_of(db.session()) if one[0] == year]
        klass = request.args.get("klass") or (known[0][1] if known else "")
        unit = next((unit for _year, code, unit in known if code == klass), None) or abort(404)
        with force_locale("pl"):
            listed = tuple(
                ListedCase(
                    number=case.number,
                    title=" – ".join(filter(None, (str(PROCEDURES[case.procedure]), case.vehicle))),
                    sender=case.applicant,
                    sender_mark=case.package,
                    sender_day=case.received_on,
                    opened=office_day(case.opened_at),
                    closed=office_day(case.closed_at) if case.closed_at else None,
                    clerk=case.clerk,
                    remarks=str(SETTLED.get(case.settled_by, STAGES[case.stage])) if case.closed_at else "",
                )
                for case in cases_of(db.session(), year, klass)
            )
            title = _("Registration and deregistration of vehicles")
        paper = CaseList(letter_head(equipment()), unit, klass, title, year, clock.today(), listed)
        return _pdf(print_case_list(paper, clock.now()), f"spis-spraw-{klass}-{year}.pdf")

    @expose("/raport/<day>.<kind>", methods=["GET"])
    @has_access
    @permission_name("read")
    def day(self, day: str, kind: str) -> ResponseReturnValue:
        """Print the daily report (CZYNN § 9), or give it as a table."""
        wanted = read_day(day)
        if wanted is None or kind not in {"pdf", "csv"}:
            abort(404)
        report = daily_report(db.session(), letter_head(equipment()), wanted)
        if kind == "csv":
            return _csv(report.changes, f"raport-{wanted.isoformat()}.csv")
        return _pdf(print_daily_report(report, clock.now()), f"raport-{wanted.isoformat()}.pdf")


def _full_sign(text: str) -> str:
    """Return the sign of the one case that is meant by its number and year alone (`13/2026`), else `text`."""
    number, _slash, year = text.partition("/")
    if not (re.fullmatch(r"[0-9]{1,9}", number) and re.fullmatch(r"[0-9]{4}", year)):
        return text
    found = db.session.scalars(sa.select(Case.sign).where(Case.number == int(number), Case.year == int(year))).all()
    return found[0] if len(found) == 1 else text


def _entry(session: Session, deed: Deed, known: Mapping[str, str]) -> CardEntry:
    positions = {
        "staff": position_of(session, deed.actor_id),
        "citizen": _("party"),
        "system": _("system of the office"),
    }
    return CardEntry(
        deed.at, deed.actor_name, positions.get(deed.actor_kind, deed.actor_kind), _words(deed, known), deed.document
    )


def _words(deed: Deed, known: Mapping[str, str]) -> str:
    words: str
    match deed.sort:
        case "step":
            words = str(EVENTS[deed.code])
        case "verdict":
            words = f"{THINGS[deed.about]}: {VERDICTS[Verdict(deed.code)].words}"
        case "things":
            said = movement_in_words(deed.code, deed.annotation)
            words = f"{said}: {', '.join(str(THINGS[kind]) for kind in deed.about.split(','))}"
        case "service":
            day = formats.day(dt.date.fromisoformat(deed.details["served_on"]))
            words = _("decision served on %(day)s: %(how)s", day=day, how=SERVED_ON_PAPER[deed.code])
        case "appeal":
            words = str(APPEAL_EVENTS[deed.code])
        case "event" if deed.code == CERTIFICATE_ORDERED:
            words = _("ordered the permanent certificate")
        case "event":
            said = details(deed.code, deed.details, known) if deed.details else ""
            words = ": ".join(filter(None, (action(deed.code), said)))
        case "package":
            words = _("sent a package: %(what)s", what=PURPOSES.get(deed.code, ""))
        case "letter":
            words = _("sent: %(what)s", what=LETTERS.get(deed.code, deed.code))
        case _:
            words = _("consignment %(what)s", what=DIRECTIONS[deed.code])
    return words


def _pdf(data: bytes, name: str) -> Response:
    return _file(data, "application/pdf", name)


def _csv(changes: tuple[ReportedChange, ...], name: str) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Godzina", "Identyfikator osoby", "Osoba", "Wpis lub zmiana", "Czego dotyczy", "Szczegóły"])
    for one in changes:
        cells = (one.person_id, one.person, one.what, one.subject, one.details)
        writer.writerow([f"{one.at.astimezone(OFFICE_ZONE):%H:%M:%S}", *map(harmless, cells)])
    return _file(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", name)


def _file(data: bytes, media: str, name: str) -> Response:
    answer = Response(data, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
