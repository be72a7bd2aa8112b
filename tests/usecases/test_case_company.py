"""Presence, notes, and who may act in whose case, by the verbs alone."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.models import Case, Note, Presence
from app.transaction import one_transaction
from app.usecases.presence import note_presence
from app.usecases.take_case import take_case
from app.usecases.whose_case import claim
from app.usecases.write_note import write_note
from tests.usecases.clerks import a_case, act_of


@pytest.fixture
def case_id(desk) -> int:
    with one_transaction() as session:
        session.add(a_case(1))
    with one_transaction() as session:
        return take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1)).id


def test_who_opens_a_case_again_is_noted_once_with_the_later_moment(case_id):
    first = act_of(2)
    later = Act(first.actor, first.at + dt.timedelta(minutes=3))

    for act in (first, later):
        with one_transaction() as session:
            note_presence(session, case_id, act=act)

    assert db.session.scalars(sa.select(Presence.seen_at)).all() == [later.at]


def test_notes_stand_beside_each_other_and_an_empty_one_is_refused(case_id):
    for number in (1, 2):
        with one_transaction() as session:
            write_note(session, session.get_one(Case, case_id), f"uwaga {number}", act=act_of(number))

    with pytest.raises(BadInput, match="note-empty"), one_transaction() as session:
        write_note(session, session.get_one(Case, case_id), " \n", act=act_of(1))

    assert db.session.scalars(sa.select(Note.text).order_by(Note.id)).all() == ["uwaga 1", "uwaga 2"]


@pytest.mark.one_database
@pytest.mark.parametrize("doer", [Doer.FRONT_DESK, Doer.SUPERVISOR])
def test_the_front_desk_and_supervisors_act_in_the_case_of_any_clerk(case_id, doer):
    case = db.session.get_one(Case, case_id)

    claim(case, case.version, act=act_of(2), doer=doer)

    assert case.clerk_id == act_of(1).actor.id
