"""What the front desk has before it: what came today, what nobody could match, who is expected, what lies where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.acts import OFFICE_ZONE
from app.domain.custody import ItemState
from app.models import BINDING, Carriage, Case, Consignment, Direction, Handover, Item, Proposal

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who agreed to come: when, for which case, who, and whether they were here."""

    at: dt.datetime
    sign: str
    person: str
    done: bool


def arrived_on(session: Session, day: dt.date) -> list[Consignment]:
    """Return the consignments that came on `day`, the newest first."""
    return list(
        session.scalars(
            sa.select(Consignment)
            .where(Consignment.direction == Direction.IN, Consignment.on == day)
            .options(joinedload(Consignment.case))
            .order_by(Consignment.id.desc())
            .limit(SHOWN)
        )
    )


def unmatched(session: Session) -> list[Consignment]:
    """Return the consignments that belong to no case yet, the oldest first."""
    return list(session.scalars(_unmatched().order_by(Consignment.id).limit(SHOWN)))


def unmatched_by_tracking(session: Session, tracking: str) -> Consignment | None:
    """Return the consignment without a case that travelled under the number `tracking`."""
    return session.scalars(_unmatched().where(Consignment.tracking == tracking).limit(1)).first()


def unmatched_by_number(session: Session, number: str) -> Consignment | None:
    """Return the consignment without a case that bears the `number`, one of the series RPW."""
    return session.scalars(_unmatched().where(Consignment.number == number)).first()


def visits_from(session: Session, day: dt.date) -> list[Visit]:
    """Return who agreed to collect things on `day` or later, the next first; SHOWN of them."""
    begin = dt.datetime.combine(day, dt.time(), OFFICE_ZONE)
    done = sa.exists().where(
        Consignment.case_id == Proposal.case_id, Consignment.direction == Direction.OUT,
        Consignment.carriage == Carriage.IN_PERSON, Consignment.at >= Proposal.at,
    )  # fmt: skip
    later = aliased(Proposal)
    newest = sa.not_(sa.exists().where(later.case_id == Proposal.case_id, later.version > Proposal.version))
    rows = session.execute(
        sa.select(Proposal.slot, Case.sign, Proposal.collector, Case.applicant_name, done)
        .join(Case, Case.id == Proposal.case_id)
        .where(Proposal.slot >= begin, Proposal.state.in_(BINDING), newest)
        .order_by(Proposal.slot, Proposal.id)
        .limit(SHOWN)
    )
    return [Visit(slot, sign, who or name, here) for slot, sign, who, name, here in rows if slot is not None]


def awaited_counts(session: Session, signs: Collection[str]) -> dict[str, int]:
    """Return how many things each of the cases `signs` waits for; cases that wait for nothing are left out."""
    rows = session.execute(
        sa.select(Case.sign, sa.func.count())
        .join(Item, Item.case_id == Case.id)
        .where(Case.sign.in_(signs), Item.state == ItemState.EXPECTED)
        .group_by(Case.sign)
    )
    return {row[0]: row[1] for row in rows}


def last_place(session: Session, actor_id: int) -> str:
    """Return the shelf on which this person put something last; nothing where they never did."""
    place = session.scalar(
        sa.select(Handover.place)
        .where(Handover.actor_id == actor_id, Handover.place.is_not(None))
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return place or ""


def shelves(session: Session) -> list[tuple[str, int]]:
    """Return the shelves on which something lies, by name, with how much; things without a place under ""."""
    rows = session.execute(
        sa.select(sa.func.coalesce(Item.place, ""), sa.func.count())
        .where(Item.state == ItemState.IN_OFFICE)
        .group_by(Item.place)
        .order_by(Item.place)
    )
    return [(place, count) for place, count in rows]


def _unmatched() -> sa.Select[Consignment]:
    return sa.select(Consignment).where(Consignment.direction == Direction.IN, Consignment.case_id.is_(None))
