"""What may become of an appeal against a decision, and from which day is the decision final then?

Law: KPA art. 127–138. A party has 14 days and appeals by way of the authority that decided; within seven days that
authority decides anew itself (art. 132) or forwards the appeal with the file (art. 133). Whether an appeal came in time
is for the appeal authority to say (art. 134).
"""

from __future__ import annotations

import datetime as dt
import enum

from app.domain.deadlines import Term, Unit

FORWARDING = Term(7, Unit.DAY)
"""KPA art. 133: from the day on which the appeal reached the office."""
FORWARDING_TERM = "appeal-forwarding"
"""The kind of the deadline that has this length."""


class AppealOutcome(enum.StrEnum):
    """How an appeal ended."""

    UPHELD = "upheld"
    REPEALED = "repealed"
    DISCONTINUED = "discontinued"
    NOT_ADMITTED = "not_admitted"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    """The office granted it by a decision of its own (art. 132)."""
    STRUCK_OUT = "struck_out"
    """It was written down by mistake: there was no such appeal."""


BY_THE_APPEAL_AUTHORITY = frozenset(
    {AppealOutcome.UPHELD, AppealOutcome.REPEALED, AppealOutcome.DISCONTINUED, AppealOutcome.NOT_ADMITTED}
)
"""What only the appeal authority decides, which needs the file for it."""
BEFORE_IT_IS_FORWARDED = (AppealOutcome.WITHDRAWN, AppealOutcome.CORRECTED)
AFTER_IT_WAS_FORWARDED = (
    *(one for one in AppealOutcome if one in BY_THE_APPEAL_AUTHORITY),
    AppealOutcome.WITHDRAWN,
)
"""How it can end, in the order in which a form offers it. To be struck out is no end of an appeal."""
WITHOUT_FORCE = frozenset({AppealOutcome.REPEALED, AppealOutcome.CORRECTED})
"""After these the decision that was appealed against is no more."""


def final_after(outcome: AppealOutcome, on: dt.date, term_end: dt.date, *, late: bool) -> dt.date | None:
    """Return from when on a decision is final whose appeal ended on the day `on`; `None`: it is repealed.

    `term_end`: the last day on which an appeal could be lodged. An appeal that came `late` and was not dealt with on
    its merits leaves the decision final since then.
    """
    if outcome in WITHOUT_FORCE:
        return None
    if outcome is AppealOutcome.UPHELD:
        return on
    after_the_term = term_end + dt.timedelta(days=1)
    return after_the_term if late or outcome is AppealOutcome.NOT_ADMITTED else max(on, after_the_term)
