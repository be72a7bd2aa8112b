"""Whose case is it? What a clerk decides in a case, only the clerk who holds it decides."""

from __future__ import annotations

from app.domain.acts import Act
from app.domain.errors import NotAllowed
from app.domain.procedures.stages import Doer
from app.models import Case


def refuse_others(case: Case, act: Act, doer: Doer) -> None:
    """Raise NotAllowed (`case-not-yours`) unless the clerk who acts holds `case`, or a supervisor acts."""
    if doer is not Doer.SUPERVISOR and case.clerk_id != act.actor.id:
        raise NotAllowed("case-not-yours", sign=case.sign)
