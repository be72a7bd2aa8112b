"""Jan's case on its way, with the letters and proposals that reach his mailbox; and a client that shares no context."""

from __future__ import annotations

import contextvars
import datetime as dt

import sqlalchemy as sa

from app.domain.delivery import Arrangement, Method
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, Letter, Message
from app.transaction import one_transaction
from app.usecases.agreements import propose_handover
from app.usecases.letter_fields import LetterDraft
from app.usecases.prepare_letter import prepare_letter
from tests.usecases.at_work import Work


class Outside:
    """A client whose requests know nothing of the context in which the test stands, nor its database session."""

    def __init__(self, client) -> None:
        self.client = client

    def __getattr__(self, name: str):
        def call(*args, **more):
            db.session.remove()
            return contextvars.Context().run(getattr(self.client, name), *args, **more)

        return call


def up_to_summons(work: Work, *, days: int = 0) -> str:
    """Originals are asked for, in a letter that has lain in the mailbox for `days`; returns its address."""
    work.accept_all()
    work.write("summon_originals")
    with one_transaction() as session:
        letter = session.get_one(Letter, work.case.letters[-1].id)
        letter.sent_at -= dt.timedelta(days=days, minutes=2)
        letter.service.arrived_on -= dt.timedelta(days=days)
    return newest_letter()


def up_to_proposal(work: Work, *, summoned: bool = False, **more: object) -> None:
    """The vehicle is registered temporarily, and the office proposes how to hand over."""
    if not summoned:
        up_to_summons(work)
        work.open_letter()
    work.receive_all()
    work.register_temporarily()
    propose(work, **more)


def propose(work: Work, **more: object) -> None:
    methods = {item.number: Method.IN_PERSON for item in work.case.items if item.is_owed}
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        terms = Arrangement(methods=methods, **more)
        propose_handover(session, case, case.version, terms, equipment=equipment(), act=work.act(), doer=Doer.CLERK)


def newest_letter() -> str:
    message = db.session.scalars(sa.select(Message).where(Message.kind == "letter").order_by(Message.id.desc())).first()
    return f"/odebrane/{message.public_id}"


def case_page(work: Work) -> str:
    return f"/sprawy/{work.case.public_id}"


def answer(work: Work, words: str) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        draft = LetterDraft(kind="answer", reasons=words, subject="Odpowiedź na pytanie")
        letter = prepare_letter(
            session, case, case.version, draft, equipment=equipment(), act=work.act(), doer=Doer.CLERK
        )
        letter_id = letter.id
    work.leave(letter_id)


def methods_of(work: Work, method: Method) -> dict[int, Method]:
    return {int(number): method for number in work.case.proposals[-1].methods}


def said(day: dt.date) -> str:
    """A day as the mailbox says it in English."""
    return f"{day.day} {day:%B %Y}"
