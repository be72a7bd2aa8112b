"""What is done with a case in the demonstration office: each deed calls the verb that its page calls.

A deed takes the session, whose hands the case is in, and the moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.demo.hands import Hands, note, post_last_letter, write
from app.demo.other_office import name_office, office_answers, tell_office
from app.domain.custody import ItemState, Movement
from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.documents import DocumentKind
from app.domain.items import Fate, ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.models import Carriage, Consignment, Item, Letter, LetterWay, ParcelOutcome, PlateNumber, PlateState
from app.transaction import one_transaction
from app.usecases.addressees import address_lines, addressee_of
from app.usecases.agreements import answer_handover, propose_handover
from app.usecases.annotate_items import annotate_items, due_annotations
from app.usecases.case_facts import requirements
from app.usecases.compare_item import compare_item
from app.usecases.give_verdict import give_verdict
from app.usecases.hand_out import hand_out, post_parcel, things_to_hand_out
from app.usecases.keep_shipment import keep_shipment
from app.usecases.may_leave import may_leave
from app.usecases.move_items import make_item, move_items
from app.usecases.parcel_outcome import record_parcel
from app.usecases.prepare_documents import assign_plates, prepare_permit, prove_fee, receive_certificate
from app.usecases.prepare_item import GIVEN_OUT
from app.usecases.receive_items import Arrived, Envelope, receive_items
from app.usecases.serve_letter import confirm_receipt, prepare_upd
from app.usecases.take_case import take_case
from app.usecases.take_step import take_step
from app.usecases.withdrawal import withdraw_by_party

_DESK = frozenset({Doer.CLERK, Doer.FRONT_DESK})
_SHELVES = ("A-1", "A-2", "A-3", "B-1", "B-2")


def _take(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        take_case(session, hands.case(session), act=hands.clerk(at))


_FAULTS = {Verdict.ILLEGIBLE: "Skan jest nieczytelny.", Verdict.MISSING: "Właściciel nie ma go jeszcze."}


def _examine(
    session: Session, hands: Hands, at: dt.datetime, found: Mapping[DocumentKind, Verdict] = MappingProxyType({})
) -> None:
    with one_transaction():
        case = hands.case(session)
        for one in requirements(case):
            verdict = found.get(one.kind) or (Verdict.NOT_APPLICABLE if one.if_issued else Verdict.ACCEPTED)
            reason = _FAULTS.get(verdict, "")
            document = next((file for file in case.documents if file.kind == one.kind.value), None)
            give_verdict(
                session, case, case.version, one.kind.value, verdict, act=hands.clerk(at), document=document,
                reason=reason,
            )  # fmt: skip


def _open(session: Session, hands: Hands, at: dt.datetime) -> None:
    letter_id = [one.id for one in hands.case(session).letters if one.way is LetterWay.MAILBOX][-1]
    act = hands.owner(session, at)
    prepared = prepare_upd(session, session.get_one(Letter, letter_id), equipment=hands.equipment, act=act)
    with one_transaction():
        confirm_receipt(session, letter_id, prepared, act=act)


def _bring(session: Session, hands: Hands, at: dt.datetime, *, less: int = 0) -> None:
    """What is awaited comes, but for the last `less` things."""
    with one_transaction():
        case = hands.case(session)
        asked = {
            one.item_id for letter in case.letters if letter.summons for one in letter.summons.demands if not one.met_at
        }
        awaited = [
            item
            for item in case.items
            if item.state is ItemState.EXPECTED or (item.state is ItemState.WITH_PARTY and item.id in asked)
        ]
        if not awaited:  # the law of 2022 asks for nothing back when the certificate is there
            return
        here, missing = (awaited[:-less], awaited[-less:]) if less else (awaited, [])
        carriage = (Carriage.IN_PERSON, Carriage.POST)[hands.turn % 2]
        receive_items(
            session, case, Envelope(carriage=carriage, person=case.applicant_name),
            [Arrived(item.number) for item in here], act=hands.front_desk(at),
            missing=[item.number for item in missing], place=_SHELVES[hands.turn % len(_SHELVES)],
        )  # fmt: skip


def _compare(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        for item in case.items:
            if item.state is ItemState.IN_OFFICE and not item.compared:
                compare_item(session, case, case.version, item.number, act=hands.clerk(at))


def _step(session: Session, hands: Hands, at: dt.datetime, name: str) -> None:
    with one_transaction():
        case = hands.case(session)
        take_step(session, case, case.version, name, act=hands.clerk(at), doer=Doer.CLERK)


def _pay(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        for fee in list(case.fees):
            proof = f"przelew z {at:%d.%m.%Y}"
            prove_fee(session, case, case.version, fee.code, proof, act=hands.clerk(at))


def _assign(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        free = session.query(PlateNumber).filter_by(state=PlateState.IN_STOCK).order_by(PlateNumber.id)
        letter = hands.equipment.office.plate_letter
        assign_plates(session, case, case.version, free[0].number, letter=letter, act=hands.clerk(at))


def _permit(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        prepare_permit(session, case, case.version, f"PC/A {2410000 + hands.turn}", act=hands.clerk(at))


def _sticker(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        if ItemKind.CONTROL_STICKER in GIVEN_OUT[case.edition]:
            make_item(session, case, ItemKind.CONTROL_STICKER, f"NK {530000 + hands.turn}", act=hands.clerk(at))


def _annotate(session: Session, hands: Hands, at: dt.datetime) -> None:
    act, tools = hands.clerk(at), hands.equipment
    with one_transaction():
        case = hands.case(session)
        picks = {one.pick for one in due_annotations(case, act.today, equipment=tools)}
        annotate_items(session, case, case.version, picks, equipment=tools, act=act)


def _propose(session: Session, hands: Hands, at: dt.datetime, method: Method) -> None:
    with one_transaction():
        case = hands.case(session)
        methods = {item.number: method for item in case.items if may_leave(case, item)}
        terms = Arrangement(methods=methods, address="\n".join(address_lines(addressee_of(case))))
        propose_handover(
            session, case, case.version, terms, equipment=hands.equipment, act=hands.clerk(at), doer=Doer.CLERK
        )


def _agree(session: Session, hands: Hands, at: dt.datetime) -> None:
    act = hands.owner(session, at)
    with one_transaction():
        case = hands.case(session)
        version, citizen = case.proposals[-1].version, frozenset({Doer.CITIZEN})
        answer_handover(session, case, version, equipment=hands.equipment, act=act, doers=citizen)


def _counter(session: Session, hands: Hands, at: dt.datetime) -> None:
    act = hands.owner(session, at)
    with one_transaction():
        case = hands.case(session)
        newest = case.proposals[-1]
        terms = Arrangement(
            methods=dict.fromkeys(map(int, newest.methods), Method.POST),
            address="\n".join(address_lines(addressee_of(case))),
        )
        citizen = frozenset({Doer.CITIZEN})
        words = "Proszę o przesłanie pocztą."
        answer_handover(
            session, case, newest.version, terms, equipment=hands.equipment, act=act, doers=citizen, remark=words
        )


def _give(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        shown = "dowód osobisty …417"
        numbers = [item.number for item in things_to_hand_out(case)]
        hand_out(session, case, numbers, case.applicant_name, shown, act=hands.front_desk(at), doers=_DESK)


def _post(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        lines, act = address_lines(addressee_of(case)), hands.front_desk(at)
        parcel = post_parcel(session, case, case.applicant_name, lines, act=act, doers=_DESK)
        session.flush()
        keep_shipment(session, parcel, equipment=hands.equipment, act=act)


def _parcel(session: Session, hands: Hands, at: dt.datetime, outcome: ParcelOutcome) -> None:
    act = hands.front_desk(at)
    with one_transaction():
        out: Consignment = next(one for one in hands.case(session).consignments if one.awaits_acknowledgement)
        place = _SHELVES[hands.turn % len(_SHELVES)]
        record_parcel(session, out, outcome, act.today, act=act, acknowledgement=f"ZPO {hands.turn + 1}", place=place)


def _certificate(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        number = f"DR/BAS {3170000 + hands.turn}"
        receive_certificate(session, hands.case(session), number, act=hands.clerk(at))


def _cut(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        case = hands.case(session)
        _move(session, hands, at, (item for item in case.items if item.kind is ItemKind.REG_CERT), Movement.INVALIDATED)


def _put_away(session: Session, hands: Hands, at: dt.datetime) -> None:
    with one_transaction():
        here = [item for item in hands.case(session).items if item.state is ItemState.IN_OFFICE]
        _move(session, hands, at, (item for item in here if item.fate is Fate.DESTROYED), Movement.DESTROYED)
        kept = [item for item in here if item.fate is Fate.INVALIDATED_AND_KEPT]
        _move(session, hands, at, (item for item in kept if not item.invalidated), Movement.INVALIDATED)
        file = {Fate.IN_FILE, Fate.INVALIDATED_AND_KEPT, Fate.LENT}
        _move(session, hands, at, (item for item in here if item.fate in file), Movement.FILED)


def _move(session: Session, hands: Hands, at: dt.datetime, items: Iterable[Item], movement: Movement) -> None:
    if numbers := [item.number for item in items]:
        move_items(session, hands.case(session), numbers, movement, act=hands.clerk(at))


def _withdraw(session: Session, hands: Hands, at: dt.datetime) -> None:
    act = hands.owner(session, at)
    with one_transaction():
        withdraw_by_party(session, hands.case(session), "Sprzedałem pojazd.", act=act)
    note(session, hands, at, DeterminationCode.WITHDRAWAL_SIGNED, "Oświadczenie na piśmie, podpisane.")


Deed = Callable[[Session, Hands, dt.datetime], None]

_DETERMINED = {
    "reasons": (DeterminationCode.REFUSAL_REASONS, "W Centralnej Ewidencji Pojazdów pojazd figuruje jako skradziony."),
    "clear": (DeterminationCode.REGISTERS_CLEAR, ""),
    "reported": (
        DeterminationCode.REGISTERS_REPORT,
        "Z Systemu Informacyjnego Schengen wynika, że pojazdu poszukuje się jako skradzionego w Niemczech.",
    ),
    "condition": (
        DeterminationCode.REGISTERED_CONDITIONALLY,
        "Oświadczenie o braku zmiany własności dołączono do wniosku; dowód odprawy celnej wpłynie później.",
    ),
    "tax_authority": (
        DeterminationCode.TAX_AUTHORITY,
        "Naczelnik Śląskiego Urzędu Celno-Skarbowego\nul. Słoneczna 34\n40-136 Katowice",
    ),
    "elsewhere": (DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck"),
}
_WRITTEN = {
    "originals": "summon_originals", "remedy": "summon_remedy", "further": "summon_further",
    "left_unexamined": "leave_unexamined", "register_temporarily": "register_temporarily", "deregister": "deregister",
    "announce": "announce_certificate", "register": "register", "refuse": "refuse", "discontinue": "discontinue",
    "transfer": "transfer", "extend": "extend_permit", "plates_back": "summon_plates",
    "tax_notice": "notify_tax_office",
}  # fmt: skip
_STEPS = {"confirm": "confirm_originals", "supplement": "supplement", "close": "close", "archive": "archive"}

DEEDS: Mapping[str, Deed] = {
    "take": _take,
    "accept": _examine,
    "accept_certificate": partial(_examine, found={DocumentKind.REG_CERT: Verdict.ACCEPTED}),
    "accept_without_customs": partial(_examine, found={DocumentKind.CUSTOMS: Verdict.MISSING}),
    "deficient": partial(
        _examine,
        found=dict.fromkeys((DocumentKind.INSPECTION, DocumentKind.DISMANTLING_CERTIFICATE), Verdict.ILLEGIBLE),
    ),
    "open": _open,
    "send_cover": post_last_letter,
    "last_office": name_office,
    "tell": tell_office,
    "answered": office_answers,
    "bring": _bring,
    "bring_less": partial(_bring, less=1),
    "compare": _compare,
    "pay": _pay,
    "plates": _assign,
    "permit": _permit,
    "sticker": _sticker,
    "annotate": _annotate,
    "propose": partial(_propose, method=Method.IN_PERSON),
    "propose_post": partial(_propose, method=Method.POST),
    "agree": _agree,
    "counter_post": _counter,
    "give": _give,
    "issue": _give,
    "post": _post,
    "delivered": partial(_parcel, outcome=ParcelOutcome.DELIVERED),
    "returned": partial(_parcel, outcome=ParcelOutcome.UNCLAIMED),
    "lost": partial(_parcel, outcome=ParcelOutcome.LOST),
    "certificate": _certificate,
    "cut": _cut,
    "put_away": _put_away,
    "withdraw": _withdraw,
    "final": lambda _session, _hands, _at: None,  # time passes
    **{name: partial(write, step=step) for name, step in _WRITTEN.items()},
    **{name: partial(_step, name=step) for name, step in _STEPS.items()},
    **{name: partial(note, code=code, words=words) for name, (code, words) in _DETERMINED.items()},
}
"""Every deed, by the word that a way names it with."""
