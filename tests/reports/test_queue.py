"""What a clerk may rely on in "Moja praca": each tab holds what it says, the most urgent first, at a flat price."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import OFFICE_ZONE
from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES
from app.extensions import db
from app.models import Case
from app.reports import queue
from app.reports.queue import Tab
from app.roles import Role
from app.transaction import one_transaction
from tests.factories import an_office, now

ENDED = {stage.value for stage in SETTLED_STAGES}
ASIDE = ENDED | {stage.value for stage in SIDE_STAGES}
FIRST = {"received", "verification"}


@pytest.fixture
def cases(house) -> list[Case]:
    """Enough cases that several tabs have more than one page."""
    from flask_appbuilder.security.sqla.models import Role as RoleRow

    with house.app_context():
        an_office()
        with one_transaction() as session:
            session.add(RoleRow(name=Role.CLERK.value))
        done = house.test_cli_runner().invoke(args=["demo", "cases", "900", "--seed", "3"])
        assert done.exit_code == 0, done.output
        yield list(db.session.scalars(sa.select(Case)))


def today() -> dt.date:
    return now().astimezone(OFFICE_ZONE).date()


def holds(tab: Tab, case: Case, user_id: int) -> bool:
    mine = case.clerk_id == user_id
    return {
        Tab.MINE: mine and case.stage not in ENDED,
        Tab.NEW: case.stage == "received" and case.clerk_id is None,
        Tab.VERIFICATION: mine and case.stage == "verification",
        Tab.DESCRIBE: case.procedure == "undescribed" and case.stage in FIRST,
        Tab.SIGNATURE: not case.signature_settled and case.stage not in ASIDE,
        Tab.LATE: case.due_on < today() and case.stage in FIRST,
        Tab.DONE: mine and case.stage in ENDED,
    }[tab]


def test_each_tab_holds_what_its_name_says_in_the_order_of_the_due_days(cases):
    clerk = next(case.clerk_id for case in cases if case.clerk_id)
    counts = queue.counts(db.session(), clerk, today())

    for tab in Tab:
        wanted = sorted((case for case in cases if holds(tab, case, clerk)), key=lambda case: (case.due_on, case.id))
        seen, place = [], None
        while True:
            rows, place = queue.rows(db.session(), tab, clerk, today(), place)
            seen += [row.id for row in rows]
            if place is None:
                break
        assert seen == [case.id for case in wanted], tab
        assert counts[tab] == len(wanted), tab
        assert wanted, f"nothing was tried for {tab}"


# The plan of PostgreSQL depends on how many rows there are; the benchmarks look at a million.
@pytest.mark.one_database
def test_no_tab_sorts_or_walks_more_than_a_page_for_each_stage(cases):
    """On SQLite, whose plan says so: rows come along an index, none is sorted before a page is cut off."""
    statements = []

    def seen(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", seen)
    for tab in Tab:
        queue.rows(db.session(), tab, 1, today())
    sa.event.remove(db.engine, "before_cursor_execute", seen)

    for statement, parameters in [one for one in statements if one[0].startswith("SELECT")]:
        plan = [
            row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
        inner = [line for line in plan if "case_file" in line and "USING INTEGER PRIMARY KEY" not in line]
        assert inner, plan
        assert all("USING COVERING INDEX" in line or "USING INDEX" in line for line in inner), plan
        assert sum("TEMP B-TREE" in line for line in plan) <= 1, plan
