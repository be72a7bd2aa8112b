"""What is a condition of a step? A predicate over the facts of a case, with the code that a refusal carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.procedures.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Condition:
    """A named predicate. `code` is what a refusal carries when it does not hold."""

    code: str
    holds: Callable[[CaseFacts], bool]


def condition(holds: Callable[[CaseFacts], bool]) -> Condition:
    """Make a condition of a predicate; its code is its name."""
    return Condition(holds.__name__.replace("_", "-"), holds)
