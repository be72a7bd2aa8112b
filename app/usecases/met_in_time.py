"""Did everything that a summons asked for come by its day?"""

from __future__ import annotations

from app.domain.deadlines import Way, is_kept, office_day
from app.models import Carriage, Case, Direction, Summons


def met_in_time(case: Case, summons: Summons) -> bool:
    """Return whether everything that `summons` asked for came by its day; the postmark counts (KPA art. 57 § 5)."""
    if summons.met_at is None or summons.due_on is None:
        return summons.met_at is not None
    arrived = office_day(summons.met_at)
    marks = [
        parcel.posted_on
        for parcel in case.consignments
        if parcel.direction is Direction.IN and parcel.carriage is Carriage.POST and parcel.on == arrived
    ]
    posted = max(filter(None, marks), default=None)
    way = Way.DESIGNATED_OPERATOR if posted else Way.IN_PERSON
    return is_kept(summons.due_on, way, arrived=arrived, posted=posted)
