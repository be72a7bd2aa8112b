"""What the posting room has before it: what goes out today, what is out without a return card, what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.custody import ItemState, Movement
from app.domain.delivery import Method
from app.domain.items import Fate
from app.models import (
    BINDING,
    Carriage,
    Case,
    Consignment,
    Direction,
    Handover,
    Item,
    Letter,
    LetterState,
    LetterWay,
    ParcelOutcome,
    Proposal,
    Service,
)

SHOWN = 200
_GO_OUT = (Fate.TO_PARTY, Fate.LENT, Fate.RETURNED_ABROAD)


@dataclass(frozen=True, slots=True)
class ToPost:
    """A parcel that was agreed: to whom, where, with what."""

    case: Case
    person: str
    address: tuple[str, ...]
    items: tuple[Item, ...]


def letters_to_post(session: Session) -> list[Letter]:
    """Return the letters on paper that left the clerk and were not posted yet, the oldest first.

    A notice to somebody whose address nobody knows (KPA art. 64 § 1) stays in the file.
    """
    return list(
        session.scalars(
            sa.select(Letter)
            .outerjoin(Service, Service.letter_id == Letter.id)
            .where(Letter.state == LetterState.SENT, Letter.way == LetterWay.POST, Service.id.is_(None))
            .where(Letter.kind != "left_without_address")
            .options(joinedload(Letter.case))
            .order_by(Letter.sent_at, Letter.id)
            .limit(SHOWN)
        )
    )


def parcels_to_post(session: Session) -> list[ToPost]:
    """Return what the newest, binding agreements send by post and what still lies in the office."""
    newer = sa.orm.aliased(Proposal)
    rows = session.scalars(
        sa.select(Proposal)
        .where(
            Proposal.state.in_(BINDING),
            ~sa.exists().where(newer.case_id == Proposal.case_id, newer.version > Proposal.version),
            sa.cast(Proposal.methods, sa.String).contains(f'"{Method.POST.value}"'),
            sa.exists().where(
                Item.case_id == Proposal.case_id, Item.state == ItemState.IN_OFFICE, Item.fate.in_(_GO_OUT)
            ),
        )
        .options(
            joinedload(Proposal.case).options(
                selectinload(Case.items).options(selectinload(Item.handovers), selectinload(Item.discrepancies)),
                selectinload(Case.decisions),
                selectinload(Case.letters).joinedload(Letter.service),
                selectinload(Case.plate_numbers),
            )
        )
        .order_by(Proposal.answered_at, Proposal.id)
        .limit(SHOWN)
    )
    return [
        ToPost(row.case, row.case.applicant_name, tuple(row.address), tuple(items))
        for row in rows
        if (items := row.left(Method.POST))
    ]


def parcels_of(session: Session, day: dt.date) -> list[Consignment]:
    """Return the parcels posted on `day`."""
    return list(session.scalars(_parcels().where(Consignment.on == day).order_by(Consignment.id).limit(SHOWN)))


def parcels_without_number(session: Session) -> list[Consignment]:
    """Return the parcels that are out and have no tracking number yet, the oldest first."""
    wanted = _parcels().where(Consignment.tracking.is_(None), *_OUT)
    return list(session.scalars(wanted.order_by(Consignment.on, Consignment.id).limit(SHOWN)))


def letters_of(session: Session, day: dt.date) -> list[Letter]:
    """Return the letters posted on `day`."""
    return list(
        session.scalars(
            sa.select(Letter)
            .join(Service, Service.letter_id == Letter.id)
            .where(Letter.way == LetterWay.POST, Service.arrived_on == day)
            .options(joinedload(Letter.case), joinedload(Letter.service).selectinload(Service.events))
            .order_by(Service.id)
            .limit(SHOWN)
        )
    )


def parcels_out(session: Session) -> list[Consignment]:
    """Return the parcels of which no return card has come, the oldest first."""
    return list(session.scalars(_parcels().where(*_OUT).order_by(Consignment.on, Consignment.id).limit(SHOWN)))


def letters_out(session: Session) -> list[Letter]:
    """Return the letters of which no return card has come, the oldest first."""
    return list(
        session.scalars(
            sa.select(Letter)
            .join(Service, Service.letter_id == Letter.id)
            .where(Letter.way == LetterWay.POST, Service.outcome.is_(None))
            .options(joinedload(Letter.case), joinedload(Letter.service).selectinload(Service.events))
            .order_by(Service.arrived_on, Service.id)
            .limit(SHOWN)
        )
    )


def parcels_back(session: Session) -> list[Consignment]:
    """Return the parcels that came back and whose things still lie in the office."""
    last = sa.orm.aliased(Handover)
    return list(
        session.scalars(
            _parcels()
            .where(
                Consignment.outcome.is_not(None),
                Consignment.outcome != ParcelOutcome.DELIVERED,
                sa.exists()
                .where(Handover.consignment_id == Consignment.id, Handover.movement == Movement.CAME_BACK)
                .where(Item.id == Handover.item_id, Item.state == ItemState.IN_OFFICE)
                .where(
                    ~sa.exists().where(
                        last.item_id == Handover.item_id, last.seq > Handover.seq, last.movement == Movement.POSTED
                    )
                ),
            )
            .options(selectinload(Consignment.handovers).joinedload(Handover.item))
            .order_by(Consignment.id)
            .limit(SHOWN)
        )
    )


def parcel_by_tracking(session: Session, number: str) -> Consignment | None:
    """Return the parcel that went out under the tracking number, or the number RPO/…, `number`."""
    return session.scalars(
        _parcels()
        .where(sa.or_(Consignment.tracking == number, Consignment.number == number))
        .order_by(Consignment.id.desc())
        .limit(1)
    ).first()


def letter_by_tracking(session: Session, number: str) -> Letter | None:
    """Return the letter that went out under the tracking number `number`."""
    return session.scalars(
        sa.select(Letter)
        .join(Service, Service.letter_id == Letter.id)
        .where(Service.tracking == number)
        .order_by(Letter.id.desc())
        .limit(1)
    ).first()


_OUT: Sequence[sa.ColumnElement[bool]] = (Consignment.outcome.is_(None), Consignment.direction == Direction.OUT)


def _parcels() -> sa.Select[Consignment]:
    """What goes with a letter to another authority is one consignment with it, and shown as that letter."""
    return (
        sa.select(Consignment)
        .where(Consignment.direction == Direction.OUT, Consignment.carriage != Carriage.IN_PERSON)
        .where(Consignment.letter_id.is_(None))
        .options(joinedload(Consignment.case))
    )
