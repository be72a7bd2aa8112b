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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.extensions import db
from app.models import AuditEvent, DeliveryState, Email, Job, JobState
from app.outbox.deliver import HANDLERS, Handler, Work
from app.outbox.leases import LEASE, MAX_TRIES, retry_after
from app.outbox.post import post_email, post_job
from app.outbox.worker import Worker
from app.storage import StoreFailed
from app.transaction import one_transaction
from tests.databases import Cluster
from tests.outbox.smtp import Postbox, smtp_server


def _post(house: Flask, count: int = 1, kind: str = "count") -> None:
    with house.app_context(), one_transaction() as session:
        for number in range(count):
            post_job(session, kind, number, key=f"{kind}:{number}", act=Act(SYSTEM, now()))


def _jobs(house: Flask) -> list[Job]:
    with house.app_context():
        return list(db.session.scalars(sa.select(Job).order_by(Job.id)))


def _change_job(house: Flask, **values: object) -> None:
    with house.app_context(), one_transaction() as session:
        session.execute(sa.update(Job).values(**values))


def _worker(house: Flask, **handlers: Callable[[Work, Equipment], None]) -> Worker:
    return Worker(house, {kind: Handler(run) for kind, run in handlers.items()})


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
    _post(house, 3)
    counting = Counting()

    assert _worker(house, count=counting).run_once() == 3

    assert counting.done == {0: 1, 1: 1, 2: 1}
    assert _jobs(house) == []


def test_what_is_not_due_yet_waits(house: Flask, act: Act) -> None:
    with house.app_context(), one_transaction() as session:
        post_job(session, "count", 1, key="a", act=act, delay=3600)

    assert _worker(house, count=Counting()).run_once() == 0
    assert len(_jobs(house)) == 1


def test_many_workers_do_each_job_once(house: Flask) -> None:
    _post(house, 200)
    counting = Counting()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: _worker(house, count=counting).run_once(), range(8)))

    assert sum(done) == 200
    assert counting.done == dict.fromkeys(range(200), 1)
    assert _jobs(house) == []


def test_a_failed_job_rests_longer_each_time_and_is_then_given_up_for_all_to_see(house: Flask) -> None:
    _post(house)
    worker = _worker(house, count=_raising(KeyError("poison")))
    rests = []

    for _ in range(MAX_TRIES):
        assert worker.run_once() == 1
        (job,) = _jobs(house)
        rests.append(job.due_at - now())
        _change_job(house, due_at=now())

    assert job.state is JobState.DEAD
    assert job.lease is None
    assert "KeyError" in (job.error or "")
    assert all(later > min(earlier, dt.timedelta(minutes=59)) for earlier, later in pairwise(rests[:-1]))
    assert worker.run_once() == 0
    with house.app_context():
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "job-given-up")).one()
    assert event.details == {"job": job.id, "kind": "count", "subject": 0, "tries": MAX_TRIES}


def test_a_poisonous_job_does_not_keep_others_from_being_done(house: Flask) -> None:
    _post(house, 1, "poison")
    _post(house, 5)
    counting = Counting()

    _worker(house, count=counting, poison=_raising(RuntimeError())).run_once()

    assert sum(counting.done.values()) == 5
    assert [job.kind for job in _jobs(house)] == ["poison"]


@pytest.mark.parametrize("error", [Refused("seal-missing"), StoreFailed("no room")], ids=["seal", "store"])
def test_the_office_s_own_trouble_is_never_the_end_of_a_job(house: Flask, error: Exception) -> None:
    _post(house)
    worker = _worker(house, count=_raising(error))

    for _ in range(MAX_TRIES + 3):
        worker.run_once()
        _change_job(house, due_at=now())

    (job,) = _jobs(house)
    assert job.state is JobState.READY


def test_a_job_that_nobody_knows_is_given_up_at_once(house: Flask) -> None:
    _post(house, kind="unheard-of")

    Worker(house, {}).run_once()

    (job,) = _jobs(house)
    assert job.state is JobState.DEAD


