"""Which summons of a case counts now, and has its term passed in vain?"""

from __future__ import annotations

import datetime as dt

from app.domain.correspondence import REMINDERS_OF_SUMMONS
from app.domain.custody import ItemState
from app.domain.items import NEW_PLATES
from app.domain.procedures.stages import Stage
from app.models import Case, Demand, Letter, LetterState, Summons
from app.usecases.addressees import served_all_on

PLATES_SUMMONS = "plates_return_summons"
"""The kind of the letter that asks for the plates of a temporary registration."""
WITHDRAWAL_SUMMONS = "withdrawal_summons"
"""The kind of the letter that asks for the signature under a withdrawal."""


def sent_summonses(case: Case) -> list[Summons]:
    """Return the summonses of `case` that have left, in the order of their letters."""
    return [letter.summons for letter in case.letters if letter.state is LetterState.SENT and letter.summons]


def newest_summons(case: Case) -> Summons | None:
    """Return the summons that was sent last, or `None`."""
    return next(iter(reversed(sent_summonses(case))), None)


def summons_in_force(case: Case) -> Summons | None:
    """Return the summons whose term counts: the newest, but while originals are awaited the newest that still waits.

    A further summons asks only for what was wrong; when that has come, the rest of the first one is still to come.
    """
    if case.stage == Stage.AWAITING_ORIGINALS.value:
        waiting = [one for one in sent_summonses(case) if things_awaited(case, one)]
        if waiting:
            return waiting[-1]
    return newest_summons(case)


def things_awaited(case: Case, summons: Summons) -> list[Demand]:
    """Return the demands of `summons` for things that have not come."""
    expected = {item.id for item in case.items if item.state is ItemState.EXPECTED}
    return [one for one in summons.demands if one.met_at is None and one.item_id in expected]


def demands_not_met(case: Case) -> list[Demand]:
    """Return what is still asked for: of all summonses while originals are awaited, else of the newest."""
    if case.stage == Stage.AWAITING_ORIGINALS.value:
        waiting = [demand for one in sent_summonses(case) for demand in things_awaited(case, one)]
        # What was asked for again is asked for in the words of the newer summons.
        return list({demand.item_id: demand for demand in waiting}.values())
    summons = newest_summons(case)
    return [one for one in summons.demands if one.met_at is None] if summons else []


def has_expired(summons: Summons | None, today: dt.date) -> bool:
    """Return whether the term of every party to whom `summons` went has passed without what it asks for.

    Nothing expires for whom it was never served (KPA art. 57 § 1), nor while a reminder of it is still on its way.
    """
    if summons is None or summons.met_at is not None or summons.due_on is None or summons.due_on >= today:
        return False
    reminder = reminder_of(summons)
    return served_all_on(summons.letter) is not None and (reminder is None or served_all_on(reminder) is not None)


def plates_asked(case: Case) -> bool:
    """Return whether the plates of a temporary registration were asked back in `case`."""
    return any(summons.kind == PLATES_SUMMONS for summons in sent_summonses(case))


def plates_asked_in_vain(summons: Summons | None, today: dt.date) -> bool:
    """Return whether `summons` asked for the plates of a permit that expired, and its term passed without them."""
    return (
        summons is not None
        and summons.kind == PLATES_SUMMONS
        and has_expired(summons, today)
        and any(one.met_at is None for one in summons.demands if one.subject in NEW_PLATES)
    )


def signature_asked_in_vain(summons: Summons | None, today: dt.date) -> bool:
    """Return whether `summons` asked for the signature under a withdrawal, and its term passed without it."""
    return summons is not None and summons.kind == WITHDRAWAL_SUMMONS and has_expired(summons, today)


def reminder_of(summons: Summons) -> Letter | None:
    """Return the last reminder sent since `summons`; its copies for further parties are served with it."""
    letter = summons.letter
    sent = [one for one in letter.case.letters if one.kind in REMINDERS_OF_SUMMONS and one.state is LetterState.SENT]
    return next((one for one in reversed(sent) if one.copy_of is None and one.seq > letter.seq), None)
