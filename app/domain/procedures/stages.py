"""Where can a case stand, for whom does it wait there, and who may move it?"""

from __future__ import annotations

import enum
from types import MappingProxyType

from app.domain.deadlines import DELAYS, StopReason


class ProcedureName(enum.StrEnum):
    """Which procedure a case follows.

    `UNDESCRIBED` has no readable form: a clerk says first what the party asks for.
    """

    REGISTRATION = "registration"
    DEREGISTRATION = "deregistration"
    UNDESCRIBED = "undescribed"


class Stage(enum.StrEnum):
    """Where a case stands. The order is the order of the work; the ways out of it come last."""

    RECEIVED = "received"
    VERIFICATION = "verification"
    AWAITING_REMEDY = "awaiting_remedy"
    AWAITING_ORIGINALS = "awaiting_originals"
    ORIGINALS_COMPLETE = "originals_complete"
    AGREEING_HANDOVER = "agreeing_handover"
    HANDED_OVER = "handed_over"
    PERMANENT_READY = "permanent_ready"
    CLOSED = "closed"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    LEFT_UNEXAMINED = "left_unexamined"
    TRANSFERRED = "transferred"
    REFUSED = "refused"
    DISCONTINUED = "discontinued"


class Doer(enum.StrEnum):
    """Who takes a step: the roles of the office, the party, or the system by itself."""

    CLERK = "clerk"
    FRONT_DESK = "front_desk"
    SUPERVISOR = "supervisor"
    CITIZEN = "citizen"
    SYSTEM = "system"


OFFICE = (Doer.CLERK, Doer.SUPERVISOR)
DESK = (Doer.CLERK, Doer.FRONT_DESK)


class Waiting(enum.StrEnum):
    """Whose move it is."""

    OFFICE = "office"
    CITIZEN = "citizen"
    OUTSIDE = "outside"
    NOBODY = "nobody"


SIDE_STAGES = frozenset({Stage.WITHDRAWN, Stage.LEFT_UNEXAMINED, Stage.TRANSFERRED, Stage.REFUSED, Stage.DISCONTINUED})
"""Ways out of the line of steps."""

SETTLED_STAGES = frozenset(
    {
        Stage.CLOSED,
        Stage.ARCHIVED,
        Stage.LEFT_UNEXAMINED,
        Stage.TRANSFERRED,
        Stage.REFUSED,
        Stage.DISCONTINUED,
    }
)
"""Here the clock of KPA art. 35 has ended, though things may still have to be given back."""

SHOWN_AS = {Stage.AWAITING_REMEDY: Stage.VERIFICATION, Stage.ARCHIVED: Stage.CLOSED}
"""Stages that the line of steps shows as a part of another one."""

_STANDS_BECAUSE = {
    Stage.AWAITING_REMEDY: StopReason.AWAITING_REMEDY,
    Stage.AWAITING_ORIGINALS: StopReason.AWAITING_ORIGINALS,
    Stage.AGREEING_HANDOVER: StopReason.AWAITING_AGREEMENT,
    Stage.HANDED_OVER: StopReason.OUTSIDE_THE_OFFICE,
    Stage.PERMANENT_READY: StopReason.AWAITING_PARTY,
}

_OF_THE_PARTY = frozenset(
    {Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS, Stage.AGREEING_HANDOVER, Stage.PERMANENT_READY}
)


def clock_reason(stage: Stage) -> StopReason | None:
    """Return why the clock of a case stands in `stage` (KPA art. 35 § 5), `None` where it runs or has ended."""
    return _STANDS_BECAUSE.get(stage)


CLOCK_STOPS = MappingProxyType(
    {
        "suspend": StopReason.SUSPENDED,
        "await_party": StopReason.DELAY_BY_PARTY,
        "await_outside": StopReason.DELAY_ELSEWHERE,
    }
)
"""Why the clock stands from the step on, whatever the stage."""
CLOCK_STARTS = MappingProxyType({"take_up": frozenset({StopReason.SUSPENDED}), "go_on": DELAYS})
"""Which of these stops a step ends."""
UNDECIDED_STAGES = frozenset(
    {Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS, Stage.ORIGINALS_COMPLETE}
)
"""A clerk works on the case and has not decided it. Beyond these no suspension and no delay goes on."""


def waits_for(stage: Stage) -> Waiting:
    """Return whose move it is in `stage`, for queues and for the citizen's view."""
    if stage is Stage.ARCHIVED:
        return Waiting.NOBODY
    if stage is Stage.HANDED_OVER:
        return Waiting.OUTSIDE
    return Waiting.CITIZEN if stage in _OF_THE_PARTY else Waiting.OFFICE
