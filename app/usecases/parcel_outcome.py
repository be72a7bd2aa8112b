"""What became of a parcel of the office, by its return card (ZPO) or by what the post answered to a complaint."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.correspondence import GRANTING
from app.domain.custody import LOST_BY_THE_POST, ItemState, Movement
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer, Stage
from app.models import Case, Consignment, Item, ParcelOutcome, ServiceOutcome, authored
from app.usecases.days_off import office_calendar
from app.usecases.keep_clock import keep_clock
from app.usecases.move_case import move_case
from app.usecases.post_notices import FIRST, SECOND, check_notice, day_unclaimed, second_notice
from app.usecases.record import record
from app.usecases.serve_with_things import decisions_with, serve_decisions

_FOR_GOOD = GRANTING - {"temporary_registration_decision"}
_MOVEMENTS = {ParcelOutcome.DELIVERED: Movement.DELIVERED, ParcelOutcome.LOST: Movement.LOST}
_UNDER_WAY = LOST_BY_THE_POST | {ItemState.IN_POST}


def record_parcel(
    session: Session,
    parcel: Consignment,
    outcome: ParcelOutcome,
    on: dt.date,
    *,
    act: Act,
    acknowledgement: str = "",
    place: str = "",
    first: dt.date | None = None,
    second: dt.date | None = None,
) -> Consignment:
    """Write down what became of a parcel; what came back lies at `place` from now on. One that was lost may turn up.

    A case that counted what came back as handed over stands before the handing over again. A decision in a parcel is
    served with it: also where that was refused (KPA art. 47), or where nobody claimed it and the post left notices on
    the days `first` and `second` (art. 44); without these days it was not served.

    Raises:
        BadInput: `outcome-in-future`, `outcome-too-early`, `notice-too-early`: before it was posted; of the notices:
            what `day_unclaimed`, `check_notice` and `second_notice` refuse.
        ConditionMissing: `parcel-settled`: it is known already.
    """
    session.refresh(parcel, with_for_update=True)
    if on > act.today:
        raise BadInput("outcome-in-future")
    if on < parcel.on:
        raise BadInput("outcome-too-early")
    if first is not None and first < parcel.on:
        raise BadInput("notice-too-early")
    if not may_be_recorded(parcel, outcome):
        raise ConditionMissing("parcel-settled")
    parcel.outcome, parcel.outcome_on = outcome, on
    parcel.acknowledgement = acknowledgement.strip()[:40] or parcel.acknowledgement
    things = {row.item.number: row.item for row in parcel.handovers if row.item.state in _UNDER_WAY}
    items = list(things.values())
    for item in items:
        item.move(_MOVEMENTS.get(outcome, Movement.CAME_BACK), authored(act), place=place or None, consignment=parcel)
    session.flush()
    if parcel.case is not None:
        _serve(session, parcel, items, (first, second), act)
        if any(item.is_owed for item in items):
            give_anew(session, parcel.case, act=act, cause=parcel)
        keep_clock(session, parcel.case, act, cause=parcel)
        parcel.case.changed_at = act.at
        details = {"consignment": parcel.number, "outcome": outcome.value}
        record(session, f"case:{parcel.case_id}", "parcel-outcome", details, act=act)
    return parcel


def may_be_recorded(parcel: Consignment, outcome: ParcelOutcome | None = None) -> bool:
    """Return whether an `outcome` of `parcel` can be written down: none is known yet, or what was lost turned up."""
    lost = parcel.outcome is ParcelOutcome.LOST
    return parcel.awaits_acknowledgement or (lost and outcome is not ParcelOutcome.LOST)


def give_anew(session: Session, case: Case, *, act: Act, cause: Consignment | None = None) -> None:
    """Let `case` stand before the handing over again, if it has gone on because of what did not reach its party.

    One that ended aside stays closed; its things go out anew.
    """
    if case.stage == Stage.HANDED_OVER.value or (case.stage == Stage.CLOSED.value and is_granted(case)):
        move_case(session, case, "take_back_parcel", act=act, doers={Doer.CLERK, Doer.FRONT_DESK}, cause=cause)


def is_granted(case: Case) -> bool:
    """Return whether the vehicle of `case` is registered or deregistered for good, as was asked for."""
    return any(decision.kind in _FOR_GOOD for decision in case.decisions)


def _serve(
    session: Session, parcel: Consignment, items: list[Item], said: tuple[dt.date | None, dt.date | None], act: Act
) -> None:
    """Write down the service of the decisions among `items`, if its outcome is one; `said`: the days of two notices."""
    case, outcome, on = parcel.case, parcel.outcome, parcel.outcome_on
    if case is None or outcome is None or on is None:
        return
    if outcome in {ParcelOutcome.DELIVERED, ParcelOutcome.REFUSED}:
        serve_decisions(case, items, on, ServiceOutcome(outcome.value), act)
    elif outcome is ParcelOutcome.UNCLAIMED and any(said) and decisions_with(case, items):
        left: dict[str, dt.date] = {}
        first, second = said
        if first is not None:
            check_notice(left, FIRST, first)
            left[FIRST] = first
        day = day_unclaimed(left, office_calendar(session), act.today)
        if again := second_notice(left, second, on):
            left[SECOND] = again
        serve_decisions(case, items, day, ServiceOutcome.UNCLAIMED, act, notices=left, said_on=on)
