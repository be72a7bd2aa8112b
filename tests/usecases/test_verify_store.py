"""Whether the one function that checks the invariants finds each of them broken, and none where all is well."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import make_url

from app.database import WRITING
from app.extensions import db
from app.models import AuditEvent, Case, CaseStep, Email, Job, JobState, NumberSeries, Package, Receipt, StoredFile
from app.storage import Store
from app.usecases.verify_store import Violation, verify_store
from tests.authority import TestAuthority
from tests.databases import Cluster, bare_door, test_settings
from tests.factories import Signers, an_office, application_files, now, send


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An office with one accepted package and one refused one, made once: its folder and its database."""
    folder = tmp_path_factory.mktemp("office")
    with ExitStack() as until_the_end:
        if request.param == "sqlite":
            shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "okienko.db")
            url = f"sqlite:///{folder / 'okienko.db'}"
        else:
            url = until_the_end.enter_context(request.getfixturevalue("cluster").clone())
        authority = TestAuthority("CC z zewnątrz")
        with _door(folder, url):
            an_office(authority)
            send(Signers(authority, folder).sign(application_files()))
            send(b"not a package at all")
        yield folder, url


@pytest.fixture
def office(request: pytest.FixtureRequest, made: tuple[Path, str], tmp_path: Path) -> Iterator[Flask]:
    """A copy of the office that was made."""
    folder, url = made
    shutil.copytree(folder / "store", tmp_path / "store")
    with ExitStack() as until_the_end:
        if url.startswith("sqlite"):
            shutil.copyfile(folder / "okienko.db", tmp_path / "okienko.db")
            url = f"sqlite:///{tmp_path / 'okienko.db'}"
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            url = until_the_end.enter_context(cluster.clone(make_url(url).database or ""))
        yield until_the_end.enter_context(_door(tmp_path, url))


@contextmanager
def _door(folder: Path, url: str) -> Iterator[Flask]:
    app = bare_door(test_settings(folder, url))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _verify(office: Flask, later: dt.timedelta = dt.timedelta()) -> list[Violation]:
    db.session.rollback()
    return verify_store(db.session(), _store(office), now() + later)


def _store(office: Flask) -> Store:
    return office.extensions["equipment"].store


def _meddle(statement: sa.Executable, *, history: bool = False) -> None:
    """Change rows as nobody should: past the verbs, the foreign keys and the guards."""
    db.session.rollback()
    with db.engine.execution_options(**{WRITING: True}).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.execute(statement)
            connection.exec_driver_sql("SET session_replication_role = origin")
        else:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            for table in ("case_step", "audit_event") if history else ():
                for verb in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            connection.execute(statement)
        connection.commit()


def _package_sha() -> str:
    return db.session.scalars(sa.select(Package.sha256).order_by(Package.id)).first() or ""


def test_an_office_where_all_is_well_has_no_violation(office: Flask) -> None:
    assert _verify(office) == []
    assert _verify(office, dt.timedelta(days=1)) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


ROWS: dict[str, tuple[str, Callable[[], sa.Executable]]] = {
    "I1: the size of a file is told wrongly": ("I1", lambda: sa.update(StoredFile).values(size=StoredFile.size + 1)),
    "I2: an accepted package is in no case": (
        "I2",
        lambda: sa.update(Package).where(Package.state == "accepted").values(case_id=None),
    ),
    "I3: a receipt is gone": ("I3", lambda: sa.delete(Receipt)),
    "I3: a refused package has a receipt": (
        "I3",
        lambda: sa.update(Receipt).values(package_id=sa.select(sa.func.max(Package.id)).scalar_subquery()),
    ),
    "I4: a case stands where no step led": ("I4", lambda: sa.update(Case).values(stage="closed")),
    "I4: a step is gone": ("I4", lambda: sa.delete(CaseStep)),
    "I4: a step begins elsewhere": ("I4", lambda: sa.update(CaseStep).values(from_stage="closed")),
    "I4: a step has another number": ("I4", lambda: sa.update(CaseStep).values(seq=2)),
    "I4: an event was changed": ("I4", lambda: sa.update(AuditEvent).values(actor_name="X")),
    "I5: a case number was left out": ("I5", lambda: sa.update(Case).values(number=2)),
    "I5: the series of cases forgot one": (
        "I5",
        lambda: sa.update(NumberSeries).where(NumberSeries.series.startswith("case:")).values(last=0),
    ),
    "I5: the series of packages ran ahead": (
        "I5",
        lambda: sa.update(NumberSeries).where(NumberSeries.series.startswith("package:")).values(last=9),
    ),
    "I8: a received package has no job": ("I8", lambda: sa.update(Package).values(state="received")),
    "I8: a waiting e-mail has no job": (
        "I8",
        lambda: sa.insert(Email).values(
            message_id="<x>", recipient="a", language="pl", template="news", data={}, state="waiting", created_at=now()
        ),
    ),
}


