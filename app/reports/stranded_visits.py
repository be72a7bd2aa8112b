"""In which cases was a visit agreed for a day on which the office is closed since?"""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.holidays import DayKind
from app.models import Carriage, Case, Consignment, DayOff, Direction, Proposal, ProposalState

_PROPOSAL, _PARCEL, _DAY = Proposal.__table__.c, Consignment.__table__.c, DayOff.__table__.c


def stranded_visit() -> sa.Exists:
    """Return the condition that the newest version of the agreement of a case names a time on such a day.

    Not the party's own proposal, which the office has to answer anyway, nor where the party has come since.
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
        sa.exists().where(_DAY.kind != DayKind.WORKING, _DAY.day == sa.func.date(_PROPOSAL.slot)),
    )
