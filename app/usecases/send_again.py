"""A letter came back because nobody knows its addressee there: it goes out again, to another address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer
from app.models import Letter, LetterWay, ServiceOutcome
from app.usecases.addressees import is_sent_again
from app.usecases.record import record
from app.usecases.send_letter import copy_of_letter
from app.usecases.whose_case import claim


def came_back(letter: Letter) -> bool:
    """Whether `letter` came back from an address where its addressee is unknown, and nothing was sent instead."""
    service = letter.service
    unknown = service is not None and service.outcome is ServiceOutcome.UNKNOWN_ADDRESSEE
    return letter.way is LetterWay.POST and unknown and not is_sent_again(letter)


def send_again(
    session: Session, letter: Letter, version: int, address: Sequence[str], *, act: Act, doer: Doer
) -> Letter:
    """Send the same letter to its addressee at `address`; its terms run from the service there (KPA art. 42, 44).

    Raises:
        Stale, NotAllowed: what `claim` raises.
        BadInput: `delivery-address`: no address is given.
        ConditionMissing: `letter-not-back`.
    """
    case = letter.case
    claim(case, version, act=act, doer=doer)
    lines = [line.strip()[:120] for line in address if line.strip()][:4]
    if not lines:
        raise BadInput("delivery-address")
    if not came_back(letter) or letter.pdf_sha256 is None:
        raise ConditionMissing("letter-not-back")
    again = copy_of_letter(case, letter, letter.addressee, lines, letter.pdf_sha256)
    again.sent_at = act.at
    again.details = {**again.details, "instead_of": letter.seq}
    case.letters.append(again)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "letter-sent-again", {"letter": again.seq, "instead_of": letter.seq}, act=act)
    return again
