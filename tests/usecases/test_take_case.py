"""Clerks at one queue: nobody gets what another has, nobody overwrites, what a step does not allow is refused."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from app.domain.errors import BadInput, Refused, Stale, StepNotOpen
from app.domain.procedures.stages import Doer, ProcedureName
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, Case, SearchKey, Vehicle
from app.transaction import one_transaction
from app.usecases.case_facts import requirements
from app.usecases.describe_case import Description, describe_case
from app.usecases.settle_signature import accept_signature
from app.usecases.take_case import give_back_case, take_case, take_next_case
from tests.factories import PESEL
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


def described(description: Description) -> Case:
    """Let the first clerk describe the only case; returns it as it stands then."""
    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        describe_case(session, case, case.version, description, equipment=equipment(), act=act_of(1))
    db.session.expire_all()
    return db.session.scalars(sa.select(Case)).one()


def test_a_description_is_corrected_and_the_event_says_what_was_and_what_is(desk):
    with one_transaction() as session:
        session.add(a_case(1, ProcedureName.UNDESCRIBED))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))
    described(Description("registration", "Anna Stara", pesel=PESEL, plate="SC 1", vin="XX", make_and_model="Fiat"))

    case = described(Description("deregistration", "Anna Nowa", plate="SC12345", make_and_model="Fiat 126p"))

    assert (case.procedure, case.stage, case.applicant_name) == ("deregistration", "verification", "Anna Nowa")
    assert (case.plate, case.vin, case.vehicle_label) == ("SC12345", None, "Fiat 126p")
    assert [party.name for party in case.parties] == ["Anna Nowa"]
    assert case.parties[0].pesel_digest
    keys = {tuple(row) for row in db.session.execute(sa.select(SearchKey.kind, SearchKey.key))}
    assert ("name", "N0WA") in keys
    assert not {("name", "STARA"), ("plate", "SC1"), ("vin", "XX")} & keys
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "description-corrected")).one()
    assert event.details == {
        "was": {"procedure": "registration", "plate": "SC 1", "vin": "XX", "make_and_model": "Fiat"},
        "now": {"procedure": "deregistration", "plate": "SC12345", "vin": "", "make_and_model": "Fiat 126p"},
        "personal": ["applicant_name"],
    }

    case = described(Description("deregistration", "Anna Nowa", plate="SC12345", without_pesel="1"))
    assert (case.parties[0].pesel_sealed, case.parties[0].pesel_digest) == (None, None)


@pytest.mark.one_database
def test_the_ground_that_a_clerk_names_decides_which_documents_are_asked_for(desk):
    with one_transaction() as session:
        session.add(a_case(1, ProcedureName.UNDESCRIBED))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))

    case = described(
        Description("deregistration", "Firma", ground="DEMONTAZ", regon="123456785", street="Polna 1",
                    postal_code="42-200", locality="Częstochowa")
    )  # fmt: skip

    assert "DISMANTLING_CERTIFICATE" in {one.kind.value for one in requirements(case)}
    assert case.parties[0].regon == "123456785"
    assert case.parties[0].address == {"street": "Polna 1", "postal_code": "42-200", "locality": "Częstochowa"}


@pytest.mark.one_database
def test_a_case_that_a_form_describes_or_that_went_on_is_described_by_nobody(desk):
    with one_transaction() as session:
        session.add_all([a_case(1), a_case(2, ProcedureName.UNDESCRIBED)])
    for number in (1, 2):
        with one_transaction() as session:
            take_case(session, session.scalars(sa.select(Case).where(Case.number == number)).one(), act=act_of(1))

    def describe(number: int, then: str = "verification") -> None:
        said = Description("deregistration", "Kto Inny")
        with one_transaction() as session:
            case = session.scalars(sa.select(Case).where(Case.number == number)).one()
            describe_case(session, case, case.version, said, equipment=equipment(), act=act_of(1))
            case.stage = then

    with pytest.raises(StepNotOpen):
        describe(1)
    describe(2, then="awaiting_originals")
    with pytest.raises(StepNotOpen):
        describe(2)


@pytest.mark.one_database
def test_a_second_description_answers_the_doubts_about_the_first(desk):
    with one_transaction() as session:
        session.add(a_case(1, ProcedureName.UNDESCRIBED))
    with one_transaction() as session:
        take_case(session, session.scalars(sa.select(Case)).one(), act=act_of(1))

    first = described(Description("deregistration", "Anna Nowa", plate="WA 1234A", vin="XX"))
    assert {found.code for found in first.findings} == {"vin-length", "registered-elsewhere"}

    second = described(Description("deregistration", "Anna Nowa", vin="TMBJJ7NE8J0123456"))
    assert [found.code for found in second.findings][-1] == "plate-missing"


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
