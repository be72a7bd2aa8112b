"""Cases at each stage, worked by the clerk who logs in: `at(work, stage)` goes on by the verbs."""

from __future__ import annotations

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.domain.acts import Actor, ActorKind
from app.domain.delivery import Method
from app.extensions import db
from app.models import Case, PlateNumber
from app.transaction import one_transaction
from tests.factories import send
from tests.usecases import test_registration
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.web.mailbox_people import signed

STAGES = (
    "verification", "awaiting_originals", "originals_complete", "agreeing_handover", "handed_over", "permanent_ready",
    "closed",
)  # fmt: skip


def work_of(authority, name: str = "clerk", documents: dict[str, bytes] | None = None) -> Work:
    """A case that came by the mailbox, and whoever is to work on it: the member of staff `name`."""
    made = db.session.scalar(sa.select(sa.func.count()).select_from(Case))
    citizen = a_citizen(f"jan{made}")
    sender = by_mailbox(citizen)
    return as_clerk(
        Work(send(signed(authority, documents) if documents else signed(authority), sender=sender).case_id), name
    )


def as_clerk(work: Work, name: str = "clerk") -> Work:
    """The same work, in the hands of the member of staff `name`."""
    user = db.session.scalars(sa.select(User).where(User.username == name)).one()
    work.clerk = Actor(ActorKind.STAFF, user.id, f"{user.first_name} {user.last_name}")
    return work


def at(work: Work, stage: str) -> Work:
    """Go on with the case until it stands at `stage`."""
    for reached in STAGES[: STAGES.index(stage) + 1]:
        _GO[reached](work)
    return work


def stocked(*numbers: str) -> None:
    """Plates in the stock."""
    with one_transaction() as session:
        session.add_all(
            PlateNumber(number=number, kind="ordinary", plates=2, added_at=test_registration.now())
            for number in numbers
        )


def _summon(work: Work) -> None:
    work.accept_all()
    work.write("summon_originals")
    work.later(1)
    work.open_letter()


def _receive(work: Work) -> None:
    work.later(3)
    work.receive()
    work.compare_all()
    work.step("confirm_originals")


def _decide(work: Work) -> None:
    work.pay()
    work.make_ready()
    work.write("register_temporarily")


def _hand_over(work: Work) -> None:
    work.agree(Method.IN_PERSON)
    work.give()


def _announce(work: Work) -> None:
    work.later(10)
    test_registration.announce(work)


def _end(work: Work) -> None:
    work.receive()
    work.register()
    work.give()


_GO = dict(zip(STAGES, (Work.take, _summon, _receive, _decide, _hand_over, _announce, _end), strict=True))
