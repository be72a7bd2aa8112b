"""Whether every job is done, by one worker at a time, whatever happens to workers, handlers and clocks."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.clock import now
from app.database import RESTED_SECONDS
from app.domain.acts import Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.extensions import db
from app.models import AuditEvent, DeliveryState, Job, JobState
from app.outbox.deliver import Work
from app.outbox.leases import LEASE, MAX_TRIES, retry_after
from app.outbox.post import post_job
from app.outbox.worker import Worker
from app.storage import StoreFailed
from app.transaction import one_transaction
from tests.databases import Cluster
from tests.outbox.jobs import change_job, email_of, jobs_of, post, post_news, worker_of


class Counting:
    """A handler that counts how often it did each subject."""

    def __init__(self) -> None:
        self.done: Counter[int] = Counter()
        self._lock = threading.Lock()

    def __call__(self, work: Work, _equipment: Equipment) -> None:
        with self._lock:
            self.done[work.subject_id] += 1


def _raising(error: Exception) -> Callable[[Work, Equipment], None]:
    def run(_work: Work, _equipment: Equipment) -> None:
        raise error

    return run


def test_what_is_due_is_done_once_and_gone(house: Flask) -> None:
    post(house, 3)
    counting = Counting()

    assert worker_of(house, count=counting).run_once() == 3

    assert counting.done == {0: 1, 1: 1, 2: 1}
    assert jobs_of(house) == []


def test_what_is_not_due_yet_waits(house: Flask, act: Act) -> None:
    with house.app_context(), one_transaction() as session:
        post_job(session, "count", 1, key="a", act=act, delay=3600)

    assert worker_of(house, count=Counting()).run_once() == 0
    assert len(jobs_of(house)) == 1


def test_many_workers_do_each_job_once(house: Flask) -> None:
    post(house, 200)
    counting = Counting()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: worker_of(house, count=counting).run_once(), range(8)))

    assert sum(done) == 200
    assert counting.done == dict.fromkeys(range(200), 1)
    assert jobs_of(house) == []


def test_a_failed_job_rests_longer_each_time_and_is_then_given_up_for_all_to_see(house: Flask) -> None:
    post(house)
    worker = worker_of(house, count=_raising(KeyError("poison")))
    rests = []

    for _ in range(MAX_TRIES):
        assert worker.run_once() == 1
        (job,) = jobs_of(house)
        rests.append(job.due_at - now())
        change_job(house, due_at=now())

    assert job.state is JobState.DEAD
    assert job.lease is None
    assert "KeyError" in (job.error or "")
    assert all(later > min(earlier, dt.timedelta(minutes=59)) for earlier, later in pairwise(rests[:-1]))
    assert worker.run_once() == 0
    with house.app_context():
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "job-given-up")).one()
    assert event.details == {"job": job.id, "kind": "count", "subject": 0, "tries": MAX_TRIES}


def test_a_poisonous_job_does_not_keep_others_from_being_done(house: Flask) -> None:
    post(house, 1, "poison")
    post(house, 5)
    counting = Counting()

    worker_of(house, count=counting, poison=_raising(RuntimeError())).run_once()

    assert sum(counting.done.values()) == 5
    assert [job.kind for job in jobs_of(house)] == ["poison"]


@pytest.mark.parametrize("error", [Refused("seal-missing"), StoreFailed("no room")], ids=["seal", "store"])
def test_the_office_s_own_trouble_is_never_the_end_of_a_job(house: Flask, error: Exception) -> None:
    post(house)
    worker = worker_of(house, count=_raising(error))

    for _ in range(MAX_TRIES + 3):
        worker.run_once()
        change_job(house, due_at=now())

    (job,) = jobs_of(house)
    assert job.state is JobState.READY


def test_a_job_that_nobody_knows_is_given_up_at_once(house: Flask) -> None:
    post(house, kind="unheard-of")

    Worker(house, {}).run_once()

    (job,) = jobs_of(house)
    assert job.state is JobState.DEAD


def test_a_job_of_a_dead_worker_waits_for_the_end_of_its_lease_and_no_longer(house: Flask) -> None:
    post(house)
    counting = Counting()
    change_job(house, lease="of the dead", leased_until=now() + LEASE / 2)

    assert worker_of(house, count=counting).run_once() == 0
    change_job(house, leased_until=now())
    assert worker_of(house, count=counting).run_once() == 1
    assert counting.done == {0: 1}


def test_a_lease_given_by_a_clock_that_was_set_back_holds_nobody_up(house: Flask) -> None:
    post(house)
    change_job(house, lease="of yesterday", leased_until=now() + dt.timedelta(hours=2))

    assert worker_of(house, count=Counting()).run_once() == 1


def _end() -> None:
    """Come to an end, late."""


def _fail() -> None:
    raise RuntimeError("too late")


@pytest.mark.parametrize("end", [_end, _fail], ids=["finishes", "fails"])
def test_a_worker_that_wakes_up_late_changes_nothing(house: Flask, end: Callable[[], None]) -> None:
    post(house)
    asleep, awake = threading.Event(), threading.Event()

    def slow(_work: Work, _equipment: Equipment) -> None:
        asleep.set()
        assert awake.wait(20)
        end()

    late = threading.Thread(target=worker_of(house, count=slow).run_once)
    late.start()
    assert asleep.wait(20)
    change_job(house, lease="of another", leased_until=now() + LEASE)
    (before,) = jobs_of(house)
    awake.set()
    late.join(20)

    (after,) = jobs_of(house)
    assert (after.lease, after.due_at, after.state, after.error) == ("of another", before.due_at, JobState.READY, None)


def test_run_ends_after_the_job_in_hand(house: Flask) -> None:
    post(house, 5)
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def slow(work: Work, _equipment: Equipment) -> None:
        begun.set()
        assert go_on.wait(20)
        done.append(work.subject_id)

    worker = worker_of(house, count=slow)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert begun.wait(20)
    worker.stop()
    go_on.set()
    thread.join(20)

    assert not thread.is_alive()
    assert done == [0]
    assert all(job.lease is None for job in jobs_of(house))


def test_a_job_given_back_is_free_at_once(house: Flask) -> None:
    post(house)
    begun, go_on = threading.Event(), threading.Event()

    def endless(_work: Work, _equipment: Equipment) -> None:
        begun.set()
        assert go_on.wait(20)

    hanging = worker_of(house, count=endless)
    thread = threading.Thread(target=hanging.run_once)
    thread.start()
    assert begun.wait(20)
    hanging.give_back()

    assert worker_of(house, count=Counting()).run_once() == 1
    go_on.set()
    thread.join(20)
    assert jobs_of(house) == []


def test_a_claim_whose_answer_was_lost_does_not_wait_for_its_lease_to_end(house: Flask) -> None:
    post(house)
    worker = worker_of(house, count=Counting())

    def unheard(session: Session) -> None:
        if session.scalar(sa.select(Job.lease)) is not None:
            session.connection().connection.commit()
            raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))

    with house.app_context():
        sa.event.listen(db.session, "before_commit", unheard)
        with pytest.raises(OperationalError):
            worker.run_once()
        sa.event.remove(db.session, "before_commit", unheard)
    (job,) = jobs_of(house)
    assert job.lease is not None

    assert worker.run_once() == 1
    assert jobs_of(house) == []


def test_the_rests_between_tries_grow_to_an_hour_and_a_night_passes_before_the_end() -> None:
    rests = [retry_after(tries) for tries in range(1, MAX_TRIES)]

    assert rests[0] == dt.timedelta(seconds=10)
    assert max(rests) == dt.timedelta(hours=1)
    assert dt.timedelta(hours=7) < sum(rests, dt.timedelta()) < dt.timedelta(hours=12)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_goes_on_after_its_connections_were_cut(house: Flask, cluster: Cluster, database: str) -> None:
    post(house, 2)
    worker = worker_of(house, count=Counting())
    time.sleep(RESTED_SECONDS)
    with cluster.connection() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (make_url(database).database,)
        )

    assert worker.run_once() == 2


_HANGING = """
import sys, time
from pathlib import Path
from app.outbox.deliver import Handler
from app.outbox.worker import Worker
from tests.databases import bare_door, test_settings
def hang(work, equipment):
    print("begun", flush=True)
    time.sleep(60)
