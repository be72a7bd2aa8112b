"""Processes of an office that tests may kill, freeze and starve: servers, workers, imports; and a client for HTTP.

Each is forked from a process that has everything imported, so that dozens of them cost little. What they write goes to
a log beside the office's data; what they have to tell comes through a pipe.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import http.client
import http.cookiejar
import json
import multiprocessing
import os
import re
import secrets
import signal
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import app.intake
import app.outbox.worker
import app.views.api
import app.views.health
import app.views.mailbox
from app import create_mailbox
from app.outbox.worker import Worker
from tests.databases import bare_door
from tests.faults.offices import Office

MIB = 2**20
ASIC_E = "application/vnd.etsi.asic-e+zip"

_forge = multiprocessing.get_context("forkserver")
_forge.set_forkserver_preload([__name__])


class NoMount(Exception):
    """This machine lets nobody have a small disk."""


class Running:
    """A process that does `act` for `office`."""

    def __init__(
        self,
        act: Callable[..., None],
        office: Office,
        *,
        small_disk: tuple[Path, int] | None = None,
        clock: dt.timedelta = dt.timedelta(),
        **options: Any,
    ) -> None:
        """`small_disk`: a folder that only this process sees, and its bytes. `clock`: how wrong it goes."""
        self.office = office
        self.log = office.folder / f"{act.__name__}-{secrets.token_hex(3)}.log"
        self.pipe, theirs = _forge.Pipe()
        self._process = _forge.Process(
            target=_live, args=(act, office, theirs, self.log, small_disk, clock, options), daemon=True
        )
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def hear(self, seconds: float = 60) -> Any:
        """What it tells next."""
        if not self.pipe.poll(seconds):
            raise AssertionError(f"it said nothing in {seconds} s: {self.said()}")
        try:
            heard = self.pipe.recv()
        except EOFError:
            raise AssertionError(f"it ended: {self.said()}") from None
        if isinstance(heard, NoMount):
            raise heard
        return heard

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def quietly(self) -> str:
        """The same without the lines about requests."""
        return "\n".join(line for line in self.said().splitlines() if '"event": "request"' not in line)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self) -> None:
        with suppress(ProcessLookupError, OSError):
            if self._process.is_alive():
                self._process.kill()
        self._process.join(30)
        self.pipe.close()

    def folder(self, path: Path) -> Path:
        """A folder as the process sees it."""
        return Path(f"/proc/{self.pid}/root{path}")


@contextmanager
def running(act: Callable[..., None], office: Office, **options: Any) -> Iterator[Running]:
    process = Running(act, office, **options)
    try:
        yield process
    finally:
        process.end()


@contextmanager
def serving(office: Office, **options: Any) -> Iterator[Server]:
    """The mailbox door behind waitress, as run.py serves it. With `worker=True` also its worker thread."""
    with running(serve, office, **options) as process:
        yield Server(process, process.hear())


# What the processes do. Each gets its office and its end of the pipe.


def serve(office: Office, pipe: Connection, *, worker: bool = False, lease: float = 120) -> None:
    from waitress.server import create_server

    app.outbox.worker.LEASE = dt.timedelta(seconds=lease)

    door = create_mailbox(office.settings)
    limit = office.settings.max_body
    server = create_server(door, host="127.0.0.1", port=0, threads=8, max_request_body_size=limit, ident=None)
    if worker:
        threading.Thread(target=Worker(door).run, daemon=True).start()
    pipe.send(server.effective_port)
    server.run()


def work(office: Office, pipe: Connection, *, lease: float = 120, freeze: bool = False, wait: bool = False) -> None:
    """Work off the outbox. With `freeze`, tell and stop in the middle of settling the first package."""
    app.outbox.worker.LEASE = dt.timedelta(seconds=lease)
    if freeze:
        prepare_receipt = app.intake.prepare_receipt
        frozen = threading.Event()

        def freezing(*args: Any, **more: Any) -> Any:
            if not frozen.is_set():
                frozen.set()
                pipe.send("in the middle")
                os.kill(os.getpid(), signal.SIGSTOP)
            return prepare_receipt(*args, **more)

        app.intake.prepare_receipt = freezing

    class Telling(Worker):
        def run_once(self) -> int:
            done = super().run_once()
            if done:
                pipe.send(done)
            return done

    worker = Telling(bare_door(office.settings))
    pipe.send("ready")
    if wait:
        pipe.recv()
    worker.run()


def take_in(office: Office, pipe: Connection, *, files: list[Path], wait: bool = False) -> None:
    """`flask package import --json FILES`."""
    door = bare_door(office.settings)
    pipe.send("ready")
    if wait:
        pipe.recv()
    result = door.test_cli_runner().invoke(args=["package", "import", "--json", *map(str, files)])
    pipe.send((result.exit_code, result.output))


def _live(  # noqa: PLR0917  a process gets its arguments in a row
    act: Callable[..., None],
    office: Office,
    pipe: Connection,
    log: Path,
    small_disk: tuple[Path, int] | None,
    clock: dt.timedelta,
    options: Mapping[str, Any],
) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.update(office.environment)
    if small_disk:
        try:
            _mount(*small_disk)
        except OSError as error:
            pipe.send(NoMount(str(error)))
            return
    if clock:
        import time_machine

        time_machine.travel(dt.datetime.now(dt.UTC) + clock, tick=True).start()
    act(office, pipe, **options)
    sys.stdout.flush()


def _mount(folder: Path, size: int) -> None:
    """Put a disk of `size` bytes over `folder`, for this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *args: Any) -> None:
        if getattr(libc, name)(*args) != 0:
            raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")

    new_namespace, new_user, recursive, private = 0x20000, 0x10000000, 0x4000, 0x40000
    user, group = os.geteuid(), os.getegid()
    try:
        call("unshare", new_namespace)
    except OSError:
        call("unshare", new_namespace | new_user)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    call("mount", b"none", b"/", None, recursive | private, None)
    folder.mkdir(parents=True, exist_ok=True)
    call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode())


