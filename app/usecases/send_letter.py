"""A letter leaves: printed, sealed, kept; its step is taken, and what it brings about is written, all in one commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.acts import Act, Actor, ActorKind
from app.domain.correspondence import APPEALABLE, GRANTING, STEP_LETTERS
from app.domain.custody import Discrepancy, ItemState, Movement
from app.domain.deadlines import extended_permit, permit_valid_until
from app.domain.errors import Refused
from app.domain.items import Fate, ItemKind
from app.domain.procedures.stages import Doer
from app.domain.summonses import DemandKind
from app.equipment import Equipment
from app.letters.official import print_letter
from app.models import (
    Case,
    CertificateOrder,
    Decision,
    Demand,
    Folder,
    Letter,
    LetterState,
    LetterWay,
    Message,
    Service,
    ServiceEvent,
    Summons,
    authored,
)
from app.models.custody import BY_SUMMONS
from app.outbox.post import post_email
from app.pki.pdf_seal import seal_pdf
from app.storage import Kept
from app.usecases.appeals import appeal_at, waits_here
from app.usecases.ask_question import answer_questions
from app.usecases.case_facts import is_conditional, newest_proposal, papers_to_come
from app.usecases.items import new_item
from app.usecases.keep_clock import extend_term, keep_clock
from app.usecases.keep_file import keep_file
from app.usecases.move_case import move_case
from app.usecases.other_office import keep_office_terms
from app.usecases.prepare_letter import covering_letter, printable_letter
from app.usecases.receive_items import meet_demands
from app.usecases.record import record
from app.usecases.seals import seal_in_use
from app.usecases.summons_in_force import summons_in_force

_ELECTRONIC = "Pismo opatrzono pieczęcią elektroniczną urzędu. Nie wymaga podpisu odręcznego."


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter whose bytes are safe in the store, before the rows that make it valid."""

    pdf: Kept
    copies: tuple[Kept, ...] = ()
    """One for each further party, in the order in which the letter names them."""
    cover: tuple[Letter, Kept] | None = None
    """The letter to the competent authority that leaves with the notice of a transfer; it is only sketched."""


def print_out(session: Session, letter: Letter, *, equipment: Equipment, act: Act) -> PrintedLetter:
    """Print and seal `letter`, and put it into the store. Writes no row; the same letter gives the same print."""
    _, seal = seal_in_use(session, equipment=equipment, act=act)
    paper = printable_letter(letter, equipment=equipment, note=_ELECTRONIC)
    copies = [
        # The owner who comes for the things confirms their receipt, on the first copy.
        replace(paper, addressee=(one["name"], *one["address"]), part_b=False, part_b_items=())
        for one in _others(letter)
    ]
    cover = covering_letter(session, letter, equipment=equipment)
    if cover is not None:
        copies.append(printable_letter(cover, equipment=equipment, case=letter.case, note=_ELECTRONIC))
    first, *rest = [
        equipment.store.put_bytes(seal_pdf(print_letter(one, letter.leaves_at), seal, letter.leaves_at))
        for one in (paper, *copies)
    ]
    return (
        PrintedLetter(first, tuple(rest))
        if cover is None
        else PrintedLetter(first, tuple(rest[:-1]), (cover, rest[-1]))
    )


