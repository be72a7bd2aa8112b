"""The steps that need no letter and no thing: originals confirmed, a withdrawal noted, a case closed or archived."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.models import Case, CaseStep, Direction, Letter, LetterState
from app.usecases.keep_clock import Cause
from app.usecases.move_case import move_case
from app.usecases.record import record
from app.usecases.whose_case import claim

CLOCK_ACTS = frozenset({"await_party", "await_outside", "go_on", "deem_complicated"})
"""What a clerk does to the clock of a case without a letter that says so."""
PLAIN_STEPS = CLOCK_ACTS | {
    "confirm_originals", "skip_originals", "supplement", "withdraw", "resume", "close", "archive", "take_back_parcel",
}  # fmt: skip
NEED_REASON = CLOCK_ACTS | {"withdraw", "resume"}
_ON_ARRIVAL = frozenset({"confirm_originals", "supplement"})


def take_step(
    session: Session,
    case: Case,
    version: int,
    step: str,
    *,
    act: Act,
    doer: Doer,
    reason: str = "",
    letter: int | None = None,
) -> CaseStep:
    """Take a step of `PLAIN_STEPS` in `case`, because of its letter of the number `letter`, where one is named.

    Raises what `claim` and the procedure raise, and BadInput (`step-not-plain`, `reason-missing`, `letter-unknown`).
    """
    if step not in PLAIN_STEPS:
        raise BadInput("step-not-plain", step=step)
    if step in NEED_REASON and not reason.strip():
        raise BadInput("reason-missing")
    claim(case, version, act=act, doer=doer)
    cause = _letter(case, letter) if letter is not None else _what_came(case, step)
    row = move_case(session, case, step, act=act, doers={doer}, reason=reason.strip() or None, cause=cause)
    record(session, f"case:{case.id}", "step-taken", {"step": step, "to": case.stage}, act=act)
    return row


def _letter(case: Case, number: int) -> Letter:
    """Return the letter of `case` that was sent under this number. Raises BadInput (`letter-unknown`)."""
    for letter in case.letters:
        if letter.seq == number and letter.state is LetterState.SENT:
            return letter
    raise BadInput("letter-unknown", number=number)


def _what_came(case: Case, step: str) -> Cause:
    """Return the newest arrival, where the step says that what was awaited has come."""
    if step not in _ON_ARRIVAL:
        return None
    return next((parcel for parcel in reversed(case.consignments) if parcel.direction is Direction.IN), None)
