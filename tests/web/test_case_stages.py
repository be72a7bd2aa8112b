"""The case file at every stage: what can be done, in how many statements, and what each panel says."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.factories import an_office
from tests.web.case_office import STAGES, at, stocked, work_of
from tests.web.conftest import log_in_staff


@pytest.fixture
def ready(office, authority):
    """An office that trusts `authority`, with plates in its stock."""
    with office.app_context():
        an_office(authority)
        stocked("SC 8A111", "SC 8A112")
    return office


@pytest.fixture
def case_at(ready, authority):
    """Makes a case at a stage; returns its sign."""

    def make(stage: str) -> str:
        with ready.app_context():
            return at(work_of(authority), stage).case.sign

    return make


@pytest.mark.parametrize("stage", STAGES)
def test_a_case_file_takes_at_most_twelve_statements_at_every_stage(ready, case_at, stage):
    sign = case_at(stage)
    clerk = log_in_staff(ready, "clerk")
    clerk.get(f"/sprawa/{sign}")
    statements = []
    with ready.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    answer = clerk.get(f"/sprawa/{sign}")

    assert answer.status_code == 200
    # All of the request: session, rights, the case, and the event that somebody read it.
    assert len(statements) <= 12, "\n".join(statement[:160] for statement in statements)
