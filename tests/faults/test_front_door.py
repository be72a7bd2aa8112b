"""Whether hostile and clumsy senders get an answer from the running program (`run.py`) and leave it as it was."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.models import Package, PackageState
from tests.databases import KEYS
from tests.epackages.bombs import claiming, largest
from tests.faults.offices import Office, moved, package
from tests.faults.processes import ASIC_E, MIB, Browser, Server, until

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def office(made_on_sqlite: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return moved(made_on_sqlite, tmp_path_factory.mktemp("front-door"))


@pytest.fixture(scope="module")
def server(office: Office) -> Iterator[Server]:
    """Both doors and the worker, as `make run` starts them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = office.settings
    environment = {
        "PATH": os.environ["PATH"], "DATA_DIR": str(office.folder), "DATABASE_URL": office.url, "DATA_KEYS": KEYS,
        "SECRET_KEY": settings.secret_key, "STORE_URL": settings.store_url, "MAIL_URL": settings.mail_url,
        "PORT": str(port), "DEMO": "0", "DISK_RESERVE_MIB": "0",
    }  # fmt: skip
    log = office.folder / "run.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "run.py"], cwd=ROOT, env=environment, stdout=written, stderr=written
        )
    server = Server(SimpleNamespace(office=office, pid=process.pid, quietly=log.read_text), port)
    try:
        until(lambda: process.poll() is not None or answers(server))
        assert process.poll() is None, log.read_text()
        server.settled(server.send(package(0)).json["id"])
        yield server
        assert process.poll() is None, "it lived to the end"
    finally:
        process.terminate()
        process.wait(60)


def answers(server: Server) -> bool:
    try:
        return server.get("/healthz").status == 200
    except OSError:
        return False


def memory(pid: int, what: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) * 1024


def processor(pid: int) -> float:
    """The seconds that a process has computed: how busy the machine is says nothing about the program."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    ("bomb", "outcome", "reason"),
    [
        (lambda: claiming(50 * MIB), "unreadable", "size-mismatch"),
        (largest, "invalid", "no-signature"),
    ],
    ids=["42-MB-that-unpack-to-42-GB", "everything-just-below-its-limit"],
)
def test_a_bomb_is_answered_and_refused_and_costs_at_most_100_megabytes_and_two_seconds(
    server: Server, bomb, outcome, reason
):
    data = bomb()
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # the peak begins anew
    before, begun = memory(server.process.pid, "VmRSS"), processor(server.process.pid)
    answer = server.send(data)
    neighbour = server.send(package(1))
    told = server.settled(answer.json["id"])
    grown, used = memory(server.process.pid, "VmHWM") - before, processor(server.process.pid) - begun

    assert answer.status == 201
    assert neighbour.status in (200, 201), "others are served meanwhile"
    assert (told["state"], told["outcome"], told["receipt"]) == ("refused", outcome, None)
    assert reason in told["reasons"]
    assert grown <= 100_000_000
    assert used <= 2.0, "receiving, keeping, judging and refusing it, the neighbour's package and the questions in it"
    until(server.process.office.drained)
    assert list((server.process.office.folder / "store" / "incoming").iterdir()) == []


def bytes_kept(office: Office) -> int:
    return sum(path.stat().st_size for path in (office.folder / "store").rglob("*") if path.is_file())


def head(server: Server, length: str) -> bytes:
    return (
        f"POST /api/v1/packages HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {ASIC_E}\r\n"
        f"Authorization: Bearer {server.process.office.token}\r\n{length}\r\n\r\n"
    ).encode()


def test_what_is_larger_than_the_limit_is_refused_and_not_kept(server: Server):
    office = server.process.office
    before, packages = bytes_kept(office), office.count(Package)
    noise = os.urandom(MIB)

    over_the_package = server.send(noise * 50 + b"x")
    over_the_body = server.send(noise * 60 + b"x")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as wire:
        wire.sendall(head(server, f"Content-Length: {2**40}"))
        announced = wire.recv(4096)
    page = Browser(server)
    page.log_in()
    brought = page.bring(noise * 51)

    assert (over_the_package.status, over_the_package.json["code"]) == (413, "too-large")
    assert over_the_body.status == 413
    assert announced.startswith(b"HTTP/1.1 413 ")
    assert brought.status == 413
    assert "50" in brought.text
    assert bytes_kept(office) == before
    assert office.count(Package) == packages


def test_a_body_without_a_length_is_counted_all_the_same(server: Server):
    office = server.process.office
    before = bytes_kept(office)

    noise = os.urandom(MIB)
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as wire:
        wire.sendall(head(server, "Transfer-Encoding: chunked"))
        sent = 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for sent in range(1, 101):  # noqa: B007  how far it came is asked below
                wire.sendall(b"%x\r\n%s\r\n" % (len(noise), noise))
        with contextlib.suppress(ConnectionResetError):
            said = wire.recv(4096)
            assert said.startswith(b"HTTP/1.1 413 ")

    assert 55 < sent < 100, "it was stopped at the limit"
    assert bytes_kept(office) == before
    assert answers(server)


def test_slow_senders_keep_nobody_waiting_and_a_broken_off_one_leaves_nothing(server: Server):
    data = package(2)
    begin = head(server, f"Content-Length: {len(data)}")
    before = bytes_kept(server.process.office)
    wires = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(24)]
    for wire in wires:
        wire.sendall(begin + data[:100])

    begun = time.monotonic()
    neighbour = server.get("/healthz")
    took = time.monotonic() - begun
    for wire in wires[1:]:
        wire.close()
    for start in range(100, len(data), 500):
        wires[0].sendall(data[start : start + 500])
        time.sleep(0.05)
    finished = wires[0].recv(4096)
    wires[0].close()

    assert neighbour.status == 200
    assert took < 5
    assert finished.startswith(b"HTTP/1.1 201 ")
    assert bytes_kept(server.process.office) > before
    until(server.process.office.drained)
    sent = hashlib.sha256(data).hexdigest()
    assert server.process.office.count(Package, Package.sha256 == sent, Package.state == PackageState.ACCEPTED) == 1


def test_at_the_end_the_office_is_whole(server: Server):
    """Whatever the tests before this one did."""
    office = server.process.office
    server.settled(server.send(package(3)).json["id"])
    until(office.drained)
    with office.inside() as app:
        verified = app.test_cli_runner().invoke(args=["store", "verify"])
    assert verified.output == "All invariants hold.\n"
    assert office.count(Package, Package.state == PackageState.RECEIVED) == 0
