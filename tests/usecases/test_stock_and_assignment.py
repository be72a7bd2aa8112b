"""What a supervisor may rely on: a series enters the stock once and whole, a case goes to a clerk who takes cases."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.domain.errors import BadInput, ConditionMissing, Refused
from app.domain.items import ItemKind
from app.domain.vehicles import PlateKind
from app.extensions import db
from app.models import AuditEvent, Case, Item, PlateNumber, PlateState
from app.transaction import one_transaction
from app.usecases.add_plates import Series, add_plates, retire_plate
from app.usecases.assign_case import assign_case
from app.usecases.prepare_documents import assign_plates
from tests.factories import an_office, now
from tests.usecases.clerks import CLERKS, a_case, act_of

CARS = Series("SC8K098", 4, PlateKind.ORDINARY, 2)


@pytest.fixture
def stock(house):
    with house.app_context():
        an_office()
        yield


def numbers() -> list[str]:
    return list(db.session.scalars(sa.select(PlateNumber.number).order_by(PlateNumber.id)))


def test_a_series_enters_the_stock_in_its_order_and_is_written_down(stock):
    with one_transaction() as session:
        add_plates(session, CARS, prefixes=("SC",), act=act_of(1))

    assert numbers() == ["SC 8K098", "SC 8K099", "SC 8K100", "SC 8K101"]
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "plates-added")).one()
    assert event.details == {"first": "SC 8K098", "last": "SC 8K101", "count": 4, "kind": "ordinary"}


def test_a_number_that_is_known_keeps_the_whole_series_out(stock):
    with one_transaction() as session:
        add_plates(session, Series("SC8K100", 1, PlateKind.ORDINARY, 2), prefixes=("SC",), act=act_of(1))

    with pytest.raises(ConditionMissing, match="plates-known") as refused, one_transaction() as session:
        add_plates(session, CARS, prefixes=("SC",), act=act_of(1))

    assert refused.value.details == {"number": "SC 8K100", "known": 1, "new": 3}
    assert numbers() == ["SC 8K100"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Series("SC8K098", 5001, PlateKind.ORDINARY, 2), "series-too-long"),
        (Series("SC8K098", 1, PlateKind.ORDINARY, 3), "series-plates"),
        (Series("nothing", 1, PlateKind.ORDINARY, 2), "series-start"),
        (Series("WA12345", 1, PlateKind.ORDINARY, 2), "series-foreign"),
        (Series("SCZ8K098", 1, PlateKind.ORDINARY, 2), "series-start"),
        (Series("SCZ12A3", 1, PlateKind.ORDINARY, 2), "series-foreign"),
        (Series("K0001A", 1, PlateKind.TEMPORARY, 2), "series-foreign"),
    ],
)
def test_what_is_no_series_of_the_office_is_refused(stock, wanted, code):
    with pytest.raises(BadInput, match=code), one_transaction() as session:
        add_plates(session, wanted, act=act_of(1), prefixes=("SC",))

    assert numbers() == []


def test_a_number_is_retired_once_with_a_reason_however_it_is_typed(stock):
    with one_transaction() as session:
        add_plates(session, CARS, prefixes=("SC",), act=act_of(1))
    with pytest.raises(BadInput, match="reason-missing"), one_transaction() as session:
        retire_plate(session, "SC8K099", " ", act=act_of(1))

    with one_transaction() as session:
        retire_plate(session, "sc8k099", "zgnieciona", act=act_of(1))

    plate = db.session.scalars(sa.select(PlateNumber).where(PlateNumber.number == "SC 8K099")).one()
    assert (plate.state, plate.retired_because) == (PlateState.RETIRED, "zgnieciona")
    with pytest.raises(ConditionMissing, match="plate-taken"), one_transaction() as session:
        retire_plate(session, "SC 8K099", "zgnieciona", act=act_of(1))


def test_of_clerks_who_want_one_number_at_the_same_time_one_gets_it_for_one_case(desk):
    wanted = ["SC 8K098", "SC 8K099", "SC 8K100"]
    with one_transaction() as session:
        for number in wanted:
            session.add(PlateNumber(number=number, kind="ordinary", plates=2, added_at=now()))
        for place, number in enumerate(wanted):
            for clerk in range(1, CLERKS + 1):
                case = a_case(10 * place + clerk)
                case.stage, case.clerk_id, case.plate = "originals_complete", clerk, number
                session.add(case)
    together = threading.Barrier(CLERKS)
    said: list[tuple[str, str]] = []

    def work(clerk: int) -> None:
        for number in wanted:
            with desk.app_context():
                mine = sa.select(Case).where(Case.clerk_id == clerk, Case.plate == number)
                together.wait(30)
                try:
                    with one_transaction() as session:
                        case = session.scalars(mine).one()
                        assign_plates(session, case, case.version, number, letter="S", act=act_of(clerk))
                except Refused as refused:
                    said.append((number, refused.code))
                else:
                    said.append((number, "got it"))

    threads = [threading.Thread(target=work, args=(clerk,)) for clerk in range(1, CLERKS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    db.session.rollback()
    assert Counter(said) == {
        (number, code): count for number in wanted for code, count in (("got it", 1), ("plate-taken", CLERKS - 1))
    }
    owners = dict(db.session.execute(sa.select(PlateNumber.number, PlateNumber.case_id)).all())
    made = db.session.execute(sa.select(Item.label, Item.case_id).where(Item.kind == ItemKind.NEW_PLATE)).all()
    assert Counter(map(tuple, made)) == dict.fromkeys(owners.items(), 2)


@pytest.fixture
def people(stock):
    """A clerk, somebody who takes no cases, and a case."""
    with one_transaction() as session:
        role = RoleRow(name="Referent")
        found = {
            name: User(first_name=name, last_name="T", username=name, email=f"{name}@example.invalid", active=True)
            for name in ("clerk", "other")
        }
        found["clerk"].roles = [role]
        case = a_case(1)
        session.add_all([*found.values(), case])
        session.flush()
        return found["clerk"].id, found["other"].id, case.id


def give(case_id: int, clerk_id: int) -> None:
    with one_transaction() as session:
        assign_case(session, session.get_one(Case, case_id), session.get_one(User, clerk_id), "Referent", act=act_of(9))


def test_a_case_goes_to_a_clerk_at_its_stage_and_the_trail_says_from_whom(people):
    clerk, _other, case_id = people

    give(case_id, clerk)

    case = db.session.get_one(Case, case_id)
    assert (case.clerk_id, case.stage) == (clerk, "received")
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "case-assigned")).one()
    assert (event.actor_id, event.details["clerk"], event.details["before"]) == (9, clerk, None)


def test_a_case_that_ended_or_that_the_clerk_has_and_a_person_without_cases_are_refused(people):
    clerk, other, case_id = people
    with pytest.raises(BadInput, match="clerk-unknown"):
        give(case_id, other)
    give(case_id, clerk)
    with pytest.raises(ConditionMissing, match="case-has-clerk"):
        give(case_id, clerk)
    with one_transaction() as session:
        session.execute(sa.update(Case).values(stage="closed", clerk_id=None))

    with pytest.raises(ConditionMissing, match="case-settled"):
        give(case_id, clerk)
