"""From which day a decision is final after an appeal."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.appeals import AppealOutcome as Outcome
from app.domain.appeals import final_after

TERM_END, NEXT = dt.date(2026, 11, 16), dt.date(2026, 11, 17)
EARLY, LONG_AFTER = dt.date(2026, 11, 10), dt.date(2027, 1, 20)


@pytest.mark.parametrize(("outcome", "on", "late", "final"), [
    (Outcome.UPHELD,       LONG_AFTER, False, LONG_AFTER),
    (Outcome.UPHELD,       LONG_AFTER, True,  LONG_AFTER),   # the term was restored
    (Outcome.REPEALED,     LONG_AFTER, False, None),
    (Outcome.CORRECTED,    EARLY,      False, None),
    (Outcome.DISCONTINUED, LONG_AFTER, False, LONG_AFTER),
    (Outcome.DISCONTINUED, LONG_AFTER, True,  NEXT),
    (Outcome.WITHDRAWN,    LONG_AFTER, False, LONG_AFTER),
    (Outcome.WITHDRAWN,    EARLY,      False, NEXT),         # another appeal could still come
    (Outcome.NOT_ADMITTED, LONG_AFTER, False, NEXT),
    (Outcome.NOT_ADMITTED, LONG_AFTER, True,  NEXT),
])  # fmt: skip
def test_a_decision_is_final_from_the_end_of_its_appeal_unless_it_is_repealed(outcome, on, late, final):
    assert final_after(outcome, on, TERM_END, late=late) == final


def test_every_outcome_leads_somewhere():
    for outcome in Outcome:
        final_after(outcome, LONG_AFTER, TERM_END, late=False)
