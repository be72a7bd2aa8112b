"""One case by HTTP alone: a citizen at the mailbox, a clerk, the front desk and a supervisor at the office."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask

from app.domain.custody import ItemState, Movement
from app.domain.items import Fate
from app.extensions import db
from app.house import equipment
from app.models import Case, Item
from app.usecases.case_facts import awaited_items, requirements
from app.usecases.hand_out import things_to_hand_out
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.factories import now
from tests.web.clerk_cases import let_leave
from tests.web.conftest import add_people, log_in_staff
from tests.web.mailbox_people import Visitor, open_mailbox, open_office

_DEMAND = re.compile(r'name="(demand-\d+)" value="([^"]+)"')
_LETTER = re.compile(r'href="(/odebrane/[\w-]+)"')
SEE = "/account/"


class Town:
    """Both doors of one office, and one citizen's case on its way through them."""

    def __init__(self, mailbox: Flask, office: Flask, authority: TestAuthority) -> None:
        self.mailbox, self.office = mailbox, office
        open_office(mailbox, authority)
        open_mailbox(mailbox, "jan.testowy", "Jan Testowy")
        add_people(office)
        self.jan = Visitor(mailbox)
        self.jan.log_in("jan.testowy")
        self.clerk = log_in_staff(office, "clerk")
        self.desk = log_in_staff(office, "front_desk")
        self.supervisor = log_in_staff(office, "supervisor")
        self.sign = ""

    # ---- what the rows say

    def ask(self, question):
        """Answer `question(case)` on the rows as they are now."""
        with self.office.app_context():
            try:
                return question(db.session.scalars(sa.select(Case).where(Case.sign == self.sign)).one())
            finally:
                db.session.remove()

    def stage(self) -> str:
        return self.ask(lambda case: case.stage)

    def items(self, wanted) -> list[int]:
        return self.ask(lambda case: [item.number for item in case.items if wanted(item)])

    def is_sound(self) -> bool:
        with self.office.app_context():
            broken = [*verify_store(db.session(), equipment().store, now()), *verify_audit(db.session())]
            db.session.remove()
        assert broken == []
        return True

    # ---- what people do

    def act(self, path: str, who=None, **data: object):
        """Send a form of the case, as whoever looks at it now."""
        said = {"version": self.ask(lambda case: case.version), **data}
        answer = (who or self.clerk).post(path.format(sign=self.sign), said, see=SEE)
        assert answer.status_code in {302, 303}, (path, answer.status_code, answer.text[:20_000])
        return answer

    def apply(self, package: bytes) -> None:
        self.jan.send(package)
        with self.office.app_context():
            self.sign = db.session.scalars(sa.select(Case.sign).order_by(Case.id.desc())).first()

    def verify(self, **verdicts: str) -> None:
        self.act("/sprawa/{sign}/wez")
        for kind, optional in self.ask(lambda case: [(one.kind.value, one.if_issued) for one in requirements(case)]):
            verdict = verdicts.get(kind, "not_applicable" if optional else "accepted")
            self.act("/sprawa/{sign}/weryfikacja", kind=kind, verdict=verdict, reason="powód testowy")

    def write(self, step: str, **typed: object) -> None:
        """Write the letter of a step as the page proposes it, and let its minute pass."""
        path = f"/sprawa/{self.sign}/pismo/{step}"
        page = self.clerk.get(path)
        assert page.status_code == 200, (step, page.status_code)
        demands = dict(_DEMAND.findall(page.text))
        kept = {name.replace("demand", "keep"): "1" for name in demands}
        days = re.search(r'name="days"[^>]*value="(\d+)"', page.text)
        asked = {"days": days[1]} if days else {}
        self.act(path, do="send", **demands, **kept, **asked, **typed)
        let_leave(self.office, self.sign)

    def confirm(self) -> None:
        """Jan confirms that his newest letter came."""
        letters = _LETTER.findall(self.jan.get("/odebrane").get_data(as_text=True))
        newest = next(one for one in letters if "potwierdz" in self.jan.get(one).get_data(as_text=True))
        assert self.jan.post(f"{newest}/potwierdz").status_code == 303

    def bring(self, carriage: str = "in_person", missing: tuple[int, ...] = (), **more: object) -> None:
        """Everything that is awaited comes, but for `missing`."""
        here = [n for n in self.ask(lambda case: [item.number for item in awaited_items(case)]) if n not in missing]
        shown = {"identity_kind": "identity_card", "identity_tail": "123"} if carriage == "in_person" else {}
        gone = {f"absent-{number}": "missing" for number in missing}
        self.act(
            "/kancelaria/{sign}/przyjecie", self.desk,
            here=here, carriage=carriage, person="Jan Testowy", place="B3-017", **shown, **gone, **more,
        )  # fmt: skip

    def compare(self) -> None:
        def is_new(item: Item) -> bool:
            first = item.handovers[0].movement
            return item.state is ItemState.IN_OFFICE and not item.compared and first is Movement.EXPECTED

        for number in self.items(is_new):
            self.act(f"/kancelaria/rzeczy/{{sign}}/porownanie/{number}", result="same")

    def prepare(self, plate: str = "SC 7A123") -> None:
        """Fees proved, plates out of a new series, permit and sticker."""
        for code in self.ask(lambda case: [fee.code for fee in case.fees]):
            self.act("/sprawa/{sign}/oplata", code=code, proof="przelew 12/2026")
        series = {"first": plate, "count": "1", "kind": "ordinary", "plates": "2", "seen": "yes"}
        assert self.supervisor.post("/tablice/seria", series, see=SEE).status_code == 302
        self.act("/sprawa/{sign}/tablice", number=plate)
        self.act("/sprawa/{sign}/pozwolenie", number="PC 7654321", days=30)
        self.act("/sprawa/{sign}/rzecz", kind="CONTROL_STICKER", label="NK 17")

    def propose(self, way: str) -> None:
        owed = self.items(lambda item: item.is_owed)
        ways = {f"way-{number}": way for number in owed}
        self.act("/sprawa/{sign}/uzgodnienie", address="ul. Testowa 1\n42-200 Częstochowa", **ways)

    def accept(self) -> None:
        public_id, version = self.ask(lambda case: (case.public_id, case.proposals[-1].version))
        answer = self.jan.post(f"/sprawy/{public_id}/odbior", {"version": version, "answer": "accept"})
        assert answer.status_code == 303, answer.get_data(as_text=True)

    def give(self) -> None:
        seen = self.ask(lambda case: [item.number for item in things_to_hand_out(case)])
        self.act("/kancelaria/{sign}/wydanie", self.desk, item=seen, person="Jan Testowy", identity_kind="passport",
                 identity_tail="77X")  # fmt: skip

    def post(self, tracking: str) -> None:
        """The posting room sends what was agreed."""
        self.act("/kancelaria/poczta/paczka/{sign}", self.desk, tracking=tracking)

    def card(self, outcome: str = "delivered") -> None:
        """The return card of the last parcel comes back."""
        parcel = self.ask(
            lambda case: next(one.id for one in reversed(case.consignments) if one.awaits_acknowledgement)
        )
        self.act(f"/kancelaria/poczta/przesylka/{parcel}", self.desk, outcome=outcome, place="Z-1")

    def determine(self, code: str, text: str) -> None:
        self.act("/sprawa/{sign}/ustalenie", code=code, text=text, holds="1")

    def move(self, movement: str, wanted) -> None:
        if numbers := self.items(wanted):
            self.act("/kancelaria/rzeczy/{sign}/ruch", movement=movement, pick=numbers, remark="przecięcie",
                     witness="Karol Świadek")  # fmt: skip

    def put_away(self) -> None:
        """What stays is cut and filed, what has to be destroyed is destroyed."""

        def here(*fates: Fate):
            return lambda item: item.state is ItemState.IN_OFFICE and item.fate in fates

        self.move("invalidated", lambda item: here(Fate.INVALIDATED_AND_KEPT)(item) and not item.invalidated)
        self.move("destroyed", here(Fate.DESTROYED))
        self.move("filed", here(Fate.IN_FILE, Fate.INVALIDATED_AND_KEPT, Fate.LENT))
