"""An office that fault tests put under strain: a folder, a database, a platform that may push, packages to send."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.intake import acknowledge, keep
from app.models import Case, Channel, Job, Package, PackageState, Receipt
from app.outbox.sweepers import Sweepers
from app.outbox.worker import Worker
from app.pki.seal import SealKey
from app.transaction import one_transaction
from app.usecases.platforms import add_platform
from app.usecases.receive_package import Arrival, Sender
from app.usecases.seals import take_seal_into_use
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.databases import bare_door, test_settings
from tests.factories import an_office, application_files
from tests.web.mailbox_people import open_mailbox, signed

LATER = dt.timedelta(hours=2)
"""After this nothing is young any more: bytes without a row would show."""
_DOORS: dict[object, Flask] = {}
SENDER = Sender(Channel.IMPORT, "import:test", "Jan Testowy")


@dataclass(frozen=True)
class Office:
    """An office that is set up. Everything here can be handed to another process."""

    folder: Path
    url: str
    token: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self):
        return replace(test_settings(self.folder, self.url), **self.changes)

    def with_settings(self, **changes: Any) -> Office:
        return replace(self, changes={**self.changes, **changes})

    def at(self, folder: Path) -> Office:
        """The same office as it is seen in another folder; a SQLite database lies in it, too."""
        url = f"sqlite:///{folder / 'okienko.db'}" if self.url.startswith("sqlite") else self.url
        return replace(self, folder=folder, url=url)

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """A door of this office in the test's own process, made once; its connections are closed each time."""
        app = _DOORS.get(self.settings) or _DOORS.setdefault(self.settings, bare_door(self.settings))
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    def violations(self, later: dt.timedelta = dt.timedelta()) -> list[str]:
        """Which of the invariants I1 to I8 do not hold."""
        with self.inside() as app:
            store = app.extensions["equipment"].store
            return [str(one) for one in verify_store(db.session(), store, now() + later)]

    def work_off(self) -> None:
        """Let one worker do whatever is due."""
        with self.inside() as app:
            worker = Worker(app)
            while worker.run_once():
                pass

    def sweep(self, later: dt.timedelta = LATER) -> None:
        with self.inside() as app:
            Sweepers().sweep(app.extensions["equipment"], now() + later)

    def count(self, model: type, *conditions: sa.ColumnElement[bool]) -> int:
        with self.inside():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0

    def packages(self) -> dict[str, PackageState]:
        """The public ids of all packages, with how far each is."""
        with self.inside():
            return dict(db.session.execute(sa.select(Package.public_id, Package.state)).all())

    def make_due(self) -> None:
        """Let no job rest any longer: what a test would have to wait for."""
        with self.inside(), one_transaction() as session:
            session.execute(sa.update(Job).where(Job.due_at > now()).values(due_at=now()))

    def drained(self) -> bool:
        """Whether the workers that run have nothing left to do."""
        self.make_due()
        return self.count(Job) == 0


def found(folder: Path, url: str) -> Office:
    """Set an office up in `folder` on the migrated database at `url`, with a platform and the citizen `jan`."""
    office = Office(folder, url, "")
    with office.inside() as app:
        an_office(authority())
        with one_transaction() as session:
            token = add_platform(session, "test", act=Act(SYSTEM, now()))
        open_mailbox(app, "jan", "Jan Testowy")
    return replace(office, token=token)


def moved(office: Office, folder: Path) -> Office:
    """A copy of an office with a SQLite database."""
    shutil.copyfile(office.folder / "okienko.db", folder / "okienko.db")
    return office.at(folder)


@functools.cache
def authority() -> TestAuthority:
    return TestAuthority("CC zgłaszających")


@functools.cache
def package(number: int = 0) -> bytes:
    """A package that becomes a case, another one for each number."""
    return signed(authority(), application_files(vin=f"TMBJJ7NE8J0{number:06d}"))


@functools.cache
def heavy_package(size: int) -> bytes:
    """A package that becomes a case and has at least `size` bytes that cannot be packed."""
    import random

    scan = random.Random(1).randbytes(size)
    return signed(authority(), {**application_files(), "02-skan.txt": scan.hex().encode()})


def take(office: Office, packages: list[bytes]) -> list[int]:
    """Take packages in and acknowledge them; nobody settles them yet."""
    with office.inside() as app:
        tools = app.extensions["equipment"]
        act = Act(SYSTEM, now())
        kept = [keep([data], equipment=tools) for data in packages]
        return [acknowledge(Arrival(one, "paczka.asice"), SENDER, act=act)[0] for one in kept]


def take_seal(office: Office, seal: SealKey) -> None:
    """Let the office use another seal from now on."""
    with office.inside() as app, one_transaction() as session:
        take_seal_into_use(session, seal, equipment=app.extensions["equipment"], act=Act(SYSTEM, now()))


def settled_once(office: Office, packages: int) -> None:
    """Assert that there are that many packages, each with one receipt and one case, and that nothing waits."""
    counts = {
        "packages": office.count(Package),
        "accepted": office.count(Package, Package.state == PackageState.ACCEPTED),
        "receipts": office.count(Receipt),
        "cases": office.count(Case),
        "jobs": office.count(Job, Job.kind == "settle_package"),
    }
    assert counts == dict.fromkeys(("packages", "accepted", "receipts", "cases"), packages) | {"jobs": 0}
    with office.inside():
        assert sorted(db.session.scalars(sa.select(Case.number))) == list(range(1, packages + 1))
    assert office.violations() == []
    assert office.violations(LATER) == []
