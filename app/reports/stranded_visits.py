"""In which cases did a visit fall through: nobody came, or the office is closed on its day since?"""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.holidays import DayKind
from app.models import BINDING, Carriage, Case, Consignment, DayOff, Direction, Proposal, ProposalState

_PROPOSAL, _PARCEL, _DAY = Proposal.__table__.c, Consignment.__table__.c, DayOff.__table__.c


def stranded_visit() -> sa.Exists:
    """Return the condition that the newest version of the agreement of a case names a time on such a day.

    `today` is a parameter of the statement: an agreed visit of a day before it has fallen through. Not meant are the
    party's own proposal, which the office has to answer anyway, and a visit since which the party has come.
    """
    newer = Proposal.__table__.alias()
    came_since = sa.exists().where(
        _PARCEL.case_id == _PROPOSAL.case_id, _PARCEL.at >= _PROPOSAL.at,
        _PARCEL.direction == Direction.OUT, _PARCEL.carriage == Carriage.IN_PERSON,
    )  # fmt: skip
    theirs = sa.and_(_PROPOSAL.state == ProposalState.PROPOSED, sa.not_(_PROPOSAL.by_office))
    return sa.exists().where(
        _PROPOSAL.case_id == Case.__table__.c.id,
        sa.not_(sa.or_(_PROPOSAL.slot.is_(None), theirs)),
        ~sa.exists().where(newer.c.case_id == _PROPOSAL.case_id, newer.c.version > _PROPOSAL.version),
        ~came_since,
        # An office is closed around midnight, so that its day is that of UTC and of the server.
        sa.or_(
            sa.exists().where(_DAY.kind != DayKind.WORKING, _DAY.day == sa.func.date(_PROPOSAL.slot)),
            sa.and_(
                _PROPOSAL.state.in_(BINDING),
                sa.func.date(_PROPOSAL.slot, type_=sa.Date) < sa.bindparam("today", type_=sa.Date),
            ),
        ),
    )
