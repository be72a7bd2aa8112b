"""Whether a database that is locked, crashes, or falls silent after a commit loses a package or takes one twice."""

from __future__ import annotations

import contextlib
import dataclasses
import selectors
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy.engine import make_url

from app.models import Package
from tests.databases import Cluster, OwnServer, migrate
from tests.faults.offices import Office, found, package, settled_once
from tests.faults.processes import Answer, Server, running, serving, until, work

pytestmark = pytest.mark.faults


@contextlib.contextmanager
def locked(office: Office) -> Iterator[None]:
    """This process holds the write lock of the SQLite database."""
    holder = sqlite.connect(office.folder / "okienko.db", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()


def test_a_package_waits_for_another_writer(sqlite_office: Office):
    with serving(sqlite_office) as server:
        server.send(package(1))
        answers: list[Answer] = []
        with locked(sqlite_office):
            begun = time.monotonic()
            sender = threading.Thread(target=lambda: answers.append(server.send(package(2))))
            sender.start()
            time.sleep(3)
            assert answers == []
        sender.join(30)

    assert [answer.status for answer in answers] == [201]
    assert time.monotonic() - begun > 3
    sqlite_office.work_off()
    settled_once(sqlite_office, 2)


def test_who_waits_too_long_is_told_to_come_again_and_nothing_is_lost(sqlite_office: Office):
    with serving(sqlite_office) as server:
        earlier = server.send(package(1)).json["id"]
        with locked(sqlite_office):
            begun = time.monotonic()
            refused = server.send(package(2))
            took = time.monotonic() - begun
            reading = server.get(f"/api/v1/packages/{earlier}")
        again = server.send(package(2))

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert 4 < took < 20
    assert reading.status == 200, "reading goes on while another one writes"
    assert again.status == 201
    sqlite_office.work_off()
    settled_once(sqlite_office, 2)


@pytest.fixture
def office_of_its_own(database_server: OwnServer, tmp_path: Path) -> Iterator[Office]:
    """An office on a PostgreSQL server that the test may crash."""
    cluster = Cluster(str(database_server.folder))
    with cluster.connection() as connection:
        connection.execute("CREATE DATABASE okienko")
    url = cluster.url("okienko")
    migrate(url)
    yield found(tmp_path, url)
    with cluster.connection() as connection:
        connection.execute("DROP DATABASE okienko WITH (FORCE)")


@pytest.mark.postgresql
def test_a_database_that_crashes_twice_under_senders_and_workers_loses_nothing(
    database_server: OwnServer, office_of_its_own: Office
):
    office = office_of_its_own
    acknowledged: dict[int, str] = {}
    statuses: list[int] = []
    stopping = threading.Event()
    numbers = iter(range(10_000))
    turn = threading.Lock()

    def sender(server: Server) -> None:
        while not stopping.is_set():
            with turn:
                number = next(numbers)
            while not stopping.is_set():
                answer = server.send(package(number), Idempotency_Key=f"n{number}")
                statuses.append(answer.status)
                if answer.status in (200, 201):
                    acknowledged[number] = answer.json["id"]
                    break
                assert answer.status == 503, answer
                time.sleep(0.1)

    def more(count: int) -> None:
        goal = len(acknowledged) + count
        until(lambda: len(acknowledged) >= goal)

    with serving(office) as server, running(work, office, lease=5) as worker:
        worker.hear()
        senders = [threading.Thread(target=sender, args=(server,), daemon=True) for _ in range(2)]
        for thread in senders:
            thread.start()
        for _ in range(2):
            more(2)
            database_server.crash()
            down = len(statuses)
            until(lambda before=down: len(statuses) > before + 1)
            database_server.start()
        more(2)
        stopping.set()
        for thread in senders:
            thread.join(60)

        assert 503 in statuses
        for number, public_id in acknowledged.items():
            repeated = server.send(package(number), Idempotency_Key=f"n{number}")
            assert (repeated.status, repeated.json["id"]) == (200, public_id)
        # A job whose worker lost the database in the middle waits for the end of its lease.
        until(office.drained)
    assert set(acknowledged.values()) <= office.packages().keys()
    settled_once(office, office.count(Package))


READING, WRITING, COMMIT = b"BEGIN READ ONLY", b"BEGIN READ WRITE", b"COMMIT"


class Cutter:
    """Stands between a door and PostgreSQL; on demand it lets a COMMIT through and cuts before the answer.

    `cut_at` says of which transactions: those that begin so.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="okienko-cut-"))
        self.cut_at: bytes | None = None
        self.cut = 0
        self._server = f"{cluster.folder}/.s.PGSQL.5432"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()

    def _accept(self) -> None:
        while True:
            try:
                door, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(door,), daemon=True).start()

    def _carry(self, door: socket.socket) -> None:
        database = socket.socket(socket.AF_UNIX)
        database.connect(self._server)
        with door, database, selectors.DefaultSelector() as ready, contextlib.suppress(OSError):
            ready.register(door, selectors.EVENT_READ, database)
            ready.register(database, selectors.EVENT_READ, door)
            begun = b""
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is door:
                        begun = next((word for word in (READING, WRITING) if word in data), begun)
                    cutting = key.fileobj is door and begun == self.cut_at and COMMIT in data
                    key.data.sendall(data)
                    if cutting:
                        self.cut_at = None
                        # It is done when the server answers; nobody hears it.
                        assert COMMIT in database.recv(65536)
                        self.cut += 1
                        return


@pytest.fixture
def cutter(cluster: Cluster) -> Iterator[Cutter]:
    cutter = Cutter(cluster)
    yield cutter
    cutter.close()


def through(cutter: Cutter, office: Office) -> Office:
    """The office as a door sees it from the other side of the cutter."""
    name = make_url(office.url).database or ""
    return dataclasses.replace(office, url=Cluster(str(cutter.folder)).url(name))


@pytest.mark.postgresql
def test_a_commit_whose_answer_was_lost_is_found_by_the_repeat(postgresql_office: Office, cutter: Cutter):
    with serving(through(cutter, postgresql_office)) as server:
        server.send(package(1))
        cutter.cut_at = WRITING
        unknown = server.send(package(2), Idempotency_Key="once")
        repeated = server.send(package(2), Idempotency_Key="once")

    assert cutter.cut == 1
    assert unknown.status == 503
    assert int(unknown.headers["Retry-After"]) > 0
    assert repeated.status == 200, "it was there already"
    assert repeated.json["id"] in postgresql_office.packages()
    postgresql_office.work_off()
    settled_once(postgresql_office, 2)


@pytest.mark.postgresql
def test_a_connection_that_is_lost_after_the_work_spoils_no_answer(postgresql_office: Office, cutter: Cutter):
    with serving(through(cutter, postgresql_office)) as server:
        public_id = server.send(package(1)).json["id"]
        cutter.cut_at = READING
        told = server.get(f"/api/v1/packages/{public_id}")
        again = server.get(f"/api/v1/packages/{public_id}")

    assert cutter.cut == 1
    assert (told.status, again.status) == (200, 200)
    assert told.json["id"] == public_id


@pytest.mark.postgresql
def test_sessions_of_the_database_that_are_ended_from_outside_cost_nobody_a_package(
    postgresql_office: Office, cluster: Cluster
):
    name = make_url(postgresql_office.url).database
    ended, statuses, ids = 0, set(), set()
    stopping = threading.Event()

    def end_sessions() -> None:
        nonlocal ended
        pause = 0.02
        with cluster.connection() as hand:
            # Less and less often, so that in the end also a slow machine gets through.
            while not stopping.wait(pause := pause * 1.3):
                ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
                ended += len(hand.execute(ending, (name,)).fetchall())

    with serving(postgresql_office, worker=True, lease=5) as server:
        hand = threading.Thread(target=end_sessions, daemon=True)
        hand.start()
        for number in range(8):
            deadline = time.monotonic() + 60
            while (answer := server.send(package(number))).status == 503:
                statuses.add(503)
                assert time.monotonic() < deadline
            statuses.add(answer.status)
            assert answer.status in (200, 201), f"{answer.body.decode()}: {server.process.quietly()}"
            ids.add(answer.json["id"])
        stopping.set()
        hand.join(30)
        until(postgresql_office.drained)

    assert ended > 0
    assert statuses <= {200, 201, 503}
    assert len(ids) == 8
    settled_once(postgresql_office, 8)
