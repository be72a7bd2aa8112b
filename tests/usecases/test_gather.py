"""What one statement gathers is what each relationship loads by itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Item, Letter, Service
from app.models.gather import Gatherer
from app.usecases.case_facts import case_facts
from tests.usecases.test_registration import up_to_decision, work

_PATHS = (
    (Case.letters,),
    (Case.letters, Letter.service),
    (Case.letters, Letter.service, Service.events),
    (Case.items,),
    (Case.items, Item.handovers),
    (Case.consignments,),
)
work = work  # the fixture of the other file  # noqa: PLW0127


def read(case: Case) -> list[object]:
    return [
        *(
            (letter.seq, [event.kind for event in letter.service.events] if letter.service else None)
            for letter in case.letters
        ),
        *((item.number, [(row.seq, row.movement) for row in item.handovers]) for item in case.items),
        [parcel.number for parcel in case.consignments],
    ]


def test_a_gathered_case_is_the_case_and_asks_nothing_more(work):
    up_to_decision(work)
    today = work.act().today
    expected, facts = read(work.case), case_facts(work.case, today)
    db.session.expunge_all()
    case = db.session.get_one(Case, work.case_id)
    statements = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    Gatherer(*_PATHS).load(db.session(), case)

    assert read(case) == expected
    assert len(statements) == 1
    assert case_facts(case, today) == facts


def test_a_path_that_is_no_relationship_is_refused(work):
    with pytest.raises(TypeError, match="no relationship"):
        Gatherer((Case.sign,)).load(db.session(), work.case)
