"""The demonstration office lives: cases stand at every stage, by the verbs alone, and every promise holds."""

from __future__ import annotations

import dataclasses
import re
import shutil

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale
from stdnum.pl import regon as regons

from app import create_office
from app.demo.deeds import DEEDS
from app.demo.office_life import WAYS, _deeds
from app.demo.people import HOLDERS
from app.domain.annotations import AnnotationKind
from app.domain.deadlines import office_day
from app.domain.documents import DocumentKind
from app.domain.identified import compact
from app.domain.procedures import procedure_of
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import ProcedureName, Stage
from app.domain.vehicles import plate_as_printed
from app.extensions import db
from app.house import equipment
from app.models import (
    AuditEvent,
    Case,
    CaseStep,
    Citizen,
    Consignment,
    Document,
    DocumentVerdict,
    Folder,
    Handover,
    Item,
    Letter,
    LetterState,
    Message,
    PlateNumber,
    Proposal,
    Service,
    ServiceOutcome,
    Vehicle,
)
from app.usecases.annotate_items import due_annotations
from app.usecases.passwords import password_fits
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from app.views.office.audit_details import details
from app.views.wording_audit import ACTIONS
from tests.databases import bare_door, test_settings
from tests.factories import now
from tests.web.clerk_desk import named, proposed
from tests.web.conftest import log_in_staff


@pytest.fixture(scope="module")
def lively(sqlite_template, tmp_path_factory):
    """A loaded demonstration that tests read and must not change."""
    yield from loaded(sqlite_template, tmp_path_factory.mktemp("lively"))


@pytest.fixture
def by_the_law(sqlite_template, tmp_path):
    """A demonstration whose cases run by the dates of the law."""
    yield from loaded(sqlite_template, tmp_path, editions="law")


def loaded(template, folder, **changes):
    shutil.copyfile(template, folder / "okienko.db")
    settings = test_settings(folder, f"sqlite:///{folder / 'okienko.db'}")
    house = bare_door(dataclasses.replace(settings, **changes))
    with house.app_context():
        done = house.test_cli_runner().invoke(args=["demo", "load"])
        assert done.exit_code == 0, done.output
    house.config["SAID"] = done.output
    yield house
    with house.app_context():
        db.engine.dispose()


@pytest.fixture
def office(lively):
    with lively.app_context():
        yield lively
        db.session.remove()


def test_every_deed_is_known_and_done_somewhere():
    named = {deed for _, _, way in WAYS for deed, _ in _deeds(way)}

    assert named == set(DEEDS)


def test_cases_of_both_procedures_stand_at_every_stage(office):
    for procedure in (ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION):
        stages = set(db.session.scalars(sa.select(Case.stage).where(Case.procedure == procedure.value)))

        assert stages == {stage.value for stage in procedure_of(procedure.value, "sekap").stages}


def test_an_office_that_works_by_the_law_has_cases_at_every_stage_too(by_the_law):
    with by_the_law.app_context():
        registrations = sa.select(Case.stage).where(Case.procedure == ProcedureName.REGISTRATION.value)
        stages = set(db.session.scalars(registrations))
        editions = set(db.session.scalars(sa.select(Case.edition)))
        db.session.remove()

    assert stages == {stage.value for stage in Stage}
    assert editions == {"2022"}


def test_the_printed_passwords_open_the_promised_accounts(office):
    printed = dict(re.findall(r"^  (\S+)  +(\S.*?)  +\S", office.config["SAID"].split("never again:")[1], re.MULTILINE))
    staff = {user.username: user.password for user in db.session.scalars(sa.select(User))}
    citizens = {citizen.login: citizen.password_hash for citizen in db.session.scalars(sa.select(Citizen))}

    promised = {"referent", "referent2", "kancelaria", "inspektor", "kierownik", "administrator", "audytor"}
    mailboxes = {"jan.kowalski", "anna.nowak", "firma.transport"}
    assert (promised - staff.keys(), mailboxes - citizens.keys()) == (set(), set())
    assert [name for name in promised if not password_fits(staff[name], printed[name])] == []
    assert [name for name in mailboxes if not password_fits(citizens[name], printed[name])] == []


def test_every_row_of_my_work_names_the_act_that_its_case_file_proposes(office):
    printed = dict(re.findall(r"^  (referent2?)  +(\S+)", office.config["SAID"], re.MULTILINE))
    door = create_office(office.config["SETTINGS"])

    for login, password in printed.items():
        clerk = log_in_staff(door, login, password)
        rows = named(clerk, "mine")
        assert len(rows) > 25, "one page shows fewer"
        assert rows == {sign: (proposed(clerk, sign) or ["Otwórz"])[0] for sign in rows}
    assert len(printed) == 2
    with door.app_context():
        db.engine.dispose()


