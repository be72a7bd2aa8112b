"""Why are the originals not complete? What is still to come, and each discrepancy with the act that settles it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.custody import ItemState
from app.domain.items import LATER_THINGS
from app.models import Case
from app.usecases.case_facts import is_conditional, originals_unasked
from app.usecases.counted_things import is_awaited, was_asked_for
from app.views.office.reception import name_of
from app.views.wording_cases import CONDITIONS
from app.views.wording_things import DISCREPANCIES, REMEDIES, THINGS


def why_not_complete(case: Case) -> str:
    """Return what keeps the originals of `case` from being complete, in sentences."""
    later = LATER_THINGS if is_conditional(case) else frozenset()
    counted = [item for item in case.items if not (item.kind in later and item.state is ItemState.EXPECTED)]
    doubts = [
        _("%(thing)s: %(what)s. %(remedy)s", thing=name_of(item), what=str(DISCREPANCIES[one.kind.value]),
          remedy=str(REMEDIES[one.kind.value]))
        for item in counted
        for one in item.open_discrepancies
    ]  # fmt: skip
    waits = any(was_asked_for(item) and is_awaited(item) and not item.open_discrepancies for item in counted)
    unasked = ", ".join(dict.fromkeys(str(THINGS[kind.value]) for kind in originals_unasked(case)))
    forgotten = [_("Not asked for yet: %(things)s.", things=unasked)] if unasked else []
    to_come = [str(CONDITIONS["originals-in-order"])] if waits or not (doubts or forgotten) else []
    return " ".join(dict.fromkeys([*to_come, *forgotten, *doubts]))
