"""When does the party come for its things, and is its permit valid until then?"""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from app import clock
from app.domain.acts import OFFICE_ZONE
from app.domain.custody import ItemState
from app.domain.deadlines import office_day
from app.domain.delivery import Method
from app.models import BINDING, Case, Proposal
from app.usecases.case_facts import is_lost
from app.usecases.counted_things import newest_permit
from app.usecases.free_slots import DAYS
from app.views.office import formats

_IN_USE = frozenset({ItemState.IN_OFFICE, ItemState.WITH_PARTY})


def agreed_visit(newest: Proposal) -> str:
    """Return when somebody comes under the version that holds, and who; nothing where nobody is to come any more."""
    if newest.state not in BINDING or not newest.left(Method.IN_PERSON):
        return ""
    if newest.slot is None:
        when = _("any hour in which the office is open")
    else:
        local = newest.slot.astimezone(OFFICE_ZONE)
        when = _("%(day)s at %(time)s", day=formats.weekday(local.date()), time=f"{local:%H:%M}")
    return str(_("%(when)s, %(name)s comes", when=when, name=newest.collector) if newest.collector else when)


def permit_ends(case: Case, newest: Proposal | None) -> str:
    """Return the warning that the temporary permit has ended, or ends before the last visit that can be proposed.

    A permit that is back, lost or on its way warns nobody.
    """
    thing, permit = newest_permit(case), case.permit
    if permit is None or permit.valid_until is None or thing is None or thing.state not in _IN_USE:
        return ""
    today, last, words = clock.today(), permit.valid_until, formats.day(permit.valid_until)
    if is_lost(case, thing) or (thing.state is ItemState.IN_OFFICE and not thing.is_owed):
        return ""
    if last < today:
        return str(_("The temporary permit ended on %(day)s.", day=words))
    if newest is not None and newest.slot is not None and office_day(newest.slot) > last:
        return str(_("The temporary permit ends on %(day)s, before the visit of the newest version.", day=words))
    if last < today + dt.timedelta(days=DAYS):
        return str(_("The temporary permit ends on %(day)s: a later visit is too late for it.", day=words))
    return ""
