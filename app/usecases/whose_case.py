"""Whose case is it? Of the clerks only the one who holds a case acts in it; all have seen it as it is now."""

from __future__ import annotations

from app.domain.acts import Act
from app.domain.errors import NotAllowed, Stale
from app.domain.procedures.stages import Doer
from app.models import Case


def claim(case: Case, version: int, *, act: Act, doer: Doer) -> None:
    """Let whoever acts decide in `case`, which they looked at when it was `version`.

    Raises:
        Stale: `case-changed`: somebody changed the case since.
        NotAllowed: `case-not-yours`: a clerk acts and another one holds it. Supervisors and the front
            desk act in any case, as far as its procedure lets them.
    """
    if case.version != version:
        raise Stale("case-changed", sign=case.sign)
    if doer is Doer.CLERK and case.clerk_id != act.actor.id:
        raise NotAllowed("case-not-yours", sign=case.sign)