Worker(bare_door(test_settings(Path(sys.argv[1]), sys.argv[2])), {"count": Handler(hang)}).run_once()
"""


@pytest.mark.faults
def test_a_killed_worker_loses_no_job(house: Flask, database: str, tmp_path: Path) -> None:
    post(house)
    with subprocess.Popen(
        [sys.executable, "-c", _HANGING, tmp_path, database], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "begun\n"
        os.kill(victim.pid, signal.SIGKILL)

    (job,) = jobs_of(house)
    assert job.tries == 1
    assert job.leased_until is not None
    assert job.leased_until <= now() + LEASE
    change_job(house, leased_until=now())
    counting = Counting()
    assert worker_of(house, count=counting).run_once() == 1
    assert counting.done == {0: 1}


def test_an_idle_worker_ends_within_two_seconds(house: Flask) -> None:
    worker = Worker(house)
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(0.2)
    begun = time.monotonic()

    worker.stop()
    thread.join(20)

    assert time.monotonic() - begun < 2


@pytest.mark.faults
@pytest.mark.one_database
def test_the_worker_s_own_process_ends_well_when_told_to(house: Flask, database: str, tmp_path: Path) -> None:
    post_news(house)
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": database, "DEMO": "0"}
    command = [sys.executable, "-m", "flask", "--app", "run", "worker", "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while email_of(house).state is not DeliveryState.SENT and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        code = process.wait(30)

    assert code == 0
    assert time.monotonic() - begun < 15
    assert email_of(house).state is DeliveryState.SENT
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]
