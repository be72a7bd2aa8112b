"""The posting room sends what was agreed, keeps its book, and writes down what the return cards say; shelves agree."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from lxml import html

from app import clock
from app.clock import now
from app.domain.acts import Actor, ActorKind
from app.domain.custody import ItemState
from app.domain.deadlines import office_day
from app.domain.delivery import Method
from app.domain.items import ItemKind
from app.models import ParcelOutcome
from app.transaction import one_transaction
from app.views.mailbox.situation import situation_of
from tests.letters.reading import in_a_line
from tests.letters.reading import text_of as text_of_pdf
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database
ROOM = "/kancelaria/poczta/"


@pytest.fixture
def counter(office, authority) -> Counter:
    return Counter(office, authority)


def places(counter: Counter) -> dict[int, tuple[str, str | None]]:
    return counter.ask(lambda work: {item.number: (item.state.value, item.place) for item in work.case.items})


def test_an_agreed_parcel_goes_with_its_number_and_stands_in_the_book(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    room = desk.get(ROOM)
    assert counter.sign in room.text
    assert desk.get(f"{ROOM}adresy.pdf").data.startswith(b"%PDF")

    desk.post(f"{ROOM}paczka/{counter.sign}", {"tracking": TRACKING}, see="/kancelaria/")

    assert counter.stage() == "handed_over"
    day = counter.ask(lambda work: work.case.consignments[-1].on)
    book = desk.get(f"{ROOM}ksiazka/{day}.csv").get_data(as_text=True)
    assert f"Jan Testowy;ul. Testowa 1, 42-200 Częstochowa;{counter.sign}" in book
    assert TRACKING in book


def test_the_letter_in_a_parcel_names_what_lies_there_and_its_number(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    desk.post(f"{ROOM}paczka/{counter.sign}", {"tracking": TRACKING}, see="/kancelaria/")
    parcel, number = counter.ask(lambda work: (work.case.consignments[-1].id, work.case.consignments[-1].number))
    assert f"{ROOM}przesylka/{parcel}.pdf" in desk.get(ROOM).text

    letter = desk.get(f"{ROOM}przesylka/{parcel}.pdf").data

    words = in_a_line(text_of_pdf(letter))
    assert b"/ETSI.CAdES.detached" in letter  # sealed, as every letter that is kept
    for said in (number, counter.sign, TRACKING, "Jan Testowy", "ul. Testowa 1", "pozwolenie czasowe", "SC 7A123"):
        assert said in words
    came = counter.ask(lambda work: next(one.id for one in work.case.consignments if one.direction.value == "in"))
    assert desk.get(f"{ROOM}przesylka/{came}.pdf").status_code == 404


def test_a_parcel_that_came_back_lies_on_its_shelf_and_is_work_again(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    desk.post(f"{ROOM}paczka/{counter.sign}", {}, see="/kancelaria/")
    parcel = counter.ask(lambda work: work.case.consignments[-1].id)
    desk.post(f"{ROOM}numer/{parcel}", {"tracking": TRACKING}, see="/kancelaria/")
    assert desk.get(f"{ROOM}zwrotka?q={TRACKING}").location == f"{ROOM}przesylka/{parcel}"

    desk.post(f"{ROOM}przesylka/{parcel}", {"outcome": "unclaimed", "place": "Z-1"}, see="/kancelaria/")

    assert counter.stage() == "agreeing_handover"
    assert ("in_office", "Z-1") in places(counter).values()
    to_go, back = text_of(desk.get(ROOM)).split("Wróciły")
    assert counter.sign not in to_go.split("Nadane dziś")[0]
    assert "niepodjęta w terminie" in back
    assert counter.sign in back


WRONG = "00759007731512000622"


def said_at(page, field: str) -> tuple[str, str]:
    """What is typed in `field` and the error that is tied to it."""
    drawn = re.search(rf'<input[^>]* id="{field}"[^>]*>', page.text)[0]
    error = re.search(r'aria-invalid="true" aria-describedby="([^"]+)"', drawn)[1]
    assert f'<a href="#{field}">' in page.text
    return re.search(r' value="([^"]*)"', drawn)[1], re.search(rf'id="{error}">([^<]+)<', page.text)[1]


def test_a_wrong_number_is_said_at_its_field_and_stays_there(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    case = counter.ask(lambda work: work.case_id)

    refused = desk.post(f"{ROOM}paczka/{counter.sign}", {"tracking": WRONG}, see="/kancelaria/")
    unknown = desk.get(f"{ROOM}zwrotka?q={TRACKING}")
    desk.post(f"{ROOM}paczka/{counter.sign}", {}, see="/kancelaria/")
    parcel = counter.ask(lambda work: work.case.consignments[-1].id)
    still = desk.post(f"{ROOM}numer/{parcel}", {"tracking": WRONG}, see="/kancelaria/")

    assert {page.status_code for page in (refused, unknown, still)} == {400}
    assert said_at(refused, f"parcel-{case}") == (
        WRONG,
        "Numer nadawczy ma błędną cyfrę kontrolną. Zeskanuj go jeszcze raz.",
    )
    assert said_at(unknown, "card") == (TRACKING, "Pod tym numerem nic stąd nie nadano.")
    assert said_at(still, f"number-{parcel}")[0] == WRONG


def test_a_parcel_without_a_number_stands_in_a_list_of_its_own_until_it_has_one(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    desk.post(f"{ROOM}paczka/{counter.sign}", {}, see="/kancelaria/")

    counter.ask(lambda work: made_older(work.case.consignments[-1]))
    older = text_of(desk.get(ROOM))
    parcel = counter.ask(lambda work: work.case.consignments[-1].id)
    desk.post(f"{ROOM}numer/{parcel}", {"tracking": TRACKING}, see="/kancelaria/")

    assert counter.sign not in older.split("Nadane dziś")[1].split("Bez numeru nadawczego")[0]
    assert counter.sign in older.split("Bez numeru nadawczego")[1].split("Zapisz numer")[0]
    assert "Bez numeru nadawczego" not in text_of(desk.get(ROOM))


def made_older(parcel):
    """Let `parcel` have been posted the week before."""
    with one_transaction():
        parcel.on -= dt.timedelta(days=7)


def test_a_refused_return_card_keeps_what_was_typed(office, counter):
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")
    desk.post(f"{ROOM}paczka/{counter.sign}", {"tracking": TRACKING}, see="/kancelaria/")
    parcel = counter.ask(lambda work: work.case.consignments[-1].id)

    assert "Pozwolenie czasowe" in text_of(desk.get(f"{ROOM}przesylka/{parcel}")).split("Co ")[1]
    typed = {"outcome": "refused", "on": "01.01.2020", "acknowledgement": "AR/7", "place": "Z-9"}
    page = desk.post(f"{ROOM}przesylka/{parcel}", typed, see="/kancelaria/")

    assert page.status_code == 400
    assert said_at(page, "on")[0] == "01.01.2020"
    assert 'value="AR/7"' in page.text
    assert 'value="Z-9"' in page.text
    assert re.search(r'value="refused" checked', page.text)


def posted_before(work, days):
    """Let the newest letter have been posted so many days ago."""
    with one_transaction():
        work.case.letters[-1].service.arrived_on -= days


def test_a_letter_on_paper_is_posted_announced_and_served(office, authority):
    counter = Counter(office, authority, mailbox=False)
    counter.await_originals()
    letter = counter.ask(lambda work: work.case.letters[-1].id)
    desk = log_in_staff(office, "front_desk")
    assert counter.sign in text_of(desk.get(ROOM)).split("Nadane dziś")[0]

    refused = desk.post(f"{ROOM}list/{letter}", {"tracking": WRONG}, see="/kancelaria/")
    desk.post(f"{ROOM}list/{letter}", {"tracking": TRACKING}, see="/kancelaria/")
    too_early = desk.post(f"{ROOM}pismo/{letter}", {"outcome": "unclaimed"}, see="/kancelaria/")
    before_posting = desk.post(
        f"{ROOM}pismo/{letter}", {"outcome": "first_notice", "on": "01.01.2020"}, see="/kancelaria/"
    )
    desk.post(f"{ROOM}pismo/{letter}", {"outcome": "first_notice"}, see="/kancelaria/")
    still_runs = desk.post(f"{ROOM}pismo/{letter}", {"outcome": "unclaimed"}, see="/kancelaria/")
    counter.ask(lambda work: posted_before(work, dt.timedelta(days=40)))
    corrected = f"{office_day(now()) - dt.timedelta(days=30):%d.%m.%Y}"
    desk.post(f"{ROOM}pismo/{letter}", {"outcome": "first_notice", "on": corrected}, see="/kancelaria/")
    once = desk.post(f"{ROOM}pismo/{letter}", {"outcome": "unclaimed"}, see="/kancelaria/")
    second = f"{office_day(now()) - dt.timedelta(days=22):%d.%m.%Y}"
    desk.post(f"{ROOM}pismo/{letter}", {"outcome": "unclaimed", "second": second}, see="/kancelaria/")

    assert {a.status_code for a in (refused, too_early, before_posting, still_runs, once)} == {400}
    assert [re.findall(r'id="(\w+)-error"', one.text) for one in (too_early, before_posting, still_runs, once)] == [
        ["outcome"], ["on"], ["outcome"], ["second"],
    ]  # fmt: skip
    assert said_at(once, "second") == ("", "Wpisz dzień drugiego awiza: bez niego pismo nie jest doręczone.")
    service = counter.ask(
        lambda work: [(one.service.outcome.value, one.service.served_on) for one in work.case.letters]
    )
    assert service[-1][0] == "unclaimed"
    assert service[-1][1] is not None


def test_the_case_file_shows_the_notices_of_a_letter_on_paper_in_their_order(office, authority):
    counter = Counter(office, authority, mailbox=False)
    counter.await_originals()
    letter = counter.ask(lambda work: work.case.letters[-1].id)
    desk = log_in_staff(office, "front_desk")
    desk.post(f"{ROOM}list/{letter}", {"tracking": TRACKING}, see="/kancelaria/")
    counter.ask(lambda work: posted_before(work, dt.timedelta(days=10)))
    today = office_day(now())
    first, sixth = (f"{today - dt.timedelta(days=ago):%d.%m.%Y}" for ago in (8, 2))

    def card(outcome: str, on: str):
        return desk.post(f"{ROOM}pismo/{letter}", {"outcome": outcome, "on": on}, see="/kancelaria/")

    refused = [card("second_notice", first)]
    card("first_notice", first)
    refused.append(card("second_notice", sixth))
    card("second_notice", f"{today:%d.%m.%Y}")
    refused.append(card("second_notice", f"{today:%d.%m.%Y}"))

    asked = [re.findall(r'id="(\w+)-error">([^<]+)<', page.text) for page in refused]
    assert [page.status_code for page in refused] == [400] * 3
    assert [(field, "pierwsze awizo" in said, "siedmiu dni" in said) for [(field, said)] in asked] == [
        ("outcome", True, False), ("on", False, True), ("outcome", False, False),
    ]  # fmt: skip
    shown = text_of(desk.get(f"/sprawa/{counter.sign}"))
    assert f"pierwsze awizo {first}; drugie awizo {today:%d.%m.%Y}" in shown


def test_a_count_finds_what_is_missing_and_what_lies_elsewhere(office, counter):
    counter.await_originals()
    counter.ask(lambda work: work.receive())
    first, second, *rest = [number for number, (state, _place) in places(counter).items() if state == "in_office"]
    clerk = log_in_staff(office, "clerk")
    clerk.post(
        f"/kancelaria/rzeczy/{counter.sign}/ruch",
        {"pick": [second], "movement": "stored", "place": "B-2"},
        see="/kancelaria/",
    )
    desk = log_in_staff(office, "front_desk")

    seen = {"place": "A-1", "codes": "\n".join(f"{counter.sign}/{number}" for number in [second, *rest, 999])}
    differs = text_of(desk.post("/kancelaria/polki/", seen, see="/kancelaria/"))
    before = places(counter)
    desk.post("/kancelaria/polki/zapis", {"place": "A-1", "absent": [first], "found": [second]}, see="/kancelaria/")

    assert "nie ma na półce" in differs
    assert "znalezione tutaj" in differs
    assert f"{counter.sign}/999" in differs
    assert before[first] == ("in_office", "A-1")
    assert places(counter)[first] == ("in_office", "do wyjaśnienia")
    assert places(counter)[second] == ("in_office", "A-1")


def test_plates_are_destroyed_with_a_record_and_a_certificate_is_cut_before_it_is_filed(office, counter):
    counter.decide()
    kinds = counter.ask(lambda work: {item.number: item.kind for item in work.case.items})
    plates = [number for number, kind in kinds.items() if kind is ItemKind.PLATE]
    certificate = [number for number, kind in kinds.items() if kind is ItemKind.REG_CERT]
    clerk = log_in_staff(office, "clerk")
    moves = f"/kancelaria/rzeczy/{counter.sign}/ruch"

    early = clerk.post(moves, {"pick": certificate, "movement": "filed"}, see="/kancelaria/")
    for movement in ("invalidated", "filed"):
        clerk.post(moves, {"pick": certificate, "movement": movement}, see="/kancelaria/")
    clerk.post(
        moves,
        {"pick": plates, "movement": "destroyed", "remark": "przecięcie", "witness": "Ewa Druga", "sure": "yes"},
        see="/kancelaria/",
    )

    assert early.status_code == 422
    assert {places(counter)[number][0] for number in plates} == {ItemState.DESTROYED.value}
    assert {places(counter)[number][0] for number in certificate} == {ItemState.IN_FILE.value}
    record = f"/kancelaria/rzeczy/{counter.sign}/zniszczenie/1.pdf"
    assert record in clerk.get(f"/kancelaria/{counter.sign}/rzeczy").text
    assert clerk.get(record).data.startswith(b"%PDF")
    assert clerk.get(record.replace("/1.pdf", "/2.pdf")).status_code == 404


def held_by(work, username):
    with one_transaction() as session:
        work.case.clerk = session.scalars(sa.select(User).where(User.username == username)).one()


def test_a_clerk_compares_things_and_the_front_desk_does_not(office, counter):
    counter.await_originals()
    counter.ask(lambda work: work.receive())
    first, second, *_rest = places(counter)
    clerk, desk = log_in_staff(office, "clerk"), log_in_staff(office, "front_desk")
    acts = f"/kancelaria/rzeczy/{counter.sign}"

    def seen(**more):
        return {"version": counter.ask(lambda work: work.case.version), **more}

    def compare(who, number, **more):
        return who.post(f"{acts}/porownanie/{number}", seen(**more), see="/kancelaria/").status_code

    assert compare(desk, first, result="same") == 403
    assert compare(clerk, first, result="same") == 403  # somebody else has the case
    assert "Rzecz i jej skan" not in text_of(clerk.get(f"/kancelaria/{counter.sign}/rzeczy"))
    counter.ask(lambda work: held_by(work, "clerk"))
    assert "Rzecz i jej skan" in text_of(clerk.get(f"/kancelaria/{counter.sign}/rzeczy"))
    assert compare(clerk, first, result="same", version=0) == 409
    assert compare(clerk, first, result="same") == 302
    assert compare(clerk, second, result="different", remark="inny numer") == 302
    page = text_of(clerk.get(f"/kancelaria/{counter.sign}/rzeczy"))
    clerk.post(f"{acts}/uznanie/{second}", seen(reason="omyłka w skanie"), see="/kancelaria/")

    assert "różni się od skanu inny numer" in page
    items = counter.ask(lambda work: {i.number: (i.compared, len(i.open_discrepancies)) for i in work.case.items})
    assert items[first] == items[second] == (True, 0)


def write_on(work):
    work.clerk = Actor(ActorKind.STAFF, work.case.clerk_id, "Anna Testowa")
    work.write("notify_delay", reasons="Ustalamy adres strony.")


def test_a_letter_whose_addressee_nobody_knows_is_work_for_its_clerk_until_another_one_is_written(office, authority):
    counter = Counter(office, authority, mailbox=False)
    counter.await_originals()
    counter.ask(lambda work: held_by(work, "clerk"))
    letter = counter.ask(lambda work: work.case.letters[-1].id)
    desk, clerk = log_in_staff(office, "front_desk"), log_in_staff(office, "clerk")
    said = "Ostatnie pismo do nikogo nie dotarło"
    assert said not in text_of(clerk.get("/praca/?tab=mine"))

    desk.post(f"{ROOM}list/{letter}", {"tracking": TRACKING}, see="/kancelaria/")
    desk.post(f"{ROOM}pismo/{letter}", {"outcome": "unknown_addressee"}, see="/kancelaria/")

    assert said in text_of(clerk.get("/praca/?tab=mine"))
    counter.ask(write_on)
    assert said not in text_of(clerk.get("/praca/?tab=mine"))


def test_who_comes_to_destroy_or_invalidate_finds_chosen_what_waits_for_it(office, counter):
    counter.decide()
    kinds = counter.ask(lambda work: {str(item.number): item.kind for item in work.case.items})
    clerk = log_in_staff(office, "clerk")

    def chosen(asked: str) -> tuple[list[str], set[ItemKind]]:
        page = html.fromstring(clerk.get(f"/kancelaria/{counter.sign}/rzeczy{asked}").data)
        picked = page.xpath("//input[@name='pick'][@checked]/@value")
        return page.xpath("//input[@name='movement'][@checked]/@value"), {kinds[number] for number in picked}

    assert chosen("?ruch=destroyed") == (["destroyed"], {ItemKind.PLATE})
    assert chosen("?ruch=invalidated") == (["invalidated"], {ItemKind.REG_CERT})
    assert chosen("?ruch=nonsense") == (["stored"], set())
    assert chosen("") == (["stored"], set())


def test_after_a_parcel_came_back_the_case_file_says_agree_anew_and_that_the_permit_is_over(office, counter):
    counter.decide(method=Method.POST)

    def change(work):
        work.post()
        work.start += dt.timedelta(minutes=1)
        work.parcel_ends(ParcelOutcome.UNCLAIMED)
        with one_transaction():
            work.case.permit.valid_until = clock.today() - dt.timedelta(days=1)

    counter.ask(change)

    page = text_of(log_in_staff(office, "clerk").get(f"/sprawa/{counter.sign}"))
    told = counter.ask(lambda work: situation_of(work.case, clock.today(), None))

    assert (told.came_back, told.permit_over) == (True, True)
    assert "przesyłka nie dotarła: trzeba uzgodnić na nowo" in page
    assert "wersja 1 uzgodniona" not in page
    assert "Termin nie biegnie" not in page, "the office has to propose anew"
    assert re.search(r"Pozwolenie czasowe PC 1234567 straciło ważność", page)
