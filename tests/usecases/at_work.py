"""A clerk, a front desk and a citizen at work on one case, verb by verb, on days of the test's choosing."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User

from app.domain.acts import SYSTEM, Act, Actor, ActorKind
from app.domain.annotations import AnnotationKind
from app.domain.custody import ItemState, Movement
from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.documents import DocumentKind
from app.domain.items import Fate, ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.equipment import Equipment
from app.extensions import db
from app.house import equipment
from app.models import (
    Carriage,
    Case,
    Channel,
    Citizen,
    HolderKind,
    Item,
    Letter,
    LetterState,
    ParcelOutcome,
    PlateNumber,
)
from app.transaction import one_transaction
from app.usecases.agreements import answer_handover, propose_handover, send_back
from app.usecases.annotate_items import DueAnnotation, annotate_items, due_annotations, strike_annotation
from app.usecases.case_facts import awaited_items, case_facts, requirements
from app.usecases.compare_item import compare_item, is_to_compare
from app.usecases.give_verdict import determine, give_verdict
from app.usecases.hand_out import hand_out, post_parcel, things_to_hand_out
from app.usecases.may_leave import may_leave
from app.usecases.move_items import make_item, move_items
from app.usecases.parcel_outcome import record_parcel
from app.usecases.prepare_documents import assign_plates, prepare_permit, prove_fee, receive_certificate
from app.usecases.prepare_letter import new_draft, prepare_letter
from app.usecases.receive_items import Arrived, Envelope, receive_items
from app.usecases.receive_package import Sender
from app.usecases.send_letter import print_out, send_letter
from app.usecases.serve_letter import confirm_receipt, prepare_upd
from app.usecases.take_case import take_case
from app.usecases.take_step import take_step
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from app.usecases.withdrawal import withdraw_by_party
from app.vault import KeyRing
from tests.factories import now

NEW_KEY = "new:" + base64.b64encode(bytes(range(32))).decode()
BOTH = frozenset({Doer.CLERK, Doer.FRONT_DESK})


def with_data_keys(house: Flask, keys: str) -> Equipment:
    """The office's tools as a process has them that was started with `keys`."""
    tools = replace(house.extensions["equipment"], ring=KeyRing.from_text(keys), opened_seals={})
    house.extensions["equipment"] = tools
    return tools


def a_citizen(login: str = "jan.testowy", name: str = "Jan Testowy") -> int:
    """A holder of a mailbox. Returns the id."""
    with one_transaction() as session:
        citizen = Citizen(
            login=login, password_hash="x", kind=HolderKind.PERSON, name=name, email=f"{login}@example.invalid",
            address={}, activated_at=now(), created_at=now(),
        )  # fmt: skip
        session.add(citizen)
        session.flush()
        return citizen.id


def by_mailbox(citizen: int) -> Sender:
    """Jan as the sender of what comes from his mailbox."""
    return Sender(Channel.MAILBOX, f"citizen:{citizen}", "Jan Testowy", citizen_id=citizen)


def a_clerk(first: str, last: str) -> Actor:
    """A member of staff who acts."""
    with one_transaction() as session:
        user = session.scalars(sa.select(User).where(User.username == last.lower())).one_or_none() or User(
            first_name=first, last_name=last, username=last.lower(), email=f"{last.lower()}@example.invalid"
        )
        session.add(user)
        session.flush()
        return Actor(ActorKind.STAFF, user.id, f"{first} {last}")


