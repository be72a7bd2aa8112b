"""Accepted packages are shown to the virus scanner, where there is one; where there is none, the case file says so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.epackages.clamd import ScannerFailed, objection
from app.extensions import db
from app.models import AuditEvent, Job, Package, PackageMember
from app.outbox.worker import Worker
from tests.authority import TestAuthority
from tests.factories import Signers, a_form, an_office, send
from tests.outbox.scanner import EICAR, Scanner, virus_scanner
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

NOWHERE = "127.0.0.1:9"


@pytest.fixture
def scanner():
    with virus_scanner() as server:
        yield server


def worked_off(app: Flask, authority: TestAuthority, folder: Path, document: bytes, *, clamd: str | None) -> str:
    """Send an application with `document` to an office with the scanner `clamd`; returns what its case file says."""
    tools = app.extensions["equipment"]
    settings = dataclasses.replace(tools.settings, clamd=clamd)
    app.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
    documents = {"01-oswiadczenie.txt": document}
    with app.app_context():
        an_office(authority)
        package = send(Signers(authority, folder).sign({"wniosek.xml": a_form(documents=documents), **documents}))
        sign = package.case.sign
    Worker(app).run_once()
    return text_of(log_in_staff(app, "clerk").get(f"/sprawa/{sign}"))


def test_a_package_without_a_virus_is_said_to_be_scanned(office, authority, tmp_path, scanner):
    page = worked_off(office, authority, tmp_path, b"dane testowe", clamd=scanner.address)

    assert "zbadano: nie znaleziono wirusów" in page
    assert b"dane testowe" in scanner.streams
    assert any(b"<wniosek" in stream for stream in scanner.streams)
    with office.app_context():
        assert db.session.scalars(sa.select(Package.scanned)).one() == "clean"
        assert db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.action == "package-scanned"))


def test_a_virus_is_told_at_the_package_and_at_its_document(office, authority, tmp_path, scanner):
    page = worked_off(office, authority, tmp_path, EICAR, clamd=scanner.address)

    assert "nie otwieraj" in page
    with office.app_context():
        assert db.session.scalars(sa.select(Package.scanned)).one() == "infected"
        flags = dict(db.session.execute(sa.select(PackageMember.name, PackageMember.flags)).all())
    assert "virus" in flags["01-oswiadczenie.txt"]
    assert "virus" not in flags["wniosek.xml"]


@pytest.mark.one_database
def test_without_a_scanner_the_case_file_says_that_nothing_was_scanned(office, authority, tmp_path):
    page = worked_off(office, authority, tmp_path, b"dane testowe", clamd=None)

    assert "nie zbadano" in page
    with office.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


@pytest.mark.one_database
def test_a_scanner_that_is_away_leaves_the_package_unscanned_and_the_job_waiting(office, authority, tmp_path):
    page = worked_off(office, authority, tmp_path, b"dane testowe", clamd=NOWHERE)

    assert "nie zbadano" in page
    with office.app_context():
        (job,) = db.session.scalars(sa.select(Job)).all()
        assert (job.kind, job.state.value, job.tries) == ("scan_package", "ready", 1)


def test_what_is_too_large_for_the_scanner_is_not_called_clean(scanner: Scanner):
    scanner.limit = 10

    with pytest.raises(ScannerFailed):
        objection([b"a" * 11], scanner.address)
    with pytest.raises(ScannerFailed, match="CLAMD"):
        objection([b"a"], "nonsense")
    assert objection([b"a" * 5, b"", b"b" * 5], scanner.address) is None
    assert scanner.streams == [b"a" * 5 + b"b" * 5]


def test_a_scanner_on_a_socket_of_this_machine_is_asked_too(tmp_path):
    with virus_scanner(tmp_path / "clamd.ctl") as scanner:
        assert objection([EICAR], str(tmp_path / "clamd.ctl")) == "virus"
        assert scanner.streams == [EICAR]
