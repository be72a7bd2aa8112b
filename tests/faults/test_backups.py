"""Whether a backup that was made while packages kept coming restores to a whole office (see docs/operations.md)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.models import Package
from tests.databases import Cluster, _binaries
from tests.faults.offices import LATER, Office, package, settled_once
from tests.faults.processes import Server, serving, until

pytestmark = pytest.mark.faults


def vacuum(database: Path, copy: Path) -> None:
    script = "import sys, pysqlite3.dbapi2 as s; s.connect(sys.argv[1]).execute('VACUUM INTO ?', (sys.argv[2],))"
    subprocess.run([sys.executable, "-c", script, database, copy], check=True, timeout=60)


@pytest.fixture
def copied(an_office: Office, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Callable, Callable]]:
    """How the database of `an_office` is copied, and how the copy becomes a database again."""
    if an_office.url.startswith("sqlite"):
        original = an_office.folder / "okienko.db"

        def dump(to: Path) -> None:
            vacuum(original, to / "okienko.db")

        yield dump, lambda backup: f"sqlite:///{backup / 'okienko.db'}"
        return
    programs, cluster = _binaries(), request.getfixturevalue("cluster")
    if programs is None:
        pytest.skip("pg_dump is not installed")
    name = make_url(an_office.url).database

    def pg_dump(to: Path) -> None:
        command = [programs / "pg_dump", "-h", cluster.folder, "-U", cluster.user, "-Fc", "-f", to / "okienko.dump"]
        subprocess.run([*command, name], check=True, timeout=60)

    def pg_restore(backup: Path) -> str:
        with cluster.connection() as connection:
            connection.execute(f"CREATE DATABASE {name}_restored")
        command = [programs / "pg_restore", "-h", cluster.folder, "-U", cluster.user, "--no-owner"]
        subprocess.run([*command, "-d", f"{name}_restored", backup / "okienko.dump"], check=True, timeout=60)
        return Cluster(cluster.folder).url(f"{name}_restored")

    yield pg_dump, pg_restore
    with cluster.connection() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}_restored WITH (FORCE)")


def copy_store(store: Path, to: Path) -> None:
    """Everything but `incoming`, where files come and go."""
    to.mkdir()
    command = f'find "{store}" -mindepth 1 -maxdepth 1 ! -name incoming -exec cp -a -t "{to}" {{}} +'
    subprocess.run(command, shell=True, check=True, timeout=60)


def test_a_backup_made_under_load_restores_to_a_whole_office(an_office: Office, copied, tmp_path: Path):
    dump, restore = copied
    acknowledged: list[str] = []
    stopping = threading.Event()

    def sender(server: Server) -> None:
        number = 0
        while not stopping.is_set():
            answer = server.send(package(number))
            if answer.status == 503:  # SQLite's one writer was busy
                continue
            acknowledged.append(answer.json["id"])
            number += 1

    backup = tmp_path / "backup"
    backup.mkdir()
    with serving(an_office, worker=True, lease=3) as server:
        sending = threading.Thread(target=sender, args=(server,), daemon=True)
        sending.start()
        until(lambda: len(acknowledged) >= 5)
        before = list(acknowledged)
        dump(backup)
        until(lambda: len(acknowledged) > len(before))
        during = len(acknowledged)
        copy_store(an_office.folder / "store", backup / "store")
        stopping.set()
        sending.join(60)
    assert during > len(before), "packages came in while the backup was made"

    elsewhere = tmp_path / "elsewhere"
    shutil.move(backup, elsewhere)
    restored = replace(an_office, folder=elsewhere, url=restore(elsewhere))

    assert restored.violations() == []
    assert set(before) <= restored.packages().keys() <= set(acknowledged)
    time.sleep(3)  # the lease of the job that was in hand
    until(lambda: (restored.work_off(), restored.drained())[1])
    # Bytes that came after the copy of the database have no row here; they go aside by themselves.
    restored.sweep(LATER)
    settled_once(restored, restored.count(Package))


def test_what_is_lost_between_backup_and_crash_is_taken_in_from_quarantine(sqlite_office: Office, tmp_path: Path):
    with serving(sqlite_office) as server:
        server.send(package(1))
    sqlite_office.work_off()
    database, copy = sqlite_office.folder / "okienko.db", tmp_path / "copy.db"
    vacuum(database, copy)
    with serving(sqlite_office) as server:
        server.send(package(2))
    for part in ("okienko.db-wal", "okienko.db-shm"):
        (sqlite_office.folder / part).unlink(missing_ok=True)
    shutil.copyfile(copy, database)

    sqlite_office.sweep(LATER)
    aside = list((sqlite_office.folder / "store" / "quarantine").iterdir())
    assert [path.read_bytes() for path in aside] == [package(2)]
    with sqlite_office.inside() as app:
        result = app.test_cli_runner().invoke(args=["package", "import", "--from", "Odtworzone", str(aside[0])])

    assert result.exit_code == 0, result.output
    sqlite_office.work_off()
    settled_once(sqlite_office, 2)