@pytest.mark.parametrize(("invariant", "statement"), ROWS.values(), ids=ROWS.keys())
def test_a_row_that_breaks_an_invariant_is_found(
    office: Flask, invariant: str, statement: Callable[[], sa.Executable]
) -> None:
    _meddle(statement(), history=True)

    assert invariant in {violation.invariant for violation in _verify(office)}


@pytest.mark.parametrize(
    "lease",
    [
        {"lease": "x", "leased_until": None},
        {"lease": "x", "leased_until": dt.timedelta(hours=-1)},
        {"lease": "x", "leased_until": dt.timedelta(days=1)},
    ],
    ids=["for ever", "long over", "too long"],
)
def test_a_stuck_lease_breaks_i6(office: Flask, lease: dict[str, object]) -> None:
    until = lease["leased_until"]
    values = {**lease, "leased_until": now() + until if isinstance(until, dt.timedelta) else None}
    job = {"kind": "x", "subject_id": 1, "key": "x", "state": JobState.READY, "tries": 1}
    _meddle(sa.insert(Job).values(**job, due_at=now(), created_at=now(), **values))

    assert [violation.invariant for violation in _verify(office)] == ["I6"]


def test_a_received_package_whose_job_was_given_up_breaks_i8(office: Flask) -> None:
    package_id = db.session.scalar(sa.select(sa.func.max(Package.id)))
    _meddle(sa.update(Package).where(Package.id == package_id).values(state="received"))
    job = {"kind": "settle_package", "subject_id": package_id, "key": "x", "state": JobState.DEAD, "tries": 16}
    _meddle(sa.insert(Job).values(**job, due_at=now(), created_at=now()))

    (violation,) = [violation for violation in _verify(office) if violation.invariant == "I8"]
    assert "given up" in violation.sentence


def test_altered_and_missing_bytes_are_found(office: Flask) -> None:
    sha256 = _package_sha()
    path = _store(office).root / sha256[:2] / sha256
    whole = path.read_bytes()

    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert [(found.invariant, found.subject) for found in _verify(office)] == [("I1", f"file {sha256}")]

    path.unlink()
    assert [(found.invariant, found.subject) for found in _verify(office)] == [("I1", f"file {sha256}")]

    path.write_bytes(whole)
    assert _verify(office) == []


def test_a_receipt_without_its_bytes_is_an_alarm(office: Flask) -> None:
    sha256 = db.session.scalars(sa.select(Receipt.xml_sha256)).one()
    (_store(office).root / sha256[:2] / sha256).unlink()

    assert [(found.invariant, found.subject) for found in _verify(office)] == [("I7", f"file {sha256}")]


def test_bytes_without_a_row_are_forgiven_for_an_hour_or_in_quarantine(office: Flask) -> None:
    orphan = _store(office).put_bytes(b"nobody's").sha256
    assert _verify(office) == []
    path = _store(office).root / orphan[:2] / orphan
    os.utime(path, (time.time() - 4000,) * 2)

    assert [(found.invariant, found.subject) for found in _verify(office)] == [("I7", f"file {orphan}")]

    _store(office).quarantine(orphan)
    assert _verify(office) == []


def test_the_command_prints_what_breaks_and_ends_with_one(office: Flask) -> None:
    runner = office.test_cli_runner()
    well = runner.invoke(args=["store", "verify"])
    assert (well.exit_code, well.output) == (0, "All invariants hold.\n")

    _meddle(sa.delete(Receipt))
    told = runner.invoke(args=["store", "verify"])

    assert told.exit_code == 1
    assert told.output.startswith("I3 package P-")
