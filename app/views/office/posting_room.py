"""The posting room: what goes out today, under which numbers, and what the return cards say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app import clock
from app.domain.errors import BadInput
from app.domain.tracking import parse_tracking
from app.extensions import db
from app.house import equipment
from app.models import Carriage, Consignment, Item, Letter, ParcelOutcome, ServiceOutcome
from app.reports import counter, posting
from app.transaction import one_transaction
from app.usecases.case_facts import newest_proposal
from app.usecases.forward_things import forwarded_with
from app.usecases.hand_out import note_tracking, post_parcel
from app.usecases.keep_shipment import keep_shipment
from app.usecases.may_leave import named_in
from app.usecases.parcel_outcome import may_be_recorded, record_parcel
from app.usecases.post_notices import notices_left
from app.usecases.printouts import book_as_csv, posted_on, print_addresses, print_book, print_shipment
from app.usecases.serve_letter import note_paper_service, post_letter
from app.usecases.serve_with_things import decisions_with
from app.views.acting import current_act
from app.views.numbers import whole_number
from app.views.office.annotating import due_shown
from app.views.office.at_the_counter import case_of, pdf_answer
from app.views.office.handing_out import DESK
from app.views.office.reception import day_typed, name_of
from app.views.office.register_filters import read_day
from app.views.wording import refusal
from app.views.wording_registers import PARCEL_OUTCOMES


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was refused: the field (its id on the page), what was typed there, and the sentence."""

    field: str
    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class Out:
    """A parcel or a letter that is out: the same row for both."""

    id: int
    is_letter: bool
    sign: str
    person: str
    what: str
    on: dt.date
    tracking: str
    notices: tuple[str, ...] = ()
    second: dt.date | None = None
    """The day of the second notice."""


_ASKED = dict.fromkeys(
    ("notice-missing", "notice-still-runs", "first-notice-missing", "notice-noted", "service-event-unknown"), "outcome"
)
"""Refusals of a return card that are about what the post did; all others are about a day."""


