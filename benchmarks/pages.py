"""What do the pages of the daily work cost: a case file, "Moja praca", the registers of things, letters, decisions?

A clerk with the same twenty-nine cases in each database looks at them, so that the pages show as much wherever they are
measured, and only the office around them grows.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.clock import today
from benchmarks.browser import Browser
from benchmarks.databases import Filled
from benchmarks.doors import ours
from benchmarks.measure import Report, counted_statements, in_turns

AGAINST_SMALL = 1.2
STATEMENTS = {"case-file": 12, "work-mine": 11}

CLERK = "bench-clerk"
_PLAIN = "procedure = 'registration' AND edition = 'sekap'"
_ARRIVED = "EXISTS (SELECT 1 FROM item WHERE item.case_id = case_file.id AND item.state <> 'expected')"
_ITEMS = "(SELECT count(*) FROM item WHERE item.case_id = case_file.id)"
_ENDED = "EXISTS (SELECT 1 FROM permit WHERE permit.case_id = case_file.id AND permit.valid_until < :today)"
_CASES = (
    (14, f"stage = 'verification' AND {_PLAIN}"),
    (4, "stage = 'awaiting_remedy'"),
    (4, f"stage = 'awaiting_originals' AND {_PLAIN} AND version = 3 AND {_ITEMS} = 5 AND NOT {_ARRIVED}"),
    (2, "stage = 'originals_complete'"),
    (2, f"stage = 'handed_over' AND {_PLAIN} AND {_ENDED}"),
)
"""How many cases of which sort the clerk gets: the newest ones, fewer than an office of a thousand has on any day.

Of the last, "Moja praca" says first what is late.
"""
_FILE = "SELECT sign FROM case_file WHERE clerk_id = :clerk AND stage = 'awaiting_originals' ORDER BY id DESC LIMIT 1"

_OF_CLERK = {"work-mine": "/praca/", "work-summoned": "/praca/?tab=summoned", "work-new": "/praca/?tab=new"}
_OF_SUPERVISOR = {
    "items": "/rzeczy/list/",
    "returned": "/tablice-zwrocone/list/",
    "markings": "/dokumenty-i-oznaczenia/list/",
    "letters": "/pisma/list/",
    "decisions": "/decyzje/list/",
}
_MARKS = {"case-file": b'class="custody"'}

Visits = Mapping[int, Mapping[str, tuple[Browser, str]]]
"""Who asks for which address, by the number of cases and the name of the page."""


def measure_pages(databases: Sequence[Filled], report: Report, *, repetitions: int) -> None:
    """Measure every page over `databases` of one kind, in turns; the first of them is the one of comparison."""
    visits = {filled.rows: _visits(filled) for filled in databases}
    gc.collect()
    gc.freeze()
    smallest, *larger = visits
    for page in visits[smallest]:
        _check(visits, page)
        calls = {str(rows): functools.partial(pages[page][0].get, pages[page][1]) for rows, pages in visits.items()}
        times = in_turns(calls, repetitions=repetitions, budget=8)
        for rows, pages in visits.items():
            name, mine = f"pages/{databases[0].kind}/{rows}/{page}", times[str(rows)]
            report.add(name, "statements", _statements(*pages[page]), STATEMENTS.get(page), mine)
            if rows in larger:
                report.add(name, f"{smallest} cases", mine / times[str(smallest)], AGAINST_SMALL, mine)


def _visits(filled: Filled) -> dict[str, tuple[Browser, str]]:
    clerk, supervisor = ours(filled.settings, CLERK, clerk=True), ours(filled.settings)
    engine = sa.create_engine(filled.settings.database_url)
    with engine.begin() as connection:
        number = connection.scalar(sa.text("SELECT id FROM ab_user WHERE username = :name"), {"name": CLERK})
        if connection.scalar(sa.text(_FILE), {"clerk": number}) is None:
            _give_cases(connection, number)
        sign = connection.execute(sa.text(_FILE), {"clerk": number}).scalar_one()
    engine.dispose()
    return {
        "case-file": (clerk, f"/sprawa/{sign}"),
        **{page: (clerk, address) for page, address in _OF_CLERK.items()},
        **{page: (supervisor, address) for page, address in _OF_SUPERVISOR.items()},
    }


def _give_cases(connection: sa.Connection, clerk: int) -> None:
    for wanted, sort in _CASES:
        # A list of its own: PostgreSQL asks a subquery of an update for every row otherwise.
        found = f"SELECT id FROM case_file WHERE {sort} ORDER BY id DESC LIMIT {wanted}"
        ids = list(connection.scalars(sa.text(found), {"today": today().isoformat()} if ":today" in sort else {}))
        if len(ids) < wanted:
            raise RuntimeError(f"there are {len(ids)} of {wanted} cases: {sort}")
        given = sa.text("UPDATE case_file SET clerk_id = :clerk WHERE id IN :ids")
        connection.execute(given.bindparams(sa.bindparam("ids", expanding=True)), {"clerk": clerk, "ids": ids})


def _check(visits: Visits, page: str) -> None:
    """Refuse to compare pages that do not show the same: as many rows, or as many things."""
    shown = {
        rows: pages[page][0].get(pages[page][1]).count(_MARKS.get(page, b"data-row")) for rows, pages in visits.items()
    }
    if len(set(shown.values())) != 1 or not all(shown.values()):
        raise RuntimeError(f"{page} shows {shown}")


def _statements(browser: Browser, address: str) -> int:
    with counted_statements() as count:
        browser.get(address)
    return int(count[0])
