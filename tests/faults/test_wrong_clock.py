"""Whether a clock that runs ahead, or is set back, breaks no chain or series, holds up no work, lengthens no log-in."""

from __future__ import annotations

import datetime as dt
import signal

import pytest
import sqlalchemy as sa

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.intake import acknowledge, keep
from app.models import Job, Package
from app.usecases.receive_package import Arrival
from tests.faults.offices import LATER, SENDER, Office, authority, package, settled_once, take, take_seal
from tests.faults.processes import Answer, Browser, running, serving, until, work

pytestmark = pytest.mark.faults

BACK, AHEAD = dt.timedelta(hours=-2), dt.timedelta(days=2)


@pytest.fixture
def old_office(an_office: Office) -> Office:
    """Its seal was made long before the clock went wrong."""
    take_seal(an_office, authority().seal())
    return an_office


def test_packages_under_clocks_that_jump_are_numbered_and_chained_without_a_gap(old_office: Office):
    ids = []
    for number, clock in enumerate((dt.timedelta(), BACK, AHEAD, BACK)):
        with serving(old_office, worker=True, clock=clock) as server:
            answer = server.send(package(number))
            ids.append(answer.json["id"])
            server.settled(answer.json["id"])
            assert server.send(package(0)).json["id"] == ids[0], "also under another clock it is the same package"
            until(lambda: old_office.count(Job) == 0)

    settled_ids = list(old_office.packages())
    assert sorted(settled_ids) == sorted(ids)
    with old_office.inside():
        received = db.session.execute(sa.select(Package.number, Package.received_at).order_by(Package.id)).all()
    assert [row.number[-5:] for row in received] == [f"{number:05d}" for number in range(1, 5)]
    assert received[1].received_at < received[0].received_at < received[2].received_at
    old_office.work_off()
    settled_once(old_office, 4)


def test_work_left_by_a_clock_that_ran_ahead_does_not_wait_for_that_day(old_office: Office):
    with serving(old_office, clock=AHEAD) as server:
        public_id = server.send(package(1)).json["id"]
    take(old_office, [package(2)])
    with running(work, old_office, clock=AHEAD, freeze=True) as ahead:
        ahead.hear()
        ahead.hear()
        ahead.signal(signal.SIGKILL)
    with old_office.inside():
        held = db.session.scalars(sa.select(Job.leased_until).where(Job.lease.is_not(None))).one()
    assert held is not None
    assert held > now() + dt.timedelta(days=1)

    old_office.work_off()

    assert public_id in old_office.packages()
    settled_once(old_office, 2)


def test_bytes_that_a_sweeper_ahead_of_time_took_for_nobody_s_come_back(an_office: Office):
    with an_office.inside() as app:
        tools = app.extensions["equipment"]
        kept = keep([package(1)], equipment=tools)
        an_office.sweep(LATER)
        assert list(tools.store.quarantined()) == [kept.sha256]
        acknowledge(Arrival(kept, "paczka.asice"), SENDER, act=Act(SYSTEM, now()))

    an_office.work_off()

    settled_once(an_office, 1)


def test_a_log_in_ends_when_the_clock_jumps_and_goes_on_when_it_does_not(sqlite_office: Office):
    with serving(sqlite_office) as server:
        browser = Browser(server)
        browser.log_in()
        assert inside(browser.get("/odebrane"))
    for clock, goes_on in ((dt.timedelta(minutes=5), True), (BACK, False), (dt.timedelta(hours=1), False)):
        with serving(sqlite_office, clock=clock) as server:
            browser.server = server
            cookies = browser.cookies()
            assert inside(browser.get("/odebrane")) is goes_on, clock
            browser.restore(cookies)
    with serving(sqlite_office, clock=BACK) as server:
        visitor = Browser(server)
        visitor.log_in()
        assert inside(visitor.get("/odebrane")), "a log-in under the wrong clock works"
    with serving(sqlite_office) as server:
        visitor.server = server
        assert not inside(visitor.get("/odebrane"))


def inside(answer: Answer) -> bool:
    """Whether that is the page that was asked for, not the one to log in."""
    assert answer.status == 200
    return b'name="user_name"' not in answer.body
