"""Whether a locked, full or crashed database loses nothing that was committed, and half-writes nothing (F08 to F11)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app import database as options
from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.models import AuditEvent, Job
from app.outbox.deliver import Handler
from app.outbox.post import post_job
from app.outbox.worker import Worker
from app.transaction import one_transaction
from app.usecases.record import record
from app.usecases.verify_audit import verify_audit
from tests.databases import Cluster, OwnServer, bare_door, migrate, test_settings
from tests.faults.processes import until

pytestmark = pytest.mark.faults


def _deed(number: int) -> None:
    """What every verb does: rows and their event in one transaction."""
    act = Act(SYSTEM, now())
    with one_transaction() as session:
        post_job(session, "count", number, key=f"count:{number}", act=act)
        record(session, "office", "counted", {"number": number}, act=act)


def _deeds() -> set[int]:
    """The deeds that are there, whole."""
    jobs = set(db.session.scalars(sa.select(Job.subject_id)))
    events = {event.details["number"] for event in db.session.scalars(sa.select(AuditEvent))}
    assert jobs == events
    assert verify_audit(db.session()) == []
    return jobs


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_waits_for_another_one(app_context: None, tmp_path: Path) -> None:
    with _lock_held(tmp_path / "okienko.db", 1.0):
        begun = time.monotonic()
        _deed(1)

    assert time.monotonic() - begun > 0.5
    assert _deeds() == {1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_gives_up_in_time_and_has_written_nothing(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "BUSY_MS", 300)
    app = bare_door(settings)
    with app.app_context():
        with _lock_held(tmp_path / "okienko.db", 20.0):
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="locked"):
                _deed(1)
            assert time.monotonic() - begun < 5
            assert _deeds() == set(), "reading goes on while another one writes"
        _deed(2)
        assert _deeds() == {2}
        db.session.remove()
        db.engine.dispose()


class _lock_held:  # noqa: N801  reads as a sentence
    """Another process holds the write lock while the block runs, but no longer than `seconds`."""

    def __init__(self, path: Path, seconds: float) -> None:
        script = (
            "import sys, time, pysqlite3.dbapi2 as s\n"
            "c = s.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE')\n"
            "print('held', flush=True); time.sleep(float(sys.argv[2])); c.execute('ROLLBACK')"
        )
        self._command = [sys.executable, "-c", script, str(path), str(seconds)]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()


_COUNTING = """
import sys
from pathlib import Path
from sqlalchemy.exc import SQLAlchemyError
from tests.databases import bare_door, test_settings
from tests.faults.test_databases import _deed, _deeds
with bare_door(test_settings(Path(sys.argv[1]), sys.argv[2])).app_context():
    for number in range(6):
        try:
            _deed(number)
        except SQLAlchemyError as error:
            sys.stdout.write(f"failed {number} {type(error).__name__}\\n")
        else:
            sys.stdout.write(f"done {number}\\n")
"""


FAULTS = [("pwrite64", "error=ENOSPC", 4), ("pwrite64", "error=ENOSPC", 11), ("fsync", "error=EIO", 4),
          ("fsync", "error=EIO", 6), ("pwrite64", "signal=KILL", 4), ("pwrite64", "signal=KILL", 11)]  # fmt: skip


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault)))
def test_a_deed_is_there_whole_if_it_was_said_to_be_done(
    house: Flask, database: str, tmp_path: Path, fault: tuple[str, str, int]
) -> None:
    call, harm, number = fault
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:{harm}:when={number}")

    told = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", *inject, sys.executable, "-c", _COUNTING, tmp_path, database],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout

    done = {int(line.split()[1]) for line in told.splitlines() if line.startswith("done")}
    failed = {int(line.split()[1]) for line in told.splitlines() if line.startswith("failed")}
    with house.app_context():
        there = _deeds()
        assert done <= there
        # Who is told that it failed sends again; the key of the work makes the second time the first.
        for again in set(range(6)) - done:
            if again not in there:
                _deed(again)
        assert _deeds() == set(range(6))
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    if harm == "signal=KILL":
        assert len(done) < 6
    else:
        assert len(failed) == 1, "one deed fails, and the process goes on"


@pytest.mark.postgresql
def test_a_database_server_that_crashes_and_comes_back_loses_no_deed(
    database_server: OwnServer, tmp_path: Path
) -> None:
    cluster = Cluster(str(database_server.folder))
    with cluster.connection() as connection:
        connection.execute("CREATE DATABASE okienko")
    url = cluster.url("okienko")
    migrate(url)
    app = bare_door(test_settings(tmp_path, url))
    done: set[int] = set()
    seen: set[int] = set()
    stopping = threading.Event()

    def sender() -> None:
        with app.app_context():
            number = 0
            while not stopping.is_set():
                try:
                    _deed(number)
                except SQLAlchemyError:
                    db.session.remove()
                    time.sleep(0.05)
                    continue
                done.add(number)
                number += 1

    worker = Worker(app, {"count": Handler(lambda work, _equipment: seen.add(work.subject_id))})
    threads = [threading.Thread(target=sender), threading.Thread(target=worker.run)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            _more(done)
            database_server.crash()
            time.sleep(0.2)
            database_server.start()
        _more(done)
        stopping.set()
        threads[0].join(30)
        until(lambda: done <= seen)
    finally:
        stopping.set()
        worker.stop()
        for thread in threads:
            thread.join(30)

    assert not any(thread.is_alive() for thread in threads)
    with app.app_context():
        events = [event.details["number"] for event in db.session.scalars(sa.select(AuditEvent))]
        assert done <= set(events)
        assert verify_audit(db.session()) == []
        db.session.remove()
        db.engine.dispose()


def _more(done: set[int]) -> None:
    before = len(done)
    until(lambda: len(done) > before + 5)