def send_letter(session: Session, letter_id: int, printed: PrintedLetter, *, act: Act) -> Letter:
    """Let the letter leave and take its step. Does nothing to one that left already or was taken back.

    Where the case has moved on, so that the step is not open any more, the letter is stopped and says why.
    """
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    if letter.state is not LetterState.LEAVING:
        return letter
    case = letter.case
    author = Act(Actor(ActorKind.STAFF, letter.author_id, letter.author_name), act.at)
    if letter.details["doer"] == Doer.CLERK and case.clerk_id != letter.author_id:
        return _stop(session, letter, "clerk-changed", act)
    appeal = appeal_at(case, letter.details.get("appeal") or 0)
    if appeal is not None and not waits_here(appeal):
        return _stop(session, letter, "appeal-over", act)
    if letter.step is not None:
        try:
            doers = {Doer(letter.details["doer"])}
            why = letter.details["reasons"]
            move_case(session, case, letter.step, act=author, doers=doers, reason=why, cause=letter)
        except Refused as refusal:
            return _stop(session, letter, refusal.code, act)
    keep_file(session, printed.pdf.sha256, printed.pdf.size, act.at)
    letter.state, letter.sent_at, letter.pdf_sha256 = LetterState.SENT, act.at, printed.pdf.sha256
    _bring_about(session, case, letter, author)
    keep_clock(session, case, author, cause=letter)
    keep_office_terms(session, case, author)
    answer_questions(case, letter)
    _deliver(session, case, letter, act)
    for one, pdf in zip(_others(letter), printed.copies, strict=True):
        keep_file(session, pdf.sha256, pdf.size, act.at)
        case.letters.append(copy_of_letter(case, letter, one["name"], one["address"], pdf.sha256))
    if printed.cover is not None:
        cover, pdf = printed.cover
        keep_file(session, pdf.sha256, pdf.size, act.at)
        cover.state, cover.sent_at, cover.pdf_sha256 = LetterState.SENT, act.at, pdf.sha256
        case.letters.append(cover)
        record(session, f"case:{case.id}", "letter-sent", {"letter": cover.seq, "kind": cover.kind}, act=author)
    if appeal is not None:
        appeal.letter = letter
    case.changed_at = act.at
    record(session, f"case:{case.id}", "letter-sent", {"letter": letter.seq, "kind": letter.kind}, act=author)
    return letter


def stop_letter(session: Session, letter_id: int, *, act: Act) -> None:
    """Keep a letter that the program could not print or seal from blocking its case; a clerk writes it anew."""
    letter = session.get(Letter, letter_id)
    if letter is not None and letter.state is LetterState.LEAVING:
        _stop(session, letter, "letter-failed", act)


def _stop(session: Session, letter: Letter, why: str, act: Act) -> Letter:
    letter.state, letter.stopped_because = LetterState.STOPPED, why
    record(session, f"case:{letter.case_id}", "letter-stopped", {"letter": letter.seq, "why": why}, act=act)
    return letter


def _others(letter: Letter) -> list[Mapping[str, Any]]:
    """Return the further parties that `letter` goes to, each a name and the lines of an address."""
    found: list[Mapping[str, Any]] = letter.details.get("others", [])
    return found


def copy_of_letter(case: Case, letter: Letter, addressee: str, address: Sequence[str], pdf_sha256: str) -> Letter:
    """Return the copy of `letter` for `addressee`, on paper: only one party has applied through the mailbox.

    It takes no step and starts nothing by itself; with its service the term of this party begins.
    """
    return Letter(
        seq=len(case.letters) + 1,
        kind=letter.kind,
        state=LetterState.SENT,
        way=LetterWay.POST,
        needs_receipt=letter.needs_receipt,
        addressee=addressee,
        address=list(address),
        title=letter.title,
        legal_basis=letter.legal_basis,
        blocks=letter.blocks,
        details={**letter.details, "others": [], "copy_of": letter.copy_of or letter.seq},
        author_id=letter.author_id,
        author_name=letter.author_name,
        made_at=letter.made_at,
        leaves_at=letter.leaves_at,
        sent_at=letter.sent_at,
        pdf_sha256=pdf_sha256,
    )


def _bring_about(session: Session, case: Case, letter: Letter, act: Act) -> None:
    rule = STEP_LETTERS.get(letter.step or "")
    if rule is None:
        return
    if rule.days is not None and letter.details["demands"]:
        _summon(session, case, letter, act)
    if letter.kind in GRANTING | APPEALABLE:
        _decide(session, case, letter, act)
    until = dt.date.fromisoformat(letter.details["until"]) if letter.details["until"] else None
    match letter.step:
        case "notify_delay" if until:
            extend_term(session, case, letter, until, act)
        case "extend_summons" if until and (summons := summons_in_force(case)):
            summons.due_on = max(until, summons.due_on or until)
        case "extend_permit" if case.permit and case.permit.valid_until:
            case.permit.extended_at = act.at
            case.permit.valid_until = extended_permit(case.permit.valid_until)
        case "remind":
            _note_reminder(case, letter, until, act)
        case _:
            pass


