"""What a transaction leaves to its end: written with it, in its order, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Job, JobState, StoredFile
from app.models.statements import leave, leave_missing, leave_rows
from app.transaction import one_transaction

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def _file(sha256: str, size: int = 1) -> dict:
    return {"sha256": sha256 * 64, "size": size, "stored_at": AT}


def _job(key: str) -> dict:
    named = {"kind": "test", "subject_id": 1, "key": key, "state": JobState.READY, "tries": 0}
    return {**named, "due_at": AT, "created_at": AT}


def _files() -> list[tuple[str, int]]:
    rows = db.session.execute(sa.select(StoredFile.sha256, StoredFile.size).order_by(StoredFile.sha256))
    return [(sha256[0], size) for sha256, size in rows]


def _leave(*statements: str, then=lambda: None) -> None:
    """Leave a statement for each of `statements`, with a row for each of its letters, and do `then`."""
    with one_transaction() as session:
        for letters in statements:
            leave_rows(session, StoredFile, *map(_file, letters))
        then()


@pytest.fixture(autouse=True)
def _context(house):
    with house.app_context():
        yield


def test_what_is_left_is_written_with_the_transaction_and_in_its_order():
    with one_transaction() as session:
        leave_rows(session, StoredFile, _file("a"), _file("b"))
        leave(session, sa.delete(StoredFile).where(StoredFile.sha256 == "a" * 64))
        leave_rows(session, StoredFile, _file("c"))
        assert _files() == []
    assert _files() == [("b", 1), ("c", 1)]


def test_what_is_there_already_is_left_as_it_is():
    _leave("a")
    with one_transaction() as session:
        leave_missing(session, StoredFile, _file("a", 2), _file("b", 2), unique="sha256")
    assert _files() == [("a", 1), ("b", 2)]


def test_what_objects_were_added_goes_before_what_refers_to_them():
    with one_transaction() as session:
        leave(session, sa.delete(Job).where(Job.key == "one"))
        session.add(Job(**_job("one")))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_an_error_is_the_one_of_its_statement_and_nothing_is_written():
    with pytest.raises(sa.exc.IntegrityError):
        _leave("b", "aa", "c")
    assert _files() == []
    _leave("d")
    assert _files() == [("d", 1)]


def test_what_a_broken_off_transaction_left_is_forgotten():
    with pytest.raises(ZeroDivisionError):
        _leave("a", then=lambda: 1 // 0)
    _leave("b")
    assert _files() == [("b", 1)]
