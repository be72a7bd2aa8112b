"""`python -m benchmarks`: measures what docs promise, as ratios in one run; exit 1 when a bound is broken."""

from __future__ import annotations

import argparse
import contextlib
import logging
import warnings

from benchmarks import intake, letters, pages, register, reports
from benchmarks.databases import FOLDER, Filled, a_cluster, filled
from benchmarks.measure import CLOCKS, Report, clock
from tests.databases import Cluster

PARTS = ("register", "pages", "reports", "intake", "letters")


def main() -> int:
    """Measure, print the table, write build/bench.json."""
    options = _options()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    report = Report()
    clock[0] = options.clock
    with a_cluster() if "postgresql" in options.database else contextlib.nullcontext() as cluster:
        _measure(options, cluster, report)
    report.write(FOLDER.parent / "bench.json")
    for result in report.broken:
        print(f"broken: {result.name} is {result.value:g} against {result.ratio_to}, the bound is {result.bound:g}")
    return 1 if report.broken else 0


def _measure(options: argparse.Namespace, cluster: Cluster | None, report: Report) -> None:
    for kind in options.database:
        if {"register", "pages", "reports"} & set(options.only):
            databases: list[Filled] = [filled(kind, rows, cluster) for rows in options.rows]
            if "reports" in options.only:
                for one in databases:
                    reports.measure_reports(one, report, repetitions=options.repeat)
            if "register" in options.only:
                register.measure_register(databases, report, repetitions=options.repeat)
            if "pages" in options.only:
                pages.measure_pages(databases, report, repetitions=options.repeat)
        if "intake" in options.only:
            intake.measure_intake(kind, cluster, report, repetitions=options.repeat)
    if "letters" in options.only:
        letters.measure_letters(report, repetitions=options.repeat)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", type=_list(PARTS), default=PARTS, help=", ".join(PARTS))
    parser.add_argument("--database", type=_list(("sqlite", "postgresql")), default=("sqlite", "postgresql"))
    parser.add_argument("--rows", type=lambda text: [int(part) for part in text.split(",")], default=[1_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=40, help="repetitions of each page")
    parser.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="work: processor time, where others use the cores"
    )
    return parser.parse_args()


def _list(known: tuple[str, ...]):
    def read(text: str) -> list[str]:
        parts = text.split(",")
        if unknown := set(parts) - set(known):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
        return parts

    return read


if __name__ == "__main__":
    raise SystemExit(main())
