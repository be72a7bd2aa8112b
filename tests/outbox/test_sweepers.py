"""Whether what was left lying is picked up: lost jobs, deadly jobs, bytes without rows, rows whose bytes went aside."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.equipment import Equipment
from app.extensions import db
from app.models import AuditEvent, AuditSeal, Channel, Email, Job, JobState, Package
from app.outbox import sweepers
from app.outbox.leases import LEASE, MAX_TRIES
from app.outbox.post import post_email, post_job
from app.outbox.sweepers import Sweepers
from app.transaction import one_transaction
from app.usecases.keep_file import keep_file
from app.usecases.receive_package import Arrival, Sender, receive_package
from app.usecases.record import record
from app.usecases.seals import take_seal_into_use
from tests.authority import TestAuthority

SENDER = Sender(Channel.IMPORT, "import:test", "Nadawca")


def _sweep(house: Flask, later: dt.timedelta = dt.timedelta()) -> None:
    with house.app_context():
        Sweepers().sweep(house.extensions["equipment"], now() + later)


def _receive(house: Flask) -> int:
    tools: Equipment = house.extensions["equipment"]
    with house.app_context(), one_transaction() as session:
        kept = tools.store.put_bytes(b"paczka")
        return receive_package(session, Arrival(kept, "a.asice"), SENDER, act=Act(SYSTEM, now()))[0]


def test_a_received_package_and_an_email_get_back_the_jobs_that_were_lost(house: Flask) -> None:
    package_id = _receive(house)
    with house.app_context(), one_transaction() as session:
        email_id = post_email(
            session, "a@example.invalid", "news", {}, "pl", key="package:1", act=Act(SYSTEM, now())
        ).id
        session.execute(sa.delete(Job))

    _sweep(house)
    _sweep(house)

    with house.app_context():
        jobs = db.session.execute(sa.select(Job.kind, Job.subject_id, Job.key).order_by(Job.kind)).all()
    assert [tuple(job) for job in jobs] == [
        ("send_email", email_id, f"email:{email_id}"),
        ("settle_package", package_id, f"settle_package:{package_id}"),
    ]


def test_a_job_that_kills_its_workers_is_given_up_in_the_end(house: Flask) -> None:
    with house.app_context(), one_transaction() as session:
        post_job(session, "settle_package", 1, key="a", act=Act(SYSTEM, now()))
        session.execute(sa.update(Job).values(tries=MAX_TRIES, lease="x", leased_until=now() + LEASE))

    _sweep(house)
    with house.app_context():
        assert db.session.scalars(sa.select(Job)).one().state is JobState.READY
    _sweep(house, LEASE + dt.timedelta(seconds=1))

    with house.app_context():
        job = db.session.scalars(sa.select(Job)).one()
        assert (job.state, job.lease) == (JobState.DEAD, None)
        assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "job-given-up")) == 1


def test_bytes_without_a_row_go_to_quarantine_after_an_hour_and_not_before(house: Flask) -> None:
    store = house.extensions["equipment"].store
    orphan = store.put_bytes(b"nobody's").sha256
    _receive(house)

    _sweep(house)
    assert store.exists(orphan)
    _sweep(house, dt.timedelta(minutes=61))

    assert list(store.quarantined()) == [orphan]
    assert len(list(store.names())) == 1


def test_bytes_that_got_their_row_after_all_come_back(house: Flask) -> None:
    store = house.extensions["equipment"].store
    kept = store.put_bytes(b"slow")
    store.quarantine(kept.sha256)
    with house.app_context(), one_transaction() as session:
        keep_file(session, kept.sha256, kept.size, now())

    _sweep(house)

    assert store.read(kept.sha256) == b"slow"


def test_the_trail_is_sealed_every_ten_minutes(house: Flask) -> None:
    act = Act(SYSTEM, now())
    with house.app_context(), one_transaction() as session:
        take_seal_into_use(session, TestAuthority("Pieczęć").seal(), equipment=house.extensions["equipment"], act=act)
    swept = Sweepers()
    for minutes in (0, 5, 9, 10, 20, 30):
        with house.app_context():
            with one_transaction() as session:
                record(session, "office", "looked", {"minute": minutes}, act=act)
            swept.sweep(house.extensions["equipment"], act.at + dt.timedelta(minutes=minutes))

    with house.app_context():
        assert list(db.session.scalars(sa.select(AuditSeal.events).order_by(AuditSeal.id))) == [2, 3, 1, 1]


@pytest.mark.one_database
def test_sweepers_go_on_when_the_clock_was_set_back(house: Flask) -> None:
    swept = Sweepers()
    with house.app_context():
        swept.sweep(house.extensions["equipment"], now() + dt.timedelta(days=400))
    _receive(house)
    with house.app_context(), one_transaction() as session:
        session.execute(sa.delete(Job))

    with house.app_context():
        swept.sweep(house.extensions["equipment"], now())
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


@pytest.mark.one_database
def test_one_sweeper_that_fails_does_not_keep_the_others_from_their_work(
    house: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_equipment: Equipment, _at: dt.datetime) -> None:
        raise KeyError("broken")

    periods = ((broken, dt.timedelta(minutes=1)), *sweepers._PERIODS)
    monkeypatch.setattr(sweepers, "_PERIODS", periods)
    _receive(house)
    with house.app_context(), one_transaction() as session:
        session.execute(sa.delete(Job))

    _sweep(house)

    assert "broken failed" in caplog.text
    with house.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


@pytest.mark.one_database
def test_what_is_late_is_told(house: Flask, caplog: pytest.LogCaptureFixture) -> None:
    _receive(house)

    _sweep(house, dt.timedelta(minutes=16))

    assert "1 packages were received more than 15 minutes ago" in caplog.text
    with house.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Package)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Email)) == 0
