"""A clerk settles what the machine could not: the signature of an undecided package is accepted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.models import Case
from app.usecases.move_case import move_case
from app.usecases.record import record
from app.usecases.whose_case import claim


def accept_signature(
    session: Session, case: Case, version: int, reason: str, *, act: Act, doer: Doer = Doer.CLERK
) -> Case:
    """Accept the signature of `case` on the ground that the clerk gives (KPA art. 63 § 3a).

    Raises BadInput (`reason-missing`) without a reason, Stale when the case is not the `version` that was looked at,
    NotAllowed (`case-not-yours`) when `doer` is a clerk and another one holds it.
    """
    if not reason.strip():
        raise BadInput("reason-missing")
    claim(case, version, act=act, doer=doer)
    move_case(session, case, "accept_signature", act=act, doers={Doer.CLERK}, reason=reason.strip())
    case.signature_settled = True
    record(session, f"case:{case.id}", "signature-accepted", {"reason": reason.strip()}, act=act)
    return case
