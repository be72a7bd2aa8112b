"""Nothing leaves the counter that the case still needs, and an envelope without a case is on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.errors import BadInput
from app.domain.items import ItemKind
from app.models import AuditEvent, Carriage, Case, Consignment
from app.transaction import one_transaction
from app.usecases.hand_out import things_to_hand_out
from app.usecases.receive_items import Envelope, Extra, receive_items
from app.usecases.register_arrival import register_arrival
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(office, signers) -> Work:
    citizen = a_citizen()
    sender = by_mailbox(citizen)
    return Work(send(signers.sign(application_files()), sender=sender).case_id)


def test_originals_stay_until_the_decision_and_what_nobody_asked_for_may_go_back(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.receive()
    assert things_to_hand_out(work.case) == []

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        envelope = Envelope(carriage=Carriage.IN_PERSON)
        receive_items(session, case, envelope, [], act=work.act(), extra=[Extra(ItemKind.OTHER, "klucze")])

    assert [item.label for item in things_to_hand_out(work.case)] == ["klucze"]


def test_an_envelope_without_a_case_gets_a_number_and_an_event(work):
    with pytest.raises(BadInput, match="contents-missing"), one_transaction() as session:
        register_arrival(session, Envelope(carriage=Carriage.POST), " ", act=work.act())

    with one_transaction() as session:
        number = register_arrival(session, Envelope(carriage=Carriage.POST), "dwie tablice", act=work.act()).number

    with one_transaction() as session:
        kept = session.scalars(sa.select(Consignment)).one()
        assert (kept.number, kept.case_id, kept.contents) == (number, None, "dwie tablice")
        actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.chain == "office")).all()
        assert actions[-1] == "arrival-registered"
