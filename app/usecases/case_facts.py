"""What is known of a case, as the conditions of its procedure ask for it."""

from __future__ import annotations

from app.domain.procedures.facts import CaseFacts
from app.models import Case


def case_facts(case: Case) -> CaseFacts:
    """Collect the facts of `case` from its rows."""
    return CaseFacts(signature_undecided=not case.signature_settled)
