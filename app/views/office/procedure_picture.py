"""Where does each box and arrow of the picture of a procedure stand? In the units of an SVG, from its table of steps.

The line of stages runs down the middle. Ways aside leave to the right, each into the lane of its stage; ways back and
short cuts turn on the left. What a stage aside leads to stands in words under its box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.procedures.machine import Procedure, Step
from app.domain.procedures.stages import Stage

Word = Callable[[str], str]

LEFT, BOX, LABELS, LANE = 270, 200, 260, 156
BOX_HEIGHT, ROW, GAP, TURN = 46, 26, 48, 16
TOP = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A stage: its corner, its size, its name in lines, what it leads to in words, whether it is on the line."""

    x: int
    y: int
    width: int
    height: int
    name: tuple[str, ...]
    exits: tuple[str, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way: the path of its line, its words, where they stand and which side they end at."""

    path: str
    words: str
    x: int
    y: int
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw, and the size of the whole."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture_of(procedure: Procedure, stage_word: Word, step_word: Word) -> Picture:
    """Return the picture of `procedure`, with these words for codes of stages and steps."""
    line = [*procedure.line, *(stage for stage in procedure.stages if stage is Stage.ARCHIVED)]
    aside = [stage for stage in procedure.stages if stage not in line]
    ways = _ways(procedure)
    right = {stage: [way for way in ways if way[0] is stage and way[1] in aside] for stage in line}
    tops, bottom = _rows(line, {stage: len(found) for stage, found in right.items()})
    lanes = {stage: LEFT + BOX + LABELS + place * LANE + LANE // 2 for place, stage in enumerate(aside)}
    boxes = [_on_line(stage, tops[stage], len(right[stage]), stage_word) for stage in line]
    boxes += [_beside(stage, lanes[stage], bottom, ways, (stage_word, step_word)) for stage in aside]
    middle = dict(zip(line, boxes, strict=False))
    arrows = [*_down(line, ways, middle, step_word), *_turning(line, ways, middle, step_word)]
    for stage in line:
        arrows += _aside(right[stage], middle[stage], lanes, bottom, step_word)
    height = max(box.y + box.height + 18 * len(box.exits) for box in boxes) + TOP
    return Picture(LEFT + BOX + LABELS + LANE * len(aside), height, tuple(boxes), tuple(arrows))


_Way = tuple[Stage, Stage, tuple[str, ...]]


def _ways(procedure: Procedure) -> list[_Way]:
    """Return each way from stage to stage with the steps that take it, once each."""
    found: dict[tuple[Stage, Stage], dict[str, None]] = {}
    for step in procedure.steps:
        if not step.stays:
            found.setdefault((step.origin, step.to), {})[step.name] = None
    return [(origin, to, tuple(names)) for (origin, to), names in found.items()]


def _rows(line: Sequence[Stage], ways: Mapping[Stage, int]) -> tuple[dict[Stage, int], int]:
    """Return where each stage of the line begins, and where the stages aside begin."""
    tops, y = {}, TOP
    for stage in line:
        tops[stage] = y
        y += max(BOX_HEIGHT, ROW * ways[stage] + 8) + GAP
    return tops, y


def _on_line(stage: Stage, top: int, ways: int, word: Word) -> Box:
    return Box(LEFT, top, BOX, max(BOX_HEIGHT, ROW * ways + 8), in_lines(word(stage.value), 21))


def _beside(stage: Stage, lane: int, top: int, ways: list[_Way], words: tuple[Word, Word]) -> Box:
    stage_word, step_word = words
    exits: list[str] = []
    for origin, to, names in ways:
        if origin is stage:
            said = " / ".join(step_word(name) for name in names)
            exits += [*in_lines(said, 20), *in_lines(f"→ {stage_word(to.value)}", 20)]
    return Box(
        lane - LANE // 2 + 6, top, LANE - 12, 48, in_lines(stage_word(stage.value), 16), tuple(exits), aside=True
    )


def _down(line: Sequence[Stage], ways: list[_Way], boxes: Mapping[Stage, Box], word: Word) -> list[Arrow]:
    """Arrows from each stage of the line to the next."""
    arrows = []
    for origin, to in pairwise(line):
        for start, end, names in ways:
            if (start, end) == (origin, to):
                x, y = LEFT + 40, boxes[origin].y + boxes[origin].height
                said = " / ".join(word(name) for name in names)
                arrows.append(Arrow(f"M{x} {y}V{boxes[to].y - 3}", said, x + 12, y + GAP // 2 + 4))
    return arrows


def _turning(line: Sequence[Stage], ways: list[_Way], boxes: Mapping[Stage, Box], word: Word) -> list[Arrow]:
    """Arrows back along the line, or past a stage of it: each turns in a column of its own at the left."""
    place = {stage: number for number, stage in enumerate(line)}
    turning = [way for way in ways if way[0] in place and way[1] in place and place[way[1]] - place[way[0]] != 1]
    arrows = []
    used: dict[Stage, int] = {}
    for number, (origin, to, names) in enumerate(turning):
        x = LEFT - 24 - number * TURN
        y = boxes[origin].y + 12 + 14 * used.setdefault(origin, 0)
        used[origin] += 1
        end = boxes[to].y + boxes[to].height - 8 - 6 * (number % 3)
        said = " / ".join(word(name) for name in names)
        arrows.append(Arrow(f"M{LEFT} {y}H{x}V{end}H{LEFT - 3}", said, x - 5, y + 4, "end"))
    return arrows


def _aside(ways: list[_Way], box: Box, lanes: Mapping[Stage, int], bottom: int, word: Word) -> list[Arrow]:
    """Arrows from a stage of the line into the lanes of the stages aside."""
    arrows = []
    for number, (_origin, to, names) in enumerate(ways):
        y = box.y + 18 + number * ROW
        said = " / ".join(word(name) for name in names)
        arrows.append(Arrow(f"M{LEFT + BOX} {y}H{lanes[to]}V{bottom - 3}", said, LEFT + BOX + 8, y - 4))
    return arrows


def in_lines(text: str, longest: int) -> tuple[str, ...]:
    """Return `text` in lines of at most `longest` characters, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def rows_of(procedure: Procedure) -> list[tuple[Stage, list[Step]]]:
    """Return the table of steps, stage by stage in the order of the work."""
    return [(stage, [step for step in procedure.steps if step.origin is stage]) for stage in procedure.stages]
