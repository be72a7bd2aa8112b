"""A letter of the office in the mailbox: closed until its receipt is confirmed; then its words, term and proofs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.domain.correspondence import APPEALABLE
from app.domain.custody import ItemState
from app.domain.deadlines import APPEAL, due_date
from app.domain.delivery import Method
from app.domain.items import ItemKind
from app.domain.procedures.stages import SIDE_STAGES, Stage
from app.domain.summonses import DemandKind
from app.extensions import db
from app.house import equipment
from app.models import BINDING, Case, Letter, Message, Receipt, ReceiptKind, Service, ServiceOutcome
from app.transaction import one_transaction
from app.usecases.announce_items import awaited_things, open_demands
from app.usecases.case_facts import items_to_give, newest_agreement
from app.usecases.days_off import office_calendar
from app.usecases.letter_head import signer_for
from app.usecases.prepare_letter import enclosed_in
from app.usecases.serve_letter import confirm_receipt, prepare_upd
from app.views.acting import current_act
from app.views.mailbox.files import Evidence, sizes_of, stored_file
from app.views.mailbox.gate import gate_of, is_over
from app.views.mailbox.me import my_letter
from app.views.mailbox.say import say as _
from app.views.mailbox.things import demands_in_words, may_answer, may_withdraw
from app.views.mailbox.words import OTHERWISE

blueprint = Blueprint("office_letters", __name__)

KIND = "letter"
"""The kind of message that brings a letter."""
_ANNOUNCEMENT = "handover_proposal"
"""The letter that announces the permanent certificate where no permit is to be returned."""
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """What a summons wants, until when (`days_left` from today), and what happens otherwise."""

    wanted: tuple[str, ...]
    due_on: dt.date | None
    days_left: int
    met: bool
    otherwise: str
    things: bool
    papers: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """How the letter was served."""

    arrived_at: dt.datetime
    opened_at: dt.datetime | None
    opened_by: str
    number: str
    served_on: dt.date | None
    deemed: bool


def page(message: Message) -> str:
    """Show a letter, or, while it is closed, what it is and how it opens. Looking confirms nothing."""
    letter = my_letter(message.public_id)
    gate = gate_of(letter, office_calendar(db.session()))
    if gate is not None:
        return render_template("mailbox/closed_letter.html", letter=letter, message=message, gate=gate)
    today, settled = clock.today(), _is_settled(letter)
    return render_template(
        "mailbox/office_letter.html",
        letter=letter,
        message=message,
        new=message.read_at is None,
        day=dt.date.fromisoformat(letter.details["day"]),
        over=is_over(letter, today),
        term=None if settled else _term(letter, today),
        settled=settled and letter.summons is not None,
        appeal=_appeal(letter.case, letter),
        today=today,
        evidence=_evidence(letter, message),
        proof=_proof(letter, message),
        handover=_asks_how(letter),
        announced=_announced(letter),
        may_withdraw=may_withdraw(letter.case),
        clerk=letter.author_name,
        signer=signer_for(equipment().office.authority, letter.author_name, letter.details["position"]),
        cover=bool(enclosed_in(letter)),
    )


def is_closed(message: Message) -> bool:
    """Return whether the letter of my `message` is still to be opened."""
    return gate_of(my_letter(message.public_id), office_calendar(db.session())) is not None


@blueprint.post("/odebrane/<public_id>/potwierdz")
def confirm(public_id: str) -> AnyResponse:
    """Confirm the receipt: the proof (UPD) is made and kept, then the letter opens. Twice is the same as once."""
    letter = my_letter(public_id)
    letter_id = letter.id
    if gate_of(letter, office_calendar(db.session())) is not None:
        act = current_act()
        prepared = prepare_upd(db.session(), letter, equipment=equipment(), act=act)
        with one_transaction() as session:
            confirm_receipt(session, letter_id, prepared, act=act)
        flash(_("You have confirmed the receipt. The letter is open, and its proof (UPD) is below."), "success")
    return redirect(url_for("letters.letter", public_id=public_id), 303)


@blueprint.get("/odebrane/<public_id>/pismo.pdf")
def pdf(public_id: str) -> Response:
    """Give the sealed letter, the same bytes each time; a closed one is not there."""
    letter = my_letter(public_id)
    if letter.pdf_sha256 is None or gate_of(letter, office_calendar(db.session())) is not None:
        abort(404)
    return stored_file(letter.pdf_sha256, f"{letter.number.replace('/', '-')}.pdf", "application/pdf")


@blueprint.get("/odebrane/<public_id>/upd.<any(xml, pdf):kind>")
def proof(public_id: str, kind: str) -> Response:
    """Give the proof of delivery (UPD) of my letter, the same bytes each time."""
    letter = my_letter(public_id)
    receipt = letter.service.receipt if letter.service else None
    if receipt is None or receipt.kind is not ReceiptKind.UPD:
        abort(404)
    name = receipt.number.replace("/", "-")
    if kind == "xml":
        return stored_file(receipt.xml_sha256, f"{name}.xml", "application/xml")
    return stored_file(receipt.pdf_sha256 or abort(404), f"{name}.pdf", "application/pdf")


def _term(letter: Letter, today: dt.date) -> Term | None:
    summons = letter.summons
    if summons is None:
        return None
    kinds = {demand.kind for demand in open_demands(letter)}
    return Term(
        demands_in_words(summons.demands),
        summons.due_on,
        (summons.due_on - today).days if summons.due_on else 0,
        summons.met_at is not None or not _still_wanted(letter),
        str(OTHERWISE.get(summons.kind, "")),
        DemandKind.THING in kinds and bool(awaited_things(letter.case)),
        bool(kinds - {DemandKind.THING}) and letter.case.closed_at is None,
    )


def _is_settled(letter: Letter) -> bool:
    """Whether the case has left the line of its steps since `letter`, which therefore asks for nothing any more."""
    case, since = letter.case, None
    for step in takewhile(lambda one: one.to_stage == case.stage, reversed(case.steps)):
        since = step.at
    left = since is not None and letter.sent_at is not None and letter.sent_at < since
    return left and case.stage in SIDE_STAGES


def _still_wanted(letter: Letter) -> bool:
    """A newer summons takes the place of an older one."""
    later = [one for one in letter.case.letters if one.summons and one.sent_at and one.seq > letter.seq]
    return bool(open_demands(letter)) and not later


def _appeal(case: Case, letter: Letter) -> dt.date | None:
    """Return the last day on which the reader may appeal against the decision that `letter` is.

    The term runs from the reader's own service, whenever another party is served (KPA art. 129 § 2).
    """
    decision = next((one for one in case.decisions if one.letter_id == letter.id), None)
    served = letter.service.served_on if letter.service else None
    if decision is None or decision.kind not in APPEALABLE or served is None:
        return None
    if decision.waived_at is not None and decision.final_on is not None:
        return decision.final_on - _ONE_DAY
    return due_date(served, APPEAL, office_calendar(db.session()))


def _asks_how(letter: Letter) -> bool:
    return letter.kind in {_ANNOUNCEMENT, "handover_reminder"} and may_answer(letter.case)


def _announced(letter: Letter) -> str:
    """Return what is to be done about the certificate that `letter` announces; empty where it announces none.

    `say` how; `collect` it, as was agreed or as anyone may who owns a registered vehicle; `posted`: it will be; `gone`.
    """
    if letter.kind != _ANNOUNCEMENT:
        return ""
    case = letter.case
    here = [i for i in case.items if i.kind is ItemKind.REGISTRATION_CERTIFICATE and i.state is ItemState.IN_OFFICE]
    if not here or case.stage != Stage.PERMANENT_READY.value:
        return "gone"
    proposal = newest_agreement(case)
    agreed = proposal is not None and proposal.state in BINDING
    if agreed and any(one in items_to_give(proposal, Method.POST) for one in here):
        return "posted"
    registered = any(decision.kind == "registration_decision" for decision in case.decisions)
    in_person = agreed and any(one in items_to_give(proposal, Method.IN_PERSON) for one in here)
    return "collect" if registered or in_person else "say"


def _evidence(letter: Letter, message: Message) -> tuple[Evidence, ...]:
    receipt: Receipt | None = letter.service.receipt if letter.service else None
    files = [(_("the letter"), "pdf", letter.pdf_sha256, url_for("office_letters.pdf", public_id=message.public_id))]
    if receipt is not None:
        for kind, sha256 in (("pdf", receipt.pdf_sha256), ("xml", receipt.xml_sha256)):
            files.append(("UPD", kind, sha256, url_for("office_letters.proof", public_id=message.public_id, kind=kind)))
    sizes = sizes_of([sha256 for _label, _kind, sha256, _address in files])
    return tuple(
        Evidence(label, kind.upper(), sizes.get(sha256, 0), address) for label, kind, sha256, address in files if sha256
    )


def _proof(letter: Letter, message: Message) -> Proof:
    service: Service | None = letter.service
    opened = next((event for event in service.events if event.kind == "opened"), None) if service else None
    return Proof(
        arrived_at=message.at,
        opened_at=opened.at if opened else None,
        opened_by=opened.actor_name if opened else "",
        number=service.receipt.number if service and service.receipt else "",
        served_on=service.served_on if service else None,
        deemed=bool(service and service.outcome is ServiceOutcome.DEEMED),
    )
