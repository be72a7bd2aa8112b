"""Each thing that keeps a step from being open leads where it is removed, in every procedure and at every stage."""

from __future__ import annotations

import re

import pytest

from app.domain.custody import Discrepancy
from app.domain.deadlines import Way
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.items import ItemKind
from app.domain.procedures.editions import PROCEDURES
from app.domain.procedures.stages import Doer
from app.epackages.application import PlateWishes, RequestKind
from app.extensions import db
from app.models import Carriage, Case, Letter, LetterWay, Service
from app.transaction import one_transaction
from app.usecases.appeals import Lodged, record_appeal
from app.usecases.compare_item import compare_item
from app.usecases.prepare_documents import assign_plates
from app.usecases.receive_items import Arrived, Envelope, Extra, receive_items
from app.views.office.obstacles import OUT_OF_HAND, REMOVABLE, obstacles
from app.views.wording_cases import CONDITIONS
from tests.authority import TestAuthority
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed, text_of

pytestmark = pytest.mark.one_database


def links_of(page: str, section: str = "acts") -> list[str]:
    found = re.search(rf'<section class="panel[^"]*" id="{section}">.*?</section>', page, re.DOTALL)
    assert found
    return re.findall(r'<a [^>]*href="([^"]+)"', found.group())


def leads_somewhere(reader, address: str, page: str) -> bool:
    path, _hash, anchor = address.partition("#")
    if path:
        answer = reader.get(path)
        page = answer.text
        if answer.status_code != 200:
            return False
    return not anchor or f'id="{anchor}"' in page


def test_a_letter_that_lies_unopened_in_the_mailbox_is_named_with_the_day_on_which_it_is_served(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "closed")
        letter = work.case.letters[-1]
        with one_transaction() as session:
            service = session.get_one(Service, letter.service.id)
            service.served_on = service.outcome = None
            session.get_one(Letter, letter.id).way = LetterWay.MAILBOX
            title = letter.title

        (found,) = obstacles(work.case, ["acknowledgements-in"], frozenset())

    assert title in found.words
    assert re.search(r"\d\d\.\d\d\.\d{4}", found.words)
    assert "zwrotn" not in found.words


def test_a_permit_that_its_owner_has_is_brought_back_or_determined_to_be_lost(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "permanent_ready")
        page = f"/sprawa/{work.case.sign}"
    clerk = log_in_staff(ready, "clerk")
    before = text_of(clerk.get(page))
    with ready.app_context():
        work.determine(DeterminationCode.PERMIT_LOST, "oświadczenie właściciela, karta 12")
    after = text_of(clerk.get(page))

    assert "Pozwolenie czasowe zostało utracone" in before
    assert "Pozwolenie czasowe jeszcze nie wróciło. Jeżeli właściciel oświadczy, że je utracił" in before
    assert "Pozwolenie czasowe jeszcze nie wróciło." not in after
    assert "właściciel oświadczył jego utratę" in after


@pytest.mark.parametrize(
    ("differs", "words"),
    [
        (None, "Inny dokument: nadesłane bez wezwania. Można oddać przy okienku lub odesłać pocztą albo przyjąć"),
        (Discrepancy.DAMAGED, "uszkodzone. Można wezwać do przekazania innego egzemplarza albo przyjąć ten"),
    ],
)
def test_what_nobody_asked_for_or_is_damaged_is_the_reason_and_not_that_something_is_missing(
    ready, authority, differs, words
):
    with ready.app_context():
        work = at(work_of(authority), "awaiting_originals")
        extra = () if differs else (Extra(ItemKind.OTHER, "klucze"),)
        with one_transaction() as session:
            receive_items(
                session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON),
                [Arrived(item.number) for item in work.awaited()], act=work.act(work.desk), extra=extra,
            )  # fmt: skip
        work.compare_all()
        if differs:
            with one_transaction() as session:
                case = session.get_one(Case, work.case_id)
                compare_item(session, case, case.version, 1, act=work.act(), differs=differs, remark="zalana")

        with ready.test_request_context():
            (found,) = obstacles(work.case, ["originals-in-order"], frozenset())

    assert words in found.words
    assert "Nie wszystkie" not in found.words
    assert found.url.endswith("/rzeczy")


def test_what_has_not_come_is_said_beside_what_differs(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "awaiting_originals")
        first, *rest = [item.number for item in work.awaited()]
        with one_transaction() as session:
            receive_items(
                session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON),
                [Arrived(number) for number in rest[1:]], act=work.act(work.desk), missing=[first],
            )  # fmt: skip
        with ready.test_request_context():
            (found,) = obstacles(work.case, ["originals-in-order"], frozenset())

    assert found.words.startswith("Nie wszystkie oryginały")
    assert "Można wezwać" in found.words