def test_every_promise_holds_and_the_trail_verifies(office):
    assert verify_store(db.session(), equipment().store, now()) == []
    assert verify_audit(db.session()) == []


def test_nothing_happened_in_the_future_and_numbers_follow_the_days(office):
    for column in (CaseStep.at, Handover.at, Letter.sent_at, Proposal.at):
        assert db.session.scalar(sa.select(sa.func.max(column))) <= now()
    arrivals = db.session.scalars(sa.select(Case.opened_at).order_by(Case.year, Case.number)).all()
    assert list(arrivals) == sorted(arrivals)
    for prefix in ("RPW", "RPO"):
        numbered = db.session.execute(
            sa.select(Consignment.number, Consignment.at).where(Consignment.number.startswith(prefix))
        ).all()
        in_order = sorted(numbered, key=lambda one: (one.at.year, int(one.number.split("/")[1])))
        assert len(numbered) > 5
        assert [one.at for one in in_order] == sorted(one.at for one in numbered)


def test_papers_are_annotated_in_some_cases_and_wait_for_it_in_others(office):
    written = set(db.session.scalars(sa.select(Handover.annotation).distinct())) - {None}
    today = office_day(now())
    waiting = {
        one.kind
        for case in db.session.scalars(sa.select(Case).where(Case.stage == Stage.AGREEING_HANDOVER.value))
        for one in due_annotations(case, today, equipment=equipment())
    }

    usual = {AnnotationKind.REGISTERED, AnnotationKind.COPY_CERTIFIED, AnnotationKind.DEREGISTERED}
    assert written == {*usual, AnnotationKind.CONDITIONAL}
    assert waiting == usual


def test_a_customs_document_is_to_come_in_some_cases_and_of_one_in_vain_the_authority_is_told(office):
    to_come = set(db.session.scalars(sa.select(Item.case_id).where(Item.kind == "CUSTOMS", Item.state == "expected")))
    told = set(db.session.scalars(sa.select(Letter.case_id).where(Letter.kind == "tax_office_notice")))

    assert told
    assert told < to_come


def test_what_a_clerk_accepted_was_there_to_be_looked_at(office):
    accepted = db.session.scalars(sa.select(DocumentVerdict).where(DocumentVerdict.verdict == Verdict.ACCEPTED)).all()

    assert accepted
    assert {(one.case.sign, one.kind) for one in accepted if one.document is None} == set()


def test_the_stock_writes_every_number_as_it_stands_on_the_plate(office):
    numbers = db.session.scalars(sa.select(PlateNumber.number)).all()

    assert numbers
    assert [one for one in numbers if one != plate_as_printed(compact(one))] == []


def test_letters_parcels_and_agreements_of_every_kind_are_there_to_be_seen(office):
    letters = db.session.scalars(sa.select(Letter)).all()

    assert {letter.state for letter in letters} == {LetterState.SENT}
    assert len({letter.kind for letter in letters}) >= 11
    assert {letter.service.outcome for letter in letters if letter.service} >= {
        None, ServiceOutcome.COLLECTED, ServiceOutcome.DELIVERED,
    }  # fmt: skip
    assert {"proposed", "accepted", "countered"} <= {one.state.value for one in db.session.scalars(sa.select(Proposal))}
    assert {"in_office", "with_party", "destroyed", "in_file", "in_post", "expected", "called_off"} <= {
        item.state.value for item in db.session.scalars(sa.select(Item))
    }


def test_every_event_of_the_trail_reads_in_words(office):
    events = db.session.scalars(sa.select(AuditEvent)).all()

    assert {event.action for event in events} <= set(ACTIONS)
    with office.test_request_context(), force_locale("pl"):
        told = [details(event.action, event.details, {}) for event in events]
    raw = {word for line in told for word in re.findall(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|True|False", line)}
    assert raw == set()


def test_what_is_invented_could_be_true(office):
    vehicles = db.session.scalars(sa.select(Vehicle)).all()
    scans = {document.title for document in db.session.scalars(sa.select(Document))}

    assert len(vehicles) > 50
    assert {vehicle.production_year for vehicle in vehicles if vehicle.production_year} <= set(range(1990, now().year))
    assert all(regons.is_valid(holder.regon) for holder in HOLDERS if holder.entity)
    kinds = {kind.value.lower().replace("_", "-") for kind in DocumentKind}
    assert [title for title in scans if any(kind in title for kind in kinds)] == []


def test_letters_that_were_opened_count_as_read_and_only_the_last_days_as_new(office):
    received = db.session.scalars(sa.select(Message).where(Message.folder == Folder.RECEIVED)).all()
    opened = sa.select(Letter.message_id).join(Service).where(Service.receipt_id.is_not(None))
    read = {message.id for message in received if message.read_at}

    assert set(db.session.scalars(opened)) - {None} <= read
    assert len(received) // 2 < len(read) < len(received)
