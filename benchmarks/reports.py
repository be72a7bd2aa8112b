"""What do the supervisor's counts cost against the same questions in bare SQL?"""

from __future__ import annotations

import sqlalchemy as sa

from app.clock import now
from app.domain.acts import OFFICE_ZONE
from app.domain.procedures.stages import SETTLED_STAGES, SIDE_STAGES, Stage
from app.extensions import db
from app.reports import queue
from benchmarks.databases import Filled
from benchmarks.measure import Report, in_turns
from tests.databases import bare_door

AGAINST_BARE = 1.3
BOUND_MS = 1_000.0


def measure_reports(filled: Filled, report: Report, *, repetitions: int) -> None:
    """Measure the counts of "Moja praca" over one database."""
    app = bare_door(filled.settings)
    today = now().astimezone(OFFICE_ZONE).date()
    with app.app_context():
        session = db.session()
        user = session.scalar(sa.text("SELECT clerk_id FROM case_file WHERE clerk_id IS NOT NULL LIMIT 1"))
        connection = session.connection()
        driver = connection.connection.driver_connection
        day = today.isoformat() if filled.kind == "sqlite" else today
        statement = _bare(int(user), "?" if filled.kind == "sqlite" else "%s")

        def bare() -> tuple[int, ...]:
            cursor = driver.cursor()
            try:
                return tuple(cursor.execute(statement, (day,)).fetchone())
            finally:
                cursor.close()

        asked = queue.counts(session, int(user), today)
        if tuple(asked.values()) != bare():
            raise RuntimeError(f"the counts differ: {asked} {bare()}")
        calls = {"ours": lambda: queue.counts(session, int(user), today), "bare": bare}
        times = in_turns(calls, repetitions=repetitions, budget=10)
        db.session.remove()
        db.engine.dispose()
    name, bound = f"reports/{filled.kind}/{filled.rows}/counts", AGAINST_BARE if filled.rows >= 1_000_000 else None
    report.add(name, "bare sql", times["ours"] / times["bare"], bound, times["ours"])
    report.add(name, "milliseconds", times["ours"], BOUND_MS, times["ours"])


def _bare(user: int, day: str) -> str:
    def listed(stages: frozenset[Stage]) -> str:
        return ", ".join(f"'{stage.value}'" for stage in Stage if stage in stages)

    still = frozenset(Stage) - SETTLED_STAGES
    first = "stage IN ('received', 'verification')"
    asked = "stage IN ('awaiting_originals', 'awaiting_remedy')"
    came = "EXISTS (SELECT 1 FROM item WHERE item.case_id = case_file.id AND item.state IN ('in_office', 'in_post'))"
    conditions = (
        f"clerk_id = {user} AND stage IN ({listed(frozenset(Stage) - {Stage.ARCHIVED})})",
        "stage = 'received' AND clerk_id IS NULL",
        f"clerk_id = {user} AND stage = 'verification'",
        f"clerk_id = {user} AND {asked} AND NOT {came}",
        f"clerk_id = {user} AND {asked} AND {came}",
        f"clerk_id = {user} AND stage = 'originals_complete'",
        f"clerk_id = {user} AND stage IN ('agreeing_handover', 'permanent_ready')",
        f"procedure = 'undescribed' AND {first}",
        f"signature_settled = false AND stage IN ({listed(still - SIDE_STAGES)})",
        f"due_on < {day} AND clock_stands = false AND stage IN ({listed(still)})",
        f"clerk_id = {user} AND stage IN ({listed(SETTLED_STAGES)})",
    )
    counts = (
        f"(SELECT count(*) FROM (SELECT 1 FROM case_file WHERE {condition} LIMIT {queue.CAP + 1}) AS t{place})"
        for place, condition in enumerate(conditions)
    )
    return f"SELECT {', '.join(counts)}"
