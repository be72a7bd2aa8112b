"""What is written on papers is composed by the program, stands in their chain, and is struck out, never forgotten."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.annotations import AnnotationKind
from app.domain.custody import Movement
from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput, ConditionMissing, NotAllowed, Stale
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.epackages.application import RequestKind
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, Case, Determination, authored
from app.reports.office_papers import acts_of
from app.transaction import one_transaction
from app.usecases.annotate_items import annotate_items
from app.usecases.case_facts import determinations
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_deregistration import up_to_decision as deregistered
from tests.usecases.test_registration import up_to_decision
from tests.usecases.test_registration_otherwise import bring_back

A, K = AnnotationKind, ItemKind


def begin(signers, **changes) -> Work:
    sender = by_mailbox(a_citizen())
    return Work(send(signers.sign(application_files(**changes)), sender=sender).case_id)


@pytest.fixture
def work(office, signers) -> Work:
    return begin(signers)


def due(work: Work) -> list[tuple[ItemKind, AnnotationKind]]:
    return [(one.item.kind, one.kind) for one in work.annotations()]


def chain(work: Work, kind: ItemKind) -> list[tuple[Movement, AnnotationKind | None, str | None]]:
    (item,) = [item for item in work.case.items if item.kind is kind]
    rows = [row for row in item.handovers if row.annotation]
    return [(row.movement, row.annotation, row.remark) for row in rows]


def ask(work: Work, picks, **changes):
    """Ask the verb for these annotations as somebody, with what they saw of the case."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        version = changes.pop("version", case.version)
        act = changes.pop("act", work.act())
        return annotate_items(session, case, version, picks, equipment=equipment(), act=act, **changes)


def test_the_proof_of_ownership_is_annotated_before_it_goes_back(work):
    work.gather()
    before = due(work)
    work.register_temporarily()
    decided = work.case.decisions[0].issued_on

    assert before == []
    assert due(work) == [(K.OWNERSHIP, A.REGISTERED), (K.OWNERSHIP, A.COPY_CERTIFIED)]
    work.annotate("na odwrocie umowy")

    assert due(work) == []
    (item,) = [item for item in work.case.items if item.kind is K.OWNERSHIP]
    assert item.annotations[A.REGISTERED].wording == f"Pojazd zarejestrowany, nr rej. SC 7A123, data {decided:%d.%m.%Y}"
    assert item.annotations[A.REGISTERED].remark == "na odwrocie umowy"
    assert (item.state.value, item.place) == ("in_office", "A-1")
    work.agree()
    work.give()
    assert work.case.stage == "handed_over"
    sound()


def test_each_annotation_is_in_the_audit_trail_and_on_the_case_card(work):
    up_to_decision(work)
    work.annotate()

    details = db.session.scalars(sa.select(AuditEvent.details).where(AuditEvent.action == "item-annotated")).all()
    assert [one["annotation"] for one in details] == ["registered", "copy_certified"]
    assert details[0]["wording"].startswith("Pojazd zarejestrowany, nr rej. SC 7A123")
    deeds = [deed for deed in acts_of(db.session(), work.case) if deed.sort == "things" and deed.annotation]
    assert [(deed.code, deed.annotation, deed.about) for deed in deeds] == [
        ("annotated", "registered", "OWNERSHIP"), ("annotated", "copy_certified", "OWNERSHIP"),
    ]  # fmt: skip


def test_nothing_keeps_papers_in_the_office_for_want_of_an_annotation(work):
    up_to_decision(work)
    work.agree()
    work.give()

    assert work.things()["OWNERSHIP"] == {"with_party"}
    assert due(work) == []  # nobody can write on what is not here


def test_an_error_is_struck_out_with_its_reason_and_the_annotation_is_due_again(work):
    up_to_decision(work)
    work.annotate()

    with pytest.raises(BadInput, match="reason-missing"):
        work.strike(K.OWNERSHIP, A.REGISTERED, reason=" ")
    work.strike(K.OWNERSHIP, A.REGISTERED, reason="rozmazana pieczęć")

    assert due(work) == [(K.OWNERSHIP, A.REGISTERED)]
    with pytest.raises(ConditionMissing, match="annotation-not-there"):
        work.strike(K.OWNERSHIP, A.REGISTERED)
    work.annotate()
    assert chain(work, K.OWNERSHIP) == [
        (Movement.ANNOTATED, A.REGISTERED, None), (Movement.ANNOTATED, A.COPY_CERTIFIED, None),
        (Movement.STRUCK_OUT, A.REGISTERED, "rozmazana pieczęć"), (Movement.ANNOTATED, A.REGISTERED, None),
    ]  # fmt: skip
    assert due(work) == []
    sound()


