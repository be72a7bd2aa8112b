"""Each role posts each step at each stage of each procedure: what happens is what the table says, and nothing else."""

from __future__ import annotations

import pytest

from app.domain.procedures import PROCEDURES, Procedure, Stage
from app.domain.procedures.stages import Doer
from app.epackages.application import RequestKind
from app.extensions import db
from app.models import Case
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.case_facts import case_facts
from app.usecases.take_step import PLAIN_STEPS
from tests.factories import application_files
from tests.usecases.at_work import Work
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff

pytestmark = pytest.mark.one_database

PLACES = {Doer.CLERK: "krok", Doer.FRONT_DESK: "krok-kancelarii"}
ELSEWHERE = frozenset({"supplement", "archive"})
"""Tried also where the table has no row for them."""
TABLES = [table for table in PROCEDURES.values() if table.name.value != "undescribed"]


@pytest.fixture
def works(ready, authority) -> dict[str, Work]:
    """A case of each procedure in the hands of the clerk, with things of it in the office."""
    with ready.app_context():
        leaving = work_of(authority, documents=application_files(kind=RequestKind.DEREGISTRATION, ground="DEMONTAZ"))
        leaving.take()
        leaving.accept_all()
        leaving.write("summon_originals")
        leaving.open_letter()
        leaving.receive()
        return {"registration": at(work_of(authority), "originals_complete"), "deregistration": leaving}


def stand(ready, case_id: int, table: Procedure, stage: Stage) -> None:
    with ready.app_context(), one_transaction() as session:
        case = session.get_one(Case, case_id)
        case.edition, case.stage = table.edition, stage.value


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.name.value}-{table.edition}")
def test_each_step_that_is_posted_answers_as_the_table_says(ready, works, table):
    work = works[table.name.value]
    with ready.app_context():
        sign = work.case.sign
    people = {Doer.CLERK: log_in_staff(ready, "clerk"), Doer.FRONT_DESK: log_in_staff(ready, "front_desk")}
    tokens = {doer: reader.token(f"/sprawa/{sign}") for doer, reader in people.items()}
    tried = []
    for stage in table.stages:
        known = {step.name for step in table.steps if step.origin is stage}
        for doer, reader in people.items():
            for name in sorted(PLAIN_STEPS & (known | ELSEWHERE)):
                stand(ready, work.case_id, table, stage)
                with ready.app_context():
                    case = db.session.get_one(Case, work.case_id)
                    version, facts = case.version, case_facts(case, work.act().today)
                    held = [one for one in table.open_steps(stage, facts, {doer}) if one.name == name]

                form = {"step": name, "version": version, "reason": "powód testowy", "csrf_token": tokens[doer]}
                answer = reader.client.post(f"/sprawa/{sign}/{PLACES[doer]}", data=form)

                with ready.app_context():
                    reached = db.session.get_one(Case, work.case_id).stage
                tried.append((stage, doer, name, bool(held)))
                assert reached == (held[0].to if held else stage), (stage, doer, name, answer.status_code)
    assert {True, False} == {open_now for *_pair, open_now in tried}


def test_who_has_no_part_in_a_case_takes_no_step_of_it(ready, works):
    with ready.app_context():
        work = works["registration"]
        sign, version, stage = work.case.sign, work.case.version, work.case.stage
    for role in (Role.INSPECTOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR):
        reader = log_in_staff(ready, role.name.lower())
        for place in PLACES.values():
            form = {"step": "suspend", "version": version, "reason": "powód testowy"}
            assert reader.post(f"/sprawa/{sign}/{place}", form, see="/").status_code in {302, 403}, role
    with ready.app_context():
        assert (work.case.stage, work.case.version) == (stage, version)
