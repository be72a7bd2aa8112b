"""How is time taken? In turns: each repetition calls every candidate once, and a busy machine troubles all alike."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa

WARM_UP = 3
LEAST = 5


@dataclass(frozen=True)
class Result:
    """One measured ratio; `bound` is None where the number is shown for comparison only."""

    name: str
    ratio_to: str
    value: float
    bound: float | None
    ms: float

    @property
    def broken(self) -> bool:
        return self.bound is not None and self.value > self.bound

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"<= {self.bound:g}"
        mark = "  BROKEN" if self.broken else ""
        return f"{self.name:<44} {self.ratio_to:<18} {self.value:>8.2f}  {bound:<8} {self.ms:>9.2f} ms{mark}"


@dataclass
class Report:
    """All results of a run, printed as they come."""

    results: list[Result] = field(default_factory=list)

    def add(self, name: str, ratio_to: str, value: float, bound: float | None, ms: float) -> None:
        result = Result(name, ratio_to, round(value, 3), bound, round(ms, 3))
        self.results.append(result)
        print(result, flush=True)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"results": [asdict(result) for result in self.results]}, indent=1) + "\n")

    @property
    def broken(self) -> list[Result]:
        return [result for result in self.results if result.broken]


def _wall() -> Callable[[], float]:
    begun = time.perf_counter()
    return lambda: time.perf_counter() - begun


def _work() -> Callable[[], float]:
    """Take the processor time of this process and of PostgreSQL's backends: `--clock work`.

    On a machine that others use too, a page that takes longer than a time slice is interrupted and a short one is not:
    then only the work of both can be compared. What waits for a disk or a lock does not count in it.
    """
    backends = _backends()
    begun = time.process_time()

    def taken() -> float:
        spent = time.process_time() - begun
        return spent + _backends() - backends

    return taken


_known: list[Path] = []
"""Where the kernel says how long each backend has run, as of the last look for backends."""


def _look_for_backends() -> None:
    _known.clear()
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208  names are all that is needed
        with contextlib.suppress(OSError):
            if Path("/proc", name, "cmdline").read_bytes().startswith(b"postgres: postgres cases_"):
                _known.append(Path("/proc", name, "schedstat"))


def _backends() -> float:
    spent = 0
    for counter in _known:
        with contextlib.suppress(OSError):
            spent += int(counter.read_text().split()[0])
    return spent / 1e9


CLOCKS: dict[str, Callable[[], Callable[[], float]]] = {"wall": _wall, "work": _work}
clock = ["wall"]
"""Which of the clocks pages are measured by; `--clock` sets it."""


def in_turns(candidates: Mapping[str, Callable[[], object]], *, repetitions: int, budget: float) -> dict[str, float]:
    """Return the median time of each candidate in milliseconds.

    A candidate that has spent `budget` seconds is called LEAST times at least, and then no more.
    """
    times: dict[str, list[float]] = {name: [] for name in candidates}
    start = CLOCKS[clock[0]]
    for turn in range(-WARM_UP, repetitions):
        if turn == 0:
            gc.collect()
            _look_for_backends()
        for name, call in candidates.items():
            if len(times[name]) >= LEAST and sum(times[name]) > budget:
                continue
            taken = start()
            call()
            spent = taken()
            if turn >= 0:
                times[name].append(spent)
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


@contextmanager
def counted_statements():
    """Count the statements that SQLAlchemy sends while the block runs: the list's only entry."""
    count = [0]

    def one_more(*_args: object) -> None:
        count[0] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", one_more)