def _summon(session: Session, case: Case, letter: Letter, act: Act) -> None:
    summons = Summons(case_id=case.id, kind=letter.kind, days=letter.details["days"])
    letter.summons = summons
    wrong = [item for item in case.items if item.state is ItemState.IN_OFFICE and item.open_discrepancies]
    # What was given back in a case that is taken up again comes as a thing of its own.
    away = {ItemState.EXPECTED} if letter.step == "summon_originals" else {ItemState.EXPECTED, ItemState.WITH_PARTY}
    free = [item for item in case.items if item.state in away and not item.is_stray]
    for item in case.items:
        for discrepancy in item.open_discrepancies:
            if discrepancy.kind is not Discrepancy.NOT_ASKED_FOR:
                discrepancy.settled_at, discrepancy.settled_by = act.at, BY_SUMMONS
    for item in wrong:
        # The wrong thing goes back; a right one is awaited in its place.
        item.fate = Fate.TO_PARTY if item.is_replaced else item.fate
    for one in letter.details["demands"]:
        demand = Demand(kind=DemandKind(one["kind"]), subject=one["subject"], words=one["words"], ways=one["ways"])
        if demand.kind is DemandKind.THING:
            kind = ItemKind(one["subject"])
            found = next((item for item in free if item.kind is kind), None)
            if found is None:
                found = new_item(session, case, kind, Movement.EXPECTED, act=act, label=_label(case, kind))
                session.flush()
            else:
                free.remove(found)
            demand.item_id = found.id
        summons.demands.append(demand)


def _label(case: Case, kind: ItemKind) -> str:
    return (case.plate or "") if kind in {ItemKind.PLATE, ItemKind.EXTRA_PLATE} else ""


def _decide(session: Session, case: Case, letter: Letter, act: Act) -> None:
    day = dt.date.fromisoformat(letter.details["day"])
    granting = letter.kind in GRANTING
    case.decisions.append(
        Decision(
            letter=letter,
            kind=letter.kind,
            issued_on=day,
            signed_by=letter.author_name,
            final_on=day if granting else None,
        )
    )
    if letter.way is LetterWay.WITH_ITEMS:
        new_item(session, case, ItemKind.DECISION, Movement.MADE, act=act, label=letter.number)
    if letter.kind == "temporary_registration_decision":
        if case.permit is not None:
            case.permit.valid_until = permit_valid_until(day, days=case.permit.days)
        case.certificate_order = CertificateOrder(ordered_on=day)
        for paper in papers_to_come(case) if is_conditional(case) else ():
            if paper.item is None:
                new_item(session, case, paper.kind, Movement.EXPECTED, act=act)
    elif letter.step == "register_directly":
        case.certificate_order = CertificateOrder(ordered_on=day)
        for item in case.items:
            if item.kind is ItemKind.REG_CERT and item.state is ItemState.IN_OFFICE and not item.is_stray:
                # Annotated, it stands in for the permit until the new one is there (CZYNN zał. 1 § 2 ust. 3 pkt 3).
                item.fate = Fate.LENT
    elif letter.step == "register":
        meet_demands(case, act)


def _note_reminder(case: Case, letter: Letter, until: dt.date | None, act: Act) -> None:
    reminded = newest_proposal(case) if letter.kind == "handover_reminder" else summons_in_force(case)
    if reminded is not None:
        reminded.reminded_at = act.at
        reminded.due_on = until or reminded.due_on


def _deliver(session: Session, case: Case, letter: Letter, act: Act) -> None:
    """Put the letter where its addressee finds it. One that goes by post waits in the posting room."""
    if letter.way is not LetterWay.MAILBOX or case.citizen_id is None or case.citizen is None:
        return
    letter.message = Message(
        citizen_id=case.citizen_id,
        folder=Folder.RECEIVED,
        kind="letter",
        data={"title": letter.title, "number": letter.number, "receipt": letter.needs_receipt},
        case_id=case.id,
        at=act.at,
    )
    if letter.needs_receipt:
        letter.service = Service(arrived_on=act.today)
        letter.service.events.append(ServiceEvent(kind="arrived", on=act.today, **authored(act)))
    citizen = case.citizen
    post_email(session, citizen.email, "news", {}, citizen.language, key=f"letter:{letter.id}", act=act)
