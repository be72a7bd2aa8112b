"""What a clerk decides in a case, only the clerk who holds it decides; the address alone is not enough."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.acts import Act, Actor, ActorKind
from app.domain.errors import NotAllowed, Stale
from app.domain.procedures.stages import Doer, ProcedureName
from app.extensions import db
from app.house import equipment
from app.models import Case
from app.transaction import one_transaction
from app.usecases.describe_case import Description, describe_case
from app.usecases.settle_signature import accept_signature
from app.usecases.take_case import give_back_case, take_case
from app.usecases.whose_case import claim
from tests.factories import now
from tests.usecases.clerks import a_case, act_of

pytestmark = pytest.mark.one_database


def give_back(session, case, act):
    give_back_case(session, case, case.version, "", act=act, doer=Doer.CLERK)


def describe(session, case, act):
    said = Description("deregistration", "Kto Inny")
    describe_case(session, case, case.version, said, equipment=equipment(), act=act)


def accept(session, case, act):
    accept_signature(session, case, case.version, "Bo tak.", act=act)


def taken_by_the_first(procedure: ProcedureName) -> None:
    with one_transaction() as session:
        session.add(a_case(1, procedure, settled=False))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))


@pytest.mark.parametrize("step", [give_back, describe, accept])
def test_a_step_in_a_colleagues_case_is_refused_and_changes_nothing(desk, step):
    taken_by_the_first(ProcedureName.REGISTRATION)

    with pytest.raises(NotAllowed, match="case-not-yours"), one_transaction() as session:
        step(session, session.scalars(sa.select(Case)).one(), act_of(2))

    case = db.session.scalars(sa.select(Case)).one()
    assert (case.clerk_id, case.stage, case.procedure) == (1, "verification", "registration")
    assert not case.signature_settled
    assert [row.step for row in case.steps] == ["open", "take"]


@pytest.mark.parametrize("doer", [Doer.CLERK, Doer.SUPERVISOR])
def test_whoever_looked_at_the_case_of_before_decides_nothing_in_it(desk, doer):
    taken_by_the_first(ProcedureName.REGISTRATION)
    case = db.session.scalars(sa.select(Case)).one()

    with pytest.raises(Stale, match="case-changed"):
        claim(case, case.version - 1, act=act_of(1), doer=doer)


def test_a_supervisor_gives_back_and_settles_in_any_case(desk):
    taken_by_the_first(ProcedureName.REGISTRATION)
    chief = Act(Actor(ActorKind.STAFF, 2, "Test 2"), now())

    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        accept_signature(session, case, case.version, "Potwierdzono.", act=chief, doer=Doer.SUPERVISOR)
    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        give_back_case(session, case, case.version, "Urlop.", act=chief, doer=Doer.SUPERVISOR)

    case = db.session.scalars(sa.select(Case)).one()
    assert (case.clerk_id, case.stage, case.signature_settled) == (None, "received", True)
