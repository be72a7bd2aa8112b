"""An appeal goes to the appeal authority with the file (KPA art. 133): a letter forwards it when it is posted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import ConditionMissing
from app.domain.procedures.stages import Doer
from app.equipment import Equipment
from app.models import Case, Letter
from app.usecases.appeals import appeal_at, waits_here
from app.usecases.authorities import APPEAL_LETTER
from app.usecases.letter_fields import LetterDraft
from app.usecases.prepare_letter import MINUTE, sketch_letter, write_letter
from app.usecases.whose_case import claim


def forward_appeal(
    session: Session,
    case: Case,
    version: int,
    place: int,
    opinion: str,
    *,
    equipment: Equipment,
    act: Act,
    doer: Doer,
    delay: int = MINUTE,
) -> Letter:
    """Write the letter that forwards the appeal at `place` among those of `case`, with the `opinion` of the office.

    Once it has left, it waits in the posting room; the day on which it is posted is that of the forwarding.

    Raises what `claim` and `write_letter` raise, ConditionMissing (`appeal-not-here`).
    """
    claim(case, version, act=act, doer=doer)
    return write_letter(
        session, case, _draft(case, place, opinion), equipment=equipment, act=act, doer=doer, delay=delay
    )


def sketch_forwarding(
    session: Session, case: Case, place: int, opinion: str, *, equipment: Equipment, act: Act, doer: Doer
) -> Letter:
    """Return that letter as it would leave, not saved. Raises what `sketch_letter` raises, `appeal-not-here`."""
    return sketch_letter(session, case, _draft(case, place, opinion), equipment=equipment, act=act, doer=doer)


def _draft(case: Case, place: int, opinion: str) -> LetterDraft:
    appeal = appeal_at(case, place)
    if appeal is None or not waits_here(appeal):
        raise ConditionMissing("appeal-not-here")
    return LetterDraft(kind=APPEAL_LETTER, reasons=opinion, appeal=place)
