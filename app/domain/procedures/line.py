"""How far has a case come? The line of steps with its dates, as citizens and clerks see it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.procedures.machine import Procedure
from app.domain.procedures.stages import SHOWN_AS, SIDE_STAGES, Stage


class Progress(enum.StrEnum):
    """How a point of the line relates to where the case stands."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the line: entered first on `since`, left last on `until` (both `None` while it is ahead).

    `HANDED_OVER` begins when the things went out for the last time. `finished`: the case went on along its line from
    here, so that what the stage is there for was done; not where it went back or left the line.
    """

    stage: Stage
    progress: Progress
    since: dt.date | None = None
    until: dt.date | None = None
    finished: bool = False


def line_of_steps(procedure: Procedure, entered: Sequence[tuple[Stage, dt.date]]) -> tuple[Point, ...]:
    """Return the line of a case from its history: each stage it `entered` with the day, in order.

    Stages that belong to another one are folded into it. Where the case went back, what lies beyond is ahead again,
    without dates. A stage that was skipped is not shown. Where the case left the line (refused, transferred …), the
    line ends with that, and with the end of the case once it is there.
    """
    visits = [(SHOWN_AS.get(stage, stage), day) for stage, day in entered]
    if not visits:
        return tuple(Point(stage, Progress.AHEAD) for stage in procedure.line)
    current, last = visits[-1][0], procedure.line[-1]
    visited = {stage for stage, _ in visits}
    aside = _left_by(visits, last)
    if aside:
        before = [stage for stage in procedure.line if stage in visited - {last}]
        shown, place = [*before, *aside], len(before) + len(aside) - 1
    else:
        shown, place = list(procedure.line), procedure.line.index(current)
    return tuple(
        _point(stage, visits, Progress.AHEAD if index > place else _progress(stage, current, last), procedure.line)
        for index, stage in enumerate(shown)
        if index > place or stage in visited
    )


def _left_by(visits: Sequence[tuple[Stage, dt.date]], last: Stage) -> list[Stage]:
    """Return the stages by which the case left its line, with the `last` if closed since; none if it is back."""
    aside: dict[Stage, None] = {}
    for stage, _ in visits:
        if stage in SIDE_STAGES or (aside and stage is last):
            aside[stage] = None
        else:
            aside.clear()
    return list(aside)


def _progress(stage: Stage, current: Stage, last: Stage) -> Progress:
    return Progress.CURRENT if stage is current and stage is not last else Progress.DONE


def _point(stage: Stage, visits: Sequence[tuple[Stage, dt.date]], progress: Progress, line: Sequence[Stage]) -> Point:
    if progress is Progress.AHEAD:
        return Point(stage, progress)
    places = [index for index, (visited, _) in enumerate(visits) if visited is stage]
    begin = places[0]
    if stage is Stage.HANDED_OVER:
        # What came back was not handed over: the last time counts.
        begin = next(place for place in reversed(places) if place - 1 not in places)
    since = visits[begin][1]
    after = visits[places[-1] + 1 :]
    if after:
        finished = stage in line and after[0][0] in line[line.index(stage) + 1 :]
        return Point(stage, progress, since, after[0][1], finished)
    return Point(stage, progress, since, since if progress is Progress.DONE else None)
