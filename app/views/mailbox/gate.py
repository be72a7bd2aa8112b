"""Is a letter open to its reader, and if not, until when can it be opened before it counts as served?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import clock
from app.domain.correspondence import APPEALABLE
from app.domain.holidays import Calendar
from app.domain.procedures.editions import LAW_OF_2022
from app.extensions import db
from app.models import Letter, LetterState
from app.usecases.addressees import original_of
from app.usecases.serve_letter import deemed_day


@dataclass(frozen=True, slots=True)
class Gate:
    """A letter that opens after its receipt is confirmed.

    `last_day`: until its end the reader can confirm before the letter counts as served, `days_left` from today.
    `deemed_on`: the day on which it counts as served. `served`: that day has come. `over`: its case is closed, and no
    term hangs on the letter any more.
    """

    last_day: dt.date
    deemed_on: dt.date
    days_left: int
    served: bool
    over: bool


def gate_of(letter: Letter, calendar: Calendar, today: dt.date | None = None) -> Gate | None:
    """Return what keeps `letter` from being read; `None` for one that is open."""
    service = letter.service
    if not letter.needs_receipt or service is None or service.receipt_id is not None:
        return None
    today = today or clock.today()
    deemed_on = service.served_on or deemed_day(letter.case, service, calendar, today)
    # Served with the end of the last day, or, since 2022, on the day after it.
    last_day = deemed_on - dt.timedelta(days=1) if letter.case.edition == LAW_OF_2022 else deemed_on
    served = service.served_on is not None or today > last_day
    return Gate(last_day, deemed_on, (last_day - today).days, served, is_over(letter, today))


def is_over(letter: Letter, today: dt.date) -> bool:
    """Return whether no term hangs on `letter`: its case is closed, and it is no decision that may still be appealed.

    The office that deregisters by itself closes the case with the decision: there the term of appeal is yet to come.
    """
    if letter.case.closed_at is None:
        return False
    written = original_of(letter).id
    return not any(
        one.letter_id == written and one.kind in APPEALABLE and (one.final_on is None or one.final_on > today)
        for one in letter.case.decisions
    )


def letters_by_message(ids: Collection[int]) -> dict[int, Letter]:
    """Return the letters that the messages `ids` bring, by message."""
    if not ids:
        return {}
    found = db.session.scalars(
        sa.select(Letter)
        .options(joinedload(Letter.service), joinedload(Letter.case))
        .where(Letter.message_id.in_(ids), Letter.state == LetterState.SENT)
    )
    return {letter.message_id: letter for letter in found if letter.message_id is not None}
