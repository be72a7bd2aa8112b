"""A large database is filled without indexes; afterwards it has all of them again, on either database."""

from __future__ import annotations

import sqlalchemy as sa

from app.extensions import db
from benchmarks.filling import without_indexes


def indexes() -> set[str]:
    asked = sa.inspect(db.engine)
    return {row["name"] for table in asked.get_table_names() for row in asked.get_indexes(table)}


def test_while_a_database_is_filled_its_indexes_are_gone_and_afterwards_they_are_back(house):
    with house.app_context():
        before = indexes()
        with without_indexes(db.engine):
            meanwhile = indexes()

        assert "ix_case_file_due_on_id" in before - meanwhile
        assert indexes() == before
