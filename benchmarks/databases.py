"""Which databases are measured: SQLite files and a PostgreSQL cluster under build/bench, filled once and kept."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import ROOT, Settings, from_environment
from tests.databases import Cluster, NoPostgres, _account, _binaries, _start_packaged

FOLDER = ROOT / "build" / "bench"
SEED = 1
# A server as a small office would run it, durable as by default; only its memory is set.
_SERVER = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}


@dataclasses.dataclass(frozen=True)
class Filled:
    """A database with `rows` cases, and the settings of a house over it."""

    kind: str
    rows: int
    settings: Settings


def settings_of(folder: Path, url: str) -> Settings:
    """Return settings with their secrets under `folder`; the store is a real folder with a real reserve."""
    return from_environment({
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "PUBLIC_URL": "http://127.0.0.1:8080",
        "DEMO": "0",
    })  # fmt: skip


def filled(kind: str, rows: int, cluster: Cluster | None) -> Filled:
    """Return the database of `kind` with `rows` cases, filling it where it is not there or of another schema."""
    folder = FOLDER / f"{kind}-{rows}"
    stamp = folder / "ready.json"
    url = f"sqlite:///{folder / 'okienko.db'}"
    if kind == "postgresql":
        if cluster is None:
            raise NoPostgres("no server")
        url = cluster.url(f"cases_{rows}")
    wanted = {"schema": _schema(), "seed": SEED, "rows": rows}
    known = json.loads(stamp.read_text()) if stamp.exists() else {}
    if wanted != {name: known.get(name) for name in wanted}:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if kind == "postgresql":
            with cluster.connection() as connection:
                connection.execute(f"DROP DATABASE IF EXISTS cases_{rows}")
                connection.execute(f"CREATE DATABASE cases_{rows}")
        begun = time.monotonic()
        spent = _fill(folder, url, rows)
        stamp.write_text(json.dumps({**wanted, "seconds": round(time.monotonic() - begun), "cpu": round(spent)}))
    return Filled(kind, rows, settings_of(folder, url))


def fresh(kind: str, name: str, cluster: Cluster | None) -> Settings:
    """Return the settings of an office without a case, made anew under `name`: it is written to."""
    folder = FOLDER / f"{name}-{kind}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'okienko.db'}"
    if kind == "postgresql":
        if cluster is None:
            raise NoPostgres("no server")
        url = cluster.url(f"cases_{name}")
        with cluster.connection() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS cases_{name}")
            connection.execute(f"CREATE DATABASE cases_{name}")
    _fill(folder, url, 0)
    return settings_of(folder, url)


def _schema() -> str:
    """Return a digest of the migrations and of what invents cases: a database of another sort is filled anew."""
    sources = (*(ROOT / "migrations" / "versions").glob("*.py"), *(ROOT / "app" / "demo").glob("*.py"))
    texts = (path.read_bytes() for path in sorted(sources))
    return hashlib.sha256(b"".join(texts)).hexdigest()


def _fill(folder: Path, url: str, rows: int) -> float:
    """Fill in processes of their own; returns their processor time in seconds."""
    env = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": url, "DEMO": "0"}
    flask = [sys.executable, "-m", "flask", "--app", "run"]
    print(f"filling {folder.name} …", flush=True)
    before = os.times()
    for command in (["db", "upgrade"], ["office", "setup"]):
        subprocess.run(
            [*flask, *command], check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    if rows:
        shown = None if rows > 10_000 else subprocess.DEVNULL
        filling = [sys.executable, "-m", "benchmarks.filling", str(rows), str(SEED)]
        subprocess.run(filling, check=True, env=env, cwd=ROOT, stdout=shown)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """Run the server over build/bench/postgresql while the block runs. Raises NoPostgres."""
    binaries = _binaries()
    if binaries is None:
        yield _start_packaged()  # gone with this run: filled anew each time
        return
    account = _account()
    data = FOLDER / "postgresql"
    socket = Path(tempfile.mkdtemp(prefix="okienko-bench-"))
    if account:
        shutil.chown(socket, account, account)
    try:
        _make(binaries, data, account)
        options = " ".join(
            f"-c {name}={value}" for name, value in {**_SERVER, "unix_socket_directories": socket}.items()
        )
        _run(account, binaries / "pg_ctl", "-D", data, "-w", "-l", socket / "log", "-o", options, "start")
        try:
            yield Cluster(str(socket))
        finally:
            _run(account, binaries / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(socket, ignore_errors=True)


def _make(binaries: Path, data: Path, account: str | None) -> None:
    version = re.sub(r"\D", "", binaries.parent.name)
    there = data / "PG_VERSION"
    if there.exists() and there.read_text().strip() == version:
        return
    shutil.rmtree(data, ignore_errors=True)
    for stale in FOLDER.glob("postgresql-*"):
        shutil.rmtree(stale)
    data.mkdir(parents=True)
    if account:
        shutil.chown(data, account, account)
    _run(account, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")


def _run(account: str | None, *command: str | Path) -> None:
    identity = {"user": account, "group": account, "extra_groups": []} if account else {}
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", **identity)
    if done.returncode:
        raise NoPostgres(done.stderr.decode(errors="replace"))