def test_only_what_is_due_is_written_and_only_by_the_clerk_who_saw_the_case_as_it_is(work):
    up_to_decision(work)
    pick = work.annotations()[0].pick
    version = work.case.version

    with pytest.raises(BadInput, match="annotation-missing"):
        ask(work, set())
    with pytest.raises(BadInput, match="item-unknown"):
        ask(work, {(10_000, A.REGISTERED)})
    with pytest.raises(ConditionMissing, match="annotation-not-due"):
        ask(work, {pick, (pick[0], A.DEREGISTERED)})
    with pytest.raises(NotAllowed, match="case-not-yours"):
        ask(work, {pick}, act=work.act(work.desk))
    assert chain(work, K.OWNERSHIP) == []

    ask(work, {pick})

    with pytest.raises(Stale):
        ask(work, {pick}, version=version)
    with pytest.raises(ConditionMissing, match="annotation-not-due"):
        ask(work, {pick})
    assert len(chain(work, K.OWNERSHIP)) == 1


def test_what_has_left_is_not_struck_out_any_more(work):
    up_to_decision(work)
    work.annotate()
    work.agree()
    work.give()

    with pytest.raises(ConditionMissing, match="movement-not-open"):
        work.strike(K.OWNERSHIP, A.REGISTERED)


def test_who_is_refused_gets_the_papers_back_as_they_were(work):
    work.gather()
    work.determine(DeterminationCode.REFUSAL_REASONS, "pojazd figuruje jako skradziony")
    work.write("refuse", reasons="Pojazd figuruje jako skradziony.")

    assert due(work) == []


def test_a_certificate_says_why_its_vehicle_is_deregistered(office, signers):
    work = begin(signers, kind=RequestKind.DEREGISTRATION, ground="DEMONTAZ")
    deregistered(work)
    day = work.case.decisions[0].issued_on

    (one,) = work.annotations()
    work.annotate()

    assert one.wording == f"Pojazd wyrejestrowany, przyczyna: demontaż pojazdu, data {day:%d.%m.%Y}"
    work.agree()
    work.give()
    work.put_away()
    assert work.things()["REG_CERT"] == {"in_file"}
    sound()


def test_the_old_certificate_that_stands_in_for_the_permit_says_where_the_number_is_kept(law, signers):
    work = begin(signers)
    work.keep_the_number()
    work.write("register_directly")

    by_kind = {(one.item.kind, one.kind): one.wording for one in work.annotations()}
    work.annotate()

    assert set(by_kind) == {(K.OWNERSHIP, A.REGISTERED), (K.OWNERSHIP, A.COPY_CERTIFIED), (K.REG_CERT, A.NUMBER_KEPT)}
    assert "nr rej. SC 12345" in by_kind[K.OWNERSHIP, A.REGISTERED]
    assert by_kind[K.REG_CERT, A.NUMBER_KEPT].startswith(f"W dniu {work.case.received_on:%d.%m.%Y} złożono wniosek")
    assert by_kind[K.REG_CERT, A.NUMBER_KEPT].endswith(f"w: {equipment().office.name}")
    sound()


def test_a_certificate_that_has_done_its_service_is_not_annotated_any_more(law, signers):
    work = begin(signers)
    work.lend_the_certificate()
    bring_back(work, K.REG_CERT)

    assert due(work) == []


def test_an_annotation_that_was_a_determination_once_is_still_read(work):
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        case.determinations.append(
            Determination(code="annotation", holds=True, text="na umowie", **authored(work.act()))
        )

    assert determinations(work.case) == {}


def test_the_extension_is_written_on_the_permit_when_its_owner_shows_it(work):
    work.gather()
    work.register_temporarily()
    assert (K.TEMPORARY_PERMIT, A.PERMIT_EXTENDED) not in due(work)
    work.annotate()
    work.agree()
    work.give()
    work.later(20)
    work.write("extend_permit", reasons="Producent nie dostarczył dowodu.")
    assert due(work) == [(K.TEMPORARY_PERMIT, A.PERMIT_EXTENDED)]

    work.annotate()

    (permit,) = [item for item in work.case.items if item.kind is K.TEMPORARY_PERMIT]
    until = f"{work.case.permit.valid_until:%d.%m.%Y}"
    wording = permit.annotations[A.PERMIT_EXTENDED].wording
    assert wording == f"Ważność pozwolenia czasowego przedłużono do dnia {until}"
    assert (permit.state.value, permit.place, due(work)) == ("with_party", None, [])
    sound()


def test_of_a_certificate_that_goes_back_for_export_the_copy_says_so(office, signers):
    work = begin(signers, kind=RequestKind.DEREGISTRATION, ground="WYWOZ_ZBYCIE")
    deregistered(work, REG_CERT=Verdict.ACCEPTED)

    assert due(work) == [(K.REG_CERT, A.DEREGISTERED), (K.REG_CERT, A.CERTIFICATE_RETURNED)]
    work.annotate()

    (certificate,) = [item for item in work.case.items if item.kind is K.REG_CERT]
    today = f"{work.act().today:%d.%m.%Y}"
    wording = certificate.annotations[A.CERTIFICATE_RETURNED].wording
    assert wording == f"Dokonano zwrotu unieważnionego dowodu rejestracyjnego, data {today}"
    sound()
