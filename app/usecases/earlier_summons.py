"""What does a letter say of the summons before it, and of what came on it?"""

from __future__ import annotations

import datetime as dt

from app.domain.custody import Discrepancy, ItemState
from app.domain.deadlines import office_day
from app.letters.texts import FieldValue
from app.models import Case, LetterState
from app.usecases.counted_things import was_asked_for
from app.usecases.summons_in_force import reminder_of, summons_in_force


def earlier_summons(case: Case) -> dict[str, FieldValue | None]:
    """Return the days of the summons in force, or of the last letter where there is none; nothing before any."""
    summons = summons_in_force(case)
    if summons is None:
        sent = [letter.sent_at for letter in case.letters if letter.state is LetterState.SENT and letter.sent_at]
        return _said_on(case, office_day(sent[-1]) if sent else None)
    letter, reminder = summons.letter, reminder_of(summons)
    return {
        **_said_on(case, office_day(letter.sent_at) if letter.sent_at else None),
        "served_day": letter.service.served_on if letter.service else None,
        "term_end": summons.due_on,
        "reminder_day": office_day(reminder.sent_at) if reminder and reminder.sent_at else None,
        "reminder_served_day": reminder.service.served_on if reminder and reminder.service else None,
    }


def _said_on(case: Case, day: dt.date | None) -> dict[str, FieldValue | None]:
    """Return the day of the letter before, and as what: something came on it, as it should or not, or nothing did.

    Where all that came is as it should be, the office itself had forgotten to ask for something.
    """
    came = any(was_asked_for(item) and item.state is not ItemState.EXPECTED for item in case.items)
    wrong = any(one.kind is not Discrepancy.NOT_ASKED_FOR for item in case.items for one in item.open_discrepancies)
    return {
        "earlier_day": day,
        "thanks_day": day if came and wrong else None,
        "also_day": day if came and not wrong else None,
        "vain_day": None if came else day,
    }
