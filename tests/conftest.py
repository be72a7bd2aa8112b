"""What every test may ask for: databases, settings, doors, an act. Nothing starts before a test asks for it."""

from __future__ import annotations

import datetime as dt
import functools
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import make_url

import app.models  # noqa: F401  gives constraints their names, before Flask-AppBuilder makes its tables
from app.domain.acts import SYSTEM, Act
from tests import databases
from tests.authority import TestAuthority

PROGRAMS = ("xmlsec1", "openssl", "strace", "pdfsig")
"""Programs of others that tests cannot do without; `.ci/programs` installs them where it may."""
COMPLETE = os.environ.get("OKIENKO_TESTS_COMPLETE") == "1"

# How busy a machine is says nothing about the program.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_database: asks nothing that depends on the kind of database; runs on SQLite"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    with left_out_without_its_program():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with left_out_without_its_program():
        return (yield)


@contextmanager
def left_out_without_its_program() -> Iterator[None]:
    """Leave a test out that wanted to run a program of others which this machine lacks; in the gate it fails."""
    try:
        yield
    except FileNotFoundError as missing:
        if COMPLETE or missing.filename not in PROGRAMS or shutil.which(missing.filename):
            raise
        pytest.skip(f"no {missing.filename} on this machine: make test-deps")


def pytest_terminal_summary(terminalreporter) -> None:
    """List by name what was left out; where the whole suite is demanded, that is a failure."""
    left_out = sorted((report.nodeid, report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    if left_out:
        terminalreporter.section(f"{len(left_out)} tests were left out", yellow=True)
    for name, reason in left_out:
        terminalreporter.write_line(f"{name}: {reason.removeprefix('Skipped: ')}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let nothing be left out where `OKIENKO_TESTS_COMPLETE` demands the whole suite."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if COMPLETE and exitstatus == 0 and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever asks for a database is asked on both, unless marked `one_database` or parametrised by hand."""
    by_hand = any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" not in metafunc.fixturenames or by_hand:
        return
    kinds = [pytest.param("sqlite", id="sqlite")]
    if metafunc.definition.get_closest_marker("one_database") is None:
        kinds.append(pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql))
    metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replace pytest-flask's: a context that outlives a request lets one client answer as another."""


@pytest.fixture
def client(app):
    """Replace pytest-flask's, which keeps the context of its requests."""
    return app.test_client()


@functools.cache
def _ready_key(bits: int, number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


class _ReadyKeys:
    """Stands where the office makes its keys and hands out real ones made earlier in this process.

    Each office makes three, which takes seconds. Within one test no key comes twice; what tests make for themselves
    (other centres, other people) is not touched.
    """

    def __init__(self) -> None:
        self._given: Counter[int] = Counter()

    def __getattr__(self, name: str) -> object:
        return getattr(rsa, name)

    def generate_private_key(self, public_exponent: int, key_size: int) -> rsa.RSAPrivateKey:
        assert public_exponent == 65537
        self._given[key_size] += 1
        return _ready_key(key_size, self._given[key_size])


@pytest.fixture(autouse=True)
def _ready_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.pki import authority, seal

    keys = _ReadyKeys()
    monkeypatch.setattr(authority, "rsa", keys)
    monkeypatch.setattr(seal, "rsa", keys)


@pytest.fixture(scope="module")
def authority() -> TestAuthority:
    """A certification centre outside the office, whose signers an office may trust."""
    return TestAuthority("CC z zewnątrz")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    databases.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> databases.Cluster:
    """The PostgreSQL server of this run."""
    try:
        return databases.shared_cluster(run_folder)
    except databases.NoPostgres as reason:
        if COMPLETE:
            raise
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="session")
def postgresql_url(cluster: databases.Cluster) -> Iterator[str]:
    """A database of this worker, emptied after each test."""
    with cluster.clone() as url:
        yield url


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "okienko.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgresql_url")
    yield url
    request.getfixturevalue("cluster").empty(make_url(url).database)


@pytest.fixture
def settings(database: str, tmp_path: Path):
    """Settings over a folder of this test, with fixed keys."""
    return databases.test_settings(tmp_path, database)


@pytest.fixture
def house(settings):
    """A door without pages: for verbs, the worker and commands."""
    yield (app := databases.bare_door(settings))
    _close(app)


@pytest.fixture
def mailbox_app(settings, run_folder):
    """The mailbox door."""
    from app import create_mailbox

    app = create_mailbox(settings)
    _share_templates(app, run_folder)
    yield app
    _close(app)


@pytest.fixture
def office_app(settings, run_folder):
    """The office door."""
    from app import create_office

    app = create_office(settings)
    _share_templates(app, run_folder)
    yield app
    _close(app)


@pytest.fixture
def app_context(house) -> Iterator[None]:
    """A context of `house`: `one_transaction()` works inside the test."""
    with house.app_context():
        yield


@pytest.fixture
def tools(house):
    """The equipment of `house`."""
    return house.extensions["equipment"]


@pytest.fixture
def act() -> Act:
    """The system does something, now."""
    return Act(SYSTEM, dt.datetime.now(dt.UTC))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def settings_of_module(request, tmp_path_factory):
    """The settings of a house on a database of its own, which the tests of a file share, read, and do not change."""
    folder = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "okienko.db")
        yield databases.test_settings(folder, f"sqlite:///{folder / 'okienko.db'}")
    else:
        with request.getfixturevalue("cluster").clone() as url:
            yield databases.test_settings(folder, url)


def _share_templates(app, folder: Path) -> None:
    """Let all doors of this run compile a template once: a door of its own for each test would compile all it shows."""
    (folder / "templates").mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder / "templates"))


def _close(app) -> None:
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
