"""Has the term of a summons passed in vain?"""

from __future__ import annotations

import datetime as dt

from app.domain.items import NEW_PLATES
from app.models import Summons
from app.usecases.addressees import copies_of, served_all_on

PLATES_SUMMONS = "plates_return_summons"
"""The kind of the letter that asks for the plates of a temporary registration."""


def has_expired(summons: Summons | None, today: dt.date) -> bool:
    """Return whether the term of every party to whom `summons` went has passed without what it asks for."""
    if summons is None or summons.met_at is not None or summons.due_on is None or summons.due_on >= today:
        return False
    return not copies_of(summons.letter) or served_all_on(summons.letter) is not None


def plates_asked_in_vain(summons: Summons | None, today: dt.date) -> bool:
    """Return whether `summons` asked for the plates of a permit that expired, and its term passed without them."""
    return (
        summons is not None
        and summons.kind == PLATES_SUMMONS
        and has_expired(summons, today)
        and any(one.met_at is None for one in summons.demands if one.subject in NEW_PLATES)
    )
