"""Clerks and the cases they are to deal with."""

from __future__ import annotations

from app.domain.acts import Act, Actor, ActorKind
from app.domain.procedures.stages import ProcedureName
from app.models import Case
from tests.factories import now

CLERKS = 8


def a_case(number: int, procedure: ProcedureName = ProcedureName.REGISTRATION, *, settled: bool = True) -> Case:
    case = Case(
        sign=f"KM.5410.{number}.2026", unit="KM", case_class="5410", year=2026, number=number, opened_at=now(),
        received_on=now().date(), due_on=now().date(), applicant_name="Jan Testowy", signature_settled=settled,
    )  # fmt: skip
    case.open_as(procedure, "sekap", Act(Actor(ActorKind.SYSTEM, None, "Okienko"), now()))
    return case


def act_of(clerk: int) -> Act:
    return Act(Actor(ActorKind.STAFF, clerk, f"Test {clerk}"), now())
