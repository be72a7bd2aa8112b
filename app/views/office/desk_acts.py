"""What comes first in a case of the clerk who looks at "Moja praca": the act that the case file proposes, and where."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.domain.procedures.stages import SETTLED_STAGES
from app.models import Case
from app.reports.waiting import Came
from app.usecases.case_facts import case_facts
from app.views.office.calling import called_for
from app.views.office.case_doers import Allowed, case_file, doers_of
from app.views.office.case_steps import first_choice
from app.views.office.first_act import offers_of
from app.views.office.obstacles import what_is_missing
from app.views.wording_cases import CONDITIONS


@dataclass(frozen=True, slots=True)
class Following:
    """The act, in the words of its button in the case file, and where it is done; without a name the case waits."""

    name: str = ""
    label: str = ""
    url: str = ""
    waits: str = ""
    """What a case that has ended waits for, in words."""


def following(case: Case, came: Came | None, today: dt.date, allowed: Allowed) -> Following:
    """Return what comes first in `case`, in which `came` waits for its clerk."""
    facts, doers = case_facts(case, today), doers_of(case, allowed)
    first = first_choice(case, facts, doers, called_for(case, came, today))
    if first is None:
        ended = (one for one in offers_of(case, facts, doers) if one.step.name in {"close", "archive"})
        codes = [lacking.code for one in ended for lacking in one.missing] if case.stage in SETTLED_STAGES else []
        return Following(waits=_missing(case, codes[0]) if codes else "")
    place = first.url if first.way == "link" else "#acts"
    file = case_file(case.sign)
    return Following(first.name, first.label, file + place if place.startswith("#") else place)


def _missing(case: Case, code: str) -> str:
    """Return the words of what a case that has ended waits for; the case file says more of a letter."""
    return what_is_missing(case, code) if code == "nothing-owed" else str(CONDITIONS[code])
