"""`make run`: what the first start and every later one do, and what they say."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parents[1]


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def started(data: Path, port: int, **environment: str) -> Iterator[str]:
    """The program as `make run` starts it, nobody at the keyboard. Gives what it said before it served."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.start"],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(data), "PORT": str(port), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.startswith("Okienko: http"):
                break
        else:
            raise AssertionError("it ended: " + "".join(said))
        yield "".join(said)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def status_of(address: str) -> int:
    """How the program answers once it listens."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def kept_in(data: Path, question: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(f"sqlite:///{data / 'okienko.db'}")
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(question))]
    finally:
        engine.dispose()


def test_a_first_start_without_the_demonstration_sets_the_office_up_and_a_second_finds_it_so(tmp_path: Path) -> None:
    data, port = tmp_path / "var", a_free_port()
    seals = "SELECT fingerprint FROM seal"

    with started(data, port, DEMO="0") as first:
        assert status_of(f"http://127.0.0.1:{port}/readyz") == 200
        assert status_of(f"http://127.0.0.1:{port}/office/login/") == 200
    made = kept_in(data, seals)
    # Without DEMO=0, too: the database is no longer empty, and nobody invented moves in.
    with started(data, port) as second:
        assert status_of(f"http://127.0.0.1:{port}/readyz") == 200

    assert "Made: centre, seal, team, role " in first
    assert "office create-admin NAME EMAIL" in first
    assert re.search(
        rf"^Okienko: http://127\.0\.0\.1:{port}/ \(mailbox\) and .*/office/ \(office\)$", first, re.MULTILINE
    )
    assert "Keys, roles and the certification centre are in place." in second
    assert "demonstration" not in first + second
    assert (len(made), kept_in(data, seals)) == (1, made)
    assert kept_in(data, "SELECT id FROM package") == []


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        kept = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var"), "PORT": str(port), "DEMO": "0"}
        done = subprocess.run(
            [sys.executable, "-m", "app.start"], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
        )

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "PORT=8090 make run" in done.stderr
    assert not (tmp_path / "var" / "okienko.db").exists()