def test_a_job_of_a_dead_worker_waits_for_the_end_of_its_lease_and_no_longer(house: Flask) -> None:
    _post(house)
    counting = Counting()
    _change_job(house, lease="of the dead", leased_until=now() + LEASE / 2)

    assert _worker(house, count=counting).run_once() == 0
    _change_job(house, leased_until=now())
    assert _worker(house, count=counting).run_once() == 1
    assert counting.done == {0: 1}


def test_a_lease_given_by_a_clock_that_was_set_back_holds_nobody_up(house: Flask) -> None:
    _post(house)
    _change_job(house, lease="of yesterday", leased_until=now() + dt.timedelta(hours=2))

    assert _worker(house, count=Counting()).run_once() == 1


def _end() -> None:
    """Come to an end, late."""


def _fail() -> None:
    raise RuntimeError("too late")


@pytest.mark.parametrize("end", [_end, _fail], ids=["finishes", "fails"])
def test_a_worker_that_wakes_up_late_changes_nothing(house: Flask, end: Callable[[], None]) -> None:
    _post(house)
    asleep, awake = threading.Event(), threading.Event()

    def slow(_work: Work, _equipment: Equipment) -> None:
        asleep.set()
        assert awake.wait(20)
        end()

    late = threading.Thread(target=_worker(house, count=slow).run_once)
    late.start()
    assert asleep.wait(20)
    _change_job(house, lease="of another", leased_until=now() + LEASE)
    (before,) = _jobs(house)
    awake.set()
    late.join(20)

    (after,) = _jobs(house)
    assert (after.lease, after.due_at, after.state, after.error) == ("of another", before.due_at, JobState.READY, None)


def test_run_ends_after_the_job_in_hand(house: Flask) -> None:
    _post(house, 5)
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def slow(work: Work, _equipment: Equipment) -> None:
        begun.set()
        assert go_on.wait(20)
        done.append(work.subject_id)

    worker = _worker(house, count=slow)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert begun.wait(20)
    worker.stop()
    go_on.set()
    thread.join(20)

    assert not thread.is_alive()
    assert done == [0]
    assert all(job.lease is None for job in _jobs(house))


def test_a_job_given_back_is_free_at_once(house: Flask) -> None:
    _post(house)
    begun, go_on = threading.Event(), threading.Event()

    def endless(_work: Work, _equipment: Equipment) -> None:
        begun.set()
        assert go_on.wait(20)

    hanging = _worker(house, count=endless)
    thread = threading.Thread(target=hanging.run_once)
    thread.start()
    assert begun.wait(20)
    hanging.give_back()

    assert _worker(house, count=Counting()).run_once() == 1
    go_on.set()
    thread.join(20)
    assert _jobs(house) == []


def test_the_rests_between_tries_grow_to_an_hour_and_a_night_passes_before_the_end() -> None:
    rests = [retry_after(tries) for tries in range(1, MAX_TRIES)]

    assert rests[0] == dt.timedelta(seconds=10)
    assert max(rests) == dt.timedelta(hours=1)
    assert dt.timedelta(hours=7) < sum(rests, dt.timedelta()) < dt.timedelta(hours=12)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_goes_on_after_its_connections_were_cut(house: Flask, cluster: Cluster, database: str) -> None:
    _post(house, 2)
    worker = _worker(house, count=Counting())
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
    _post(house)
    with subprocess.Popen(
        [sys.executable, "-c", _HANGING, tmp_path, database], stdout=subprocess.PIPE, text=True
    ) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "begun\n"
        os.kill(victim.pid, signal.SIGKILL)

    (job,) = _jobs(house)
    assert job.tries == 1
    assert job.leased_until is not None
    assert job.leased_until <= now() + LEASE
    _change_job(house, leased_until=now())
    counting = Counting()
    assert _worker(house, count=counting).run_once() == 1
    assert counting.done == {0: 1}


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def postbox(server: Postbox, house: Flask) -> Postbox:
    server.mood = "takes"
    server.taken.clear()
    tools: Equipment = house.extensions["equipment"]
    house.extensions["equipment"] = replace(tools, settings=replace(tools.settings, mail_url=server.url))
    return server


