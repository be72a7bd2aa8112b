"""A party waives its appeal: the decision is final on the day on which that reached the office (KPA art. 127a § 2)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.correspondence import APPEALABLE
from app.domain.errors import ConditionMissing
from app.domain.procedures.stages import Doer
from app.models import Case, Decision
from app.usecases.record import record
from app.usecases.whose_case import claim


def may_be_waived(decision: Decision, today: dt.date) -> bool:
    """Whether the term of an appeal against `decision` runs: it was served, and the term has not passed."""
    return decision.kind in APPEALABLE and decision.final_on is not None and decision.final_on > today


def waive_appeal(session: Session, case: Case, version: int, number: int, *, act: Act, doer: Doer) -> Decision:
    """Write down that every party waived its appeal against the decision in the letter `number` of `case`.

    Raises what `claim` raises, ConditionMissing (`appeal-not-open`).
    """
    claim(case, version, act=act, doer=doer)
    decision = next((one for one in case.decisions if one.letter.seq == number and may_be_waived(one, act.today)), None)
    if decision is None:
        raise ConditionMissing("appeal-not-open")
    decision.waived_at, decision.final_on = act.at, act.today
    case.changed_at = act.at
    record(session, f"case:{case.id}", "appeal-waived", {"letter": number}, act=act)
    return decision
