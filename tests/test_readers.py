"""Transactions that only read: PostgreSQL lets them write nothing, and what was prepared outlives them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Citizen, Job
from app.transaction import one_transaction

pytestmark = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
_PREPARED = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM citizen%'")


def _prepared() -> int:
    return db.session.scalar(_PREPARED)


def _read(times: int) -> None:
    for _ in range(times):
        db.session.scalars(sa.select(Citizen.id)).all()
        db.session.remove()


def test_what_only_reads_cannot_write(house):
    with house.app_context():
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            db.session.execute(sa.delete(Job))
        db.session.rollback()
        with one_transaction() as session:
            session.execute(sa.delete(Job))


def test_what_was_prepared_outlives_a_transaction_that_only_reads(house):
    with house.app_context():
        _read(8)

        assert _prepared() == 1


def test_a_reader_that_failed_is_followed_by_one_that_reads(house):
    with house.app_context():
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.text("SELECT 1 / 0"))
        db.session.rollback()

        assert db.session.scalar(sa.text("SELECT 1")) == 1
