"""Whether a disk that is full or fails costs nobody a package: said clearly, nothing half-kept, the repeat goes in."""

from __future__ import annotations

import hashlib
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.offices import Office, heavy_package, package, settled_once
from tests.faults.processes import MIB, Browser, NoMount, Server, running, serving, take_in

pytestmark = pytest.mark.faults

BIG = 1 * MIB


@contextmanager
def on_a_small_disk(office: Office, size: int) -> Iterator[Server]:
    """The server sees its store on a disk of `size` bytes."""
    try:
        with serving(office, small_disk=(office.folder / "store", size)) as server:
            yield server
    except NoMount as reason:
        pytest.skip(f"no small disk here: {reason}")


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_full_disk_is_said_and_the_same_package_goes_in_once_there_is_room(sqlite_office: Office):
    with on_a_small_disk(sqlite_office, 4 * MIB) as server:
        store = server.process.folder(sqlite_office.folder / "store")
        browser = Browser(server)
        browser.log_in()
        earlier = server.send(package(1)).json
        (store / "ballast").write_bytes(bytes(3 * MIB))
        kept = files_in(store)

        refused = server.send(heavy_package(BIG))
        page = browser.bring(heavy_package(BIG))

        assert (refused.status, refused.json["code"]) == (507, "store-full")
        assert int(refused.headers["Retry-After"]) > 0
        assert page.status == 503
        assert "Try again" in page.text
        assert files_in(store) == kept, "nothing is half-kept"
        assert sqlite_office.packages().keys() == {earlier["id"]}
        assert server.get(f"/api/v1/packages/{earlier['id']}").status == 200, "reading goes on"

        (store / "ballast").unlink()
        again = server.send(heavy_package(BIG))
        assert again.status == 201
        brought = browser.bring(heavy_package(BIG))
        assert brought.status == 200
        assert "wniosek.asice" in brought.text
        shutil.copytree(store, sqlite_office.folder / "saved")
    office = sqlite_office.with_settings(store_url=str(sqlite_office.folder / "saved"))
    office.work_off()
    settled_once(office, 2)


def test_the_reserve_is_refused_before_the_disk_is_full(sqlite_office: Office):
    reserving = sqlite_office.with_settings(disk_reserve=6 * MIB)
    with on_a_small_disk(reserving, 8 * MIB) as server:
        store = server.process.folder(sqlite_office.folder / "store")
        assert server.send(package(1)).status == 201
        assert server.get("/readyz").json["checks"]["store"]["well"]

        refused = server.send(heavy_package(4 * MIB))

        assert (refused.status, refused.json["code"]) == (507, "store-full")
        assert len(files_in(store)) == 1
        (store / "ballast").write_bytes(bytes(2 * MIB))
        assert server.send(package(2)).status == 507, "not even a small one"
        ready = server.get("/readyz")
        assert ready.status == 503
        assert not ready.json["checks"]["store"]["well"]
        assert len(sqlite_office.packages()) == 1


def test_the_import_says_in_a_sentence_that_there_is_no_room(sqlite_office: Office, tmp_path: Path):
    file = tmp_path / "paczka.asice"
    file.write_bytes(heavy_package(BIG))
    try:
        with running(take_in, sqlite_office, files=[file], small_disk=(tmp_path / "store", BIG)) as process:
            process.hear()
            code, output = process.hear()
    except NoMount as reason:
        pytest.skip(f"no small disk here: {reason}")

    assert code == 1
    assert f"{file}: not taken in, send it again: " in output
    assert "No space left" in output
    assert sqlite_office.packages() == {}

    with running(take_in, sqlite_office, files=[file]) as process:
        process.hear()
        code, output = process.hear()
    assert (code, output.count('"state": "accepted"')) == (0, 1)
    settled_once(sqlite_office, 1)


def test_a_limit_on_the_size_of_files_is_no_room_too(sqlite_office: Office):
    with serving(sqlite_office) as server:
        # Smaller than what the server keeps in memory of a request: here the store meets the limit.
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (MIB // 4, resource.RLIM_INFINITY))
        refused = server.send(heavy_package(MIB // 3))
        assert server.get("/healthz").status == 200, "the server lives on"
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        again = server.send(heavy_package(MIB // 3))

    assert (refused.status, refused.json["code"]) == (507, "store-full")
    assert again.status == 201
    assert list((sqlite_office.folder / "store" / "incoming").iterdir()) == []
    sqlite_office.work_off()
    settled_once(sqlite_office, 1)


@contextmanager
def every(call: str, path: Path, error: str, server: Server) -> Iterator[None]:
    """While the block runs, each such call of the server on that file (or folder) fails."""
    inject = ("-P", str(path), "-e", f"trace={call}", "-e", f"inject={call}:error={error}")
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(server.process.pid), "-o", "/dev/null", *inject], stderr=subprocess.PIPE, text=True
    )
    try:
        assert "attached" in tracer.stderr.readline()
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(30)
        tracer.stderr.close()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize(
    ("call", "place", "error", "status"),
    [
        ("fsync", "store/{shard}", "EIO", 503),  # the name of the package
        ("fsync", "okienko.db-wal", "EIO", 503),  # the log of the database
        ("pwrite64", "okienko.db-wal", "EIO", 503),
        ("pwrite64", "okienko.db-wal", "ENOSPC", 503),  # the database has no room
    ],
)
def test_what_did_not_reach_the_disk_is_not_acknowledged(
    sqlite_office: Office, call: str, place: str, error: str, status: int
):
    shard = hashlib.sha256(package(2)).hexdigest()[:2]
    path = sqlite_office.folder / place.format(shard=shard)
    (sqlite_office.folder / "store" / shard).mkdir(parents=True)
    with serving(sqlite_office) as server:
        earlier = server.send(package(1)).json["id"]
        with every(call, path, error, server):
            refused = server.send(package(2))
            while_it_fails = server.get(f"/api/v1/packages/{earlier}")
        known = sqlite_office.packages().keys()
        again = server.send(package(2))

    assert refused.status == status
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert while_it_fails.status == 200
    assert known == {earlier}
    assert again.status == 201
    sqlite_office.work_off()
    settled_once(sqlite_office, 2)
