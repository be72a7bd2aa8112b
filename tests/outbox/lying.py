"""Cases as rows: a letter that lies in a mailbox since a day, a permit, a term, written without a verb."""

from __future__ import annotations

import datetime as dt

from app.domain.acts import OFFICE_ZONE, SYSTEM, Act
from app.domain.procedures.stages import ProcedureName, Stage
from app.models import (
    Case,
    Citizen,
    Deadline,
    DeadlineEvent,
    HolderKind,
    Letter,
    LetterState,
    LetterWay,
    Service,
    ServiceEvent,
    Summons,
    authored,
)
from app.transaction import one_transaction
from app.usecases.case_clock import SETTLING_TERM, clock_of


def noon(day: dt.date) -> dt.datetime:
    """Twelve o'clock in the office."""
    return dt.datetime.combine(day, dt.time(12), OFFICE_ZONE).astimezone(dt.UTC)


def a_case_on(day: dt.date, *, number: int = 1, edition: str = "sekap", stage: Stage = Stage.VERIFICATION) -> int:
    """A case that came on `day`, with its term. Returns the id."""
    act = Act(SYSTEM, noon(day))
    with one_transaction() as session:
        citizen = Citizen(
            login=f"jan{number}", password_hash="x", kind=HolderKind.PERSON, name="Jan Testowy", address={},
            email=f"jan{number}@example.invalid", activated_at=act.at, created_at=act.at,
        )  # fmt: skip
        case = Case(
            sign=f"KM.5410.{number}.2026", unit="KM", case_class="5410", year=2026, number=number, opened_at=act.at,
            received_on=day, applicant_name="Jan Testowy", citizen=citizen,
        )  # fmt: skip
        case.open_as(ProcedureName.REGISTRATION, edition, act)
        case.stage = stage.value
        term = Deadline(kind=SETTLING_TERM, law="KPA art. 35 § 3", length=1, unit="month")
        term.events.append(DeadlineEvent(kind="started", on=day, law="KPA art. 61 § 3a", at=act.at))
        case.deadlines.append(term)
        session.add(case)
        session.flush()
        case.due_on = term.due_on = clock_of(term).reckon(day).due
        return case.id


def a_letter_since(day: dt.date, *, number: int = 1, edition: str = "sekap", days: int | None = None) -> int:
    """A letter that lies in a mailbox since `day`; with `days`, a summons. Returns the id of the letter."""
    case_id = a_case_on(day, number=number, edition=edition)
    act = Act(SYSTEM, noon(day))
    with one_transaction() as session:
        case = session.get_one(Case, case_id)
        letter = Letter(
            seq=1, kind="remedy_summons", state=LetterState.SENT, way=LetterWay.MAILBOX, needs_receipt=True,
            addressee="Jan Testowy", title="Wezwanie", legal_basis="KPA", author_name="Anna Referent", made_at=act.at,
            leaves_at=act.at, sent_at=act.at,
        )  # fmt: skip
        letter.service = Service(arrived_on=day)
        letter.service.events.append(ServiceEvent(kind="arrived", on=day, **authored(act)))
        if days is not None:
            letter.summons = Summons(case_id=case.id, kind=letter.kind, days=days)
        case.letters.append(letter)
        session.flush()
        return letter.id
