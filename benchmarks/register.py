"""What does a page of the register cost, against a thousand cases, other frameworks, and the least possible?"""

from __future__ import annotations

import functools
import gc
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from benchmarks.browser import Browser
from benchmarks.databases import Filled
from benchmarks.django_admin import admin_over
from benchmarks.doors import floor, ours, stock
from benchmarks.measure import Report, counted_statements, in_turns

AGAINST_SMALL = 1.2
AGAINST_STOCK = {1_000: 0.30, 1_000_000: 0.20}
AGAINST_DJANGO = 0.5
AGAINST_FLOOR = 4.0
STATEMENTS = 6
SEARCH_AGAINST_PAGE = 1.5

_OURS, _STOCK, _DJANGO, _FLOOR = "/sprawy/list/", "/stockcases/list/", "/admin/admin/case/", "/"
PAGES = ("first", "due", "deep", "stage")
SEARCHES = ("plate", "vin", "sign")


def _addresses(rows: int, sought: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the address of each page for each candidate."""
    deep = max(rows // 25 - 2, 1)
    pages = {
        "ours": {
            "first": _OURS,
            "due": f"{_OURS}?sort=due_on&dir=asc",
            "deep": f"{_OURS}?after=60~60",
            "stage": f"{_OURS}?stage=verification",
            **{name: f"{_OURS}?q={value}" for name, value in sought.items()},
        },
        "fab": {
            "first": _STOCK,
            "due": f"{_STOCK}?_oc_StockCases=due_on&_od_StockCases=asc",
            "deep": f"{_STOCK}?page_StockCases={deep}",
            "stage": f"{_STOCK}?_flt_3_stage=verification",
            "plate": f"{_STOCK}?_flt_2_plate={sought['plate']}",
            "vin": f"{_STOCK}?_flt_2_vin={sought['vin']}",
            "sign": f"{_STOCK}?_flt_2_sign={sought['sign']}",
        },
        "django": {
            "first": _DJANGO,
            "due": f"{_DJANGO}?o=9",
            "deep": f"{_DJANGO}?p={deep + 1}",
            "stage": f"{_DJANGO}?stage__exact=verification",
            **{name: f"{_DJANGO}?q={value}" for name, value in sought.items()},
        },
        "floor": {
            "first": _FLOOR,
            "due": f"{_FLOOR}?sort=due_on",
            "deep": f"{_FLOOR}?after=60",
            "stage": f"{_FLOOR}?stage=verification",
        },
    }
    return {who: {name: address.replace(" ", "%20") for name, address in known.items()} for who, known in pages.items()}


def _sought(filled: Filled) -> dict[str, str]:
    """Return what a case in the middle is found by."""
    engine = sa.create_engine(filled.settings.database_url)
    with engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT plate, vin, sign FROM case_file WHERE id >= :id AND plate IS NOT NULL ORDER BY id LIMIT 1"),
            {"id": filled.rows // 2},
        ).one()
    engine.dispose()
    return dict(row._mapping)


def measure_register(databases: Sequence[Filled], report: Report, *, repetitions: int) -> None:
    """Measure every page of every program over `databases` of one kind, in turns."""
    kind = databases[0].kind
    admin = admin_over({f"{kind}-{filled.rows}": filled.settings.database_url for filled in databases})
    visitors: dict[tuple[str, int], Browser] = {}
    addresses: dict[tuple[str, int], dict[str, str]] = {}
    for filled in databases:
        at = filled.rows
        pages = _addresses(at, _sought(filled))
        visitors["ours", at] = ours(filled.settings)
        visitors["fab", at] = stock(filled.settings)
        visitors["django", at] = admin(f"{kind}-{at}")
        visitors["floor", at] = floor(filled.settings)
        addresses |= {(who, at): known for who, known in pages.items()}
    # What was built stays: the collector need not walk through it again during every page.
    gc.collect()
    gc.freeze()
    medians = {}
    for page in (*PAGES, *SEARCHES):
        candidates = {
            f"{who}-{at}": functools.partial(visitors[who, at].get, known[page])
            for (who, at), known in addresses.items()
            if page in known
        }
        _check(visitors, addresses, page)
        medians[page] = in_turns(candidates, repetitions=repetitions, budget=8)
    for filled in databases:
        _judge(filled, medians, visitors["ours", filled.rows], addresses["ours", filled.rows], report)
    if {1_000, 1_000_000} <= {filled.rows for filled in databases}:
        for page in PAGES:
            small, large = medians[page]["ours-1000"], medians[page]["ours-1000000"]
            report.add(f"register/{kind}/1000000/{page}", "1000 cases", large / small, AGAINST_SMALL, large)


def _check(
    visitors: Mapping[tuple[str, int], Browser], addresses: Mapping[tuple[str, int], dict[str, str]], page: str
) -> None:
    """Refuse to compare pages that do not show the same: every one has the rows that it is asked for."""
    marks = {"ours": b"data-row", "fab": b"/stockcases/show/", "django": b'class="action-select"', "floor": b"<tr><td>"}
    wanted = 1 if page in SEARCHES else 25
    for (who, at), known in addresses.items():
        if page in known:
            shown = visitors[who, at].get(known[page]).count(marks[who])
            if shown < wanted:
                raise RuntimeError(f"{who} shows {shown} rows of {at} at {known[page]}")


def _judge(
    filled: Filled, medians: Mapping[str, dict[str, float]], visitor: Browser, pages: Mapping[str, str], report: Report
) -> None:
    at, kind = filled.rows, filled.kind
    for page in PAGES:
        times = medians[page]
        mine, name = times[f"ours-{at}"], f"register/{kind}/{at}/{page}"
        report.add(name, "floor", mine / times[f"floor-{at}"], AGAINST_FLOOR, mine)
        report.add(name, "fab", mine / times[f"fab-{at}"], AGAINST_STOCK.get(at, 0.30), mine)
        report.add(name, "django", mine / times[f"django-{at}"], AGAINST_DJANGO, mine)
    for page in SEARCHES:
        times = medians[page]
        mine, name = times[f"ours-{at}"], f"register/{kind}/{at}/search-{page}"
        bound = SEARCH_AGAINST_PAGE if at >= 1_000_000 else None
        report.add(name, "page", mine / medians["first"][f"ours-{at}"], bound, mine)
        report.add(name, "fab", mine / times[f"fab-{at}"], None, mine)
        report.add(name, "django", mine / times[f"django-{at}"], None, mine)
    for page, address in pages.items():
        visitor.get(address)
        with counted_statements() as count:
            visitor.get(address)
        mine = medians[page][f"ours-{at}"]
        report.add(f"register/{kind}/{at}/{page}/sql", "statements", count[0], STATEMENTS, mine)
