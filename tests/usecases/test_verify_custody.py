"""Whether each invariant of things, numbers, letters and terms is seen when a hand in the database breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.models import (
    Case,
    Deadline,
    Handover,
    Item,
    Letter,
    PlateNumber,
    Service,
    Summons,
)
from app.transaction import one_transaction
from app.usecases.verify_custody import verify_custody
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.databases import bare_door, test_settings
from tests.factories import Signers, an_office, application_files, now, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_registration import up_to_decision


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def made(request, tmp_path_factory) -> Iterator:
    """An office with one case, whose permit and plates are out."""
    folder = tmp_path_factory.mktemp("office")
    with ExitStack() as until_the_end:
        if request.param == "sqlite":
            shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "okienko.db")
            url = f"sqlite:///{folder / 'okienko.db'}"
        else:
            url = until_the_end.enter_context(request.getfixturevalue("cluster").clone())
        house = bare_door(test_settings(folder, url))
        with house.app_context():
            authority = TestAuthority("CC z zewnątrz")
            an_office(authority)
            citizen = a_citizen()
            sender = by_mailbox(citizen)
            work = Work(send(Signers(authority, folder).sign(application_files()), sender=sender).case_id)
            up_to_decision(work)
            work.annotate()
            work.agree()
            work.give()
        yield house
        with house.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def session(made):
    with made.app_context():
        yield db.session()
        db.session.remove()


def of(kind):
    return Item.kind == kind


def one_more(movement, after, **values):
    """Another movement of the thing that was moved by `after`, with the same annotation but for `values`."""
    said = {"annotation": Handover.annotation, "wording": Handover.wording}
    said |= {name: sa.literal(value, sa.Text) for name, value in values.items()}
    newest = sa.select(sa.func.max(Handover.id)).where(Handover.movement == after).scalar_subquery()
    return sa.insert(Handover).from_select(
        ["item_id", "seq", "movement", "state", "at", "actor_kind", "actor_name", *said],
        sa.select(
            Handover.item_id, Handover.seq + 100, sa.literal(movement), Handover.state, Handover.at,
            Handover.actor_kind, Handover.actor_name, *said.values(),
        ).where(Handover.id == newest),
    )  # fmt: skip


BREAKS = {
    "C1 a thing lies elsewhere": sa.update(Item).where(of("PLATE")).values(place="gdzieś"),
    "C1 a thing is not where its chain ends": sa.update(Item).where(of("PLATE")).values(state="in_file", place=None),
    "C1 a thing came on another day": sa.update(Item).where(of("PLATE")).values(came_at=now()),
    "C2 an assigned number has no case": sa.update(PlateNumber).values(case_id=None),
    "C2 a number lies in stock and on a car": sa.update(PlateNumber).values(state="in_stock"),
    "C2 a car has more plates than its number": sa.update(PlateNumber).values(plates=1),
    "C2 a car has two numbers": sa.insert(PlateNumber).values(
        number="SC 1X234", kind="ordinary", plates=0, state="assigned", case_id=1, added_at=now()
    ),
    "C3 a closed case owes something": sa.update(Case).values(stage="closed"),
    "C3 an archived case has things about": sa.update(Case).values(stage="archived"),
    "C4 a thing goes out twice under one agreement": sa.insert(Handover).from_select(
        ["item_id", "seq", "movement", "state", "at", "actor_kind", "actor_name"],
        sa.select(
            Handover.item_id, Handover.seq + 1, sa.literal("posted"), sa.literal("in_post"), Handover.at,
            Handover.actor_kind, Handover.actor_name,
        ).where(Handover.movement == "handed_out"),
    ),
    "C5 a sent letter has no bytes": sa.update(Letter).values(pdf_sha256=None),
    "C5 a sent letter lies in no mailbox": sa.update(Letter).values(message_id=None),
    "C6 a service has no event": sa.update(Service).values(outcome="refused"),
    "C6 the term of a summons does not run": sa.update(Summons).values(due_on=None),
    "C7 a case is due on another day": sa.update(Deadline).values(due_on=now().date()),
    "C7 case and term differ": sa.update(Case).values(due_on=now().date()),
    "C7 the clock stands and should run": sa.update(Case).values(stage="verification"),
    "C8 an annotation stands twice": one_more("annotated", "annotated"),
    "C8 what does not stand is struck out": one_more("struck_out", "annotated", annotation="number_kept"),
    "C8 an annotation has no words": one_more("annotated", "annotated", annotation="number_kept", wording=None),
    "C8 another movement bears an annotation": one_more("stored", "annotated"),
}  # fmt: skip


def untie(session, table: str) -> None:
    """Let a hand change `table`, as nobody can who does not own the database."""
    on = f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(sa.text(f"DROP TRIGGER {table}_no_update{on}"))


@contextmanager
def broken(how: str) -> Iterator:
    """Do what a verb would never do, and take it back afterwards."""
    with one_transaction() as session:
        if how.startswith("C3"):
            # Something that was handed out is here after all.
            session.execute(sa.update(Item).where(of("NEW_PLATE")).values(state="in_office", place="A-1"))
        if how == "C5 a sent letter has no bytes":
            untie(session, "letter")
        session.execute(BREAKS[how].execution_options(synchronize_session=False))
        session.expire_all()
        yield session
        session.rollback()


@pytest.mark.parametrize("how", BREAKS)
def test_what_a_hand_breaks_is_named(session, how):
    with broken(how) as breaking:
        found = list(verify_custody(breaking, now()))

    assert how[:2] in {code for code, _, _ in found}
    assert all(subject and sentence for _, subject, sentence in found)
    assert list(verify_custody(db.session(), now())) == []


def test_a_registration_that_ended_with_its_old_certificate_whole_is_named(session):
    closed, certificate = sa.update(Case).values(stage="closed"), sa.update(Item).where(of("REG_CERT"))
    with one_transaction() as breaking:
        breaking.execute(closed)
        whole = [(code, sentence) for code, _, sentence in verify_custody(breaking, now()) if code == "C3"]
        breaking.execute(certificate.values(invalidated=True))
        cut = [code for code, _, _ in verify_custody(breaking, now()) if code == "C3"]
        breaking.rollback()

    ((_, sentence),) = whole
    assert sentence.endswith("is in_office, not invalidated")
    assert cut == []


def test_the_check_of_the_store_asks_for_them_too(session):
    with broken("C1 a thing lies elsewhere") as breaking:
        found = verify_store(breaking, equipment().store, now())

    assert {one.invariant for one in found} == {"C1"}
    assert "gdzieś" in found[0].sentence


def test_a_case_at_work_breaks_none(session):
    sound()
