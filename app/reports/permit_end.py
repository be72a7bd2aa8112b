"""What does the end of a temporary permit call for? An expression over the table of permits, for "Moja praca"."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.domain.custody import AWAY
from app.domain.items import NEW_PLATES
from app.models import CertificateOrder, Item, Permit, Summons

_PERMIT, _ITEM = Permit.__table__.c, Item.__table__.c
_SUMMONS, _CERTIFICATE = Summons.__table__.c, CertificateOrder.__table__.c


def what_it_calls_for(today: dt.date) -> sa.ColumnElement[str]:
    """Return `permit-announce`, `permit-extend`, `permit-plates`, or `permit` alone where it calls for nothing.

    The certificate that came is announced; until then a permit is extended once, while it is valid, and after its last
    day the plates are asked back. `calling.permit_calls_for` says the same of a case that was read.
    """
    come = _exists(_CERTIFICATE.case_id, _CERTIFICATE.arrived_on.is_not(None))
    asked = _exists(_SUMMONS.case_id, _SUMMONS.kind == sa.literal_column("'plates_return_summons'"))
    # Not what is so, but not what is not: else it would be read from all things of the office that are so.
    out = _exists(_ITEM.case_id, sa.not_(sa.or_(_ITEM.kind.not_in(NEW_PLATES), _ITEM.state.not_in(AWAY))))
    ended = _PERMIT.valid_until < today
    return sa.case(
        (come, sa.literal_column("'permit-announce'")),
        (sa.not_(ended) & _PERMIT.extended_at.is_(None), sa.literal_column("'permit-extend'")),
        (ended & out & sa.not_(asked), sa.literal_column("'permit-plates'")),
        else_=sa.literal_column("'permit'"),
    )


def _exists(case_id: sa.ColumnElement[int], so: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(case_id == _PERMIT.case_id, so).correlate(Permit.__table__)
