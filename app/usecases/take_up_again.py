"""A decision that ended a case was repealed on appeal: what becomes of the things when the case is taken up again?"""

from __future__ import annotations

from app.domain.acts import Act
from app.domain.custody import ItemState
from app.domain.delivery import Method
from app.models import Case, ProposalState
from app.models.custody import GIVEN_BACK
from app.usecases.case_facts import newest_proposal
from app.usecases.counted_things import is_printout
from app.usecases.items import fate_in


def take_up_again(case: Case, act: Act) -> None:
    """Keep what is here for the new decision (KPA art. 138 § 2); what was given back is asked for anew, and compared.

    What waits to be sent back stays.
    """
    newest = newest_proposal(case)
    if newest is not None and newest.sends_back and newest.left(Method.POST):
        newest.state = ProposalState.REPLACED
    for item in case.items:
        if item.state is ItemState.WITH_PARTY:
            item.compared = False
            for discrepancy in item.open_discrepancies:
                discrepancy.settled_at, discrepancy.settled_by = act.at, GIVEN_BACK
        elif item.state is ItemState.IN_OFFICE and not (is_printout(item) or item.is_stray or item.is_replaced):
            item.fate = fate_in(case, item.kind)
