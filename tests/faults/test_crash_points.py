"""Intake is killed at every write, fsync and rename it makes; each time the invariants hold and a repeat heals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from app.epackages.writer import write_zip
from tests.authority import TestAuthority
from tests.databases import bare_door, test_settings
from tests.epackages.signed import cades
from tests.factories import Signers, a_form, an_office
from tests.web.mailbox_people import changed

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

CALLS = "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate,pwrite64,write"
SHARES = {"accepted": 4, "refused": 2, "two files": 1}
"""The points of each road are dealt out to so many tests, which can run beside each other."""
HEALED = {"accepted": (1, 1, 1, 1), "refused": (1, 0, 0, 0), "two files": (1, 1, 1, 1)}
"""What there is in the end: packages, accepted ones, cases, receipts."""
ROOT = Path(__file__).resolve().parents[2]


class Zygote:
    """The process that forks; see zygote.py."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, act: str, data_dir: Path, file: Path) -> int:
        """Fork a child for `act`; returns its process id."""
        order = {"act": act, "data_dir": str(data_dir), "file": str(file)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def ended(self) -> int:
        """Wait for the child; returns its wait status."""
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    except FileNotFoundError:
        return True


def traced(zygote: Zygote, folder: Path, file: Path, *, kill_at: tuple[str, int] | None) -> tuple[int, str]:
    """Run intake under strace, killed at the call `kill_at` (name, which one); returns wait status and log of calls."""
    pid = zygote.start("intake", folder, file)
    while not stopped(pid):
        time.sleep(0.002)
    log = folder / "calls"
    # strace counts each system call for itself.
    inject = [] if kill_at is None else ["-e", f"inject={kill_at[0]}:signal=KILL:when={kill_at[1]}"]
    command = ["strace", "-p", str(pid), "-o", str(log), "-e", f"trace={CALLS}", *inject]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert "attached" in tracer.stderr.readline()
        os.kill(pid, signal.SIGCONT)
        status = zygote.ended()
        tracer.wait(30)
    return status, log.read_text()


def calls_in(log: str) -> list[tuple[str, int]]:
    """Every call of a log as (name, the how manieth of that name), in their order."""
    names = [line.partition("(")[0] for line in log.splitlines() if not line.startswith(("---", "+++"))]
    counted: Counter[str] = Counter()
    points = []
    for name in names:
        counted[name] += 1
        points.append((name, counted[name]))
    return points


@pytest.fixture(scope="module")
def zygote():
    yield (process := Zygote())
    process.close()


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> tuple[TestAuthority, dict[str, Path]]:
    """Whom the office trusts, and what is sent on each road; a signature lies beside what it signs."""
    folder = tmp_path_factory.mktemp("package")
    authority = TestAuthority("CC z zewnątrz")
    # A text needs no look at its pages, which would cost a further process at each point.
    documents = {"01-oswiadczenie.txt": b"dane testowe"}
    form = a_form(documents=documents)
    members = {"wniosek.xml": form, **documents}
    roads = {road: folder / f"{road.replace(' ', '-')}.zip" for road in SHARES}
    roads["accepted"].write_bytes(Signers(authority, folder).sign(members))
    roads["refused"].write_bytes(changed(roads["accepted"].read_bytes()))
    roads["two files"].write_bytes(archive := write_zip(members.items()))
    roads["two files"].with_suffix(".zip.p7s").write_bytes(cades(archive, authority.citizen("Jan Testowy", key="rsa")))
    return authority, roads


@pytest.fixture(scope="module")
def fresh_office(tmp_path_factory, sqlite_template, package) -> tuple[Path, dict[str, Path]]:
    """A folder with an office that is set up and has received nothing, to be copied; and what it will be sent."""
    authority, roads = package
    folder = tmp_path_factory.mktemp("office")
    shutil.copyfile(sqlite_template, folder / "okienko.db")
    door = bare_door(test_settings(folder, f"sqlite:///{folder}/okienko.db"))
    with door.app_context():
        from app.extensions import db

        an_office(authority)
        db.session.remove()
        db.engine.dispose()
    return folder, roads


@pytest.mark.parametrize(
    ("road", "share"), [(road, share) for road, shares in SHARES.items() for share in range(shares)]
)
def test_intake_killed_at_every_call_loses_nothing_and_heals_by_itself(zygote, fresh_office, tmp_path, road, share):
    fresh, file = fresh_office[0], fresh_office[1][road]
    whole = tmp_path / "whole"
    shutil.copytree(fresh, whole)
    status, log = traced(zygote, whole, file, kill_at=None)
    assert status == 0, (whole / "out").read_text()
    # Once two files are acknowledged, their road is that of one.
    points = calls_in(log.partition('"ack ')[0] if road == "two files" else log)
    assert {name for name, _ in points} >= {"fsync", "pwrite64", "write"}, log

    problems, seen = [], Counter()
    mine = points[share :: SHARES[road]]
    for point in mine:
        folder = tmp_path / "{}-{}".format(*point)
        shutil.copytree(fresh, folder)
        status, _ = traced(zygote, folder, file, kill_at=point)
        acknowledged = "ack" in (folder / "out").read_text()
        seen["killed" if os.WIFSIGNALED(status) else "ran through"] += 1
        seen["acknowledged"] += acknowledged

        zygote.start("aftermath", folder, file)
        ended = zygote.ended()
        said = (folder / "out").read_text()
        if ended != 0:
            problems.append(f"{point}: {said[-600:]}")
            continue
        found = {key: value for line in said.splitlines() for key, value in json.loads(line).items()}
        healed = (found["recovered"], found["packages"], found["accepted"], found["cases"], found["receipts"])
        if found["after_crash"] or healed != ([], *HEALED[road]):
            problems.append(f"{point}: {found}")
        shutil.rmtree(folder)

    assert problems == []
    assert seen["killed"] == len(mine)
    assert (seen["acknowledged"] == 0) == (road == "two files")
    assert seen["acknowledged"] < len(mine)
