"""Was the office told that registered a vehicle last?"""

from __future__ import annotations

from app.models import REACHED_NOBODY, Case, Determination, Letter, LetterState

OFFICE_NOTICE = "office_notice"
"""The kind of the letter that tells it."""


def notice_sent(case: Case, named: Determination | None) -> Letter | None:
    """Return the letter that told the office which `named` determines; one that came back, or got lost, told nobody."""
    sent = [one for one in case.letters if one.kind == OFFICE_NOTICE and one.state is LetterState.SENT]
    if named is None or not sent or sent[-1].made_at < named.at:
        return None
    service = sent[-1].service
    return None if service is not None and service.outcome in REACHED_NOBODY else sent[-1]
