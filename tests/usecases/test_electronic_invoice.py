"""Where the proof of ownership is an electronic invoice no paper of it is asked for; a printout stays in the file."""

from __future__ import annotations

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.facts import Verdict
from tests.factories import a_form, application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

CODE = DeterminationCode.ELECTRONIC_INVOICE
INVOICE = "FV/2026/11/17 z 17.11.2026"


@pytest.fixture
def work(office, signers) -> Work:
    return Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)


def demanded(work: Work) -> set[str]:
    return {demand.subject for letter in work.case.letters if letter.summons for demand in letter.summons.demands}


def test_from_the_invoice_to_the_closed_case(work):
    work.take()
    work.determine(CODE, INVOICE)
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    assert "OWNERSHIP" not in demanded(work)
    work.receive_all()
    work.register_temporarily()
    (printout,) = [item for item in work.case.items if item.kind == "OWNERSHIP"]
    assert printout.label == f"wydruk e-faktury: {INVOICE}"
    assert {one.kind.value for one in work.annotations() if one.item == printout} == {"registered"}
    work.annotate()
    work.agree()
    work.give()
    assert work.things()["OWNERSHIP"] == {"in_office"}
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.receive()
    work.register()
    work.give()
    work.put_away()
    work.step("archive")
    assert work.things()["OWNERSHIP"] == {"in_file"}
    sound()


def test_what_the_summons_asked_for_need_not_come_once_it_turns_out_to_be_an_invoice(work):
    work.take()
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.determine(CODE, INVOICE)
    assert "OWNERSHIP" not in {item.kind.value for item in work.awaited()}
    work.receive_all()
    assert work.case.stage == "originals_complete"
    assert work.case.letters[-1].summons.met_at is not None
    with pytest.raises(ConditionMissing, match="decided-already"):
        work.determine(CODE, holds=False)
    sound()


def test_taken_back_before_the_summons_the_paper_is_asked_for_and_the_printout_is_destroyed(work):
    work.take()
    work.determine(CODE, INVOICE)
    work.determine(CODE, f"{INVOICE}, sprostowanie")
    assert work.things()["OWNERSHIP"] == {"in_office"}
    work.determine(CODE, holds=False)
    assert work.things()["OWNERSHIP"] == {"destroyed"}
    work.accept_all()
    work.write("summon_originals")
    assert "OWNERSHIP" in demanded(work)
    sound()


def test_the_printout_stays_in_the_file_of_a_case_that_was_refused(work):
    work.take()
    work.determine(CODE, INVOICE)
    work.determine(DeterminationCode.REFUSAL_REASONS, "pojazd figuruje jako skradziony")
    work.write("refuse", reasons="art. 73 ust. 1e")
    assert not work.facts().owed
    work.put_away()
    assert work.things()["OWNERSHIP"] == {"in_file"}
    sound()


def test_without_a_file_that_could_be_one_nothing_is_an_invoice(office, signers):
    work = Work(send(signers.sign({"wniosek.xml": a_form()}), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    with pytest.raises(BadInput, match="invoice-without-file"):
        work.determine(CODE, INVOICE)
    work.accept_all(OWNERSHIP=Verdict.MISSING)