class Work:
    """Work on one case, from `days` after the start on; every verb runs in a transaction of its own."""

    def __init__(self, case_id: int) -> None:
        self.case_id = case_id
        self.clerk = a_clerk("Anna", "Referent")
        self.desk = a_clerk("Karol", "Kancelaria")
        self.start = now()
        self.days = 0

    @property
    def case(self) -> Case:
        return db.session.get_one(Case, self.case_id, populate_existing=True)

    def later(self, days: int) -> None:
        self.days += days

    def act(self, who: Actor | None = None) -> Act:
        return Act(who or self.clerk, self.start + dt.timedelta(days=self.days))

    def citizen(self) -> Act:
        return self.act(Actor(ActorKind.CITIZEN, self.case.citizen_id, "Jan Testowy"))

    def take(self) -> None:
        with one_transaction() as session:
            take_case(session, session.get_one(Case, self.case_id), act=self.act())

    def accept_all(self, **verdicts: Verdict) -> None:
        for one in requirements(self.case):
            verdict = verdicts.get(one.kind.value) or (Verdict.NOT_APPLICABLE if one.if_issued else Verdict.ACCEPTED)
            with one_transaction() as session:
                case = session.get_one(Case, self.case_id)
                give_verdict(
                    session, case, case.version, one.kind.value, verdict, act=self.act(), reason="powód testowy"
                )

    def write(self, step: str, **changes: object) -> Letter:
        """Write the letter of a step and let it leave."""
        return self.leave(self.prepare(step, **changes))

    def gather(self) -> None:
        """From the application to the originals that are complete."""
        self.take()
        self.accept_all()
        self.write("summon_originals")
        self.open_letter()
        self.receive_all()

    def keep_the_number(self) -> None:
        """All is here, determined and paid for a registration at once under the present number."""
        self.gather()
        for code in ("number_kept", "room_for_annotation", "old_certificate_confirmed"):
            self.determine(DeterminationCode(code))
        self.pay()

    def lend_the_certificate(self) -> None:
        """Registered at once, the owner drives with the old certificate until the new one, which is here now."""
        self.keep_the_number()
        self.write("register_directly")
        self.agree()
        self.give()
        self.certificate_comes()
        self.write("announce_certificate")

    def receive_all(self) -> None:
        """What was asked for comes, and agrees with its scans."""
        self.receive()
        self.compare_all()
        self.step("confirm_originals")

    def register_temporarily(self) -> None:
        self.pay()
        self.make_ready()
        self.write("register_temporarily")

    def prepare(self, step: str, **changes: object) -> int:
        """Write the letter of a step, which then waits for its minute. Returns the id."""
        tools = equipment()
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            draft = replace(new_draft(session, case, step, self.act()), **changes)
            letter = prepare_letter(
                session, case, case.version, draft, equipment=tools, act=self.act(), doer=Doer.CLERK
            )
            session.flush()
            return letter.id

    def leave(self, letter_id: int) -> Letter:
        act = Act(SYSTEM, self.act().at + dt.timedelta(seconds=61))
        printed = print_out(db.session(), db.session.get_one(Letter, letter_id), equipment=equipment(), act=act)
        with one_transaction() as session:
            send_letter(session, letter_id, printed, act=act)
        return db.session.get_one(Letter, letter_id)

    def open_letter(self, letter: Letter | None = None) -> Letter:
        """The citizen confirms the receipt of a letter, the last one by default; copies go to others."""
        letter_id = letter.id if letter else [one.id for one in self.case.letters if one.copy_of is None][-1]
        prepared = prepare_upd(
            db.session(), db.session.get_one(Letter, letter_id), equipment=equipment(), act=self.citizen()
        )
        with one_transaction() as session:
            confirm_receipt(session, letter_id, prepared, act=self.citizen())
        return db.session.get_one(Letter, letter_id)

    def receive(
        self,
        carriage: Carriage = Carriage.IN_PERSON,
        missing: Iterable[int] = (),
        tracking: str = "",
        posted_on: dt.date | None = None,
    ) -> None:
        """Everything that is awaited comes, but for `missing`."""
        left_out = set(missing)
        awaited = [item.number for item in self.awaited() if item.number not in left_out]
        with one_transaction() as session:
            receive_items(
                session, session.get_one(Case, self.case_id),
                Envelope(carriage=carriage, tracking=tracking, posted_on=posted_on),
                [Arrived(number) for number in awaited], act=self.act(self.desk), missing=sorted(left_out), place="A-1",
            )  # fmt: skip

    def awaited(self) -> list[Item]:
        """What a party has to bring: things never seen, what a summons asks back, and what was lent."""
        return awaited_items(self.case)

    def compare_all(self) -> None:
        for item in self.case.items:
            if is_to_compare(item):
                with one_transaction() as session:
                    case = session.get_one(Case, self.case_id)
                    compare_item(session, case, case.version, item.number, act=self.act())

    def step(self, name: str, reason: str = "") -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            take_step(session, case, case.version, name, act=self.act(), doer=Doer.CLERK, reason=reason)

    def pay(self) -> None:
        for fee in self.case.fees:
            with one_transaction() as session:
                case = session.get_one(Case, self.case_id)
                prove_fee(session, case, case.version, fee.code, "przelew 12/2026", act=self.act())

    def make_ready(self, plate: str = "SC 7A123", permit: str = "PC 1234567") -> None:
        """Plates, permit and, where the edition knows one, the sticker."""
        with one_transaction() as session:
            session.add(PlateNumber(number=plate, kind="ordinary", plates=2, added_at=self.act().at))
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            assign_plates(session, case, case.version, plate, letter="S", act=self.act())
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            prepare_permit(session, case, case.version, permit, act=self.act())
        if self.case.edition == "sekap":
            with one_transaction() as session:
                case = session.get_one(Case, self.case_id)
                make_item(session, case, ItemKind.CONTROL_STICKER, "NK 1", act=self.act())

    def register(self) -> Letter:
        """The old certificate is invalidated, and the decision on registration made."""
        self.invalidate()
        return self.write("register")

    def invalidate(self) -> None:
        self.move([i for i in self.case.items if i.kind is ItemKind.REG_CERT], Movement.INVALIDATED)

    def move(self, items: Iterable[Item], movement: Movement) -> None:
        numbers = [item.number for item in items]
        if numbers:
            with one_transaction() as session:
                move_items(session, session.get_one(Case, self.case_id), numbers, movement, act=self.act(), remark="x")

    def agree(self, method: Method = Method.IN_PERSON, *, but: Container[str] = (), **by_kind: Method) -> None:
        """The office proposes how all that may leave, `but` things of these kinds, goes out; the owner accepts."""
        owed = [item for item in self.case.items if may_leave(self.case, item) and item.kind not in but]
        methods = {item.number: by_kind.get(item.kind.value, method) for item in owed}
        terms = Arrangement(methods=methods, address="ul. Testowa 1\n42-200 Częstochowa")
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            propose_handover(session, case, case.version, terms, equipment=equipment(), act=self.act(), doer=Doer.CLERK)
        self.accept()

    def accept(self) -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            version = case.proposals[-1].version
            answer_handover(
                session, case, version, equipment=equipment(), act=self.citizen(), doers=frozenset({Doer.CITIZEN})
            )

    def annotations(self) -> list[DueAnnotation]:
        return due_annotations(self.case, self.act().today, equipment=equipment())

    def annotate(self, note: str = "") -> None:
        """All that is due is written on its papers."""
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            picks = {one.pick for one in due_annotations(case, self.act().today, equipment=equipment())}
            annotate_items(session, case, case.version, picks, equipment=equipment(), act=self.act(), note=note)

    def strike(self, kind: ItemKind, annotation: AnnotationKind, reason: str = "pomyłka") -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            number = next(item.number for item in case.items if item.kind is kind)
            strike_annotation(session, case, case.version, (number, annotation), reason, act=self.act())

    def give(self) -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            numbers = [item.number for item in things_to_hand_out(case)]
            hand_out(session, case, numbers, "Jan Testowy", "dowód osobisty …123",
                     act=self.act(self.desk), doers=BOTH)  # fmt: skip

    def send_back(self, *kinds: str) -> None:
        """The clerk lets the posting room send back what may leave; of it only these `kinds`, where some are named."""
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            numbers = [one.number for one in case.items if may_leave(case, one) and (not kinds or one.kind in kinds)]
            send_back(session, case, case.version, numbers, "ul. Testowa 1\n42-200 Częstochowa", act=self.act(),
                      doer=Doer.CLERK)  # fmt: skip

    def post(self, tracking: str = "") -> int:
        with one_transaction() as session:
            parcel = post_parcel(session, session.get_one(Case, self.case_id), "Jan Testowy",
                                 ["ul. Testowa 1", "42-200 Częstochowa"], act=self.act(self.desk), doers=BOTH,
                                 tracking=tracking)  # fmt: skip
            session.flush()
            return parcel.id

    def parcel_ends(self, outcome: ParcelOutcome = ParcelOutcome.DELIVERED) -> None:
        for parcel in self.case.consignments:
            if parcel.awaits_acknowledgement:
                with one_transaction() as session:
                    again = session.get_one(type(parcel), parcel.id)
                    record_parcel(session, again, outcome, self.act().today, act=self.act(self.desk), place="A-1")

    def put_away(self) -> None:
        """What stays is filed, what has to be destroyed is destroyed."""
        here = [item for item in self.case.items if item.state is ItemState.IN_OFFICE]
        self.move([item for item in here if item.fate is Fate.DESTROYED], Movement.DESTROYED)
        keep = {Fate.IN_FILE, Fate.INVALIDATED_AND_KEPT, Fate.LENT}
        cut = [i for i in here if i.fate is Fate.INVALIDATED_AND_KEPT and not i.invalidated]
        self.move(cut, Movement.INVALIDATED)
        self.move([item for item in here if item.fate in keep], Movement.FILED)

    def determine(self, code: DeterminationCode, text: str = "", *, holds: bool = True) -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            determine(session, case, case.version, code, act=self.act(), doer=Doer.CLERK, text=text, holds=holds)

    def counter(self, method: Method) -> None:
        """The owner wants everything to come by another way."""
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            newest = case.proposals[-1]
            terms = Arrangement(
                methods=dict.fromkeys(map(int, newest.methods), method), address="ul. Inna 2\n42-200 Częstochowa"
            )
            citizen = frozenset({Doer.CITIZEN})
            answer_handover(
                session, case, newest.version, terms, equipment=equipment(), act=self.citizen(), doers=citizen
            )

    def withdraw(self, *, signed: bool = True) -> None:
        """The citizen withdraws in the mailbox; where it is `signed`, on paper, the clerk writes that down."""
        with one_transaction() as session:
            withdraw_by_party(session, session.get_one(Case, self.case_id), "sprzedałem pojazd", act=self.citizen())
        if signed and self.case.clerk_id is not None:
            self.determine(DeterminationCode.WITHDRAWAL_SIGNED, "pismo z podpisem")

    def certificate_comes(self, number: str = "DR/BAA 1234567") -> None:
        with one_transaction() as session:
            receive_certificate(session, session.get_one(Case, self.case_id), number, act=self.act())

    def things(self) -> dict[str, set[str]]:
        """Where the things of the case are: states by kind."""
        found: dict[str, set[str]] = {}
        for item in self.case.items:
            found.setdefault(item.kind.value, set()).add(item.state.value)
        return found

    def facts(self):
        return case_facts(self.case, self.act().today)


def sound() -> None:
    """Everything that the office promises holds, and the audit trail verifies."""
    assert verify_store(db.session(), equipment().store, now()) == []
    assert verify_audit(db.session()) == []


def letters_of(case_id: int) -> list[tuple[str, LetterState]]:
    rows = db.session.execute(
        sa.select(Letter.kind, Letter.state).where(Letter.case_id == case_id).order_by(Letter.seq)
    )
    return [(kind, state) for kind, state in rows]


DOCUMENTS = DocumentKind
