"""The supervisor gives a case to a clerk."""

from __future__ import annotations

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import SETTLED_STAGES
from app.models import Case
from app.usecases.record import record


def clerks(session: Session, role: str) -> list[User]:
    """Return who can be given a case: active staff in the `role` of clerks, by surname."""
    found = sa.select(User).where(User.active, User.roles.any(RoleRow.name == role))
    return list(session.scalars(found.order_by(User.last_name, User.first_name, User.id)))


def assign_case(session: Session, case: Case, clerk: User, role: str, *, act: Act) -> Case:
    """Give `case` to `clerk`, whoever has it now. A case that nobody took yet still has to be taken.

    Raises:
        BadInput: `clerk-unknown`: not an active member of staff in the `role` of clerks.
        ConditionMissing: `case-settled`: it has ended; `case-has-clerk`: the clerk has it already.
    """
    if not clerk.active or role not in {one.name for one in clerk.roles}:
        raise BadInput("clerk-unknown")
    if case.stage in {stage.value for stage in SETTLED_STAGES}:
        raise ConditionMissing("case-settled", sign=case.sign)
    if case.clerk_id == clerk.id:
        raise ConditionMissing("case-has-clerk", sign=case.sign)
    before = case.clerk_id
    case.clerk_id, case.changed_at = clerk.id, act.at
    details = {"sign": case.sign, "clerk": clerk.id, "before": before}
    record(session, f"case:{case.id}", "case-assigned", details, act=act)
    return case
