"""What the card of a case and the list of a year say: every act once, and how each case was settled."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from app.domain.acts import SYSTEM, Act, Actor, ActorKind
from app.domain.custody import Movement
from app.domain.deadlines import office_day
from app.domain.items import ItemKind
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, DailyReport, Platform
from app.outbox.daily_reports import keep_daily_reports
from app.reports.office_papers import acts_of, cases_of
from app.transaction import one_transaction
from app.usecases.letter_head import letter_head
from app.usecases.platforms import add_platform
from app.usecases.record import record
from app.views.office.daily_report import daily_report
from app.views.wording_audit import action
from tests.factories import an_office, application_files, now
from tests.letters.reading import in_a_line, text_of
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff

pytestmark = pytest.mark.one_database


def test_the_card_of_a_case_has_each_act_once_with_its_letter_its_verdicts_and_comparisons(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")

        deeds = acts_of(db.session(), work.case)

    summonses = [deed for deed in deeds if "summon" in deed.code]
    assert [(deed.sort, deed.code) for deed in summonses] == [("step", "summon_originals")]
    assert summonses[0].document.startswith("KM.")
    assert {("verdict", "accepted"), ("things", "compared")} <= {(deed.sort, deed.code) for deed in deeds}
    assert all(deed.actor_id == work.clerk.id for deed in deeds if deed.sort in {"step", "verdict"} and deed.actor_id)


def test_the_card_of_a_case_says_what_was_done_with_its_things(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")
        work.move([item for item in work.case.items if item.kind is ItemKind.PLATE], Movement.DESTROYED)

        said = {(deed.code, deed.about) for deed in acts_of(db.session(), work.case) if deed.sort == "things"}

    assert {code for code, _kinds in said} == {"compared", "destroyed"}
    assert ("destroyed", "PLATE") in said


def test_the_card_of_a_case_tells_of_what_was_made_paid_and_served_and_by_whom(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "closed")
        sign, summons = work.case.sign, work.case.letters[0].number
        deeds = acts_of(db.session(), work.case)
        known = {item.number for item in work.case.items}

    done = {deed.code: deed for deed in deeds if deed.sort == "event"}
    assert {"plates-assigned", "fee-proved", "permit-prepared", "item-made", "certificate-ordered",
            "certificate-arrived", "letter-opened"} <= done.keys()  # fmt: skip
    assert done["plates-assigned"].actor_id == work.clerk.id
    assert next(deed.document for deed in deeds if deed.code == "letter-opened") == summons
    card = in_a_line(text_of(log_in_staff(ready, "clerk").get(f"/dokumenty/metryka/{sign}.pdf").data))
    assert "przydzielono numer rejestracyjny: SC 7A123" in card
    assert "zamówiono dowód stały" in card
    assert "adresat odebrał pismo" in card
    assert not [number for number in known if f"rzecz: {number}" in card]


def test_the_report_of_a_day_names_a_citizen_by_the_login_and_a_thing_by_what_it_is(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "originals_complete")
        item = next(one for one in work.case.items if one.kind is ItemKind.REG_CERT)
        report = daily_report(db.session(), letter_head(equipment()), office_day(work.act().at), office_day(now()))

    ids = {change.person_id for change in report.changes}
    assert "jan0" in ids
    assert not [one for one in ids if one.startswith("citizen-")]
    compared = [change.details for change in report.changes if "porówna" in change.what]
    assert any(f"Dowód rejestracyjny nr {item.number}" in said.replace("\u00a0", " ") for said in compared)


def test_the_report_of_a_day_counts_what_the_system_did_and_names_the_person_who_did_the_same(office):
    person = Act(Actor(ActorKind.STAFF, 1, "Anna Administrator"), now())
    with office.app_context():
        an_office()
        with one_transaction() as session:
            for act in (person, Act(SYSTEM, now()), Act(SYSTEM, now())):
                record(session, "office", "crl-imported", {}, act=act)
        report = daily_report(db.session(), letter_head(equipment()), office_day(now()))

        with force_locale("pl"):
            imported = action("crl-imported")

    assert [one.person for one in report.changes if one.what == imported] == ["Anna Administrator"]
    (counted,) = [one for one in report.changes if one.person_id == "system"]
    assert f"{imported}: 2" in counted.details


def test_the_report_of_a_day_names_the_platform_that_brought_something(office):
    with office.app_context():
        an_office()
        with one_transaction() as session:
            add_platform(session, "SEKAP", act=Act(SYSTEM, now()))
            session.flush()
            platform = session.scalars(sa.select(Platform)).one()
            act = Act(Actor(ActorKind.PLATFORM, platform.id, platform.name), now())
            record(session, "office", "calendar-changed", {}, act=act)
        report = daily_report(db.session(), letter_head(equipment()), office_day(now()))

    assert "SEKAP" in {change.person_id for change in report.changes}
    assert not [change.person_id for change in report.changes if change.person_id.startswith("platform-")]


def test_the_list_of_a_year_says_how_a_case_was_settled_and_of_which_vehicle(ready, authority):
    with ready.app_context():
        case = at(work_of(authority), "closed").case

        (listed,) = cases_of(db.session(), case.year, case.case_class)

    assert listed.settled_by == "register"
    assert case.vehicle_label in listed.vehicle


def test_the_reports_of_past_days_are_a_register_whose_files_never_change(office):
    supervisor = log_in_staff(office, "supervisor")
    page = supervisor.get("/raporty-dzienne/list/").get_data(as_text=True)
    assert "Raport dnia roboczego pojawi się" in page
    with office.app_context():
        an_office()
        with one_transaction() as session:
            record(session, "office", "calendar-changed", {}, act=Act(SYSTEM, now() - dt.timedelta(days=7)))
        keep_daily_reports(office.extensions["equipment"], now())
        day, sha256 = db.session.execute(sa.select(DailyReport.day, DailyReport.pdf_sha256).limit(1)).one()
        db.session.remove()
    address = f"/raporty-dzienne/{day}.pdf"

    page = supervisor.get("/raporty-dzienne/list/").get_data(as_text=True)
    first, again = (supervisor.get(address) for _ in range(2))

    assert f'href="{address}"' in page
    assert hashlib.sha256(first.data).hexdigest() == sha256
    assert first.data == again.data
    assert f"raport-dzienny-{day}.pdf" in first.headers["Content-Disposition"]
    assert supervisor.get(f"/raporty-dzienne/{day - dt.timedelta(days=30)}.pdf").status_code == 404
    assert supervisor.get("/raporty-dzienne/wczoraj.pdf").status_code == 404
    assert 'href="/raporty-dzienne/list/"' in supervisor.get("/dokumenty/").get_data(as_text=True)


def test_the_information_card_has_the_data_of_vehicle_and_owner_in_full_and_is_written_down(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")
        sign, vin, permit = work.case.sign, work.case.vehicle.vin, work.case.permit.number
        new = work.case.plate_numbers[-1].number
    clerk = log_in_staff(ready, "clerk")

    address = f"/dokumenty/karta-informacyjna/{sign}.pdf"
    answer = clerk.get(address)

    words = in_a_line(text_of(answer.data))
    assert f'href="{address}"' in clerk.get(f"/sprawa/{sign}").text
    assert all(known in words for known in (sign, vin, permit, new, "Jan Testowy", "Nowy numer rejestracyjny"))
    assert re.search(r"PESEL \d{11}", words)
    assert clerk.get("/dokumenty/karta-informacyjna/KM.5410.999.2026.pdf").status_code == 404
    with ready.app_context():
        told = sa.select(sa.func.count()).where(AuditEvent.action == "information-card-printed")
        assert db.session.scalar(told) == 1
        db.session.remove()


def test_a_case_that_nobody_has_described_has_no_information_card(ready, authority):
    with ready.app_context():
        work = work_of(authority, documents={"umowa.jpg": application_files()["wniosek.xml"]})
        work.take()
        sign = work.case.sign
    clerk = log_in_staff(ready, "clerk")

    assert "karta-informacyjna" not in clerk.get(f"/sprawa/{sign}").text
    assert clerk.get(f"/dokumenty/karta-informacyjna/{sign}.pdf").status_code == 404
