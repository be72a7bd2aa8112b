"""Through which stages do invented cases go, and how long does each take? Ways through the tables of the procedures.

A way names steps only; where they lead and by which law is asked of the table. A way that the procedure does not have
fails before the first row is written.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from app.domain.procedures.editions import LAW_OF_2022, SEKAP, procedure_of
from app.domain.procedures.machine import Step
from app.domain.procedures.stages import Doer, ProcedureName

_FIRST = "take summon_originals confirm_originals"
_REMEDY = "take summon_remedy supplement summon_originals confirm_originals"
_HANDED = "propose_handover answer_handover hand_out"
_POSTED = "propose_handover answer_handover dispatch"
_LAST = "announce_certificate register issue archive"
_OUT = "close archive"

# Of a hundred cases, how many go which way.
# fmt: off
_WAYS: dict[ProcedureName, tuple[tuple[int, str], ...]] = {
    ProcedureName.REGISTRATION: (
        (55, f"{_FIRST} register_temporarily {_HANDED} {_LAST}"),
        (13, f"{_FIRST} register_temporarily {_POSTED} {_LAST}"),
        (12, f"{_REMEDY} register_temporarily {_HANDED} {_LAST}"),
        (6,  f"take notify_delay summon_originals confirm_originals register_temporarily {_HANDED} {_LAST}"),
        (4,  f"take summon_remedy leave_unexamined {_OUT}"),
        (3,  f"take refuse {_OUT}"),
        (3,  f"take summon_originals withdraw discontinue {_OUT}"),
        (2,  f"take transfer {_OUT}"),
        (2,  f"take discontinue {_OUT}"),
    ),
    ProcedureName.DEREGISTRATION: (
        (50, f"{_FIRST} deregister {_HANDED} archive"),
        (15, f"{_FIRST} deregister {_POSTED} archive"),
        (13, f"take skip_originals deregister {_POSTED} archive"),
        (12, f"{_REMEDY} deregister {_HANDED} archive"),
        (4,  f"take summon_originals leave_unexamined {_OUT}"),
        (3,  f"take refuse {_OUT}"),
        (3,  f"take withdraw discontinue {_OUT}"),
    ),
    ProcedureName.UNDESCRIBED: (
        (60, f"take leave_unexamined {_OUT}"),
        (25, f"take transfer {_OUT}"),
        (15, f"take withdraw discontinue {_OUT}"),
    ),
}
# How many days pass before a step, at least and at most.
_DAYS = {
    "take": (0, 4), "accept_signature": (0, 2), "summon_originals": (1, 9), "summon_remedy": (1, 9),
    "supplement": (2, 12), "confirm_originals": (3, 14), "notify_delay": (5, 20), "register_temporarily": (0, 5),
    "register_directly": (0, 5), "deregister": (0, 5), "skip_originals": (1, 6), "propose_handover": (0, 1),
    "answer_handover": (0, 9), "hand_out": (1, 10), "dispatch": (1, 5), "announce_certificate": (9, 25),
    "register": (0, 3), "issue": (1, 20), "archive": (20, 60), "leave_unexamined": (10, 30), "refuse": (5, 30),
    "withdraw": (1, 15), "discontinue": (2, 20), "transfer": (1, 7), "close": (15, 40),
}  # fmt: skip
# fmt: on
_TAKES_LONG = 0.04
"""How many cases lie longer, and may be overdue."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a way: the row of the table, and after how many days it is taken, at least and at most."""

    row: Step
    days: tuple[int, int]

    @property
    def doer(self) -> Doer:
        """Who takes the step when nothing is special."""
        return self.row.by[0]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that an invented case has taken, `day` days after its receipt."""

    row: Step
    doer: Doer
    day: int


def choose_edition(rng: random.Random) -> str:
    """Return an edition: most cases follow the one that the office describes."""
    return SEKAP if rng.random() < 0.7 else LAW_OF_2022


def taken_by(
    procedure: ProcedureName, edition: str, age: int, rng: random.Random, *, undecided: bool = False
) -> Sequence[Taken]:
    """Return the steps that a case of `age` days has taken. An `undecided` signature is settled on the way."""
    ways, weights = ways_of(procedure, edition, undecided=undecided)
    pick = rng.random() * weights[-1]
    way = next(way for way, weight in zip(ways, weights, strict=True) if pick < weight)
    slow = 6 if rng.random() < _TAKES_LONG else 1
    return tuple(_until(way, age, slow, rng))


def goes_by_post(case_id: int, later: Collection[str]) -> bool:
    """Return whether the things of a case go by post: by its `later` steps, or, while they are open, every fourth."""
    return "dispatch" in later or ("hand_out" not in later and case_id % 4 == 0)


def _until(way: Sequence[Move], age: int, slow: int, rng: random.Random) -> Iterator[Taken]:
    day = 0
    for move in way:
        least, most = move.days
        day += (least + int(rng.random() * (most - least + 1))) * slow
        if day > age:
            return
        yield Taken(move.row, move.doer, day)


@cache
def ways_of(
    procedure: ProcedureName, edition: str, *, undecided: bool = False
) -> tuple[tuple[tuple[Move, ...], ...], tuple[int, ...]]:
    """Return the ways through a procedure, and the running sum of how many cases of a hundred go each."""
    weights, ways = zip(*_WAYS[procedure], strict=True)
    if undecided and procedure is not ProcedureName.UNDESCRIBED:
        ways = tuple(way.replace("take", "take accept_signature", 1) for way in ways)
    if edition == LAW_OF_2022:  # the short path of an owner who keeps the number
        short = [
            way.replace("register_temporarily", "register_directly").replace(" register ", " ") for way in ways[:1]
        ]
        ways, weights = (*ways, *short), (*weights, 20)
    return tuple(_walk(procedure, edition, way.split()) for way in ways), tuple(accumulate(weights))


def _walk(procedure: ProcedureName, edition: str, steps: Sequence[str]) -> tuple[Move, ...]:
    table = procedure_of(procedure, edition)
    stage, moves = table.initial, []
    for name in steps:
        rows = table.rows(stage, name)
        if not rows:
            raise LookupError(f"{procedure} in edition {edition} has no step {name} at {stage}")
        moves.append(Move(rows[0], _DAYS[name]))
        stage = rows[0].to
    return tuple(moves)