def test_every_condition_is_one_that_somebody_removes_or_one_that_nobody_can():
    codes = {one.code for table in PROCEDURES.values() for step in table.steps for one in step.needs}

    assert codes == REMOVABLE | OUT_OF_HAND
    assert not REMOVABLE & OUT_OF_HAND


def a_transferred(authority: TestAuthority) -> Work:
    work = at(work_of(authority), "verification")
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nul. Rynek 13\n42-100 Kłobuck")
    work.write("transfer", reasons="Właściwy jest organ miejsca zamieszkania.")
    return work


@pytest.fixture
def cases(ready, authority):
    """A case of each sort, worked until things of it are here; its id."""
    with ready.app_context():
        files = application_files(kind=RequestKind.DEREGISTRATION, ground="DEMONTAZ")
        doubtful = signed(TestAuthority("Somebody else"))
        leaving = work_of(authority, documents=files)
        leaving.take()
        leaving.accept_all()
        leaving.write("summon_originals")
        leaving.open_letter()
        leaving.receive()
        registering = at(work_of(authority), "agreeing_handover")
        posted = at(work_of(authority), "originals_complete")
        posted.pay()
        posted.make_ready("SC 7A124", "PC 1234568")
        posted.write("register_temporarily")
        posted.agree(Method.POST)
        posted.post()
        objected = at(work_of(authority), "verification")
        objected.determine(DeterminationCode.PARTY_OBJECTS, "współwłaściciel")
        sold = at(work_of(authority), "verification")
        sold.withdraw(signed=False)
        unread = work_of(authority, documents={"umowa.jpg": files["wniosek.xml"]})
        unread.take()
        undecided = work_of(authority)
        undecided.case_id = send(doubtful, sender=by_mailbox(a_citizen("ewa"))).case_id
        undecided.take()
        wishing = application_files(plates=PlateWishes(individual_text="Janek"))
        ordering = at(work_of(authority, documents=wishing), "originals_complete")
        with one_transaction() as session:
            case = session.get_one(Case, ordering.case_id)
            assign_plates(session, case, case.version, "S0 JANEK", letter="S", act=ordering.act())
            case.plate = "SKL 12345"
            case = session.get_one(Case, registering.case_id)
            case.answers = {**case.answers, "extra_plate_wished": True}
        appealed = at(work_of(authority), "verification")
        appealed.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
        appealed.write("refuse", reasons="art. 73 ust. 1e ustawy")
        letter, came = appealed.open_letter().seq, Lodged(Way.IN_PERSON, appealed.act().today)
        with one_transaction() as session:
            case = session.get_one(Case, appealed.case_id)
            record_appeal(session, case, case.version, letter, came, act=appealed.act(), doer=Doer.CLERK)
        suspended = at(work_of(authority), "verification")
        suspended.write("suspend", reasons="Sprawa zależy od wyroku sądu (art. 97 § 1 pkt 4 k.p.a.).")
        reported = at(work_of(authority), "verification")
        reported.determine(DeterminationCode.REGISTERS_REPORT, "SIS: poszukiwany jako skradziony.")
        third = application_files(origin="third-country")
        taxed = at(work_of(authority, documents=third), "verification")
        conditional = at(work_of(authority, documents=third), "verification")
        conditional.determine(DeterminationCode.REGISTERED_CONDITIONALLY, "oświadczenie z 26.11.2026")
        made = (
            *(leaving, registering, posted, objected, sold, unread, undecided, ordering, appealed, suspended),
            *(reported, a_transferred(authority), taxed, conditional),
        )
        return [one.case_id for one in made]


def test_every_act_and_every_obstacle_of_every_stage_leads_somewhere(ready, cases):
    clerk, desk = log_in_staff(ready, "clerk"), log_in_staff(ready, "front_desk")
    lost, linked = set(), set()

    for case_id in cases:
        with ready.app_context():
            case = db.session.get_one(Case, case_id)
            sign, tables = case.sign, [table for table in PROCEDURES.values() if table.name.value == case.procedure]
        for table in tables:
            for stage in sorted({step.origin for step in table.steps}):
                with ready.app_context(), one_transaction() as session:
                    case = session.get_one(Case, case_id)
                    case.edition, case.stage = table.edition, stage.value
                for reader in (clerk, desk):
                    page = reader.get(f"/sprawa/{sign}").text
                    for address in links_of(page):
                        if not leads_somewhere(reader, address, page):
                            lost.add((table.name.value, table.edition, stage.value, address))
                    linked |= set(re.findall(r'<a href="[^"]+">([^<]+)</a>', page))

    assert sorted(lost) == []
    with ready.test_request_context(headers={"Accept-Language": "pl"}):
        assert {code for code in REMOVABLE if str(CONDITIONS[code]) not in linked} == set()
