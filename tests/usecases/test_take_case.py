"""Clerks at one queue: nobody gets what another has, nobody overwrites, what a step does not allow is refused."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from app.domain.errors import BadInput, Refused, Stale, StepNotOpen
from app.domain.procedures.stages import Doer, ProcedureName
from app.extensions import db
from app.house import equipment
from app.models import Case, Vehicle
from app.transaction import one_transaction
from app.usecases.describe_case import Description, describe_case
from app.usecases.settle_signature import accept_signature
from app.usecases.take_case import give_back_case, take_case, take_next_case
from tests.usecases.clerks import CLERKS, a_case, act_of

CASES = 20


def test_clerks_who_take_next_at_the_same_time_get_different_cases(desk):
    with one_transaction() as session:
        session.add_all(a_case(number) for number in range(1, CASES + 1))
    taken: list[tuple[int, str]] = []
    lock = threading.Lock()

    def work(clerk: int) -> None:
        with desk.app_context():
            while True:
                try:
                    with one_transaction() as session:
                        sign = take_next_case(session, act=act_of(clerk)).sign
                except Refused as refused:
                    assert refused.code == "queue-empty"  # noqa: PT017
                    return
                with lock:
                    taken.append((clerk, sign))

    threads = [threading.Thread(target=work, args=(clerk,)) for clerk in range(1, CLERKS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    db.session.rollback()
    assert sorted(sign for _, sign in taken) == sorted(db.session.scalars(sa.select(Case.sign)))
    owners = dict(db.session.execute(sa.select(Case.sign, Case.clerk_id)).all())
    assert owners == {sign: clerk for clerk, sign in taken}


def test_a_case_that_a_colleague_took_is_refused_and_stays_theirs(desk):
    with one_transaction() as session:
        session.add(a_case(1))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))

    with pytest.raises(Stale, match="case-taken"), one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(2))

    assert db.session.scalars(sa.select(Case)).one().clerk_id == 1


def test_a_save_on_an_old_version_changes_nothing(desk):
    with one_transaction() as session:
        session.add(a_case(1))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))
    seen = db.session.scalar(sa.select(Case.version))

    with one_transaction() as session:
        give_back_case(session, session.scalars(sa.select(Case)).one(), seen, "", act=act_of(1), doer=Doer.CLERK)
    with pytest.raises(Stale), one_transaction() as session:
        give_back_case(session, session.scalars(sa.select(Case)).one(), seen, "", act=act_of(1), doer=Doer.CLERK)

    case = db.session.scalars(sa.select(Case)).one()
    assert (case.stage, case.clerk_id) == ("received", None)
    assert [step.step for step in case.steps] == ["open", "take", "give_back"]


def test_a_case_without_a_form_is_described_into_a_procedure_and_found_by_its_plate(desk):
    with one_transaction() as session:
        session.add(a_case(1, ProcedureName.UNDESCRIBED))
    with one_transaction() as session:
        case = take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))
    described = Description("deregistration", "Anna Nowa", plate="sc 1234a", vin="TMBJJ7NE8J0123456")

    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        describe_case(session, case, case.version, described, equipment=equipment(), act=act_of(1))

    from app.models import SearchKey

    case = db.session.scalars(sa.select(Case)).one()
    assert (case.procedure, case.stage, case.applicant_name) == ("deregistration", "verification", "Anna Nowa")
    keys = set(db.session.execute(sa.select(SearchKey.kind, SearchKey.key)).all())
    assert {("plate", "SC1234A"), ("vin_tail", "123456"), ("name", "ANNA")} <= {tuple(key) for key in keys}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "label"), [("", "FIAT PANDA, 2015"), ("Fiat 500", "Fiat 500")], ids=["nothing typed", "typed anew"]
)
def test_a_description_spoils_nothing_of_the_vehicle_that_the_form_named(desk, typed, label):
    with one_transaction() as session:
        case = a_case(1, ProcedureName.UNDESCRIBED)
        case.vehicle, case.vehicle_label = Vehicle(make="FIAT", model="PANDA"), "FIAT PANDA, 2015"
        session.add(case)
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))
    described = Description("registration", "Anna Nowa", make_and_model=typed)

    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        describe_case(session, case, case.version, described, equipment=equipment(), act=act_of(1))

    case = db.session.scalars(sa.select(Case)).one()
    assert case.vehicle_label == label
    assert (case.vehicle.make, case.vehicle.model) == ((None, typed) if typed else ("FIAT", "PANDA"))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("description", "code"),
    [
        (Description("undescribed", "Anna"), "procedure-unknown"),
        (Description("nonsense", "Anna"), "procedure-unknown"),
        (Description("registration", "  "), "applicant-missing"),
    ],
)
def test_a_description_that_says_nothing_is_refused(desk, description, code):
    with one_transaction() as session:
        session.add(a_case(1, ProcedureName.UNDESCRIBED))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))

    case = db.session.scalars(sa.select(Case)).one()
    with pytest.raises(BadInput, match=code), one_transaction() as session:
        describe_case(session, case, case.version, description, equipment=equipment(), act=act_of(1))


@pytest.mark.one_database
def test_a_signature_is_accepted_only_with_a_reason_and_only_while_it_is_open(desk):
    with one_transaction() as session:
        session.add(a_case(1, settled=False))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))

    def accept(reason: str) -> None:
        with one_transaction() as session:
            case = session.scalars(sa.select(Case)).one()
            accept_signature(session, case, case.version, reason, act=act_of(1))

    with pytest.raises(BadInput, match="reason-missing"):
        accept("  ")
    accept("Certyfikat okazany na stanowisku.")
    with pytest.raises(Refused) as again:
        accept("Jeszcze raz.")

    assert not isinstance(again.value, StepNotOpen)
    case = db.session.scalars(sa.select(Case)).one()
    assert case.signature_settled
    assert case.steps[-1].reason == "Certyfikat okazany na stanowisku."
