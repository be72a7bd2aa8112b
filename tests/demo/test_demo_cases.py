"""A demonstration of any size is an office like any other: whole, consistent, and the next real case continues it."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa
from stdnum.pl import pesel as pesels
from stdnum.pl import regon as regons

from app.demo.bulk import Plan, make_world, write_chunk
from app.demo.columns import COLUMNS
from app.domain.acts import SYSTEM, Act
from app.domain.case_signs import parse_case_sign
from app.domain.deadlines import office_day
from app.domain.folding import keys_for_case
from app.domain.identifiers import parse_plate, parse_vin
from app.domain.procedures.stages import Stage
from app.extensions import db
from app.house import equipment
from app.models import Base, Case, NumberSeries, Package, Party, Receipt, SearchKey
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.case_clock import clock_of
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.databases import bare_door
from tests.factories import an_office, now, send

CASES = 120


def make_ready():
    """An office as `office setup` leaves it, as far as cases need it."""
    from flask_appbuilder.security.sqla.models import Role as RoleRow

    an_office()
    with one_transaction() as session:
        session.add(RoleRow(name=Role.CLERK.value))


@pytest.fixture(scope="module")
def filled(settings_of_module):
    """A door over a demonstration that tests read and must not change."""
    house = bare_door(settings_of_module)
    with house.app_context():
        make_ready()
        run(house, "demo", "cases", str(CASES), "--seed", "7")
    yield house
    with house.app_context():
        db.engine.dispose()


@pytest.fixture
def demonstration(filled):
    with filled.app_context():
        yield filled
        db.session.remove()


def run(house, *args):
    done = house.test_cli_runner().invoke(args=list(args))
    assert done.exit_code == 0, done.output
    return done.output


def test_there_are_as_many_cases_as_were_asked_for_and_each_is_whole(demonstration):
    session = db.session

    assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == CASES
    for case in session.scalars(sa.select(Case)):
        (package,) = case.packages
        assert package.receipt.number == f"UPO/{int(package.number[7:])}/{package.number[2:6]}"
        assert package.verifications
        assert case.documents
        assert case.parties or package.form_problem
        assert len({member.sha256 for member in package.members}) == len(package.members)


def test_every_history_follows_the_table_of_its_procedure(demonstration):
    stages = set()

    for case in db.session.scalars(sa.select(Case)):
        stages.add(case.stage)
        stage = None
        moments = [step.at for step in case.steps]
        assert moments == sorted(moments)
        assert [step.seq for step in case.steps] == list(range(1, len(case.steps) + 1))
        assert case.version == len(case.steps)
        for step in case.steps:
            assert step.from_stage == stage
            if stage is None:
                assert step.step == "open"
            else:
                rows = case.table.rows(Stage(stage), step.step)
                assert any((row.to.value, row.law or None) == (step.to_stage, step.law) for row in rows)
            stage = step.to_stage
        assert case.stage == stage
        assert (case.clerk_id is None) is (case.stage == "received")
    assert len(stages) >= 7


def test_the_term_of_a_case_is_what_its_clock_says(demonstration):
    today = office_day(now())

    for case in db.session.scalars(sa.select(Case)):
        (term,) = case.deadlines
        assert clock_of(term).reckon(today).due == case.due_on == term.due_on


def test_persons_are_sealed_and_numbers_are_right_by_their_check_digits(demonstration):
    for party in db.session.scalars(sa.select(Party)):
        if party.regon:
            assert regons.is_valid(party.regon)
            continue
        number = equipment().ring.open(party.pesel_sealed, context="pesel")
        assert pesels.is_valid(number)
        assert pesels.get_birth_date(number).year < 1900, "a number that a living person may have"
        assert party.pesel_digest == equipment().ring.digest(number)
        assert number not in (party.name, party.pesel_sealed)


def test_a_case_is_found_as_if_a_verb_had_opened_it(demonstration):
    for case in db.session.scalars(sa.select(Case)):
        wanted = keys_for_case(
            parse_case_sign(case.sign),
            plates=[plate for plate in (case.plate, *(one.number for one in case.plate_numbers)) if plate],
            vins=[case.vin] if case.vin else [],
            pesel_digests=[party.pesel_digest for party in case.parties if party.pesel_digest],
            regons=[party.regon for party in case.parties if party.regon],
            names=[case.applicant_name],
        )
        rows = db.session.execute(sa.select(SearchKey.kind, SearchKey.key).where(SearchKey.case_id == case.id))
        assert {(row.kind, row.key) for row in rows} == {(key.kind.value, key.key) for key in wanted}
        if case.vin:
            assert set(parse_vin(case.vin).warnings) <= {"vin-check-digit-optional"}
            assert parse_plate(case.plate).warnings == ()


def test_no_row_names_another_that_is_not_there(demonstration):
    lost = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            there = sa.select(sa.literal(1)).where(key.column == key.parent)
            if key.column.table is table:
                continue
            count = db.session.scalar(
                sa.select(sa.func.count()).select_from(table).where(key.parent.is_not(None), ~there.exists())
            )
            if count:
                lost[f"{key.parent}"] = count

    assert lost == {}


def test_the_invariants_hold_as_in_any_office(demonstration):
    assert verify_audit(db.session()) == []
    db.session.rollback()
    assert verify_store(db.session(), equipment().store, now()) == []


def test_numbers_are_given_without_a_gap(demonstration):
    series = db.session.scalars(sa.select(NumberSeries).where(NumberSeries.series.startswith("case:"))).all()

    for row in series:
        year = int(row.series.rpartition(":")[2])
        numbers = db.session.scalars(sa.select(Case.number).where(Case.year == year).order_by(Case.number)).all()
        assert numbers == list(range(1, row.last + 1))
    assert len(series) >= 2


def test_more_cases_and_then_a_real_one_continue_what_is_there(house, tools):
    with house.app_context():
        make_ready()
        first = run(house, "demo", "cases", "20", "--seed", "7")
        output = run(house, "demo", "cases", "15", "--seed", "7")
        last = db.session.scalar(sa.select(sa.func.max(Case.number)).where(Case.year == now().year)) or 0
        highest = {model: db.session.scalar(sa.select(sa.func.max(model.id))) for model in (Case, Package, Receipt)}
        sample = db.session.scalars(sa.select(Package.sha256).order_by(Package.id).limit(1)).one()

        package = send(tools.store.read(sample))

        assert "15 of 15 cases" in output
        assert "20 of 20 cases" in first
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 20 + 15 + 1
        assert package.case.number == last + 1
        assert package.case.id > highest[Case]
        assert package.receipt.id > highest[Receipt]
        assert verify_audit(db.session()) == []


@pytest.mark.one_database
def test_the_same_seed_gives_the_same_cases(house):
    plan = Plan(30, 3, now())
    seen = []
    with house.app_context():
        make_ready()
        run(house, "demo", "cases", "6")
        for _ in range(2):
            with one_transaction() as session:
                tools = house.extensions["equipment"]
                world = make_world(session, plan, equipment=tools, act=Act(SYSTEM, now()))
                write_chunk(session, plan, 0, world)
                newest = session.execute(
                    sa.select(Case.stage, Case.plate, Case.applicant_name, Case.due_on, Case.opened_at)
                    .order_by(Case.id.desc())
                    .limit(30)
                ).all()
                seen.append(newest)
                session.rollback()

    assert seen[0] == seen[1]


@pytest.mark.one_database
def test_every_column_that_a_row_needs_is_given(house):
    for name, given in COLUMNS.items():
        table = Base.metadata.tables[name]
        needed = {column.name for column in table.columns if not column.nullable} - {"id"}
        assert needed <= set(given), name
        assert set(given) <= set(table.columns.keys()), name


@pytest.mark.one_database
@pytest.mark.parametrize("command", [("cases", "3"), ("load",)], ids=["cases", "load"])
def test_production_takes_nothing_invented(settings, command):
    tools = dataclasses.replace(
        settings, production=True, public_url="https://okienko.example", trusted_hosts=("okienko.example",)
    )
    app = bare_door(settings)
    app.extensions["equipment"] = dataclasses.replace(app.extensions["equipment"], settings=tools)

    done = app.test_cli_runner().invoke(args=["demo", *command])

    assert done.exit_code == 1
    assert "production" in done.output
