"""Drafts of packages: kept, sent, thrown away; on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.domain.errors import Refused
from app.extensions import db
from app.house import equipment
from app.intake import keep
from app.models import Citizen, HolderKind, Message, Package, StoredFile
from app.transaction import one_transaction
from app.usecases.discard_upload import discard_upload
from app.usecases.keep_upload import MOST, Brought, keep_upload
from app.usecases.send_upload import send_upload
from tests.factories import now


@pytest.fixture
def citizen(app_context):
    with one_transaction() as session:
        row = Citizen(
            login="jan",
            password_hash="-",
            kind=HolderKind.PERSON,
            name="Jan Testowy",
            email="jan@poczta.test",
            activated_at=now(),
            created_at=now(),
        )
        session.add(row)
    return row


def bring(citizen, data=b"paczka", beside=None):
    """A draft of `citizen`, in a transaction of its own."""
    tools = equipment()
    package = Brought(keep([data], equipment=tools), "wniosek.zip")
    companion = Brought(keep([beside], equipment=tools), "wniosek.p7s") if beside else None
    with one_transaction() as session:
        return keep_upload(session, citizen, package, companion, act=Act(SYSTEM, now())).id


def test_a_draft_has_rows_for_its_bytes_and_the_same_bytes_are_one_draft(citizen):
    first = bring(citizen, b"paczka", b"podpis")

    assert bring(citizen, b"paczka", b"podpis") == first
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 2


def test_the_same_package_with_another_signature_is_another_draft(citizen):
    assert bring(citizen, b"paczka", b"podpis") != bring(citizen, b"paczka", b"inny podpis")


def test_sending_turns_the_draft_into_a_package_in_one_commit(citizen):
    draft = bring(citizen, b"paczka", b"podpis")

    with one_transaction() as session:
        package_id, new = send_upload(session, session.get_one(Message, draft), citizen, act=Act(SYSTEM, now()))
        package = session.get_one(Package, package_id)

    assert new
    assert package.filename == "wniosek.zip"
    assert package.companion_sha256 is not None
    assert package.sender_key == "mailbox:jan"
    assert db.session.get(Message, draft) is None


def test_what_was_sent_before_is_not_sent_twice_and_its_draft_goes(citizen):
    for expected in (True, False):
        draft = bring(citizen)
        with one_transaction() as session:
            _, new = send_upload(session, session.get_one(Message, draft), citizen, act=Act(SYSTEM, now()))
        assert new is expected

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Package)) == 1
    assert db.session.get(Message, draft) is None


def test_throwing_a_draft_away_names_the_bytes_that_nothing_needs(citizen):
    draft = bring(citizen, b"paczka", b"podpis")
    other = bring(citizen, b"paczka")

    with one_transaction() as session:
        first = discard_upload(session, session.get_one(Message, draft))
    with one_transaction() as session:
        second = discard_upload(session, session.get_one(Message, other))

    assert len(first) == 1  # the signature; the package is still needed by the other draft
    assert len(second) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_bytes_of_a_package_already_sent_are_needed(citizen):
    draft = bring(citizen)
    with one_transaction() as session:
        send_upload(session, session.get_one(Message, draft), citizen, act=Act(SYSTEM, now()))
    again = bring(citizen)

    with one_transaction() as session:
        assert discard_upload(session, session.get_one(Message, again)) == ()


def test_a_mailbox_takes_only_so_many_drafts(citizen):
    for count in range(MOST):
        bring(citizen, str(count).encode())

    with pytest.raises(Refused) as refused:
        bring(citizen, b"one too many")

    assert refused.value.code == "too-many-drafts"
