"""The office deregisters by itself (PRD art. 79 ust. 3, 3a, 3b): on what it was told, never on an owner's form."""

from __future__ import annotations

import pytest

from app.domain.documents import DocumentKind
from app.domain.errors import Refused
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import ProcedureName
from app.epackages.application import RequestKind
from app.house import equipment
from app.letters.texts import compose, default_text, parse_text
from app.models import Case, LetterWay
from app.transaction import one_transaction
from app.usecases.case_facts import requirements
from app.usecases.describe_case import Description, describe_case
from app.usecases.letter_fields import LetterDraft, letter_fields
from tests.factories import a_photo, application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_paper_proposal import served


def describe(work: Work, ground: str) -> None:
    description = Description(
        "deregistration", "Jan Testowy", plate="SC12345", ground=ground, street="ul. Testowa 1",
        postal_code="42-200", locality="Częstochowa",
    )  # fmt: skip
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        describe_case(session, case, case.version, description, equipment=equipment(), act=work.act())


@pytest.fixture
def told(office, signers) -> Work:
    """A letter of a dismantling station that came by its mailbox, in the hands of a clerk."""
    station = by_mailbox(a_citizen("stacja", "Stacja Demontażu"))
    work = Work(send(signers.sign({"informacja.jpg": a_photo()}), sender=station).case_id)
    work.take()
    return work


def test_a_form_that_names_such_a_ground_opens_a_case_for_a_clerk_to_describe(office, signers):
    files = application_files(kind=RequestKind.DEREGISTRATION, ground="Z_URZEDU_DEMONTAZ")
    work = Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id)

    assert work.case.procedure == ProcedureName.UNDESCRIBED.value
    assert work.case.answers["ground"] == ""
    codes = [one.code for one in work.case.findings]
    assert "ground-ex-officio" in codes
    assert "document-missing" not in codes

    work.take()
    describe(work, "DEMONTAZ")

    assert "DISMANTLING_CERTIFICATE" in {one.kind.value for one in requirements(work.case)}
    assert work.case.citizen_id is not None


@pytest.mark.parametrize("ground", ["Z_URZEDU_DEMONTAZ", "Z_URZEDU_UE", "Z_URZEDU_WYWOZ"])
def test_nothing_of_the_owner_is_asked_for_only_what_the_office_acts_upon(told, ground):
    describe(told, ground)

    (needed,) = requirements(told.case)

    assert (needed.kind, needed.original) == (DocumentKind.OFFICE_INFORMATION, False)
    assert told.case.fees == []


def test_a_deregistration_by_the_office_itself_goes_from_what_it_was_told_to_the_archive(told):
    describe(told, "Z_URZEDU_DEMONTAZ")
    told.write("notify_initiation")
    with pytest.raises(Refused, match="documents-accepted"):
        told.prepare("deregister_ex_officio", reasons="Stacja Demontażu, 3 marca 2026 r.")

    told.accept_all()
    with pytest.raises(Refused, match="on-application"):
        told.step("skip_originals")
    decision = told.write("deregister_ex_officio", reasons="Stacja Demontażu, 3 marca 2026 r.")
    served(told, decision)

    assert (told.case.stage, decision.way) == ("closed", LetterWay.POST)
    for letter in told.case.letters[:1]:
        served(told, letter)
    with pytest.raises(Refused, match="appeal-term-passed"):
        told.step("archive")
    told.later(20)
    told.step("archive")
    assert told.case.stage == "archived"
    assert told.case.items == []
    sound()


def test_the_owner_is_the_party_and_not_whoever_told_the_office(told):
    describe(told, "Z_URZEDU_UE")
    assert told.case.citizen_id is None

    describe(told, "DEMONTAZ")

    assert told.case.citizen_id is not None


def test_the_decision_says_on_what_the_office_acts_and_that_it_can_be_appealed(told):
    describe(told, "Z_URZEDU_DEMONTAZ")
    kind = "deregistration_ex_officio_decision"
    draft = LetterDraft(kind=kind, step="deregister_ex_officio", reasons="Powiadomiła nas stacja demontażu.")

    fields = letter_fields(told.case, draft, equipment=equipment(), act=told.act())
    composed = compose(parse_text(kind, default_text(kind, "sekap")), fields)
    said = " ".join(block.text for block in composed.blocks).replace("\u00a0", " ")

    assert "art. 79 ust. 3" in composed.legal_basis.replace("\u00a0", " ")
    assert "na podstawie informacji o demontażu pojazdu" in said
    assert "Powiadomiła nas stacja demontażu." in said
    assert "w terminie 14 dni" in said
    assert "wniosku" not in said.partition("odwołani")[0]


def test_information_that_proves_nothing_closes_the_way(told):
    describe(told, "Z_URZEDU_UE")
    told.accept_all(OFFICE_INFORMATION=Verdict.WRONG)

    with pytest.raises(Refused, match="documents-accepted"):
        told.prepare("deregister_ex_officio", reasons="x")


def test_its_decision_names_the_national_form_of_its_own(law, signers):
    work = Work(send(signers.sign({"informacja.jpg": a_photo()}), sender=by_mailbox(a_citizen("stacja"))).case_id)
    work.take()
    describe(work, "Z_URZEDU_DEMONTAZ")
    work.accept_all()

    decision = work.write("deregister_ex_officio", reasons="Stacja Demontażu, 3 marca 2026 r.")

    assert "załącznik nr 10 " in decision.details["form"]


def test_nobody_withdraws_what_nobody_applied_for(told):
    describe(told, "Z_URZEDU_WYWOZ")

    with pytest.raises(Refused, match="on-application"):
        told.step("withdraw", "pismo właściciela")


def test_the_notice_says_what_came_and_when_in_sentences_of_their_own(told):
    describe(told, "Z_URZEDU_WYWOZ")
    draft = LetterDraft(kind="initiation_notice", step="notify_initiation")

    fields = letter_fields(told.case, draft, equipment=equipment(), act=told.act())
    composed = compose(parse_text(draft.kind, default_text(draft.kind, "sekap")), fields)

    said = " ".join(block.text for block in composed.blocks).replace("\u00a0", " ")
    assert (
        "Postępowanie wszczęto na podstawie informacji o wywozie za granicę pojazdu, który w tym celu czasowo "
        "zarejestrowano. Informacja wpłynęła "
    ) in said