def _email(house: Flask) -> Email:
    with house.app_context():
        return db.session.scalars(sa.select(Email)).one()


def _post_email(house: Flask, language: str = "pl", template: str = "news") -> None:
    with house.app_context(), one_transaction() as session:
        post_email(session, "jan@example.invalid", template, {}, language, key="package:1", act=Act(SYSTEM, now()))


def test_an_email_is_sent_in_its_reader_s_language_and_marked(house: Flask, postbox: Postbox) -> None:
    _post_email(house, "en")

    assert Worker(house).run_once() == 1

    (taken,) = postbox.taken
    assert taken["Subject"] == "There is news in your mailbox"
    assert taken["Content-Language"] == "en"
    assert taken["From"] == "Urząd Miasta Częstochowy <okienko@czestochowa.example>"
    assert "http://127.0.0.1:8080/" in taken.get_content()
    email = _email(house)
    assert email.state is DeliveryState.SENT
    assert email.sent_at is not None
    assert taken["Message-ID"] == email.message_id


def test_a_mail_server_that_is_down_delays_emails_and_the_failure_becomes_visible(
    house: Flask, postbox: Postbox
) -> None:
    _post_email(house)
    worker = Worker(house)
    postbox.mood = "defers"

    worker.run_once()
    assert _email(house).state is DeliveryState.WAITING
    _change_job(house, tries=MAX_TRIES - 1, due_at=now())
    worker.run_once()

    assert _email(house).state is DeliveryState.FAILED
    (job,) = _jobs(house)
    assert job.state is JobState.DEAD


def test_an_email_deferred_once_arrives_later(house: Flask, postbox: Postbox) -> None:
    _post_email(house)
    postbox.mood = "defers"
    Worker(house).run_once()
    postbox.mood = "takes"
    _change_job(house, due_at=now())

    Worker(house).run_once()

    assert len(postbox.taken) == 1
    assert _email(house).state is DeliveryState.SENT


def test_an_unknown_recipient_is_told_at_once(house: Flask, postbox: Postbox) -> None:
    _post_email(house)
    postbox.mood = "refuses"

    Worker(house).run_once()

    assert _email(house).state is DeliveryState.FAILED


def test_an_email_sent_before_the_worker_died_is_sent_again_under_the_same_id(house: Flask, postbox: Postbox) -> None:
    _post_email(house)

    def sends_and_dies(work: Work, equipment: Equipment) -> None:
        # What a death between the server's answer and the commit leaves behind: the lease, then its end.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.outbox.deliver.one_transaction", _died)
            HANDLERS["send_email"].run(work, equipment)

    _worker(house, send_email=sends_and_dies).run_once()
    _change_job(house, lease=None, leased_until=None, due_at=now())
    Worker(house).run_once()

    assert len(postbox.taken) == 2
    assert len({message["Message-ID"] for message in postbox.taken}) == 1
    assert _email(house).state is DeliveryState.SENT


def _died() -> None:
    raise RuntimeError("died")


def test_a_template_with_a_missing_field_is_never_sent(
    house: Flask, postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2 import DictLoader

    monkeypatch.setattr(house.jinja_env, "loader", DictLoader({"email/news.txt": "Subject\n{{ sign }}\n"}))
    _post_email(house)

    Worker(house).run_once()

    assert postbox.taken == []
    (job,) = _jobs(house)
    assert "UndefinedError" in (job.error or "")


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
    _post_email(house)
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": database, "DEMO": "0"}
    command = [sys.executable, "-m", "flask", "--app", "run", "worker", "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while _email(house).state is not DeliveryState.SENT and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        code = process.wait(30)

    assert code == 0
    assert time.monotonic() - begun < 15
    assert _email(house).state is DeliveryState.SENT
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]
