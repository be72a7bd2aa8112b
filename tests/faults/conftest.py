"""Offices for fault tests, made once per run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.faults.offices")

from tests.databases import Cluster, NoPostgres, OwnServer, own_server  # noqa: E402
from tests.faults.offices import Office, found, moved  # noqa: E402


@pytest.fixture(scope="session")
def made_on_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Office:
    folder = tmp_path_factory.mktemp("office")
    shutil.copyfile(sqlite_template, folder / "okienko.db")
    return found(folder, f"sqlite:///{folder / 'okienko.db'}")


@pytest.fixture(scope="session")
def made_on_postgresql(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Iterator[Office]:
    with cluster.clone() as url:
        yield found(tmp_path_factory.mktemp("office"), url)


@pytest.fixture
def sqlite_office(made_on_sqlite: Office, tmp_path: Path) -> Office:
    """An office that has received nothing yet, on SQLite."""
    return moved(made_on_sqlite, tmp_path)


@pytest.fixture
def postgresql_office(made_on_postgresql: Office, cluster: Cluster, tmp_path: Path) -> Iterator[Office]:
    """The same on PostgreSQL."""
    from dataclasses import replace

    from sqlalchemy.engine import make_url

    with cluster.clone(make_url(made_on_postgresql.url).database or "") as url:
        yield replace(made_on_postgresql, folder=tmp_path, url=url)


@pytest.fixture(scope="module")
def database_server() -> Iterator[OwnServer]:
    """A PostgreSQL server that tests may crash."""
    try:
        with own_server() as running:
            yield running
    except NoPostgres as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def an_office(request: pytest.FixtureRequest) -> Office:
    """An office on either database."""
    office: Office = request.getfixturevalue(f"{request.param}_office")
    return office
