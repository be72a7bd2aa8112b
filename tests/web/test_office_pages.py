"""What people find on the pages beside the case file: the desk, bulk acts, printouts, procedures."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.custody import Movement
from app.domain.holidays import DayKind
from app.domain.procedures import PROCEDURES
from app.extensions import db
from app.models import Case, DayOff, Item, authored
from app.transaction import one_transaction
from app.usecases.number import next_number
from tests.factories import an_office
from tests.web import procedure_rows as rows
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def full(office):
    """An office with two cases and a clerk who has one at each of several stages."""
    with office.app_context():
        an_office()
        with one_transaction() as session:
            rows.write_rows(session)
            clerk = rows.clerk_id(session)
            stages = (
                "verification",
                "originals_complete",
                "agreeing_handover",
                "awaiting_originals",
                "awaiting_remedy",
            )
            for number, stage in enumerate(stages, 3):
                stands = stage.startswith("awaiting")
                case = rows.a_case(
                    number, stage=stage, clerk_id=clerk, due_on=rows.day(3 * number), clock_stands=stands
                )
                session.add(case)
            session.flush()
            waiting = session.scalars(sa.select(Case).where(Case.stage == "awaiting_originals")).one()
            plate, act = rows._item(900, waiting, rows.ItemKind.PLATE, None, None, ""), authored(Act(SYSTEM, rows.NOW))
            plate.move(Movement.EXPECTED, act)
            plate.move(Movement.RECEIVED, act, place="A-1")
            session.add(plate)
            session.add(rows.Permit(case_id=rows_id(session, 5), number="Z1", days=30, valid_until=rows.day(2)))
    return office


def rows_id(session, number: int) -> int:
    found: int = session.scalar(sa.select(Case.id).where(Case.number == number))
    return found


def test_the_desk_shows_what_came_first_then_running_clocks_then_those_that_stand(full):
    page = log_in_staff(full, "clerk").get("/praca/").text

    signs = re.findall(r'<a class="sign"[^>]*>(KM\.5410\.\d+\.2026)', page)
    said = text_of(log_in_staff(full, "clerk").get("/praca/"))

    assert signs == [rows.sign(number) for number in (5, 6, 3, 4, 7)]
    for act in ("Porównaj oryginały", "Sprawdź dokumenty", "Wezwij o resztę"):
        assert act in said, act
    assert "Pozwolenie: 2" in said


@pytest.mark.parametrize(
    ("tab", "numbers"),
    [("on-the-way", [6]), ("summoned", [7]), ("decision", [4]), ("agreement", [5]), ("verification", [3])],
)
def test_each_tab_holds_its_own_and_counts_them(full, tab, numbers):
    page = log_in_staff(full, "clerk").get(f"/praca/?tab={tab}").text

    assert re.findall(r'<a class="sign"[^>]*>(KM\.5410\.\d+\.2026)', page) == [rows.sign(one) for one in numbers]
    assert re.search(r'aria-current="page">[^<]+<span class="count[^"]*">(\d+)', page).group(1) == str(len(numbers))


def test_a_supervisor_gives_cases_of_a_filter_to_a_clerk_and_hears_about_each(full):
    boss = log_in_staff(full, "supervisor")
    with full.app_context():
        clerk = rows.clerk_id(db.session)
    page = boss.get("/zbiorczo/?stage=verification").text
    ids = re.findall(r'name="case" value="(\d+)"', page)
    assert len(ids) == 3

    assert "checked" not in page
    assert len(re.findall(r"<input[^>]* checked", boss.get(f"/zbiorczo/?stage=verification&case={ids[0]}").text)) == 1

    asked = boss.post("/zbiorczo/przydziel", {"case": ids, "clerk": clerk}, see="/account/")
    with full.app_context():
        assert db.session.scalar(held(clerk)) == 1
    answer = boss.post("/zbiorczo/przydziel", {"case": ids, "clerk": clerk, "sure": "yes"}, see="/account/")

    assert re.search(r"otrzyma 3 sprawy", text_of(asked))
    said = text_of(answer)
    assert "Wykonano: 2 z 3, odmowy: 1" in said
    assert f"Ten referent prowadzi już sprawę {rows.sign(3)}" in said
    with full.app_context():
        assert db.session.scalar(held(clerk)) == 3


def held(clerk: int) -> sa.Select:
    return sa.select(sa.func.count()).where(Case.clerk_id == clerk, Case.stage == "verification")


def test_many_cases_are_done_batch_by_batch_and_the_sum_is_kept(full, monkeypatch):
    from app.views.office import bulk_acts

    monkeypatch.setattr(bulk_acts, "BATCH", 2)
    boss = log_in_staff(full, "supervisor")
    with full.app_context():
        clerk = rows.clerk_id(db.session)
    form = {
        "case": re.findall(r'name="case" value="(\d+)"', boss.get("/zbiorczo/").text),
        "clerk": clerk,
        "sure": "yes",
    }

    texts = []
    while form["case"]:
        page = boss.post("/zbiorczo/przydziel", form, see="/account/")
        texts.append(text_of(page))
        form = {
            "case": re.findall(r'name="case" value="(\d+)"', page.text),
            "refused": re.findall(r'name="refused" value="([^"]*)"', page.text),
            "earlier": "".join(re.findall(r'name="earlier" value="(\d+)"', page.text)),
            "clerk": clerk,
            "sure": "yes",
        }

    assert len(texts) == 4
    assert "Wykonano: 2 z 7, odmowy: 5" in texts[-1]


def test_labels_come_as_one_file_and_a_reminder_that_is_not_due_is_refused_by_name(full):
    clerk = log_in_staff(full, "clerk")
    with full.app_context():
        mine = [rows_id(db.session, 6)]

    labels = clerk.post("/zbiorczo/etykiety", {"case": mine}, see="/account/")
    reminded = clerk.post("/zbiorczo/przypomnij", {"case": mine}, see="/account/")

    assert labels.data.startswith(b"%PDF")
    assert "odmowy: 1" in text_of(reminded)


def test_what_many_cases_wait_for_is_received_at_once_each_with_its_own_number_and_the_rest_answers_by_name(full):
    desk = log_in_staff(full, "front_desk")
    with full.app_context():
        with one_transaction() as session:
            waiting = session.scalars(sa.select(Case).where(Case.number == 6)).one()
            session.add(rows._item(901, waiting, rows.ItemKind.OWNERSHIP, rows.ItemState.EXPECTED, None, ""))
            for _number in ("RPW/1/2026", "RPW/2/2026"):  # the rows have them already
                next_number(session, f"rpw:{rows.TODAY.year}")
        ids = list(db.session.scalars(sa.select(Case.id).where(Case.number.in_([4, 6]))))
    asked = desk.post("/zbiorczo/przyjecie", {"case": ids}, see="/account/")
    assert "Dowód własności" in text_of(asked)
    envelope = {"case": ids, "sure": "yes", "carriage": "in_person", "person": "Salon Testowy", "place": "C-7"}

    shown = {"identity_kind": "id_card", "identity_tail": "1"}
    wrong = desk.post("/zbiorczo/przyjecie", envelope | shown, see="/account/")
    done = desk.post("/zbiorczo/przyjecie", envelope, see="/account/")

    assert wrong.status_code == 422
    assert 'value="Salon Testowy"' in wrong.text
    assert "Wykonano: 1 z 2, odmowy: 1" in text_of(done)
    assert "Ta sprawa na nic nie czeka." in text_of(done)
    with full.app_context():
        item = db.session.scalars(sa.select(Item).where(Item.number == 901)).one()
        assert (item.state, item.place) == (rows.ItemState.IN_OFFICE, "C-7")
        parcel = item.handovers[-1].consignment
        assert (parcel.person, parcel.case_id) == ("Salon Testowy", item.case_id)


def test_papers_are_chosen_on_one_page_and_come_as_files(full):
    clerk = log_in_staff(full, "clerk")
    today = f"{rows.TODAY:%d.%m.%Y}"

    for query, media in (
        (f"paper=card&sign={rows.sign(1).lower()}", "application/pdf"),
        ("paper=card&sign=1/2026", "application/pdf"),
        ("paper=list&list=2026.5410", "application/pdf"),
        (f"paper=day&day={today}&kind=pdf", "application/pdf"),
        (f"paper=day&day={today}&kind=csv", "text/csv"),
    ):
        answer = clerk.get(f"/dokumenty/?{query}", follow_redirects=True)
        assert answer.status_code == 200
        assert answer.content_type.startswith(media), query

    assert "Nie ma sprawy o" in text_of(clerk.get("/dokumenty/?paper=card&sign=XX"))
    assert clerk.get("/dokumenty/raport/wczoraj.pdf").status_code == 404
    assert clerk.get("/dokumenty/spis/1999.pdf").status_code == 404


def test_the_daily_report_names_who_changed_what_and_leaves_reading_out(full):
    clerk = log_in_staff(full, "clerk")
    boss = log_in_staff(full, "supervisor")
    with full.app_context():
        form = {"case": [rows_id(db.session, 1)], "clerk": rows.clerk_id(db.session), "sure": "yes"}
    boss.post("/zbiorczo/przydziel", form, see="/account/")
    clerk.get(f"/sprawa/{rows.sign(1)}")

    report = clerk.get(f"/dokumenty/raport/{rows.TODAY.isoformat()}.csv").get_data(as_text=True)

    assert f"supervisor;Test Supervisor;przydzielił(a) sprawę referentowi;{rows.sign(1)}" in report
    assert "czytał" not in report
    assert "referent: " in report
    (counted,) = [line for line in report.splitlines() if ";system;Okienko;" in line]
    assert "czynności własne systemu" in counted


@pytest.mark.parametrize(("name", "edition"), [(name.value, edition) for name, edition in PROCEDURES])
def test_every_procedure_is_drawn_and_told_for_everybody(office, name, edition):
    page = log_in_staff(office, "inspector").get(f"/procedury/{name}/{edition}").text

    table = next(table for (code, of), table in PROCEDURES.items() if (code.value, of) == (name, edition))
    assert page.count('<rect class="stage') == len({*table.stages, *table.line})
    assert page.count('<tr><th scope="row">') == len(table.steps)
    assert page.count("<path class=") >= len(
        {(s.origin, s.to) for s in table.steps if not s.stays and s.origin in table.line}
    )
    assert "-prepared" not in page


def test_a_procedure_that_does_not_exist_is_not_found(office):
    person = log_in_staff(office, "auditor")

    assert person.get("/procedury/registration/1999").status_code == 404
    assert person.get("/procedury/marriage/sekap").status_code == 404


def test_the_calendar_names_the_days_of_the_law_and_of_the_office(office):
    import datetime as dt

    with office.app_context(), one_transaction() as session:
        session.add(DayOff(day=dt.date(2026, 12, 28), name="Dzień za 26 grudnia", kind=DayKind.CLOSED))
        session.add(DayOff(day=dt.date(2026, 12, 29), name="Dzień pamięci", kind=DayKind.BY_LAW))
        session.add(DayOff(day=dt.date(2026, 12, 24), name="Wigilia", kind=DayKind.WORKING))

    said = text_of(log_in_staff(office, "administrator").get("/dni-wolne/?year=2026"))

    for words in (
        "Boże Ciało ustawowo",
        "Dzień za 26 grudnia urząd nieczynny",
        "Dzień pamięci wolny na mocy nowej ustawy",
        "Wigilia dzień roboczy na mocy nowej ustawy",
    ):
        assert words in said, words
    assert log_in_staff(office, "administrator").get("/dni-wolne/?year=99999").status_code == 200


def test_a_series_is_seen_before_it_is_added_and_a_known_number_is_pointed_out(office):
    boss = log_in_staff(office, "supervisor")
    form = {"first": "sc 8k001", "count": "3", "kind": "ordinary", "plates": "2", "seen": "no"}

    shown = boss.post("/tablice/seria", form, see="/account/")
    added = boss.post("/tablice/seria", form | {"seen": "yes"}, see="/account/")
    again = boss.post("/tablice/seria", form | {"count": "8"}, see="/account/")

    assert "Zostaną dodane 3 numery" in text_of(shown)
    assert added.status_code == 302
    assert again.status_code == 422
    assert "W magazynie są już albo były numery tej serii: 3 (pierwszy: SC 8K001). Nowych numerów: 5." in text_of(again)
    for foreign in ({"first": "KR 8A001"}, {"first": "K0 001A", "kind": "temporary"}):
        refused = boss.post("/tablice/seria", form | foreign | {"seen": "yes"}, see="/account/")
        assert (refused.status_code, "nie należy do serii tego urzędu" in text_of(refused)) == (422, True)
    gone = boss.post("/tablice/wycofanie", {"number": "SC8K002", "reason": "zgnieciona"}, see="/account/")
    assert gone.status_code == 302
    assert "zgnieciona" in boss.get(gone.location).text


def test_a_day_becomes_off_after_it_was_seen_what_moves(office):
    admin = log_in_staff(office, "administrator")
    form = {"day": "28.12.2026", "kind": "closed", "name": "Dzień za 26 grudnia", "seen": "no"}

    shown = admin.post("/dni-wolne/zmiana", form, see="/account/")
    nameless = admin.post("/dni-wolne/zmiana", form | {"name": ""}, see="/account/")
    unreadable = admin.post("/dni-wolne/zmiana", form | {"day": "32.12.2026"}, see="/account/")
    changed = admin.post("/dni-wolne/zmiana", form | {"seen": "yes"}, see="/account/")

    assert "Żaden biegnący termin się nie przesunie." in text_of(shown)
    assert (nameless.status_code, unreadable.status_code) == (422, 422)
    assert changed.status_code == 302
    assert "Dzień za 26 grudnia" in text_of(admin.get("/dni-wolne/?year=2026"))
