"""The next act of a case: "Moja praca" and the case file name the same one, and the case comes first."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from lxml import html

from app import clock
from app.domain.acts import OFFICE_ZONE, SYSTEM, Act
from app.domain.custody import Discrepancy
from app.domain.delivery import Arrangement, Method
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer, Stage
from app.epackages.application import Answer, AnswerKind
from app.house import equipment
from app.models import Carriage, Case, Package, Proposal, ProposalState, authored
from app.reports.queue import Row
from app.reports.waiting import Came, Terms
from app.transaction import one_transaction
from app.usecases.agreements import propose_handover
from app.usecases.compare_item import accept_discrepancies, compare_item
from app.usecases.free_slots import free_slots
from app.usecases.receive_items import Arrived, Envelope, Extra, receive_items
from app.views.office.desk_lines import Beside, grouped
from tests.factories import a_form, a_photo, now, send
from tests.outbox.lying import a_case_on
from tests.usecases.at_work import by_mailbox
from tests.web.clerk_desk import Desk
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed, text_of

FIRST, STANDS = "W pierwszej kolejności", "Termin nie biegnie"


@pytest.fixture
def desk(ready, authority):
    return Desk(ready, authority)


def test_a_case_whose_originals_all_agree_comes_first_with_the_confirmation(desk):
    work = desk.at("awaiting_originals")
    desk.do(work.receive)
    assert desk.line()[1] == "Porównaj oryginały"

    desk.do(work.compare_all)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert act == "Potwierdź komplet oryginałów"
    assert url == f"/sprawa/{desk.sign}#acts"


def test_a_case_of_whose_originals_one_is_missing_still_waits_for_its_party(desk):
    work = desk.at("awaiting_originals")
    desk.do(lambda: work.receive(missing=[work.awaited()[0].number]))

    desk.do(work.compare_all)

    assert desk.line()[0] == STANDS


def test_a_case_of_whose_originals_one_differs_comes_first_with_a_summons(desk):
    def differs() -> None:
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            number = case.items[0].number
            different = Discrepancy.DIFFERENT
            compare_item(session, case, case.version, number, act=work.act(), differs=different, remark="x")

    work = desk.at("awaiting_originals")
    desk.do(work.receive)
    desk.do(differs)

    desk.do(work.compare_all)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/sprawa/{desk.sign}/pismo/summon_further"


def test_what_came_along_unasked_is_looked_at_and_not_asked_for_again(desk):
    def bring(*here: int) -> None:
        with one_transaction() as session:
            receive_items(session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.POST),
                          list(map(Arrived, here)), act=work.act(work.desk), extra=[Extra(ItemKind.OTHER, "klucze")],
                          place="A-1")  # fmt: skip

    def keep() -> None:
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            keys = next(item.number for item in case.items if item.kind is ItemKind.OTHER)
            accept_discrepancies(session, case, case.version, keys, "potrzebne do oględzin", act=work.act())

    work = desk.at("awaiting_originals")
    desk.do(lambda: bring(*(item.number for item in work.awaited())))
    assert desk.line()[1] == "Porównaj oryginały"
    desk.do(work.compare_all)

    heading, act, url = desk.line()
    assert (heading, [act], url) == (FIRST, desk.primary(), f"/kancelaria/{desk.sign}/rzeczy")
    assert act == "Obejrzyj, co przyszło"
    assert f"/sprawa/{desk.sign}/pismo/summon_further" not in desk.clerk.get(f"/sprawa/{desk.sign}").text
    desk.do(keep)
    assert [desk.line()[1]] == desk.primary() == ["Potwierdź komplet oryginałów"]


def test_a_permit_that_was_brought_back_calls_for_the_registration_until_it_is_decided(desk):
    work = desk.at("permanent_ready")
    assert desk.line()[0] == STANDS

    desk.do(work.receive)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/kancelaria/{desk.sign}/rzeczy?ruch=invalidated"
    desk.do(work.invalidate)
    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/sprawa/{desk.sign}/pismo/register"
    desk.do(lambda: work.write("register"))
    assert desk.line()[0] == STANDS


def test_plates_that_came_unasked_during_verification_call_for_a_look(desk):
    def bring() -> None:
        with one_transaction() as session:
            receive_items(session, session.get_one(Case, work.case_id), Envelope(carriage=Carriage.IN_PERSON), [],
                          act=work.act(work.desk), extra=[Extra(ItemKind.PLATE, "SC 12345")], place="A-1")  # fmt: skip

    work = desk.at("verification")

    desk.do(bring)

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert url == f"/kancelaria/{desk.sign}/rzeczy"


def test_while_its_letter_is_leaving_the_case_does_not_ask_for_it_again(desk):
    work = desk.at("verification")
    desk.do(work.accept_all)

    letter = desk.do(lambda: work.prepare("summon_originals"))

    _heading, act, url = desk.line()
    assert [act] == desk.primary()
    assert act == "Zobacz wychodzące pismo"
    assert url == f"/sprawa/{desk.sign}#letters"
    desk.do(lambda: work.leave(letter))
    assert desk.line()[1] == "Otwórz"


def test_a_withdrawal_from_the_mailbox_comes_first_until_the_clerk_acts(desk):
    work = desk.at("verification")
    work.later(1)

    desk.do(lambda: work.withdraw(signed=False))

    heading, act, _url = desk.line()
    assert (heading, act) == (FIRST, "Wezwij do podpisania cofnięcia")
    desk.do(lambda: work.write("summon_remedy"))
    assert desk.line()[0] != FIRST


def test_a_supplement_is_read_where_it_is_judged_and_its_document_is_judged_again(desk, authority):
    def supplement() -> None:
        documents = {"badanie.jpg": a_photo("green")}
        form = a_form(documents=documents, answers=Answer(work.case.sign, AnswerKind.SUPPLEMENT),
                      kinds={"badanie.jpg": "INSPECTION"})  # fmt: skip
        package = send(signed(authority, {"wniosek.xml": form, **documents}), sender=by_mailbox(work.case.citizen_id))
        with one_transaction() as session:  # letters leave a minute ahead
            session.get_one(Package, package.id).received_at = now() + dt.timedelta(minutes=2)

    work = desk.at("verification")
    desk.do(lambda: work.accept_all(INSPECTION=Verdict.ILLEGIBLE))
    desk.do(lambda: work.write("summon_remedy"))
    desk.do(work.open_letter)

    desk.do(supplement)

    _heading, act, url = desk.line()
    assert [act] == desk.primary()
    assert url == f"/sprawa/{desk.sign}/weryfikacja"
    page = html.fromstring(desk.clerk.get(url).text)
    (judged,) = page.xpath("//form[@data-judge]//input[@name='kind']/@value")
    assert judged == "INSPECTION"
    assert "nowy plik, do ponownej oceny" in page.text_content().replace("\u00a0", " ")
    desk.do(work.accept_all)
    assert "data-judge" not in desk.clerk.get(url).text


def test_a_permit_is_extended_while_it_is_valid_then_the_plates_are_asked_back_unless_the_certificate_is_there(desk):
    def ends(days: int) -> None:
        with one_transaction() as session:
            session.get_one(Case, work.case_id).permit.valid_until = clock.today() + dt.timedelta(days=days)

    work = desk.at("handed_over")
    desk.do(lambda: ends(0))
    assert [desk.line()[1]] == desk.primary() == ["Przedłuż pozwolenie czasowe"]

    desk.do(lambda: ends(-1))

    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert (act, url) == ("Wezwij do zwrotu tablic", f"/sprawa/{desk.sign}/pismo/summon_plates")
    assert "pismo/extend_permit" not in desk.clerk.get(f"/sprawa/{desk.sign}").text
    desk.do(lambda: work.write("summon_plates"))
    assert (desk.line()[1], desk.primary()) == ("Otwórz", [])
    desk.do(work.certificate_comes)
    assert [desk.line()[1]] == desk.primary() == ["Ogłoś dowód stały"]


@pytest.mark.one_database
def test_what_presses_most_stands_on_top_of_what_comes_first(office):
    day = dt.date(2026, 11, 26)
    days = {1: None, 2: day + dt.timedelta(days=6), 3: day - dt.timedelta(days=7)}
    rows = [
        Row(number, f"S/{number}", "registration", "handed_over", "A", None, None, day, day, signature_settled=True,
            stands=True, mine=True, free=False) for number in days
    ]  # fmt: skip
    beside = Beside(day, dict.fromkeys(days, Came.PERMIT), {n: Terms(permit_until=end) for n, end in days.items()},
                    may_take=True, acts={})  # fmt: skip

    with office.test_request_context():
        ((_heading, lines),) = grouped(rows, beside)

    assert [line.row.id for line in lines] == [3, 2, 1]


def test_a_visit_whose_day_becomes_off_is_shown_before_and_comes_first_with_another_proposal(desk):
    def agree() -> dt.date:
        with one_transaction() as session:
            case = session.get_one(Case, work.case_id)
            methods = {item.number: Method.IN_PERSON for item in case.items if item.is_owed}
            visit = free_slots(session, case, equipment=equipment(), act=work.act())[-1].begins
            propose_handover(session, case, case.version, Arrangement(methods=methods, slot=visit),
                             equipment=equipment(), act=work.act(), doer=Doer.CLERK)  # fmt: skip
        work.accept()
        return visit.date()

    work = desk.at("agreeing_handover")
    desk.do(lambda: setattr(work, "start", now()))
    work.days = 0
    day = desk.do(agree)
    assert desk.line()[0] == STANDS
    admin = log_in_staff(desk.office, "administrator")
    form = {"day": f"{day:%d.%m.%Y}", "kind": "closed", "name": "Awaria", "seen": "no"}

    shown = text_of(admin.post("/dni-wolne/zmiana", form, see="/account/"))
    changed = admin.post("/dni-wolne/zmiana", form | {"seen": "yes"}, see="/account/")

    assert re.search(rf"{re.escape(desk.sign)}\s*: wizyta do ponownego uzgodnienia", shown)
    assert "1 wizytę trzeba uzgodnić ponownie" in text_of(admin.get(changed.location))
    heading, act, url = desk.line()
    assert (heading, [act]) == (FIRST, desk.primary())
    assert (act, url) == ("Zaproponuj sposób przekazania", f"/sprawa/{desk.sign}#agreement")
    assert "urząd jest nieczynny w dniu wizyty" in text_of(desk.clerk.get(f"/sprawa/{desk.sign}"))


@pytest.mark.one_database
@pytest.mark.parametrize(("kind", "counts"), [("by_law", [2, 1]), ("closed", [1])])
def test_above_the_days_that_a_change_moves_and_above_the_visits_stands_how_many_there_are(office, kind, counts):
    day = dt.date(2026, 12, 28)
    with office.app_context():
        for number in (1, 2):
            a_case_on(dt.date(2026, 11, 27), number=number)
        visitor = a_case_on(dt.date(2026, 11, 2), number=3, stage=Stage.AGREEING_HANDOVER)
        with one_transaction() as session:
            slot = dt.datetime.combine(day, dt.time(9), OFFICE_ZONE)
            made = authored(Act(SYSTEM, now()))
            proposal = Proposal(
                version=1, by_office=True, slot=slot, state=ProposalState.ACCEPTED, due_on=day, **made
            )  # fmt: skip
            case = session.get_one(Case, visitor)
            case.proposals.append(proposal)
    form = {"day": f"{day:%d.%m.%Y}", "kind": kind, "name": "Dzień", "seen": "no"}

    answer = log_in_staff(office, "administrator").post("/dni-wolne/zmiana", form, see="/account/")

    lists = html.fromstring(answer.text).xpath("//form//div[contains(@class, 'note')]//ul")
    said = [int(re.search(r"\d+", one.getprevious().text_content()).group()) for one in lists]
    assert said == [len(one) for one in lists] == counts
