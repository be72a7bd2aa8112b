"""A letter came back, or a decision was not collected: it goes out again, by post and by itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.models import REACHED_NOBODY, Letter, LetterState, LetterWay
from app.usecases.addressees import is_sent_again
from app.usecases.record import record
from app.usecases.send_letter import copy_of_letter
from app.usecases.serve_with_things import file_paper
from app.usecases.spent_agreement import expect_nobody
from app.usecases.whose_case import claim


def came_back(letter: Letter) -> bool:
    """Whether the post did not find the addressee of `letter`, or lost it, and nothing was sent instead."""
    service = letter.service
    in_vain = service is not None and service.outcome in REACHED_NOBODY
    return letter.way is LetterWay.POST and in_vain and not is_sent_again(letter)


def is_not_collected(letter: Letter) -> bool:
    """Whether `letter` is a decision whose paper lies here with the things, and nobody was served with it.

    To be served is no matter of agreement (KPA art. 109 § 1): the clerk may post it, when nobody comes.
    """
    if letter.way is not LetterWay.WITH_ITEMS or letter.state is not LetterState.SENT or letter.service is not None:
        return False
    papers = [one for one in letter.case.items if one.kind is ItemKind.DECISION and one.label == letter.number]
    return any(one.state is ItemState.IN_OFFICE for one in papers) and not is_sent_again(letter)


def send_again(
    session: Session, letter: Letter, version: int, address: Sequence[str], *, act: Act, doer: Doer
) -> Letter:
    """Send the same letter to its addressee at `address`; its terms run from the service there (KPA art. 42, 44).

    The paper of a decision that nobody has collected stays in the file. Where nothing else is left to be given, nobody
    is expected any more.

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
    if not (came_back(letter) or is_not_collected(letter)) or letter.pdf_sha256 is None:
        raise ConditionMissing("letter-not-back")
    collected_no_more = is_not_collected(letter)
    again = copy_of_letter(case, letter, letter.addressee, lines, letter.pdf_sha256)
    again.sent_at = act.at
    again.details = {**again.details, "instead_of": letter.seq}
    case.letters.append(again)
    case.changed_at = act.at
    record(session, f"case:{case.id}", "letter-sent-again", {"letter": again.seq, "instead_of": letter.seq}, act=act)
    if collected_no_more:
        file_paper(letter, act)
        if not any(item.is_owed for item in case.items):
            expect_nobody(case)
    return again
