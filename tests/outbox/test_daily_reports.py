"""After each working day its report is kept: once, with the days off before it; what was missed is made up for."""

from __future__ import annotations

import datetime as dt
import io
import threading

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask

from app.domain.acts import OFFICE_ZONE, SYSTEM, Act, Actor, ActorKind
from app.domain.holidays import DayKind
from app.extensions import db
from app.models import AuditEvent, DailyReport, DayOff, StoredFile
from app.outbox import daily_reports
from app.outbox.daily_reports import keep_daily_reports
from app.transaction import one_transaction
from app.usecases.record import record
from app.usecases.seal_audit import seal_audit
from app.usecases.seals import row_of, seal_in_use
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.letters.reading import text_of
from tests.outbox.lying import noon

D = dt.date
FRIDAY, SATURDAY, MONDAY, TUESDAY = D(2026, 3, 6), D(2026, 3, 7), D(2026, 3, 9), D(2026, 3, 10)


def night_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(2), OFFICE_ZONE)


def something_happens(day: dt.date, note: str = "uwaga") -> None:
    clerk = Actor(ActorKind.STAFF, 7, "Anna Referent")
    with one_transaction() as session:
        record(session, "office", "note-written", {"remark": note}, act=Act(clerk, noon(day)))


def reports() -> list[DailyReport]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(DailyReport).order_by(DailyReport.day)))


def take_seal(house: Flask) -> None:
    """The office has a seal, and nothing of it stands in its trail."""
    with one_transaction() as session:
        seal = TestAuthority("Pieczęcie").seal(at=noon(D(2026, 3, 1)))
        session.add(row_of(seal, equipment=house.extensions["equipment"], act=Act(SYSTEM, noon(FRIDAY))))


@pytest.fixture
def office(house: Flask):
    with house.app_context():
        take_seal(house)
        yield house.extensions["equipment"]
        db.session.remove()


def test_a_working_day_has_one_report_in_the_night_after_it(office):
    something_happens(FRIDAY, "kartka")
    keep_daily_reports(office, noon(FRIDAY))
    # A quarter past midnight somebody may still be writing what they began on that day.
    keep_daily_reports(office, night_after(FRIDAY) - dt.timedelta(minutes=105))
    assert reports() == []

    for _again in range(2):
        keep_daily_reports(office, night_after(FRIDAY))

    (report,) = reports()
    assert (report.day, report.first_day, report.changes) == (FRIDAY, FRIDAY, 1)
    told = text_of(office.store.read(report.pdf_sha256))
    assert all(words in told for words in ("Raport dzienny", "kartka", "Anna Referent"))
    kept = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "daily-report-kept")).one()
    assert kept.details == {"day": "2026-03-06", "entries": 1, "sha256": report.pdf_sha256}


def test_a_report_is_sealed_and_names_the_seal_of_the_trail_which_a_cut_trail_has_not(office, house: Flask):
    something_happens(FRIDAY)
    with one_transaction() as session:
        act = Act(SYSTEM, noon(FRIDAY))
        made = seal_audit(session, seal_in_use(session, equipment=office, act=act), act=act)
    number, root = made.id, made.root
    keep_daily_reports(office, night_after(FRIDAY))

    (report,) = reports()
    pdf = office.store.read(report.pdf_sha256)
    told = text_of(pdf)
    assert b"/ETSI.CAdES.detached" in pdf
    assert f"nr {number}, korzeń {root[:16]} {root[16:32]}" in " ".join(told.split())
    verify = ["audit", "verify", "--seal"]
    assert house.test_cli_runner().invoke(args=[*verify, str(number), root]).exit_code == 0
    assert house.test_cli_runner().invoke(args=[*verify, str(number + 1), root]).exit_code == 1
    assert house.test_cli_runner().invoke(args=[*verify, str(number), root[::-1]]).exit_code == 1


def test_what_happens_on_a_day_off_stands_in_the_next_report(office):
    something_happens(FRIDAY)
    keep_daily_reports(office, night_after(FRIDAY))
    something_happens(SATURDAY, "w sobotę")
    keep_daily_reports(office, night_after(SATURDAY))
    keep_daily_reports(office, night_after(MONDAY - dt.timedelta(days=1)))
    assert [report.day for report in reports()] == [FRIDAY]

    keep_daily_reports(office, night_after(MONDAY))

    _friday, monday = reports()
    assert (monday.day, monday.first_day) == (MONDAY, SATURDAY)
    told = text_of(office.store.read(monday.pdf_sha256))
    assert all(words in told for words in ("w sobotę", "07.03.2026 12:00:00"))


def test_days_missed_while_the_office_was_down_are_made_up_for_but_no_day_off(office):
    something_happens(D(2026, 12, 22))
    with one_transaction() as session:
        session.add(DayOff(day=D(2026, 12, 28), name="remont", kind=DayKind.CLOSED))

    keep_daily_reports(office, night_after(D(2026, 12, 30)))

    # 24 to 27 are holidays and a Sunday, 28 was given off by the office.
    assert [report.day for report in reports()] == [D(2026, 12, day) for day in (22, 23, 29, 30)]
    assert reports()[2].first_day == D(2026, 12, 24)
    assert "nie dokonano wpisów" in text_of(office.store.read(reports()[1].pdf_sha256))


@pytest.mark.one_database
def test_a_long_absence_is_made_up_for_a_few_days_at_a_time(office, monkeypatch):
    monkeypatch.setattr(daily_reports, "AT_ONCE", 2)
    something_happens(FRIDAY)

    keep_daily_reports(office, night_after(D(2026, 3, 12)))
    assert [report.day for report in reports()] == [FRIDAY, MONDAY]
    keep_daily_reports(office, night_after(D(2026, 3, 12)))

    assert [report.day for report in reports()] == [FRIDAY, MONDAY, TUESDAY, TUESDAY + dt.timedelta(days=1)]


@pytest.mark.one_database
def test_an_office_in_which_nothing_ever_happened_has_no_report(office):
    keep_daily_reports(office, night_after(MONDAY))

    assert reports() == []


def test_two_workers_at_once_keep_one_report_and_one_file(house: Flask):
    with house.app_context():
        take_seal(house)
        something_happens(FRIDAY)
        something_happens(MONDAY)
        db.session.remove()
    together, troubles = threading.Barrier(2), []

    def work() -> None:
        with house.app_context():
            together.wait()
            try:
                keep_daily_reports(house.extensions["equipment"], night_after(MONDAY))
            except Exception as trouble:  # noqa: BLE001  told below
                troubles.append(trouble)
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with house.app_context():
        assert troubles == []
        assert [report.day for report in reports()] == [FRIDAY, MONDAY]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 2
        db.session.remove()


def test_the_file_is_pdf_a_and_the_store_knows_it(office):
    something_happens(FRIDAY)
    keep_daily_reports(office, night_after(FRIDAY))
    (report,) = reports()

    with pikepdf.open(io.BytesIO(office.store.read(report.pdf_sha256))) as pdf:
        marks = pdf.open_metadata()
        assert marks["pdfaid:part"] == "2"
    assert verify_store(db.session(), office.store, night_after(TUESDAY)) == []

    office.store.quarantine(report.pdf_sha256)
    assert [one.invariant for one in verify_store(db.session(), office.store, night_after(TUESDAY))] == ["I7"]
