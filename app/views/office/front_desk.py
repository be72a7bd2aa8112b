"""The front desk: an envelope or a visit is received, things are handed out, and everything gets its label."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app import clock
from app.domain.custody import ItemState
from app.domain.deadlines import office_day
from app.domain.errors import BadInput, ConditionMissing, Refused
from app.domain.folding import KeyKind, bare, fold, key_of_query
from app.domain.items import Fate
from app.domain.tracking import parse_tracking
from app.extensions import db
from app.house import equipment
from app.models import Case, Consignment, Direction, SearchKey
from app.reports import counter
from app.reports.search import FOUND_AT_MOST, find_cases, sign_by_number, sign_of_item
from app.transaction import one_transaction
from app.usecases.case_facts import awaited_items
from app.usecases.comes_back import received_first
from app.usecases.hand_out import hand_out, things_to_hand_out
from app.usecases.keep_protocol import keep_protocol
from app.usecases.printouts import (
    print_arrival_label,
    print_case_label,
    print_protocol,
    print_receipt_of_things,
)
from app.usecases.receive_items import receive_items
from app.usecases.register_arrival import register_arrival
from app.views.acting import current_act
from app.views.numbers import whole_number
from app.views.office import reception
from app.views.office.at_the_counter import case_of, ended, has_ended, pdf_answer, wrong
from app.views.office.handing_out import DESK, closed_because, handing_out_page
from app.views.office.item_pages import items_page
from app.views.office.reception import numbers_of
from app.views.wording_cases import SHORT_PROCEDURES, STAGES
from app.views.wording_items import CONDITIONS, IDENTITY_DOCUMENTS
from app.views.wording_registers import CARRIAGES


class FrontDesk(BaseView):
    """Who stands at the counter, or opens the post. The first field of every page takes a scanner."""

    route_base = "/kancelaria"
    default_view = "start"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("read")
    def start(self) -> ResponseReturnValue:
        """Open what a code belongs to, at the right step; without a code, show the day at the counter.

        The field posts, so that a PESEL never stands in an address; anything else gets an address of its own.
        """
        text = request.values.get("q", "").strip()[:80]
        session = db.session()
        if not text:
            return self._page(
                "reception.html",
                title=_("Front desk"),
                today=clock.today(),
                arrived=counter.arrived_on(session, clock.today()),
                unmatched=counter.unmatched(session),
                visits=_by_day(counter.visits_from(session, clock.today())),
                earlier=clock.today() - dt.timedelta(days=1),
                carriages=CARRIAGES,
                scan_url="",
            )
        arrival = counter.unmatched_by_number(session, bare(text).upper())
        if arrival or (arrival := counter.unmatched_by_tracking(session, parse_tracking(text).value)):
            return redirect(url_for("FrontDesk.match", pk=arrival.id))
        if sign := sign_by_number(session, text):
            return redirect(_step_of(sign, text))
        digest = equipment().ring.digest if request.method == "POST" else None
        keys = key_of_query(text, unit=equipment().office.unit, pesel_digest=digest)
        secret = any(key.kind is KeyKind.PESEL for key in keys)
        if request.method == "POST" and not secret:
            return redirect(url_for("FrontDesk.start", q=text, koperta=request.form.get("koperta") or None))
        found = find_cases(session, text, keys)
        signs = [case.sign for case in found]
        if (of_item := sign_of_item(session, text)) and of_item not in signs:
            if not signs:
                return redirect(_step_of(of_item, text))
            found += find_cases(session, of_item, key_of_query(of_item, unit=equipment().office.unit))
        if len(found) == 1:
            return redirect(_step_of(found[0].sign, text))
        awaited = counter.awaited_counts(session, [case.sign for case in found])
        found.sort(key=lambda case: (has_ended(case.stage), case.sign not in awaited))
        return self._page(
            "reception_found.html",
            title=_("Which case is it?") if found else _("No case has this code"),
            text="" if secret else text,
            found=found[:FOUND_AT_MOST],
            more=len(found) > FOUND_AT_MOST,
            awaited=awaited,
            ended={case.sign: str(STAGES[case.stage]) for case in found if has_ended(case.stage)},
            arrival=_arrival_asked(),
            procedures={code: str(name) for code, name in SHORT_PROCEDURES.items()},
        )

    @expose("/<sign>", methods=["GET"])
    @has_access
    @permission_name("read")
    def receive(self, sign: str) -> ResponseReturnValue:
        """Show what the case waits for, all ticked."""
        case = case_of(sign)
        return self._reception(case, reception.blank(db.session(), case, _arrival_asked()))

    @expose("/<sign>/przyjecie", methods=["POST"])
    @has_access
    @permission_name("write")
    def register(self, sign: str) -> ResponseReturnValue:
        """Register what came. Nothing that was ticked is lost when something is refused."""
        try:
            with one_transaction() as session:
                case = case_of(sign)
                here, missing, extra = reception.arrived_typed(case)
                kept = receive_items(
                    session,
                    case,
                    reception.envelope_typed(),
                    here,
                    act=current_act(),
                    missing=missing,
                    extra=extra,
                    place=request.form.get("place", "").strip()[:60],
                    consignment=_arrival_asked(),
                )
                session.flush()
                kept_id = kept.id
        except (BadInput, ConditionMissing) as refused:
            case = case_of(sign)
            return self._reception(case, reception.typed(case, _arrival_asked()), refused), 422
        return redirect(url_for("FrontDesk.received", sign=sign, pk=kept_id))

    @expose("/<sign>/przyjeto/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def received(self, sign: str, pk: int) -> ResponseReturnValue:
        """Say under which number it was received, and what to print."""
        arrival = _consignment(sign, pk, Direction.IN)
        case = arrival.case
        items = [row.item for row in arrival.handovers]
        return self._page(
            "reception_done.html",
            title=_("Received: %(number)s", number=arrival.number),
            case=case,
            **(ended(case) if case else {}),
            arrival=arrival,
            items=[(item, reception.name_of(item)) for item in items],
            missing=[reception.name_of(item) for item in awaited_items(case)] if case else [],
            to_hand_out=things_to_hand_out(case) if case else [],
            carriage=str(CARRIAGES[arrival.carriage.value]),
        )

    @expose("/<sign>/etykieta.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def label(self, sign: str) -> ResponseReturnValue:
        """Print the label of the envelope of a case: of all that lies here, of one consignment, or of one thing."""
        case = case_of(sign)
        here = [item for item in case.items if item.state is ItemState.IN_OFFICE]
        if wanted := request.args.get("przesylka", ""):
            here = [item for item in here if any(str(row.consignment_id) == wanted for row in item.handovers)]
        if number := request.args.get("rzecz", ""):
            here = [item for item in here if str(item.number) == number]
        if not here:
            abort(404)
        pdf = print_case_label(case, here, equipment=equipment(), at=current_act().at)
        return pdf_answer(pdf, f"etykieta-{sign}.pdf")

    @expose("/<sign>/pokwitowanie/<int:pk>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def receipt(self, sign: str, pk: int) -> ResponseReturnValue:
        """Print the receipt for the person who brought things."""
        arrival = _consignment(sign, pk, Direction.IN)
        if not arrival.handovers:
            abort(404)
        return pdf_answer(print_receipt_of_things(arrival, equipment=equipment()), f"pokwitowanie-{sign}.pdf")

    @expose("/bez-sprawy", methods=["GET"])
    @has_access
    @permission_name("read")
    def unmatched(self) -> ResponseReturnValue:
        """Show the envelopes that belong to no case yet, and the form for a new one."""
        return self._unmatched()

    @expose("/bez-sprawy/nowa", methods=["POST"])
    @has_access
    @permission_name("write")
    def register_unmatched(self) -> ResponseReturnValue:
        """Register an envelope whose case nobody knows."""
        try:
            with one_transaction() as session:
                envelope, contents = reception.envelope_typed(), request.form.get("contents", "")
                arrival = register_arrival(session, envelope, contents, act=current_act())
                number = arrival.number
        except BadInput as refused:
            return self._unmatched(refused), 422
        flash(
            _(
                "Registered as %(number)s. Print its label and put it on the shelf of unmatched envelopes.",
                number=number,
            )
        )
        return redirect(url_for("FrontDesk.unmatched"))

    @expose("/bez-sprawy/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def match(self, pk: int) -> ResponseReturnValue:
        """Show one envelope without a case and ask for its case."""
        return self._page("reception_match.html", title=(arrival := _unmatched(pk)).number, arrival=arrival,
                          carriage=str(CARRIAGES[arrival.carriage.value]), scan_url="")  # fmt: skip

    @expose("/bez-sprawy/<int:pk>/etykieta.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def unmatched_label(self, pk: int) -> ResponseReturnValue:
        """Print the label of an envelope without a case."""
        pdf = print_arrival_label(_unmatched(pk), equipment=equipment(), at=current_act().at)
        return pdf_answer(pdf, "etykieta.pdf")

    @expose("/<sign>/wydanie", methods=["GET"])
    @has_access
    @permission_name("read")
    def hand_out(self, sign: str) -> ResponseReturnValue:
        """Show what goes out now, to whom, and what is brought back first."""
        return self._handing_out(case_of(sign))

    @expose("/<sign>/wydanie", methods=["POST"])
    @has_access
    @permission_name("write")
    def give(self, sign: str) -> ResponseReturnValue:
        """Hand everything out, and keep the protocol of it."""
        try:
            with one_transaction() as session:
                person, document = request.form.get("person", ""), reception.identity_typed()
                seen = numbers_of(request.form.getlist("item"))
                visit = hand_out(session, case_of(sign), seen, person, document, act=current_act(), doers=DESK)
                session.flush()
                visit_id = visit.id
        except (BadInput, ConditionMissing) as refused:
            return self._handing_out(case_of(sign), refused), 422
        visit = _consignment(sign, visit_id, Direction.OUT)
        kept = equipment().store.put_bytes(print_protocol(visit, equipment=equipment()))
        with one_transaction() as session:
            keep_protocol(session, session.get_one(Consignment, visit_id), kept, act=current_act())
        return redirect(url_for("FrontDesk.given", sign=sign, pk=visit_id))

    @expose("/<sign>/wydano/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def given(self, sign: str, pk: int) -> ResponseReturnValue:
        """Say what was handed out, give the protocol, and say what comes next."""
        visit = _consignment(sign, pk, Direction.OUT)
        case = visit.case
        return self._page(
            "handed_out.html",
            title=_("Handed out: %(number)s", number=visit.number),
            case=case,
            visit=visit,
            items=[(row.item, reception.name_of(row.item)) for row in visit.handovers],
            to_destroy=case is not None
            and any(one.state is ItemState.IN_OFFICE and one.fate is Fate.DESTROYED for one in case.items),
        )

    @expose("/<sign>/protokol/<int:pk>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def protocol(self, sign: str, pk: int) -> ResponseReturnValue:
        """Hand out the protocol of a handing over, the bytes that were kept."""
        visit = _consignment(sign, pk, Direction.OUT)
        if not visit.handovers or not visit.identity_document:
            abort(404)
        if visit.protocol_sha256:
            pdf = equipment().store.read(visit.protocol_sha256)
        else:  # the power went between handing out and keeping: the rows make the same paper
            pdf = print_protocol(visit, equipment=equipment())
        return pdf_answer(pdf, f"protokol-{visit.number.replace('/', '-')}.pdf")

    @expose("/<sign>/rzeczy", methods=["GET"])
    @has_access
    @permission_name("read")
    def items(self, sign: str) -> ResponseReturnValue:
        """Show every thing of a case: its way, where it is, and what can be done with it."""
        case = case_of(sign)
        theirs = case.clerk_id == current_act().actor.id
        may_compare = theirs and self.appbuilder.sm.has_access("can_compare", "Custody")
        return self._page("items.html", title=_("Things of the case %(sign)s", sign=sign), case=case,
                          **items_page(case, comparing=may_compare, movement=request.args.get("ruch", "")))  # fmt: skip

    def _reception(self, case: Case, page: reception.Reception, refused: Refused | None = None) -> str:
        return self._page(
            "reception_case.html",
            title=_("Receiving an envelope"),
            case=case,
            page=page,
            **ended(case),
            **wrong(refused),
            procedure=str(SHORT_PROCEDURES[case.procedure]),
            conditions=CONDITIONS,
            carriages=CARRIAGES,
            identities=IDENTITY_DOCUMENTS,
            to_hand_out=len(things_to_hand_out(case)),
        )

    def _handing_out(self, case: Case, refused: Refused | None = None) -> str:
        return self._page("hand_out.html", title=_("Handing out"), case=case, **wrong(refused),
                          procedure=str(SHORT_PROCEDURES[case.procedure]), identities=IDENTITY_DOCUMENTS,
                          **handing_out_page(case, clock.today()))  # fmt: skip

    def _unmatched(self, refused: Refused | None = None) -> str:
        return self._page("reception_unmatched.html", title=_("Envelopes without a case"), **wrong(refused),
                          arrivals=counter.unmatched(db.session()), carriages=CARRIAGES,
                          identities=IDENTITY_DOCUMENTS, form=request.form)  # fmt: skip

    def _page(self, template: str, **values: object) -> str:
        """Draw a page whose scan field leads back to the front desk."""
        values = {"scan_url": url_for("FrontDesk.start"), "may_write": self._may("can_write"), **values}
        return render_template(f"office/{template}", **values)

    def _may(self, permission: str) -> bool:
        allowed: bool = self.appbuilder.sm.has_access(permission, "FrontDesk")
        return allowed


def _by_day(visits: list[counter.Visit]) -> dict[dt.date, list[counter.Visit]]:
    """Return the visits under their days; today is there also where nobody comes."""
    days = {clock.today(): list[counter.Visit]()}
    return days | {day: list(of_day) for day, of_day in groupby(visits, key=lambda visit: office_day(visit.at))}


def _step_of(sign: str, text: str) -> str:
    """Return the address at which the counter goes on with a case: receive what is awaited, or hand out."""
    case = case_of(sign)
    if pk := request.values.get("koperta", ""):
        return url_for("FrontDesk.receive", sign=sign, koperta=pk)
    if not received_first(case) and things_to_hand_out(case) and not closed_because(case, clock.today()):
        return url_for("FrontDesk.hand_out", sign=sign)
    announced = db.session.scalar(
        sa.select(SearchKey.key).where(
            SearchKey.kind == KeyKind.TRACKING.value, SearchKey.key == fold(text)[:80], SearchKey.case_id == case.id
        )
    )
    return url_for("FrontDesk.receive", sign=sign, numer=text if announced else None)


def _consignment(sign: str, pk: int, direction: Direction) -> Consignment:
    found: Consignment | None = db.session.scalars(
        sa.select(Consignment)
        .join(Case, Case.id == Consignment.case_id)
        .where(Case.sign == sign, Consignment.id == pk, Consignment.direction == direction)
    ).one_or_none()
    return found if found is not None else abort(404)


def _unmatched(pk: int) -> Consignment:
    wanted = sa.select(Consignment).where(
        Consignment.id == pk, Consignment.direction == Direction.IN, Consignment.case_id.is_(None)
    )
    if request.method == "POST":  # of two people who match the same envelope the second one finds it gone
        wanted = wanted.with_for_update()
    found: Consignment | None = db.session.scalars(wanted).one_or_none()
    return found if found is not None else abort(404)


def _arrival_asked() -> Consignment | None:
    """Return the envelope without a case that is being matched, if one is."""
    number = whole_number(request.values.get("koperta", ""))
    return _unmatched(number) if number is not None else None
