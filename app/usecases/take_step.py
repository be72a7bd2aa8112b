"""The steps that need no letter and no thing: originals confirmed, a withdrawal noted, a case closed or archived."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.models import Case, CaseStep
from app.usecases.move_case import move_case
from app.usecases.record import record
from app.usecases.whose_case import claim

PLAIN_STEPS = frozenset(
    {"confirm_originals", "skip_originals", "supplement", "withdraw", "resume", "close", "archive", "take_back_parcel"}
)
NEED_REASON = frozenset({"withdraw", "resume"})


def take_step(
    session: Session, case: Case, version: int, step: str, *, act: Act, doer: Doer, reason: str = ""
) -> CaseStep:
    """Take a step of `PLAIN_STEPS` in `case`.

    Raises what `claim` and the procedure raise, and BadInput (`step-not-plain`, `reason-missing`).
    """
    if step not in PLAIN_STEPS:
        raise BadInput("step-not-plain", step=step)
    if step in NEED_REASON and not reason.strip():
        raise BadInput("reason-missing")
    claim(case, version, act=act, doer=doer)
    row = move_case(session, case, step, act=act, doers={doer}, reason=reason.strip() or None)
    record(session, f"case:{case.id}", "step-taken", {"step": step, "to": case.stage}, act=act)
    return row
