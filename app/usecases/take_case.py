"""A clerk takes a case, or the next one, or gives it back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused, Stale
from app.domain.procedures.stages import Doer, Stage
from app.models import Case
from app.models.statements import changed_rows
from app.usecases.assess_fees import assess_fees
from app.usecases.move_case import move_case
from app.usecases.record import record
from app.usecases.whose_case import claim

_CLERK = frozenset({Doer.CLERK})


def take_case(session: Session, case: Case, *, act: Act) -> Case:
    """Give `case` to the clerk who acts. Raises Stale (`case-taken`) when a colleague was faster."""
    # One statement decides between two clerks, on either database, whatever each of them has read before.
    won = session.execute(
        sa.update(Case).where(Case.id == case.id, Case.clerk_id.is_(None)).values(clerk_id=act.actor.id),
        execution_options={"synchronize_session": False},
    )
    session.refresh(case)
    if changed_rows(won) == 0 and case.clerk_id != act.actor.id:
        raise Stale("case-taken", sign=case.sign, clerk=str(case.clerk) if case.clerk else "")
    if case.stage == Stage.RECEIVED.value:
        move_case(session, case, "take", act=act, doers=_CLERK)
        assess_fees(case)
    record(session, f"case:{case.id}", "case-taken", {"sign": case.sign}, act=act)
    return case


def take_next_case(session: Session, *, act: Act, team_id: int | None = None) -> Case:
    """Give the most urgent case that nobody has to the clerk who acts.

    Cases of the clerk's team come with those of no team. Raises Refused (`queue-empty`) when there is none.
    """
    waiting = (
        sa.select(Case)
        .where(Case.stage == Stage.RECEIVED.value, Case.clerk_id.is_(None))
        .where(sa.or_(Case.team_id.is_(None), Case.team_id == team_id) if team_id else sa.true())
        # All of them are null; PostgreSQL then reads them in the order of the index.
        .order_by(Case.clerk_id, Case.due_on, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Case)
    )
    case = session.scalars(waiting).one_or_none()
    if case is None:
        raise Refused("queue-empty")
    return take_case(session, case, act=act)


def give_back_case(session: Session, case: Case, version: int, reason: str, *, act: Act, doer: Doer) -> Case:
    """Put `case` back into the queue.

    Raises Stale when it is not the `version` that was looked at, NotAllowed (`case-not-yours`) when `doer` is a clerk
    and another one holds it.
    """
    claim(case, version, act=act, doer=doer)
    move_case(session, case, "give_back", act=act, doers={doer}, reason=reason or None)
    case.clerk_id = None
    record(session, f"case:{case.id}", "case-given-back", {"reason": reason}, act=act)
    return case
