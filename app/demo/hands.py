"""Whose hands a case of the demonstration is in, and what they do in many ways: write, post, determine."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.domain.acts import SYSTEM, Act, Actor, ActorKind
from app.domain.determinations import DeterminationCode
from app.domain.procedures.stages import Doer
from app.domain.tracking import s10_check_digit
from app.equipment import Equipment
from app.models import Case, Letter
from app.transaction import one_transaction
from app.usecases.give_verdict import determine
from app.usecases.prepare_letter import MINUTE, new_draft, prepare_letter
from app.usecases.send_letter import print_out, send_letter
from app.usecases.serve_letter import post_letter

_REASONS = {
    "notify_delay": "Oczekujemy na odpowiedź innego urzędu.",
    "leave_unexamined": "Wskazanych braków nie uzupełniono.",
    "refuse": "Przepisy nie pozwalają uwzględnić wniosku, gdy pojazd figuruje jako skradziony.",
    "discontinue": "Strona cofnęła wniosek, a inne strony nie wniosły o dalsze prowadzenie sprawy.",
    "transfer": "Według danych właściciela i pojazdu właściwy jest inny organ.",
    "extend_permit": "Producent nie dostarczył jeszcze dowodu rejestracyjnego.",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on a case."""

    clerk: Actor
    front_desk: Actor


@dataclass(frozen=True, slots=True)
class Hands:
    """A case and who deals with it; `turn` tells one case from another."""

    case_id: int
    turn: int
    desk: Desk
    equipment: Equipment

    def case(self, session: Session) -> Case:
        """Return the case as it stands."""
        return session.get_one(Case, self.case_id)

    def clerk(self, at: dt.datetime) -> Act:
        """The clerk does something."""
        return Act(self.desk.clerk, at)

    def front_desk(self, at: dt.datetime) -> Act:
        """The front desk does something."""
        return Act(self.desk.front_desk, at)

    def owner(self, session: Session, at: dt.datetime) -> Act:
        """The owner does something in the mailbox."""
        case = self.case(session)
        return Act(Actor(ActorKind.CITIZEN, case.citizen_id, case.applicant_name), at)


def write(session: Session, hands: Hands, at: dt.datetime, step: str) -> None:
    """Write the letter of a step, and let it leave after its minute."""
    act = hands.clerk(at)
    with one_transaction():
        case = hands.case(session)
        draft = replace(new_draft(session, case, step, act), reasons=_REASONS.get(step, ""))
        letter = prepare_letter(session, case, case.version, draft, equipment=hands.equipment, act=act, doer=Doer.CLERK)
        letter_id = letter.id
    leaves = Act(SYSTEM, at + dt.timedelta(seconds=MINUTE))
    printed = print_out(session, session.get_one(Letter, letter_id), equipment=hands.equipment, act=leaves)
    with one_transaction():
        send_letter(session, letter_id, printed, act=leaves)


def post_last_letter(session: Session, hands: Hands, at: dt.datetime) -> None:
    """The posting room sends the newest letter."""
    with one_transaction():
        letter = hands.case(session).letters[-1]
        serial = f"{letter.id:08}"
        post_letter(session, letter, f"RR{serial}{s10_check_digit(serial)}PL", act=hands.front_desk(at))


def note(session: Session, hands: Hands, at: dt.datetime, code: DeterminationCode, words: str) -> None:
    """The clerk determines something."""
    with one_transaction():
        case = hands.case(session)
        determine(session, case, case.version, code, act=hands.clerk(at), doer=Doer.CLERK, text=words)