# The client.


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value

    @property
    def text(self) -> str:
        """What a person reads."""
        page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", self.body.decode(), flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


class Server:
    """A running server, as a platform speaks to it."""

    def __init__(self, process: Running, port: int) -> None:
        self.process = process
        self.port = port

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, headers={"Authorization": f"Bearer {self.process.office.token}"})

    def send(self, package: bytes, **headers: str) -> Answer:
        """Push a package as a platform does; keyword `Idempotency_Key` becomes that header."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {"Authorization": f"Bearer {self.process.office.token}", "Content-Type": ASIC_E}
        return self.ask("POST", "/api/v1/packages", package, {**known, **more})

    def settled(self, public_id: str, seconds: float = 60) -> dict[str, Any]:
        """The package once it is settled."""
        deadline = time.monotonic() + seconds
        while True:
            body = self.get(f"/api/v1/packages/{public_id}").json
            if body["state"] != "received":
                return body
            assert time.monotonic() < deadline, f"{body}: {self.process.quietly()}"
            time.sleep(0.1)


class Browser:
    """A citizen before a running server: keeps cookies, fills in forms, reads English."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def cookies(self) -> list[http.cookiejar.Cookie]:
        return list(self._jar)

    def restore(self, cookies: list[http.cookiejar.Cookie]) -> None:
        """Have these cookies again, whatever the server did to them."""
        self._jar.clear()
        for cookie in cookies:
            self._jar.set_cookie(cookie)

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self._address(path), headers={"Accept-Language": "en"}))

    def post(self, path: str, fields: Mapping[str, str | tuple[str, bytes]], *, form: str) -> Answer:
        """Send a form that stands on the page `form`; a pair is a file with its name."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(form).body.decode())
        assert token, f"no form on {form}"
        boundary = secrets.token_hex(16)
        parts = []
        for name, value in {"csrf_token": token[1], **fields}.items():
            filename, data = value if isinstance(value, tuple) else ("", value.encode())
            told = f'; filename="{filename}"' if filename else ""
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'
            parts.append(head.encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept-Language": "en"}
        return self._open(urllib.request.Request(self._address(path), body, headers, method="POST"))

    def log_in(self) -> Answer:
        from tests.web.mailbox_people import PASSWORD

        return self.post("/logowanie", {"user_name": "jan", "password": PASSWORD}, form="/logowanie")

    def bring(self, package: bytes, name: str = "wniosek.asice") -> Answer:
        return self.post("/wyslij", {"package": (name, package)}, form="/wyslij")

    def _address(self, path: str) -> str:
        return urllib.parse.urljoin(f"http://127.0.0.1:{self.server.port}", path)

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