class PostingRoom(BaseView):
    """Who takes the day's post away and brings the return cards back."""

    route_base = "/kancelaria/poczta"
    default_view = "today"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def today(self) -> ResponseReturnValue:
        """Show what has to go, what went, what is out, and what came back."""
        return self._today()

    def _today(self, wrong: Wrong | None = None) -> str:
        session = db.session()
        out = [*map(_parcel, posting.parcels_out(session)), *map(_letter, posting.letters_out(session))]
        return self._page(
            "posting.html",
            title=_("Posting room"),
            today=clock.today(),
            letters=[(one, _things_with(one)) for one in posting.letters_to_post(session)],
            parcels=[
                (one, _in_words(one.items), _annotations_due(one), decisions_with(one.case, one.items))
                for one in posting.parcels_to_post(session)
            ],
            posted=[
                *map(_parcel, posting.parcels_of(session, clock.today())),
                *map(_letter, posting.letters_of(session, clock.today())),
            ],
            unnumbered=[*map(_parcel, posting.parcels_without_number(session))],
            wrong=wrong,
            out=sorted(out, key=lambda one: one.on),
            back=[
                (one, str(PARCEL_OUTCOMES[one.outcome.value]) if one.outcome else "")
                for one in posting.parcels_back(session)
            ],
        )

    @expose("/list/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("write")
    def send_letter(self, pk: int) -> ResponseReturnValue:
        """Write down under which number a letter was posted."""
        typed = request.form.get("tracking", "")
        try:
            with one_transaction() as session:
                letter = session.get(Letter, pk) or abort(404)
                post_letter(session, letter, typed, act=current_act())
                number = letter.number
        except BadInput as refused:
            return self._refused(refused, f"letter-{pk}", typed)
        flash(_("The letter %(number)s is posted.", number=number))
        return redirect(url_for("PostingRoom.today"))

    @expose("/paczka/<sign>", methods=["POST"])
    @has_access
    @permission_name("write")
    def send_parcel(self, sign: str) -> ResponseReturnValue:
        """Post what was agreed or goes back, to its address, and keep its letter; the tracking number may follow."""
        typed = request.form.get("tracking", "")
        try:
            with one_transaction() as session:
                case = case_of(sign)
                proposal = newest_proposal(case) or abort(404)
                parcel = post_parcel(session, case, case.applicant_name, proposal.address, act=current_act(),
                                     doers=DESK, tracking=typed)  # fmt: skip
                session.flush()
                keep_shipment(session, parcel, equipment=equipment(), act=current_act())
                number = parcel.number
        except BadInput as refused:
            return self._refused(refused, f"parcel-{case_of(sign).id}", typed)
        flash(_("The parcel %(number)s of the case %(sign)s is posted.", number=number, sign=sign))
        return redirect(url_for("PostingRoom.today"))

    @expose("/numer/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("write")
    def tracking(self, pk: int) -> ResponseReturnValue:
        """Write down the tracking number of a parcel that went without one."""
        typed = request.form.get("tracking", "")
        try:
            with one_transaction() as session:
                parcel = session.get(Consignment, pk) or abort(404)
                if not parcel.awaits_acknowledgement:
                    abort(404)
                note_tracking(session, parcel, typed, act=current_act())
        except BadInput as refused:
            return self._refused(refused, f"number-{pk}", typed)
        flash(_("The tracking number is written down."))
        return redirect(url_for("PostingRoom.today"))

    @expose("/zwrotka", methods=["GET"])
    @has_access
    @permission_name("read")
    def card(self) -> ResponseReturnValue:
        """Find what a return card (ZPO) is about, by the number scanned from it."""
        text = request.args.get("q", "").strip()[:60]
        session = db.session()
        number = parse_tracking(text).value
        if parcel := posting.parcel_by_tracking(session, number) or posting.parcel_by_tracking(session, text.upper()):
            return redirect(url_for("PostingRoom.parcel", pk=parcel.id))
        if letter := posting.letter_by_tracking(session, number):
            return redirect(url_for("PostingRoom.letter", pk=letter.id))
        return self._refused(BadInput("tracking-unknown"), "card", text)

    @expose("/przesylka/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def parcel(self, pk: int) -> ResponseReturnValue:
        """Show a parcel that is out, and ask what became of it."""
        return self._parcel_card(_posted_parcel(pk))

    @expose("/przesylka/<int:pk>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def shipment(self, pk: int) -> ResponseReturnValue:
        """Print the letter to be put into a parcel, the bytes that were kept when it left."""
        parcel = _posted_parcel(pk)
        if parcel.case is None or parcel.carriage is Carriage.IN_PERSON:
            abort(404)
        if parcel.protocol_sha256:
            pdf = equipment().store.read(parcel.protocol_sha256)
        else:  # it left before such letters were kept: the rows make it anew
            pdf = print_shipment(db.session(), parcel, equipment=equipment(), act=current_act())
        return pdf_answer(pdf, f"pismo-przewodnie-{parcel.number.replace('/', '-')}.pdf")

    @expose("/przesylka/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("write")
    def settle_parcel(self, pk: int) -> ResponseReturnValue:
        """Write down what became of a parcel; what came back gets its place."""
        form = request.form
        outcome = form.get("outcome", "")
        if outcome not in PARCEL_OUTCOMES:
            raise BadInput("service-event-unknown")
        try:
            with one_transaction() as session:
                parcel = record_parcel(
                    session,
                    _posted_parcel(pk),
                    ParcelOutcome(outcome),
                    day_typed("on") or clock.today(),
                    act=current_act(),
                    acknowledgement=form.get("acknowledgement", ""),
                    place=form.get("place", "").strip()[:60],
                    first=day_typed("first"),
                    second=day_typed("second"),
                )
                number = parcel.number
        except BadInput as refused:
            return self._parcel_card(_posted_parcel(pk), refused), 400
        flash(*_what_became(number, ParcelOutcome(outcome)))
        return redirect(url_for("PostingRoom.today"))

    @expose("/pismo/<int:pk>", methods=["GET"])
    @has_access
    @permission_name("read")
    def letter(self, pk: int) -> ResponseReturnValue:
        """Show a letter that is out, and ask what the post did with it."""
        return self._letter_card(_posted_letter(pk))

    @expose("/pismo/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("write")
    def settle_letter(self, pk: int) -> ResponseReturnValue:
        """Write down a notice, or how the service of a letter ended."""
        form = request.form
        try:
            with one_transaction() as session:
                letter = _posted_letter(pk)
                on = day_typed("on") or clock.today()
                note_paper_service(
                    session, letter, form.get("outcome", ""), on, act=current_act(),
                    second=day_typed("second"), remark=form.get("remark", "")[:300], place=form.get("place", ""),
                )  # fmt: skip
                number = letter.number
        except BadInput as refused:
            return self._letter_card(_posted_letter(pk), refused), 400
        flash(_("What the post did with the letter %(number)s is written down.", number=number))
        return redirect(url_for("PostingRoom.today"))

    @expose("/adresy.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def addresses(self) -> ResponseReturnValue:
        """Print the address labels of what has to go out today."""
        session = db.session()
        wanted = [
            *((one.addressee, one.address, one.case.sign) for one in posting.letters_to_post(session)),
            *((one.person, one.address, one.case.sign) for one in posting.parcels_to_post(session)),
        ]
        if not wanted:
            abort(404)
        skip = min(whole_number(request.args.get("od", "")) or 0, 23)
        pdf = print_addresses(wanted, equipment=equipment(), at=current_act().at, skip=skip)
        return pdf_answer(pdf, "etykiety-adresowe.pdf")

    @expose("/ksiazka/<day>.<kind>", methods=["GET"])
    @has_access
    @permission_name("read")
    def book(self, day: str, kind: str) -> ResponseReturnValue:
        """Print the posting book of a day, or hand it out as a file for a spreadsheet."""
        on = read_day(day)
        if on is None or kind not in {"pdf", "csv"}:
            abort(404)
        parcels = posted_on(db.session(), on)
        if kind == "pdf":
            pdf = print_book(parcels, on, equipment=equipment(), at=current_act().at)
            return pdf_answer(pdf, f"ksiazka-nadawcza-{on}.pdf")
        answer = Response(book_as_csv(parcels), mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=f"ksiazka-nadawcza-{on}.csv")
        return answer

    def _refused(self, refused: BadInput, field: str, typed: str) -> ResponseReturnValue:
        """Draw the page again with what was typed and why it was refused; other refusals are no matter of a field."""
        if not refused.code.startswith("tracking-"):
            raise refused
        return self._today(Wrong(field, typed[:60], refusal(refused))), 400

    def _parcel_card(self, parcel: Consignment, refused: BadInput | None = None) -> str:
        place = counter.last_place(db.session(), current_act().actor.id or 0)
        settled = str(PARCEL_OUTCOMES[parcel.outcome.value]) if parcel.outcome else ""
        things = _in_words(row.item for row in parcel.handovers)
        out = replace(_parcel(parcel), what=f"{things} ({parcel.number})" if things else parcel.number)
        with_decision = parcel.case is not None and bool(
            decisions_with(parcel.case, [row.item for row in parcel.handovers])
        )
        return self._card(out, settled, asks=may_be_recorded(parcel), place=place, notices=False,
                          with_decision=with_decision, refused=refused)  # fmt: skip

    def _letter_card(self, letter: Letter, refused: BadInput | None = None) -> str:
        service = letter.service
        outcome = service.outcome if service else None
        settled = str(PARCEL_OUTCOMES.get(outcome.value, "")) if outcome else ""
        things = forwarded_with(db.session(), letter)
        place = counter.last_place(db.session(), current_act().actor.id or 0) if things else ""
        out = replace(_letter(letter), what=f"{letter.title}: {_in_words(things)}" if things else letter.title)
        return self._card(out, settled, asks=outcome in {None, ServiceOutcome.LOST}, place=place,
                          with_things=bool(things), notices=True, refused=refused)  # fmt: skip

    def _card(self, out: Out, settled: str, *, refused: BadInput | None, **values: object) -> str:
        # In the answer that nobody claimed it, the notices have fields of their own.
        code = refused.code if refused else ""
        own = request.form.get("outcome") == "unclaimed" and (
            "second" if code.startswith("second-notice-") else "first" if not out.is_letter and "notice" in code else ""
        )
        field = own or _ASKED.get(code, "on") if refused else ""
        wrong = Wrong(field, "", refusal(refused)) if refused else None
        outcomes = {code: words for code, words in PARCEL_OUTCOMES.items() if not (settled and code == "lost")}
        return self._page("return_card.html", title=_("Return card"), out=out, settled=settled,
                          outcomes=outcomes, typed=request.form, wrong=wrong, **values)  # fmt: skip

    def _page(self, template: str, **values: object) -> str:
        """Draw a page whose scan field leads to the front desk."""
        may_write = self.appbuilder.sm.has_access("can_write", "PostingRoom")
        return render_template(f"office/{template}", scan_url=url_for("FrontDesk.start"), may_write=may_write, **values)


def _what_became(number: str, outcome: ParcelOutcome) -> tuple[str, str]:
    """Return what is said once the outcome of the parcel `number` is written down, and the look of it."""
    match outcome:
        case ParcelOutcome.DELIVERED:
            return _("The parcel %(number)s is delivered.", number=number), "message"
        case ParcelOutcome.LOST:
            return _("The parcel %(number)s is lost. The clerk says what comes instead.", number=number), "warning"
        case _:
            return _(
                "The parcel %(number)s came back. The clerk of the case sees what follows.", number=number
            ), "warning"


def _annotations_due(parcel: posting.ToPost) -> int:
    """Return how many annotations are still to be made on what waits to be posted."""
    return sum(one.item in parcel.items for one in due_shown(parcel.case))


def _things_with(letter: Letter) -> str:
    """Return in words what goes with a letter to another authority and lies here."""
    numbers = named_in(letter)
    return _in_words([item for item in letter.case.items if item.number in numbers]) if numbers else ""


def _in_words(items: Iterable[Item]) -> str:
    return ", ".join(dict.fromkeys(map(name_of, items)))


def _parcel(parcel: Consignment) -> Out:
    sign = parcel.case.sign if parcel.case else ""
    return Out(parcel.id, False, sign, parcel.person or "", parcel.number, parcel.on, parcel.tracking or "")


def _letter(letter: Letter) -> Out:
    service = letter.service
    words = {"first_notice": _("first notice"), "second_notice": _("second notice")}
    left = notices_left(service) if service else {}
    return Out(
        id=letter.id,
        is_letter=True,
        sign=letter.case.sign,
        person=letter.addressee,
        what=letter.title,
        on=service.arrived_on if service else clock.today(),
        tracking=(service.tracking or "") if service else "",
        notices=tuple(f"{words[kind]} {on:%d.%m}" for kind, on in left.items()),
        second=left.get("second_notice"),
    )


def _posted_parcel(pk: int) -> Consignment:
    parcel: Consignment | None = db.session.get(Consignment, pk)
    # What goes with a letter to another authority is settled with that letter.
    own = parcel is not None and parcel.direction.value == "out" and parcel.letter_id is None
    return parcel if parcel is not None and own else abort(404)


def _posted_letter(pk: int) -> Letter:
    letter: Letter | None = db.session.get(Letter, pk)
    return letter if letter is not None and letter.service is not None and letter.way.value == "post" else abort(404)
