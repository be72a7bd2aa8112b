"""Whatever lawful or unlawful people try with two cases, in whatever order: what is promised of their things holds.

`OKIENKO_WALKS` says how many pairs wander, each by a seed of its own: `make walks` for thousands, some by default.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import random
import shutil
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.annotations import RULES
from app.domain.custody import ItemState, Movement
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import OLD_PLATES, ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer, ProcedureName
from app.extensions import db
from app.house import equipment
from app.models import BINDING, Case, Citizen, HolderKind, Item, Letter, ParcelOutcome, Permit, PlateNumber
from app.transaction import one_transaction
from app.usecases.case_clock import SETTLING_TERM
from app.usecases.case_facts import is_lost, old_certificates
from app.usecases.counted_things import lost_things, plates_out
from app.usecases.hand_to_maker import hand_to_maker, worn_plates
from app.usecases.parcel_outcome import record_parcel
from app.usecases.prepare_documents import assign_plates, prepare_permit
from app.usecases.replace_lost import may_be_replaced, replace_lost, write_off_lost
from app.usecases.send_again import send_again
from app.usecases.send_letter import PrintedLetter, send_letter
from app.usecases.serve_letter import deem_served, note_paper_service, post_letter
from app.usecases.verify_custody import verify_custody
from tests.databases import bare_door, test_settings
from tests.factories import now
from tests.usecases.at_work import Work, make_item

WALKS = int(os.environ.get("OKIENKO_WALKS", "25"))
NUMBERS = iter(range(1, 1_000_000))


@pytest.fixture(scope="module")
def empty_office(sqlite_template, tmp_path_factory) -> Iterator[Callable[[], None]]:
    """Empties the office in which a case wanders: looking at all its cases costs each walk the same."""
    folder = tmp_path_factory.mktemp("walks")
    file = folder / "okienko.db"
    shutil.copyfile(sqlite_template, file)
    door = bare_door(test_settings(folder, f"sqlite:///{file}"))

    def empty() -> None:
        db.session.remove()
        db.engine.dispose()
        shutil.copyfile(sqlite_template, file)

    with door.app_context():
        # No walk has to survive the loss of power.
        sa.event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        yield empty
        empty()


class Wanderer(Work):
    """Work on a case without a package; its letters are printed once for all, for their words are no matter here."""

    def __init__(self, procedure: ProcedureName, edition: str, ground: str) -> None:
        from app.models import Deadline, DeadlineEvent, Party, PartyRole
        from app.usecases.case_clock import clock_of

        self.number, self.minutes, self.days, self.start = next(NUMBERS), 0, 0, now()
        self.clerk = self.desk = SYSTEM
        act = Act(SYSTEM, self.start)
        with one_transaction() as session:
            citizen = Citizen(
                login=f"jan{self.number}", password_hash="x", kind=HolderKind.PERSON, name="Jan Testowy", address={},
                email=f"jan{self.number}@example.invalid", activated_at=act.at, created_at=act.at,
            )  # fmt: skip
            case = Case(
                sign=f"KM.5410.{self.number}.2026", unit="KM", case_class="5410", year=2026, number=self.number,
                opened_at=act.at, received_on=act.today, applicant_name="Jan Testowy", citizen=citizen,
                plate="SC 12345",
            )  # fmt: skip
            case.answers = {"ground" if procedure is ProcedureName.DEREGISTRATION else "origin": ground}
            case.open_as(procedure, edition, act)
            case.parties.append(Party(role=PartyRole.OWNER, name="Jan Testowy", address={"locality": "Częstochowa"}))
            term = Deadline(kind=SETTLING_TERM, law="KPA art. 35 § 3", length=1, unit="month")
            term.events.append(DeadlineEvent(kind="started", on=act.today, law="KPA art. 61 § 3a", at=act.at))
            case.deadlines.append(term)
            session.add(case)
            session.flush()
            case.due_on = term.due_on = clock_of(term).reckon(act.today).due
            self.case_id = case.id

    def act(self, who=None) -> Act:
        self.minutes += 1
        return Act(who or self.clerk, self.start + dt.timedelta(days=self.days, minutes=self.minutes))

    def leave(self, letter_id: int):
        printed = PrintedLetter(equipment().store.put_bytes(b"%PDF a letter"))
        with one_transaction() as session:
            return send_letter(session, letter_id, printed, act=self.act())

    def deem(self) -> None:
        self.days += 20
        with one_transaction() as session:
            for letter in session.get_one(Case, self.case_id).letters:
                deem_served(session, letter, act=self.act())

    def plates(self) -> None:
        """Take one of two numbers. The other case wants them too."""
        with one_transaction() as session:
            number = f"SC 0000{self.minutes % 2}"
            if session.scalar(sa.select(PlateNumber.id).where(PlateNumber.number == number)) is None:
                session.add(PlateNumber(number=number, kind="ordinary", plates=2, added_at=self.act().at))
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            assign_plates(session, case, case.version, number, letter="S", act=self.act())

    def permit(self) -> None:
        with one_transaction() as session:
            case = session.get_one(Case, self.case_id)
            prepare_permit(session, case, case.version, f"PC {self.number:07}", act=self.act())

    def sticker(self) -> None:
        with one_transaction() as session:
            make_item(session, session.get_one(Case, self.case_id), ItemKind.CONTROL_STICKER, "NK", act=self.act())

    def strike_all(self) -> None:
        for item in self.case.items:
            for annotation in item.annotations:
                self.strike(item.kind, annotation)

    def to_maker(self) -> None:
        """Of all cases together: whatever plates wait to be destroyed."""
        with one_transaction() as session:
            numbers = [item.number for item in session.scalars(worn_plates())]
            hand_to_maker(session, numbers, "Tablice sp. z o.o.", "Ewa Kurier", act=self.act())

    def settle_lost(self) -> None:
        """What the post lost is made again, where the office can make it."""
        for item in lost_things(self.case):
            with one_transaction() as session:
                case, act = session.get_one(Case, self.case_id), self.act()
                if may_be_replaced(case, item):
                    replace_lost(session, case, case.version, [item.number], f"PC {next(NUMBERS):07}", act=act)
                else:
                    write_off_lost(session, case, case.version, [item.number], "nie do odtworzenia", act=act)

    def turn_up(self) -> None:
        """The post finds what it had lost, and brings it to whichever end."""
        for parcel in self.case.consignments:
            if parcel.outcome is ParcelOutcome.LOST:
                with one_transaction() as session:
                    again, day = session.get_one(type(parcel), parcel.id), self.act().today
                    came = ParcelOutcome.DELIVERED if self.minutes % 2 else ParcelOutcome.UNCLAIMED
                    record_parcel(session, again, came, day, act=self.act(), place="A-1")

    def decision_by_post(self) -> None:
        """A decision that nobody collected, or that reached nobody, goes out by itself."""
        for decided in self.case.decisions:
            for one in [decided.letter, *self.case.letters]:
                with contextlib.suppress(Refused), one_transaction() as session:
                    letter = session.get_one(Letter, one.id)
                    where = ["ul. Testowa 1", "42-200 Częstochowa"]
                    again = send_again(session, letter, letter.case.version, where, act=self.act(), doer=Doer.CLERK)
                    session.flush()
                    post_letter(session, again, "RR473124829PL", act=self.act())
                    outcome = ("delivered", "refused", "unknown_addressee")[self.minutes % 3]
                    note_paper_service(session, again, outcome, self.act().today, act=self.act(), place="A-1")

    def lose_one(self) -> None:
        awaited = self.awaited()
        self.receive(missing=[awaited[-1].number] if awaited else [])


def letter(step: str) -> Callable[[Wanderer], object]:
    return lambda one: one.write(step, reasons="powód")


def step(name: str) -> Callable[[Wanderer], object]:
    return lambda one: one.step(name, reason="powód")


def found(code: DeterminationCode) -> Callable[[Wanderer], object]:
    return lambda one: one.determine(code, "słowa")


def prepared(one: Wanderer) -> None:
    """What a decision needs is got ready, as far as the procedure knows it."""
    deeds = (Wanderer.pay, Wanderer.plates, Wanderer.permit, Wanderer.sticker)
    for deed in (*deeds, Wanderer.invalidate) if one.case.procedure == ProcedureName.DEREGISTRATION else deeds:
        with contextlib.suppress(Refused):
            deed(one)


def kept(one: Wanderer) -> None:
    """The owner keeps the number and is registered at once."""
    for code in ("number_kept", "room_for_annotation", "old_certificate_confirmed"):
        one.determine(DeterminationCode(code))
    prepared(one)
    one.write("register_directly")


def compared(one: Wanderer) -> None:
    one.receive()
    one.compare_all()
    one.step("confirm_originals")


def conditional(one: Wanderer) -> None:
    """The owner has no customs document yet, and the vehicle is registered conditionally."""
    one.determine(DeterminationCode.REGISTERED_CONDITIONALLY, "oświadczenie")
    one.accept_all(CUSTOMS=Verdict.MISSING)
    one.write("summon_originals")


def examined(one: Wanderer) -> None:
    one.accept_all()
    one.write("summon_originals")


def posted_again(one: Wanderer) -> None:
    """All goes by post, comes back, cannot go again before that is agreed anew, and then goes."""
    one.agree(Method.POST)
    one.post()
    one.parcel_ends(ParcelOutcome.UNCLAIMED)
    with contextlib.suppress(Refused):
        one.post()
    one.agree(Method.POST)
    one.post()


def lost_in_the_post(one: Wanderer) -> None:
    """All goes by post and is lost; what can be made again is."""
    for deed in (functools.partial(one.agree, Method.POST), one.post):
        with contextlib.suppress(Refused):
            deed()
    one.parcel_ends(ParcelOutcome.LOST)
    one.settle_lost()


def both_ways(one: Wanderer) -> None:
    """The registration is decided; its paper goes by post, the rest is collected first."""
    by_post = functools.partial(one.agree, DECISION=Method.POST)
    deeds = (one.receive, one.compare_all, one.invalidate, functools.partial(one.write, "register"), by_post, one.give)
    for deed in deeds:
        with contextlib.suppress(Refused):
            deed()


FORWARD: dict[str, tuple[Callable[[Wanderer], object], ...]] = {
    "received": (Wanderer.take,),
    "verification": (examined, conditional, step("skip_originals")),
    "awaiting_remedy": (Wanderer.deem, step("supplement"), letter("leave_unexamined")),
    "awaiting_originals": (compared, Wanderer.lose_one),
    "originals_complete": (prepared, letter("register_temporarily"), letter("deregister"), kept),
    "agreeing_handover": (
        Wanderer.annotate, Wanderer.agree, lambda one: one.agree(Method.POST),
        lambda one: one.agree(DECISION=Method.POST), Wanderer.give, Wanderer.post, posted_again,
        lost_in_the_post, Wanderer.decision_by_post,
    ),
    "handed_over": (
        lambda one: one.certificate_comes(f"DR {one.number}"), letter("announce_certificate"), letter("extend_permit"),
    ),
    "permanent_ready": (
        Wanderer.receive, Wanderer.compare_all, Wanderer.invalidate, letter("register"), Wanderer.give, Wanderer.post,
        lambda one: one.agree(Method.POST), lambda one: one.agree(DECISION=Method.POST), both_ways,
        lost_in_the_post,
    ),
    "closed": (
        Wanderer.deem, Wanderer.put_away, Wanderer.to_maker, Wanderer.parcel_ends, Wanderer.settle_lost,
        Wanderer.turn_up, step("archive"),
    ),
}  # fmt: skip
"""What leads on from a stage."""
ANYTHING: tuple[Callable[[Wanderer], object], ...] = (
    Wanderer.deem, Wanderer.receive, Wanderer.give, Wanderer.post, Wanderer.parcel_ends, Wanderer.withdraw,
    Wanderer.compare_all, Wanderer.put_away, letter("summon_further"), letter("remind"), letter("discontinue"),
    letter("leave_unexamined"), found(DeterminationCode.REFUSAL_REASONS), letter("refuse"), step("close"),
    lambda one: one.parcel_ends(ParcelOutcome.LOST), Wanderer.settle_lost, Wanderer.turn_up,
    lambda one: one.parcel_ends(ParcelOutcome.UNCLAIMED), lambda one: one.counter(Method.POST), Wanderer.accept,
    lambda one: one.accept_all(INSPECTION=Verdict.ILLEGIBLE), letter("summon_remedy"), step("resume"),
    letter("summon_plates"), letter("notify_delay"), letter("transfer"), found(DeterminationCode.OTHER_AUTHORITY),
    lambda one: one.move([item for item in one.case.items if item.is_owed], Movement.STORED),
    Wanderer.annotate, Wanderer.strike_all, Wanderer.send_back, found(DeterminationCode.OLD_CERTIFICATE_LOST),
    found(DeterminationCode.PERMIT_LOST), Wanderer.to_maker,
    lambda one: one.determine(DeterminationCode.LAST_OFFICE, "Starosta Kłobucki, Rynek 13, 42-100 Kłobuck"),
    letter("notify_office"), found(DeterminationCode.REGISTERS_REPORT),
    found(DeterminationCode.REGISTERS_CLEAR), found(DeterminationCode.REGISTERED_CONDITIONALLY),
    lambda one: one.determine(DeterminationCode.REGISTERED_CONDITIONALLY, holds=False), Wanderer.deem,
    found(DeterminationCode.TAX_AUTHORITY), letter("notify_tax_office"), Wanderer.decision_by_post,
)  # fmt: skip
"""What people may try at any time."""


KINDS = (
    (ProcedureName.REGISTRATION, "sekap", "used-poland"),
    (ProcedureName.REGISTRATION, "sekap", "third-country"),
    (ProcedureName.REGISTRATION, "2022", "used-poland"),
    (ProcedureName.REGISTRATION, "2022", "third-country"),
    (ProcedureName.DEREGISTRATION, "sekap", "DEMONTAZ"),
    (ProcedureName.DEREGISTRATION, "2022", "WYWOZ_ZBYCIE"),
)


def whole(one: Wanderer, other: Wanderer) -> None:
    """What is promised at each moment."""
    db.session.rollback()
    case = one.case
    assert {plate.number for plate in case.plate_numbers}.isdisjoint(plate.number for plate in other.case.plate_numbers)
    for item in case.items:
        last = item.handovers[-1]
        assert (item.state, item.place) == (last.state, last.place)
        assert set(item.annotations) <= {rule.kind for rule in RULES if item.kind in rule.on}
        goes_out_once(case, item)
    one_set_of_plates(case)
    if case.stage in {"closed", "archived"}:
        ended = case.steps[-1].at
        assert [i.kind for i in case.items if i.is_owed and i.handovers[-1].at <= ended] == []
        if any(decision.kind == "registration_decision" for decision in case.decisions):
            old = [i for i in old_certificates(case) if i.handovers[-1].at <= ended]  # what the post finds comes later
            assert [i for i in old if not i.invalidated and not is_lost(case, i)] == []
    assert len(case.plate_numbers) <= 1


def one_set_of_plates(case: Case) -> None:
    """Nobody gets back what belongs to the old registration while they have the plates of the new one."""
    refused = next((row.at for row in case.steps if row.to_stage == "refused"), None)
    given = {Movement.HANDED_OUT, Movement.POSTED}
    lost = any(row.movement is Movement.LOST for item in case.items for row in item.handovers)  # and found since
    if refused is None or lost or plates_out(case) == 0:
        return
    for item in case.items:
        if item.kind in OLD_PLATES | {ItemKind.REG_CERT} and not item.is_stray:
            assert not any(row.movement in given and row.at > refused for row in item.handovers)


def goes_out_once(case: Case, item: Item) -> None:
    """What was posted is not posted again before that is agreed, unless its party has had it since."""
    posted = None
    for row in item.handovers:
        if row.movement is Movement.POSTED:
            agreed = [one.at for one in case.proposals if one.state in BINDING and str(item.number) in one.methods]
            assert posted is None or any(posted < at <= row.at for at in agreed)
            posted = row.at
        elif row.state is ItemState.WITH_PARTY:
            posted = None


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_is_tried_with_two_cases_their_things_stay_whole(empty_office, seed):
    empty_office()
    chance = random.Random(seed)
    pair = [Wanderer(*chance.choice(KINDS)) for _ in range(2)]

    for _ in range(chance.randint(50, 80)):
        one, other = chance.sample(pair, 2)
        leading = FORWARD.get(one.case.stage, ())
        deed = chance.choice(leading if leading and chance.random() < 8 / 9 else ANYTHING)
        # The index errors: there is no letter, no proposal, no parcel yet to try it with.
        with contextlib.suppress(Refused, IndexError):
            deed(one)
        whole(one, other)

    assert list(verify_custody(db.session(), max(one.act().at for one in pair))) == []
    permits = sa.select(sa.func.count()).select_from(Permit).group_by(Permit.case_id)
    assert all(count == 1 for count in db.session.scalars(permits))
