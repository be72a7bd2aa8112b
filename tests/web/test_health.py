"""What monitoring sees, and who may look."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Job, JobState, Seal
from app.transaction import one_transaction
from app.usecases.set_up_office import set_up_office
from app.views.health import STARTED
from tests.databases import writing
from tests.web.conftest import system

FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def ready_app(mailbox_app):
    with mailbox_app.app_context(), one_transaction() as session:
        set_up_office(session, equipment=mailbox_app.extensions["equipment"], act=system())
    return mailbox_app


def test_a_house_with_everything_is_ready(ready_app):
    answer = ready_app.test_client().get("/readyz")

    assert answer.status_code == 200
    body = answer.get_json()
    assert body["ready"] is True
    assert {name for name, check in body["checks"].items() if check["well"]} == {
        "database",
        "store",
        "seal",
        "disk",
        "jobs",
    }


@pytest.mark.one_database
def test_a_house_without_a_seal_is_not_ready_and_says_so(mailbox_app):
    answer = mailbox_app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["checks"]["seal"]["well"] is False
    assert answer.get_json()["checks"]["database"]["well"] is True


@pytest.mark.one_database
def test_the_end_of_the_seal_is_told_a_month_before_and_makes_the_house_unready_when_it_comes(ready_app, monkeypatch):
    with ready_app.app_context():
        until = db.session.scalar(sa.select(Seal.not_after).where(Seal.in_use))
    told = []
    for left in (31, 29, 0):
        monkeypatch.setattr("app.clock.now", lambda left=left: until - dt.timedelta(days=left))
        check = ready_app.test_client().get("/readyz").get_json()["checks"]["seal"]
        told.append((check["well"], "replace it now" in check["detail"]))

    assert told == [(True, False), (True, True), (False, False)]


@pytest.mark.one_database
def test_a_job_that_nobody_does_makes_the_house_unready(ready_app):
    late = clock.now() - dt.timedelta(minutes=16)
    with ready_app.app_context(), one_transaction() as session:
        session.execute(sa.delete(Job))
        session.add(Job(kind="x", subject_id=1, key="x:1", state=JobState.READY, tries=0, due_at=late, created_at=late))
    client = ready_app.test_client()

    just_started = client.get("/readyz")
    ready_app.extensions[STARTED] = late
    answer = client.get("/readyz")

    # What fell due while the house stood still is work for the worker, not yet trouble.
    assert just_started.status_code == 200
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["jobs"]["well"] is False


@pytest.mark.one_database
def test_a_full_disk_makes_the_house_unready(ready_app):
    tools = ready_app.extensions["equipment"]
    ready_app.extensions["equipment"] = dataclasses.replace(
        tools, settings=dataclasses.replace(tools.settings, disk_reserve=2**60)
    )

    assert ready_app.test_client().get("/readyz").get_json()["checks"]["disk"]["well"] is False


@pytest.mark.one_database
def test_the_process_is_alive_without_a_database(mailbox_app):
    with mailbox_app.app_context(), writing(db.engine) as connection:
        connection.execute(sa.text("drop table web_session"))

    assert mailbox_app.test_client().get("/healthz").text == "ok\n"


@pytest.mark.one_database
def test_strangers_see_no_details_and_no_metrics(ready_app):
    client = ready_app.test_client()

    assert client.get("/readyz", environ_base=FAR).get_json() == {"ready": True}
    assert client.get("/metrics", environ_base=FAR).status_code == 404
    assert client.get("/metrics", environ_base=FAR, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_metrics_are_prometheus_text(ready_app):
    answer = ready_app.test_client().get("/metrics")

    assert answer.status_code == 200
    assert 'okienko_packages{state="received"} 0.0' in answer.text
    assert 'okienko_well{check="seal"} 1.0' in answer.text
    assert "okienko_disk_free_bytes" in answer.text
