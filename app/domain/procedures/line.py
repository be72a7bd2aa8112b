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
    """A point of the line: entered first on `since`, left last on `until` (both `None` while it is ahead)."""

    stage: Stage
    progress: Progress
    since: dt.date | None = None
    until: dt.date | None = None


def line_of_steps(procedure: Procedure, entered: Sequence[tuple[Stage, dt.date]]) -> tuple[Point, ...]:
    """Return the line of a case from its history: each stage it `entered` with the day, in order.

    Stages that belong to another one are folded into it. Where the case went back, what lies beyond is ahead again,
    without dates. Where it left the line (refused, transferred …), the line ends there.
    """
    visits = [(SHOWN_AS.get(stage, stage), day) for stage, day in entered]
    if not visits:
        return tuple(Point(stage, Progress.AHEAD) for stage in procedure.line)
    current = visits[-1][0]
    left_line = [stage for stage, _ in visits if stage in SIDE_STAGES]
    on_line = [stage for stage in procedure.line if any(stage is visited for visited, _ in visits)]
    shown = [*on_line, *dict.fromkeys(left_line)] if left_line and _is_out(current, left_line, visits) else None
    if shown is None:
        place = procedure.line.index(current)
        return tuple(
            _point(stage, visits, _progress(index, place), ended=current is procedure.line[-1])
            for index, stage in enumerate(procedure.line)
        )
    shown = sorted(shown, key=lambda stage: _last_visit(stage, visits))
    return tuple(
        _point(stage, visits, Progress.CURRENT if stage is current else Progress.DONE, ended=False) for stage in shown
    )


def _is_out(current: Stage, left_line: Sequence[Stage], visits: Sequence[tuple[Stage, dt.date]]) -> bool:
    """A case is off the line from the step that left it until it comes back; closing does not bring it back."""
    if current in SIDE_STAGES:
        return True
    return current is Stage.CLOSED and any(stage in left_line for stage, _ in visits[-2:-1])


def _last_visit(stage: Stage, visits: Sequence[tuple[Stage, dt.date]]) -> int:
    return max(index for index, (visited, _) in enumerate(visits) if visited is stage)


def _progress(index: int, place: int) -> Progress:
    if index == place:
        return Progress.CURRENT
    return Progress.DONE if index < place else Progress.AHEAD


def _point(stage: Stage, visits: Sequence[tuple[Stage, dt.date]], progress: Progress, *, ended: bool) -> Point:
    days = [day for visited, day in visits if visited is stage]
    if progress is Progress.AHEAD or not days:
        return Point(stage, progress)
    last = _last_visit(stage, visits)
    after = visits[last + 1][1] if last + 1 < len(visits) else None
    return Point(stage, Progress.DONE if ended else progress, days[0], days[0] if ended and after is None else after)
