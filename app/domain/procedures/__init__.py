"""The procedures of the office as tables of steps: the names that the rest of the program uses.

`procedure_of(name, edition)` gives a table; its `take(stage, step, facts, doers)` says where a step leads or refuses
it.
"""

from app.domain.procedures.drawing import as_dot, as_mermaid
from app.domain.procedures.editions import (
    DEFAULT_PERIODS,
    EDITIONS,
    LAW_PERIODS,
    PROCEDURES,
    Period,
    edition_for,
    procedure_of,
)
from app.domain.procedures.facts import CaseFacts, Verdict
from app.domain.procedures.line import Point, Progress, line_of_steps
from app.domain.procedures.machine import Offer, Procedure, Step
from app.domain.procedures.stages import (
    SETTLED_STAGES,
    SIDE_STAGES,
    Doer,
    ProcedureName,
    Stage,
    Waiting,
    clock_reason,
    waits_for,
)

__all__ = [
    "DEFAULT_PERIODS",
    "EDITIONS",
    "LAW_PERIODS",
    "PROCEDURES",
    "SETTLED_STAGES",
    "SIDE_STAGES",
    "CaseFacts",
    "Doer",
    "Offer",
    "Period",
    "Point",
    "Procedure",
    "ProcedureName",
    "Progress",
    "Stage",
    "Step",
    "Verdict",
    "Waiting",
    "as_dot",
    "as_mermaid",
    "clock_reason",
    "edition_for",
    "line_of_steps",
    "procedure_of",
    "waits_for",
]
