"""Whether several worker processes over one queue of real packages do each once, also when one is killed or frozen."""

from __future__ import annotations

import contextlib
import signal

import pytest
import sqlalchemy as sa

from app.clock import now
from app.extensions import db
from app.models import Job
from app.storage import open_store
from tests.faults.offices import Office, package, settled_once, take
from tests.faults.processes import running, until, work

pytestmark = pytest.mark.faults


def settling(office: Office) -> int:
    return office.count(Job, Job.kind == "settle_package")


def test_three_workers_settle_each_package_once(an_office: Office):
    take(an_office, [package(number) for number in range(12)])

    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(running(work, an_office, wait=True)) for _ in range(3)]
        for worker in workers:
            assert worker.hear() == "ready"
        for worker in workers:
            worker.pipe.send("go")
        until(an_office.drained)
        shares = [worker.hear() for worker in workers if worker.pipe.poll(2)]

    assert len(shares) > 1, "more than one of them worked"
    settled_once(an_office, 12)


def test_what_a_killed_worker_had_in_hand_is_finished_by_another(an_office: Office):
    take(an_office, [package(1), package(2)])
    with running(work, an_office, lease=3, freeze=True) as first:
        first.hear()
        assert first.hear() == "in the middle"
        first.signal(signal.SIGKILL)
    assert settling(an_office) == 2
    with an_office.inside():
        held = db.session.scalars(sa.select(Job.leased_until).where(Job.lease.is_not(None))).one()
    assert held is not None
    assert an_office.violations() == []

    with running(work, an_office) as second:
        second.hear()
        until(an_office.drained)
    assert now() > held, "not before the lease was over"

    settled_once(an_office, 2)


def test_a_frozen_worker_that_wakes_up_late_changes_nothing(an_office: Office):
    take(an_office, [package(1)])
    with running(work, an_office, lease=2, freeze=True) as sleeper:
        sleeper.hear()
        assert sleeper.hear() == "in the middle"
        with running(work, an_office):
            until(an_office.drained)
            before = written(an_office)
            take(an_office, [package(2)])
            until(an_office.drained)

        sleeper.signal(signal.SIGCONT)
        assert sleeper.hear() >= 1, "it lives, and believes to have done its job"
        assert written(an_office)[: len(before)] == before
        assert "failed" not in sleeper.said(), "it sees that all is done, and stumbles over nothing"
        take(an_office, [package(3)])
        until(an_office.drained)

    settled_once(an_office, 3)


def test_a_frozen_worker_does_not_take_the_lease_from_who_came_after_it(an_office: Office):
    """It wakes while the other is still at work: it may finish, then the other is the one who comes too late."""
    take(an_office, [package(1)])
    with running(work, an_office, lease=2, freeze=True) as sleeper:
        sleeper.hear()
        assert sleeper.hear() == "in the middle"
        with running(work, an_office, freeze=True) as other:
            other.hear()
            assert other.hear() == "in the middle"
            sleeper.signal(signal.SIGCONT)
            until(lambda: settling(an_office) == 0)
            other.signal(signal.SIGCONT)
            until(an_office.drained)
            assert other.hear() >= 1

    settled_once(an_office, 1)


def written(office: Office) -> list[tuple[object, ...]]:
    """Receipts as they stand, with their bytes."""
    from app.models import Receipt

    with office.inside():
        rows = db.session.execute(
            sa.select(Receipt.number, Receipt.xml_sha256, Receipt.pdf_sha256, Receipt.issued_at).order_by(Receipt.id)
        ).all()
    store = open_store(office.settings.store_url)
    return [(*row, store.verify(row.xml_sha256)) for row in rows]
