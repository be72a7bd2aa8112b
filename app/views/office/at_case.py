"""What do the pages about one case ask first? Which case it is, and in what capacity one acts."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort, current_app, g

from app.domain.procedures.stages import Doer
from app.extensions import db
from app.models import Case


def find_case(sign: str) -> Case:
    """Return the case, or answer that there is none."""
    case: Case | None = db.session.scalars(sa.select(Case).where(Case.sign == sign)).one_or_none()
    return case if case is not None else abort(404)


def may(permission: str, view: str) -> bool:
    """Return whether the person of this request has the permission `permission` on `view`."""
    allowed: bool = current_app.extensions["appbuilder"].sm.has_access(permission, view)
    return allowed


def capacity() -> Doer:
    """Return in what capacity a person acts: who takes cases, in their own; a supervisor, who takes none, in any."""
    return Doer.CLERK if may("can_take", "CaseFile") else Doer.SUPERVISOR


def acts_here(case: Case) -> bool:
    """Return whether the person of this request may decide in `case` at all."""
    return capacity() is Doer.SUPERVISOR or case.clerk_id == g.user.id
