"""What the office refuses, and why.

    Refused                     the request was understood and is not allowed now; nothing changed
     ├── StepNotOpen            the procedure has no such step at this stage
     ├── ConditionMissing       the step exists, but something must be true first
     ├── NotAllowed             the actor's role does not name this
     ├── Stale                  somebody else changed the same thing meanwhile (HTTP 409)
     └── BadInput               what came in is not what was asked for

Each carries a `code` that `views/wording.py` turns into a sentence, and `details` to fill that sentence with.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A refusal with a reason. `code` is stable; `details` are plain values for the sentence."""

    def __init__(self, code: str, **details: str | int) -> None:
        """Keep `code` and `details`; the message is for logs only."""
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details: Mapping[str, str | int] = details


class StepNotOpen(Refused):
    """The procedure's table has no such step from the stage where the case stands."""


class ConditionMissing(Refused):
    """The step is there, but one of its conditions does not hold yet."""


class NotAllowed(Refused):
    """The actor may not do this."""


class Stale(Refused):
    """The row was changed by somebody else since it was read."""


class BadInput(Refused):
    """Something from outside that cannot be used as it is."""
