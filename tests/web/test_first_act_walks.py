"""Whatever is tried with a case: what the list of "Moja praca" reads of it leads to the act that its file proposes."""

from __future__ import annotations

import contextlib
import random

import pytest

from app.domain.errors import Refused
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.reports.waiting import came
from app.usecases.case_facts import case_facts
from app.usecases.days_off import office_calendar
from app.views.office.calling import called_for, came_in
from app.views.office.case_loading import cases_to_work_on, whole_case
from app.views.office.first_act import first_act
from tests.usecases.at_work import a_clerk
from tests.usecases.test_random_walk import ANYTHING, FORWARD, KINDS, WALKS, Wanderer, empty_office

empty_office = empty_office  # the fixture of the other file  # noqa: PLW0127
CLERK = frozenset({Doer.CLERK})


class Worked(Wanderer):
    """A case in the hands of a clerk, whose list it stands in."""

    def __init__(self, *kind: str) -> None:
        super().__init__(*kind)
        self.clerk = self.desk = a_clerk("Anna", "Referent")


def both_say(one: Worked) -> tuple[tuple[object, str], tuple[object, str]]:
    """Return what came in the case and what is to be done first: by the list, and by the file."""
    db.session.rollback()
    db.session.expunge_all()
    today = one.act().today
    (listed,) = cases_to_work_on([one.case_id])
    waits = came(db.session(), one.clerk.id, today).get(one.case_id)
    by_list = waits, first_act(listed, case_facts(listed, today), CLERK, called_for(listed, waits, today))
    db.session.expunge_all()
    file = whole_case(one.case.sign)
    seen = came_in(file, today, office_calendar(db.session()))
    return by_list, (seen, first_act(file, case_facts(file, today), CLERK, called_for(file, seen, today)))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(max(4, WALKS // 6)))
def test_at_each_moment_the_list_and_the_file_say_the_same(empty_office, seed):
    empty_office()
    chance = random.Random(seed)
    one = Worked(*chance.choice(KINDS))
    one.take()

    for _ in range(50):
        leading = FORWARD.get(one.case.stage, ())
        deed = chance.choice(leading if leading and chance.random() < 8 / 9 else ANYTHING)
        with contextlib.suppress(Refused, IndexError):
            deed(one)

        by_list, by_file = both_say(one)

        assert by_list == by_file, (one.case.stage, [step.step for step in one.case.steps])
