"""What calls for the clerk first in a case: the act that "Moja praca" names in its row, for the case file."""

from __future__ import annotations

import datetime as dt

from app.domain.procedures.stages import SETTLED_STAGES, Stage
from app.models import Case
from app.reports.waiting import Came

_ACTS = {
    Came.THINGS: "compare",
    Came.PROPOSAL: "answer_handover",
    Came.PACKAGE: "read",
    Came.QUESTION: "answer",
    Came.LETTER: "find_address",
}


def called_for(case: Case, came: Came | None, today: dt.date, *, stands: bool) -> str:
    """Return the act that comes before the order of the procedure; nothing where nothing does.

    `came`: what came in the case of this clerk; `stands`: its term does not run.
    """
    if came in _ACTS:
        return _ACTS[came]
    if not stands and case.stage not in SETTLED_STAGES and case.due_on is not None and case.due_on < today:
        return "notify_delay"
    return "extend_permit" if came is Came.PERMIT and case.stage == Stage.HANDED_OVER.value else ""
