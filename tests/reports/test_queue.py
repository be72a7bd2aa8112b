"""What a clerk may rely on in "Moja praca": each tab holds what it says, the most urgent first, at a flat price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.domain.acts import OFFICE_ZONE
from app.domain.custody import ItemState
from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES
from app.extensions import db
from app.models import Carriage, Case, Consignment, Direction, ParcelOutcome, Permit, Proposal
from app.reports import queue, waiting
from app.reports.queue import Tab
from app.roles import Role
from app.transaction import one_transaction
from tests.factories import an_office, now

ENDED = {stage.value for stage in SETTLED_STAGES}
ASIDE = ENDED | {stage.value for stage in SIDE_STAGES}
FIRST = {"received", "verification"}
WAITED_FOR = {"awaiting_originals", "awaiting_remedy"}


@pytest.fixture
def cases(house) -> list[Case]:
    """Enough cases that several tabs have more than one page."""
    from flask_appbuilder.security.sqla.models import Role as RoleRow

    with house.app_context():
        an_office()
        with one_transaction() as session:
            session.add(RoleRow(name=Role.CLERK.value))
        done = house.test_cli_runner().invoke(args=["demo", "cases", "900", "--seed", "4"])
        assert done.exit_code == 0, done.output
        yield list(db.session.scalars(sa.select(Case)))


def today() -> dt.date:
    return now().astimezone(OFFICE_ZONE).date()


def holds(tab: Tab, case: Case, user_id: int) -> bool:
    mine = case.clerk_id == user_id
    return {
        Tab.MINE: mine and case.stage != "archived",
        Tab.NEW: case.stage == "received" and case.clerk_id is None,
        Tab.VERIFICATION: mine and case.stage == "verification",
        Tab.SUMMONED: mine and case.stage in WAITED_FOR and not has_come(case),
        Tab.ON_THE_WAY: mine and case.stage in WAITED_FOR and has_come(case),
        Tab.DECISION: mine and case.stage == "originals_complete",
        Tab.AGREEMENT: mine and case.stage in {"agreeing_handover", "permanent_ready"},
        Tab.DESCRIBE: case.procedure == "undescribed" and case.stage in FIRST,
        Tab.SIGNATURE: not case.signature_settled and case.stage not in ASIDE,
        Tab.LATE: case.due_on < today() and case.stage not in ENDED and not case.clock_stands,
        Tab.DONE: mine and case.stage in ENDED,
    }[tab]


def has_come(case: Case) -> bool:
    return any(item.state in {ItemState.IN_OFFICE, ItemState.IN_POST} for item in case.items)


def stirred_case(cases: list[Case]) -> Case:
    return next(case for case in cases if case.stage == "awaiting_originals" and has_come(case))


def urgency(case: Case) -> tuple[int, dt.date, int]:
    rank = 3 if case.stage == "archived" else 2 if case.clock_stands else 1 if case.stage in ENDED else 0
    return (rank, case.due_on, case.id)


def test_each_tab_holds_what_its_name_says_in_the_order_of_urgency(cases):
    """Among one's own, cases whose clock runs come first, then those that ended, then those that wait."""
    clerk = stirred_case(cases).clerk_id
    counts = queue.counts(db.session(), clerk, today())

    for tab in Tab:
        wanted = sorted((case for case in cases if holds(tab, case, clerk)), key=urgency)
        seen, place = [], None
        while True:
            rows, place = queue.rows(db.session(), tab, clerk, today(), place)
            seen += [row.id for row in rows]
            if place is None:
                break
        assert seen == [case.id for case in wanted], tab
        assert counts[tab] == len(wanted), tab
        assert wanted, f"nothing was tried for {tab}"


def test_what_came_is_named_and_read_first_and_not_twice(cases):
    stirred = stirred_case(cases)
    session = db.session()

    came = waiting.came(session, stirred.clerk_id, today())
    first = queue.chosen(session, Tab.MINE, stirred.clerk_id, today(), came)
    rest, _ = queue.rows(session, Tab.MINE, stirred.clerk_id, today(), first=came)

    assert came[stirred.id] is waiting.Came.THINGS
    assert stirred.id in {row.id for row in first}
    assert not {row.id for row in first} & {row.id for row in rest}
    assert queue.chosen(session, Tab.DECISION, stirred.clerk_id, today(), [stirred.id]) == []


def test_terms_of_the_party_and_of_the_permit_stand_beside_their_case_as_far_as_they_count(cases):
    near, far, summoned, back = [case.id for case in cases if case.stage == "received"][:4]
    due = today() + dt.timedelta(days=3)
    with one_transaction() as session:
        session.add_all(
            [
                Permit(case_id=near, number="A", days=30, valid_until=due),
                Permit(case_id=far, number="B", days=30, valid_until=due + dt.timedelta(days=20)),
                Proposal(case_id=summoned, version=1, by_office=True, due_on=due, at=now(), actor_kind="staff",
                         actor_name="A"),
                Consignment(number="RPO/990001/2026", direction=Direction.OUT, carriage=Carriage.POST, case_id=back,
                            on=due, at=now(), outcome=ParcelOutcome.UNCLAIMED, outcome_on=due, author_name="A"),
            ]
        )  # fmt: skip

    found = waiting.terms(db.session(), [near, far, summoned, back], today())

    assert found == {
        near: waiting.Terms(permit_until=due),
        summoned: waiting.Terms(due, proposed=True),
        back: waiting.Terms(returned_on=due),
    }


# The plan of PostgreSQL depends on how many rows there are; the benchmarks look at a million.
@pytest.mark.one_database
def test_no_tab_sorts_or_walks_more_than_a_page_for_each_stage(cases):
    """On SQLite, whose plan says so: rows come along an index, none is sorted before a page is cut off."""
    plans = plans_of(lambda: [queue.rows(db.session(), tab, 1, today()) for tab in Tab])

    for plan in plans:
        inner = [line for line in plan if "case_file" in line and "USING INTEGER PRIMARY KEY" not in line]
        assert inner, plan
        assert all("USING COVERING INDEX" in line or "USING INDEX" in line for line in inner), plan
        assert sum("TEMP B-TREE" in line for line in plan) <= 1, plan


@pytest.mark.one_database
def test_what_stands_beside_a_list_is_read_from_its_cases_and_not_from_the_whole_office(cases):
    """On SQLite: things, summonses, proposals and permits are found by their case."""
    clerk = stirred_case(cases).clerk_id
    mine = [case.id for case in cases if case.clerk_id == clerk][:75]

    plans = plans_of(
        lambda: (
            waiting.came(db.session(), clerk, today()),
            waiting.terms(db.session(), mine, today()),
        )
    )

    for line in [line for plan in plans for line in plan if line.startswith(("SEARCH", "SCAN"))]:
        table = line.split()[1]
        if table in {"item", "proposal", "summons", "permit", "question", "package"}:
            # Of the things that the post has lost, and that nobody has settled, the whole office has a handful.
            lost = line == "SEARCH item USING INDEX ix_item_state_place_id (state=?)"
            assert lost or "(case_id=?" in line, line


def plans_of(ask: Callable[[], object]) -> list[list[str]]:
    """How SQLite goes about each question of `ask`."""
    statements = []

    def seen(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", seen)
    ask()
    sa.event.remove(db.engine, "before_cursor_execute", seen)
    explain = db.session.connection().exec_driver_sql
    return [
        [row[3] for row in explain(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        for statement, parameters in statements
        if statement.startswith("SELECT")
    ]
