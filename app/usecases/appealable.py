"""Can what a case was decided with still be appealed, or was it repealed on appeal?"""

from __future__ import annotations

import datetime as dt

from app.domain.appeals import WITHOUT_FORCE
from app.domain.correspondence import EX_OFFICIO
from app.models import Case

_ENDING_DECISIONS = frozenset({"refusal_decision", "discontinuance_decision"})


def ending_is_final(case: Case, today: dt.date) -> bool:
    """Return whether the newest decision that ended `case` can no longer be appealed on `today`."""
    ending = [decision for decision in case.decisions if decision.kind in _ENDING_DECISIONS]
    # What was repealed is not appealed against any more, though it never became final.
    return ending_is_repealed(case) or (
        bool(ending) and ending[-1].final_on is not None and ending[-1].final_on <= today
    )


def ending_is_repealed(case: Case) -> bool:
    """Whether the newest decision that ended `case` was repealed on appeal."""
    ending = [decision.id for decision in case.decisions if decision.kind in _ENDING_DECISIONS]
    repealed = {appeal.decision_id for appeal in case.appeals if appeal.outcome in WITHOUT_FORCE}
    return bool(ending) and ending[-1] in repealed


def appeal_term_runs(case: Case, today: dt.date) -> bool:
    """Return whether what the office decided by itself can still be appealed on `today` (KPA art. 129 § 2)."""
    repealed = {appeal.decision_id for appeal in case.appeals if appeal.outcome in WITHOUT_FORCE}
    return any(
        one.kind == EX_OFFICIO and one.id not in repealed and (one.final_on is None or one.final_on > today)
        for one in case.decisions
    )
