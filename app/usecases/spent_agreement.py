"""An agreement that binds no more: the case has ended, or nothing is left to be given under it."""

from __future__ import annotations

from app.models import BINDING, Case, Direction, ProposalState
from app.usecases.case_facts import newest_agreement

_STANDS = BINDING | {ProposalState.PROPOSED}


def expect_nobody(case: Case) -> None:
    """Let the newest agreement about `case` bind no more, unless something went out under it."""
    agreed = newest_agreement(case)
    if agreed is None or agreed.state not in _STANDS:
        return
    if not any(one.direction is Direction.OUT and one.at >= agreed.at for one in case.consignments):
        agreed.state = ProposalState.REPLACED
