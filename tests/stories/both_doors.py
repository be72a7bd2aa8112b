"""One case by HTTP alone: a citizen at the mailbox, a clerk, the front desk and a supervisor at the office.

Whatever somebody does is a form of the page just opened, filled in and sent; the worker runs as beside the doors.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from app import clock
from app.domain.custody import SETTLED, ItemState, Movement
from app.domain.items import Fate
from app.epackages.application import Answer, AnswerKind
from app.epackages.writer import pack
from app.extensions import db
from app.house import equipment
from app.models import Case, Item, Job
from app.outbox.worker import Worker
from app.usecases.case_facts import awaited_items, case_facts, requirements
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.factories import PESEL, a_form, a_photo, application_files
from tests.stories.forms import filled, leads_to
from tests.stories.quick_passwords import hash_quickly
from tests.stories.travelling_clock import TravellingClock
from tests.web.conftest import Visitor as Staff
from tests.web.conftest import add_people, log_in_staff
from tests.web.mailbox_people import Visitor as Citizen
from tests.web.mailbox_people import open_mailbox, open_office, text_of

ADDRESS = "ul. Testowa 1\n42-200 Częstochowa"
IDENTITY = {"identity_kind": "identity_card", "identity_tail": "123"}
PARTY, FILE, GONE = {"with_party"}, {"in_file"}, {"destroyed"}
"""Where a thing may end: with its party, in the file of the case, destroyed."""
_LETTER = re.compile(r'href="(/odebrane/[\w-]+)"')


class Town:
    """Both doors of one office, its worker, and one citizen's case on its way through them."""

    def __init__(self, mailbox: Flask, office: Flask, authority: TestAuthority, time: TravellingClock) -> None:
        self.mailbox, self.office, self.authority, self.time = mailbox, office, authority, time
        open_office(mailbox, authority)
        open_mailbox(mailbox, "jan.testowy", "Jan Testowy")
        add_people(office)
        hash_quickly(office)
        self.worker = Worker(office)
        self.sign = ""
        self._inside: dict[str, Staff] = {}
        self._jan: Citizen | None = None

    # ---- who is there: whoever was away for long logs in again

    @property
    def jan(self) -> Citizen:
        if self._jan is None:
            self._jan = Citizen(self.mailbox)
            self._jan.log_in("jan.testowy")
        return self._jan

    def staff(self, name: str) -> Staff:
        if name not in self._inside:
            self._inside[name] = log_in_staff(self.office, name)
        return self._inside[name]

    @property
    def clerk(self) -> Staff:
        return self.staff("clerk")

    @property
    def desk(self) -> Staff:
        return self.staff("front_desk")

    # ---- how time passes

    def work(self) -> None:
        """The worker does what is due. It must not fail at any of it."""
        self.worker.run_once()
        with self.office.app_context():
            failed = db.session.scalars(sa.select(Job.error).where(Job.tries > 0)).all()
            db.session.remove()
        assert failed == []

    def a_minute_passes(self) -> None:
        self.time.forward(dt.timedelta(seconds=61))
        self.work()

    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.time.a_day()
            self.work()
        self._everybody_was_away()

    def wait_for(self, month: int, day: int, hour: int, minute: int = 0) -> dt.date:
        """Begin the story at the next such moment: nobody is inside, and the administrator has brought newer lists."""
        today = self.time.forward_to(month, day, hour, minute)
        self._everybody_was_away()
        for crl in (self.authority.crl(clock.now()), self.authority.root_crl(clock.now())):
            form = filled(self.staff("administrator").get("/kotwice/crl"), "")
            data = {**form, "file": (io.BytesIO(crl.public_bytes(Encoding.DER)), "lista.crl")}
            assert self.staff("administrator").client.post("/kotwice/crl", data=data).status_code == 302
        return today

    def _everybody_was_away(self) -> None:
        self._inside.clear()
        self._jan = None

    # ---- what the rows and the pages say

    def ask(self, question: Callable[[Case], Any]) -> Any:
        """Answer `question(case)` on the rows as they are now."""
        with self.office.app_context():
            try:
                return question(db.session.scalars(sa.select(Case).where(Case.sign == self.sign)).one())
            finally:
                db.session.remove()

    def today(self) -> dt.date:
        return clock.today()

    def stage(self) -> str:
        return self.ask(lambda case: case.stage)

    def items(self, wanted: Callable[[Item], bool]) -> list[int]:
        return self.ask(lambda case: [item.number for item in case.items if wanted(item)])

    def places(self) -> dict[str, set[str]]:
        """Where the things of the case are: states by kind."""
        found: dict[str, set[str]] = {}
        for kind, state in self.ask(lambda case: [(item.kind.value, item.state.value) for item in case.items]):
            found.setdefault(kind, set()).add(state)
        return found

    def case_page(self) -> str:
        """What the clerk reads on the page of the case."""
        return text_of(self.clerk.get(f"/sprawa/{self.sign}"))

    def counter_page(self, page: str) -> str:
        """What the front desk reads on a page about the case."""
        return text_of(self.desk.get(f"/kancelaria/{self.sign}/{page}"))

    def my_case(self) -> str:
        """The address of the case in Jan's mailbox."""
        return f"/sprawy/{self.ask(lambda case: case.public_id)}"

    def served(self) -> tuple[str | None, dt.date | None]:
        """How and on which day the newest letter was served, if it was."""
        service = self.ask(lambda case: (case.letters[-1].service.outcome, case.letters[-1].service.served_on))
        return service[0] and service[0].value, service[1]

    def is_sound(self) -> bool:
        with self.office.app_context():
            broken = [*verify_store(db.session(), equipment().store, clock.now()), *verify_audit(db.session())]
            db.session.remove()
        assert broken == []
        return True

    def ends_with(self, places: Mapping[str, Collection[str]]) -> bool:
        """The case goes to the archive: everything is where it belongs, nothing is owed, awaited or broken."""
        assert self.stage() == "closed"
        self.put_away()
        self.step("archive")
        assert self.stage() == "archived"
        return self.is_over(places)

    def is_over(self, places: Mapping[str, Collection[str]]) -> bool:
        facts = self.ask(lambda case: case_facts(case, clock.today()))
        assert self.places() == {kind: set(states) for kind, states in places.items()}
        assert self.items(lambda item: item.state not in SETTLED) == []
        assert (facts.owed, facts.unsettled_items, facts.acknowledgements_awaited) == (0, 0, 0)
        assert self.ask(lambda case: case.closed_at) is not None
        return self.is_sound()

    # ---- how somebody does something

    def submit(self, who: Staff | Citizen, page: str, action: str, **typed: object) -> None:
        """Open `page`, fill in its form for `action`, send it, and be led on."""
        page, action = (path.format(sign=self.sign) for path in (page, action))
        answer = who.client.post(action, data=filled(who.get(page), action, **typed))
        assert answer.status_code in {302, 303}, (action, answer.status_code, text_of(answer)[-6000:])

    def act(self, action: str, **typed: object) -> None:
        """The clerk sends a form of the page of the case."""
        self.submit(self.clerk, "/sprawa/{sign}", f"/sprawa/{{sign}}/{action}", **typed)

    def step(self, name: str, **typed: object) -> None:
        self.act("krok", step=name, **typed)

    # ---- what the citizen does

    def signed(self, members: Mapping[str, bytes]) -> bytes:
        return pack(members, self.authority.citizen("Jan Testowy", PESEL), clock.now())

    def apply(self, **changes: object) -> None:
        """Jan signs an application and sends it."""
        self.jan.send(self.signed(application_files(filed_on=clock.today(), **changes)))
        with self.office.app_context():
            self.sign = db.session.scalars(sa.select(Case.sign).order_by(Case.id.desc())).first()
            db.session.remove()
        assert self.stage() == "received"

    def supplement(self, kind: str) -> None:
        """Jan signs a better document and sends it, by the link on the page of his case."""
        name = f"{kind.lower()}.jpg"
        documents = {name: a_photo("green")}
        answer = a_form(documents=documents, kinds={name: kind}, answers=Answer(self.sign, AnswerKind.SUPPLEMENT),
                        filed_on=clock.today())  # fmt: skip
        assert leads_to(self.jan.get(self.my_case()), f"/wyslij?sprawa={self.my_case().rpartition('/')[2]}")
        self.jan.send(self.signed({"wniosek.xml": answer, **documents}), "uzupelnienie.asice")

    def confirm(self) -> None:
        """Jan confirms that his newest letter came."""
        letters = dict.fromkeys(_LETTER.findall(self.jan.get("/odebrane").get_data(as_text=True)))
        closed = next(one for one in letters if "/potwierdz" in self.jan.get(one).get_data(as_text=True))
        self.submit(self.jan, closed, f"{closed}/potwierdz")
        assert "/potwierdz" not in self.jan.get(closed).get_data(as_text=True)

    def announce_parcel(self, tracking: str) -> None:
        """Jan says under which number the originals come."""
        path = f"{self.my_case()}/oryginaly"
        self.submit(self.jan, path, path, way="post", **{"tracking-post": tracking})

    def accept(self) -> None:
        """Jan accepts what the office proposes."""
        path = f"{self.my_case()}/odbior"
        self.submit(self.jan, path, path)

    def counter(self, way: str) -> None:
        """Jan wants everything to come another way."""
        path = f"{self.my_case()}/odbior/inaczej"
        assert leads_to(self.jan.get(f"{self.my_case()}/odbior"), path)
        ways = re.findall(r'name="(way-\d+)"', self.jan.get(path).get_data(as_text=True))
        self.submit(self.jan, path, path, address="ul. Inna 2\n42-200 Częstochowa", **dict.fromkeys(ways, way))

    def withdraw(self) -> None:
        path = f"{self.my_case()}/wycofanie"
        self.submit(self.jan, path, path, sure="yes", reason="auto sprzedane")

    # ---- what the clerk does

    def take(self) -> None:
        self.act("wez")

    def verify(self, **verdicts: str) -> None:
        """A verdict on each document; on what need not exist, that it does not apply."""
        path = "/sprawa/{sign}/weryfikacja"
        for kind, optional in self.ask(lambda case: [(one.kind.value, one.if_issued) for one in requirements(case)]):
            verdict = verdicts.get(kind, "not_applicable" if optional else "accepted")
            words = {"accepted": "oryginał okazano w urzędzie", "not_applicable": ""}.get(verdict, "skan nieczytelny")
            reason = {"reason": words} if words else {}
            self.submit(self.clerk, f"{path}?dokument={kind}", path, kind=kind, verdict=verdict, **reason)

    def determine(self, code: str, **text: str) -> None:
        self.act("ustalenie", code=code, **text)

    def write(self, step: str, **typed: object) -> None:
        """Write the letter of a step as the page proposes it, by its link on the page of the case; it leaves."""
        path = f"/sprawa/{self.sign}/pismo/{step}"
        assert leads_to(self.clerk.get(f"/sprawa/{self.sign}"), path), step
        self.submit(self.clerk, path, path, do="send", **typed)
        self.a_minute_passes()

    def compare(self) -> None:
        """Whatever came and was not compared yet agrees with its scan."""

        def is_new(item: Item) -> bool:
            asked = item.handovers[0].movement is Movement.EXPECTED
            return asked and item.state is ItemState.IN_OFFICE and not item.compared

        for number in self.items(is_new):
            path = f"/kancelaria/rzeczy/{{sign}}/porownanie/{number}"
            self.submit(self.clerk, "/kancelaria/{sign}/rzeczy", path, result="same")

    def prove_fees(self) -> None:
        """One transfer for all of them."""
        codes = self.ask(lambda case: [fee.code for fee in case.fees])
        if len(codes) > 1:
            self.act("przygotowanie", proof="przelew 12/2026")
        elif codes:
            self.act("przygotowanie", **{f"proof-{codes[0]}": "przelew 12/2026"})

    def stock(self, plate: str) -> None:
        """The supervisor adds a number with its plates to the stock, after a look at it."""
        path, supervisor = "/tablice/seria", self.staff("supervisor")
        shown = supervisor.client.post(path, data=filled(supervisor.get(path), None, first=plate, count=1, seen="no"))
        assert supervisor.client.post(path, data=filled(shown, None, seen="yes")).status_code == 302

    def prepare(self, plate: str = "SC 7A123") -> None:
        """Fees proved, plates out of a new series, permit and, in the edition that knows one, the sticker."""
        self.prove_fees()
        self.stock(plate)
        sticker = {"label-CONTROL_STICKER": "NK 17"} if self.ask(lambda case: case.edition) == "sekap" else {}
        self.act("przygotowanie", new_plate=plate, permit="PC 7654321", days=30, **sticker)

    def annotate(self) -> list[str]:
        """The clerk records what is due on the papers, as the case file has it. Returns which annotations stand."""
        self.submit(self.clerk, "/sprawa/{sign}", "/kancelaria/rzeczy/{sign}/adnotacje")
        return self.ask(lambda case: sorted(kind.value for item in case.items for kind in item.annotations))

    def propose(self, way: str, **by_kind: str) -> None:
        """Everything that is owed goes one way, but for kinds that are named."""
        owed = self.ask(lambda case: {item.number: item.kind.value for item in case.items if item.is_owed})
        page = self.clerk.get(f"/sprawa/{self.sign}").text
        groups = re.findall(r'name="(way-[\d-]+)"', page[page.index('/uzgodnienie"') :])
        ways = {name: by_kind.get(owed[int(name.split("-")[1])], way) for name in groups}
        self.act("uzgodnienie", address=ADDRESS, **ways)

    def agree(self, way: str, **by_kind: str) -> None:
        self.propose(way, **by_kind)
        self.accept()

    def accept_theirs(self) -> None:
        """The clerk accepts what Jan wants."""
        self.act("uzgodnienie/odpowiedz", proposal=self.ask(lambda case: case.proposals[-1].version))

    def send_back(self) -> None:
        """The clerk lets the posting room send back everything that may go, as the case file proposes."""
        assert leads_to(self.clerk.get(f"/sprawa/{self.sign}"), "#agreement")
        self.act("odeslanie")

    def certificate_comes(self, number: str = "DR/BAB 1234567") -> None:
        self.act("dowod", number=number)

    def move(self, movement: str, wanted: Callable[[Item], bool]) -> None:
        sure = {"sure": "yes"} if movement == "destroyed" else {}
        if numbers := self.items(wanted):
            self.submit(self.clerk, "/kancelaria/{sign}/rzeczy", "/kancelaria/rzeczy/{sign}/ruch", movement=movement,
                        pick=numbers, remark="przecięcie", witness="Karol Świadek", **sure)  # fmt: skip

    def put_away(self) -> None:
        """What stays is cut and filed, what has to be destroyed is destroyed."""

        def here(*fates: Fate) -> Callable[[Item], bool]:
            return lambda item: item.state is ItemState.IN_OFFICE and item.fate in fates

        self.move("invalidated", lambda item: here(Fate.INVALIDATED_AND_KEPT)(item) and not item.invalidated)
        self.move("destroyed", here(Fate.DESTROYED))
        self.move("filed", here(Fate.IN_FILE, Fate.INVALIDATED_AND_KEPT, Fate.LENT))

    def asks_for_originals(self, *, opened: bool = True, verdicts: Mapping[str, str] = {}, **asked: object) -> None:
        """From the application to the summons for originals, which Jan opens."""
        self.apply(**asked)
        self.take()
        self.verify(**verdicts)
        self.write("summon_originals")
        if opened:
            self.confirm()

    def deregisters_in_person(self) -> None:
        """From the summons for originals to the decision in Jan's hands."""
        self.bring()
        self.compare()
        self.step("confirm_originals")
        self.prove_fees()
        self.move("invalidated", lambda item: item.kind == "REG_CERT")
        self.write("deregister")
        self.agree("in_person")
        self.give()

    # ---- what the front desk does

    def bring(self, missing: Collection[int] = ()) -> None:
        """Jan brings everything that is awaited, but for `missing`."""
        self._receive(missing, carriage="in_person", **IDENTITY)

    def arrive(self, tracking: str, missing: Collection[int] = ()) -> None:
        """The post brings everything that is awaited, but for `missing`."""
        self._receive(missing, carriage="post", tracking=tracking)

    def _receive(self, missing: Collection[int], **how: object) -> None:
        awaited = self.ask(lambda case: [item.number for item in awaited_items(case)])
        here = [number for number in awaited if number not in missing]
        gone = {f"absent-{number}": "missing" for number in missing}
        self.submit(self.desk, "/kancelaria/{sign}", "/kancelaria/{sign}/przyjecie", here=here, place="B3-017",
                    person="Jan Testowy", **how, **gone)  # fmt: skip

    def give(self) -> None:
        """Jan collects what is ready for him."""
        path = "/kancelaria/{sign}/wydanie"
        assert "data-closed" not in self.desk.get(path.format(sign=self.sign)).text
        self.submit(self.desk, path, path, person="Jan Testowy", **IDENTITY)

    def post(self, tracking: str) -> None:
        """The posting room sends what was agreed."""
        self.submit(self.desk, "/kancelaria/poczta/", "/kancelaria/poczta/paczka/{sign}", tracking=tracking)

    def card(self, outcome: str = "delivered") -> None:
        """The return card of the parcel that is out comes back, and its number is scanned."""
        (tracking,) = self.ask(lambda case: [one.tracking for one in case.consignments if one.awaits_acknowledgement])
        found = self.desk.get("/kancelaria/poczta/zwrotka", query_string={"q": tracking}).location
        self.submit(self.desk, found, found, outcome=outcome, **({} if outcome == "delivered" else {"place": "Z-1"}))
