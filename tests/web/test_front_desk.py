"""The front desk receives an envelope, hands things out, and loses nothing on the way."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from lxml import html

from app.domain.acts import OFFICE_ZONE
from app.models import Carriage, Case, Citizen, HolderKind
from app.transaction import one_transaction
from app.usecases.announce_items import announce_items
from tests.usecases.at_work import Work
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def counter(office, authority) -> Counter:
    return Counter(office, authority)


def all_here(counter: Counter, **more: object) -> dict[str, object]:
    return {"here": counter.awaited(), "carriage": "post", "person": "Jan Testowy", "place": "B3-017", **more}


def test_a_scanned_code_opens_the_envelope_with_everything_ticked(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")

    for code in (counter.sign, counter.sign.lower(), f"{counter.sign}/{counter.awaited()[0]}", "SC12345", "123456"):
        asked = desk.post("/kancelaria/", {"q": code}, see="/kancelaria/")
        assert asked.status_code == 302, code
        answer = desk.get(asked.location, follow_redirects=True)
        assert f"/kancelaria/{counter.sign}" in answer.request.path, code

    page = desk.get(f"/kancelaria/{counter.sign}")
    ticked = [number for number in counter.awaited() if f'name="here" value="{number}" checked' in page.text]
    assert ticked == counter.awaited()
    assert len(ticked) > 1


def test_things_come_as_the_party_announced_unless_a_parcel_is_scanned(office, counter):
    def announce(work: Work) -> None:
        with one_transaction() as session:
            announce_items(session, session.get_one(Case, work.case_id), Carriage.IN_PERSON, act=work.citizen())

    def way(address: str) -> list[str]:
        return html.fromstring(desk.get(address).text).xpath("//input[@name='carriage'][@checked]/@value")

    counter.await_originals()
    desk = log_in_staff(office, "front_desk")
    address = f"/kancelaria/{counter.sign}"
    assert way(address) == ["post"]

    counter.ask(announce)

    assert way(address) == ["in_person"]
    assert "Przyniesie rzeczy osobiście" in text_of(desk.get(address))
    assert way(f"{address}?numer={TRACKING}") == ["post"]


def test_what_came_lies_on_its_shelf_and_what_did_not_is_asked_for_again(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")
    *here, gone = counter.awaited()

    saved = desk.post(
        f"/kancelaria/{counter.sign}/przyjecie",
        all_here(counter, here=here, tracking=TRACKING, posted_on="20.11.2026")
        | {f"absent-{gone}": "missing", f"condition-{here[0]}": "damaged", f"remark-{here[0]}": "zalany"},
        see="/kancelaria/",
    )

    assert saved.status_code == 302
    page = text_of(desk.get(saved.location))
    assert "RPW/1/" in page
    assert "Jeszcze oczekiwane" in page
    state = counter.ask(
        lambda work: {
            item.number: (item.state.value, item.place, [d.kind.value for d in item.open_discrepancies])
            for item in work.case.items
        }
    )
    assert state[gone] == ("expected", None, ["missing"])
    assert state[here[0]] == ("in_office", "B3-017", ["damaged"])
    assert state[here[1]] == ("in_office", "B3-017", [])
    assert desk.get(f"/kancelaria/{counter.sign}/etykieta.pdf").data.startswith(b"%PDF")
    # The number of the parcel opens the case from now on.
    assert counter.sign in desk.get("/kancelaria/", query_string={"q": TRACKING}).location


def test_the_shelf_of_the_last_time_is_remembered(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")
    first, *_rest = counter.awaited()

    desk.post(f"/kancelaria/{counter.sign}/przyjecie", all_here(counter, here=[first]), see="/kancelaria/")

    assert 'name="place" value="B3-017"' in desk.get(f"/kancelaria/{counter.sign}").text


def test_a_mistyped_tracking_number_is_refused_and_nothing_ticked_is_lost(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")
    first, second, *_rest = counter.awaited()

    refused = desk.post(
        f"/kancelaria/{counter.sign}/przyjecie",
        all_here(counter, here=[first], tracking="00759007731512000622") | {f"absent-{second}": "later"},
        see="/kancelaria/",
    )

    assert refused.status_code == 422
    assert "błędną cyfrę kontrolną" in text_of(refused)
    assert f'name="here" value="{first}" checked' in refused.text
    assert f'name="here" value="{second}" checked' not in refused.text
    assert f'name="absent-{second}" value="later" checked' in refused.text
    assert counter.awaited() == [first, second, *_rest]


def test_no_more_of_an_identity_document_is_kept_than_three_characters(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")
    here = {"carriage": "in_person", "identity_kind": "identity_card"}

    refused = desk.post(
        f"/kancelaria/{counter.sign}/przyjecie",
        all_here(counter, identity_tail="ABC123456") | here,
        see="/kancelaria/",
    )
    saved = desk.post(
        f"/kancelaria/{counter.sign}/przyjecie", all_here(counter, identity_tail="456") | here, see="/kancelaria/"
    )

    assert refused.status_code == 422
    assert counter.ask(lambda work: work.case.consignments[0].identity_document) == "dowód osobisty …456"
    receipt = saved.location.replace("przyjeto", "pokwitowanie") + ".pdf"
    assert desk.get(receipt).data.startswith(b"%PDF")


def test_an_envelope_that_matches_no_case_waits_until_somebody_finds_it(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")

    empty = desk.post("/kancelaria/bez-sprawy/nowa", {"carriage": "post"}, see="/kancelaria/")
    desk.post(
        "/kancelaria/bez-sprawy/nowa",
        {"carriage": "post", "tracking": TRACKING, "contents": "dwie tablice, bez pisma"},
        see="/kancelaria/",
    )

    assert empty.status_code == 422
    assert 'href="/kancelaria/bez-sprawy/1/etykieta.pdf"' in desk.get("/kancelaria/bez-sprawy").text
    waiting = desk.get("/kancelaria/", query_string={"q": TRACKING})
    assert waiting.location == "/kancelaria/bez-sprawy/1"
    assert "dwie tablice, bez pisma" in text_of(desk.get(waiting.location))
    assert desk.get("/kancelaria/bez-sprawy/1/etykieta.pdf").data.startswith(b"%PDF")

    asked = desk.post("/kancelaria/", {"q": counter.sign, "koperta": 1}, see="/kancelaria/")
    assert desk.get(asked.location).location == f"/kancelaria/{counter.sign}?koperta=1"
    desk.post(f"/kancelaria/{counter.sign}/przyjecie", all_here(counter, koperta=1), see="/kancelaria/")

    assert counter.ask(lambda work: [one.number[:6] for one in work.case.consignments]) == ["RPW/1/"]
    assert desk.get("/kancelaria/bez-sprawy/1").status_code == 404
    assert counter.awaited() == []


def test_things_are_handed_out_against_a_document_and_the_protocol_is_kept(office, counter):
    counter.decide()
    desk = log_in_staff(office, "front_desk")
    page = f"/kancelaria/{counter.sign}/wydanie"
    assert desk.get("/kancelaria/", query_string={"q": counter.sign}).location == page
    assert "Pozwolenie czasowe" in text_of(desk.get(page))

    seen = re.findall(r'name="item" value="(\d+)"', desk.get(page).text)
    to_jan = {"person": "Jan Testowy", "identity_kind": "passport", "item": seen}

    refused = desk.post(page, to_jan, see="/kancelaria/")
    fewer = desk.post(page, to_jan | {"identity_tail": "77x", "item": seen[1:]}, see="/kancelaria/")
    given = desk.post(page, to_jan | {"identity_tail": "77x"}, see="/kancelaria/")

    assert refused.status_code == 422
    assert fewer.status_code == 409
    assert counter.stage() == "handed_over"
    assert "Wydano" in text_of(desk.get(given.location))
    visit = counter.ask(lambda work: [(v.identity_document, v.protocol_sha256) for v in work.case.consignments][-1])
    assert visit[0] == "paszport …77X"
    protocol = given.location.replace("wydano", "protokol") + ".pdf"
    first, second = desk.get(protocol).data, desk.get(protocol).data
    assert first.startswith(b"%PDF")
    assert first == second


def test_who_collects_is_filled_in_for_a_person_and_left_to_be_asked_for_a_company(office, counter):
    counter.decide()
    desk, page = log_in_staff(office, "front_desk"), f"/kancelaria/{counter.sign}/wydanie"
    assert 'name="person" value="Jan Testowy"' in desk.get(page).text

    def buy(work) -> None:
        with one_transaction() as session:
            session.get_one(Citizen, work.case.citizen_id).kind = HolderKind.ENTITY

    counter.ask(buy)

    company = desk.get(page)
    assert 'name="person" value=""' in company.text
    assert "Osoba, która stoi przy okienku i odbiera w imieniu podmiotu." in text_of(company)


def test_before_the_decision_the_page_says_why_nothing_can_be_handed_out(office, counter):
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")

    page = text_of(desk.get(f"/kancelaria/{counter.sign}/wydanie"))

    assert "Nic nie czeka na odbiór osobisty." in page


def test_a_supervisor_reads_and_changes_nothing(office, counter):
    counter.await_originals()
    supervisor = log_in_staff(office, "supervisor")

    page = supervisor.get(f"/kancelaria/{counter.sign}")

    assert page.status_code == 200
    assert 'type="submit">' not in page.text.split("<main")[1].split("</main")[0]
    post = supervisor.post(f"/kancelaria/{counter.sign}/przyjecie", all_here(counter), see="/kancelaria/")
    assert post.status_code == 403


def test_a_pesel_never_stands_in_an_address(office, counter):
    desk = log_in_staff(office, "front_desk")

    answer = desk.post("/kancelaria/", {"q": "44051401359"}, see="/kancelaria/")

    assert answer.status_code == 200
    assert "44051401359" not in answer.text


def test_visits_stand_day_by_day_from_today_on_and_older_ones_behind_a_link(office, counter):
    counter.decide()
    desk = log_in_staff(office, "front_desk")
    noon = dt.datetime.now(OFFICE_ZONE).replace(hour=12, minute=0, second=0, microsecond=0)

    def agreed(day: int) -> str:
        def change(work: Work) -> None:
            with one_transaction() as session:
                session.get_one(Case, work.case_id).proposals[-1].slot = noon + dt.timedelta(days=day)

        counter.ask(change)
        return html.fromstring(desk.get("/kancelaria/").data).xpath("string(//*[@id='visits'])")

    today, in_two_days, yesterday = agreed(0), agreed(2), agreed(-1)
    older = desk.get(html.fromstring(desk.get("/kancelaria/").data).xpath("//*[@id='visits']//a/@href")[-1])

    assert re.search(rf"12:00\s*Jan Testowy\s*{re.escape(counter.sign)}", today)
    assert "Na dziś nikt się nie umówił." in in_two_days
    assert counter.sign in in_two_days
    assert counter.sign not in yesterday
    assert counter.sign in text_of(older)


def test_what_lies_on_no_shelf_is_put_on_one_together(office, counter):
    counter.decide()
    loose = counter.ask(lambda work: [one.number for one in work.case.items if one.label.startswith("NK")])
    desk = log_in_staff(office, "front_desk")
    page = html.fromstring(desk.get("/kancelaria/polki/?bez=1").data)
    assert str(loose[0]) in page.xpath("//input[@name='pick']/@value")

    nothing = desk.post("/kancelaria/polki/odlozenie?bez=1", {"place": "C-9"}, see="/kancelaria/")
    nowhere = desk.post("/kancelaria/polki/odlozenie?bez=1", {"place": " ", "pick": loose}, see="/kancelaria/")
    put = desk.post("/kancelaria/polki/odlozenie?bez=1", {"place": "C-9", "pick": loose}, see="/kancelaria/")

    assert html.fromstring(nothing.data).xpath("//input[@name='place']/@value") == ["C-9"]
    assert html.fromstring(nowhere.data).xpath("//input[@name='pick'][@checked]/@value") == [str(loose[0])]
    assert (nothing.status_code, nowhere.status_code, put.status_code) == (422, 422, 302)
    assert counter.ask(lambda work: {one.place for one in work.case.items if one.number in loose}) == {"C-9"}


def test_a_visit_that_is_still_to_come_did_not_take_place_though_its_things_are_gone(office, counter):
    counter.decide()
    noon = dt.datetime.now(OFFICE_ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    desk = log_in_staff(office, "front_desk")

    def visits(day: int) -> str:
        def change(work: Work) -> None:
            with one_transaction() as session:
                session.get_one(Case, work.case_id).proposals[-1].slot = noon + dt.timedelta(days=day)

        counter.ask(change)
        return html.fromstring(desk.get("/kancelaria/").data).xpath("string(//*[@id='visits'])")

    counter.ask(lambda work: work.give())

    assert "już odebrano" in visits(1)
    assert "odbyła się" not in visits(1)
    assert "odbyła się" in visits(0)
