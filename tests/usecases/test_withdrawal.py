"""An application is withdrawn, by the verbs: with a signature it ends, without one it waits for it, or goes on."""

from __future__ import annotations

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.epackages.application import Answer, AnswerKind
from app.models import Outcome, Package
from tests.authority import TestAuthority
from tests.factories import Signers, a_form, application_files, send
from tests.letters.reading import in_a_line
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_co_owners import HERS, words_of


@pytest.fixture
def citizen(office) -> int:
    return a_citizen()


@pytest.fixture
def work(citizen, signers) -> Work:
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(citizen)).case_id)
    work.take()
    return work


def statement(work: Work) -> dict[str, bytes]:
    return {"wniosek.xml": a_form(answers=Answer(work.case.sign, AnswerKind.WITHDRAWAL))}


@pytest.fixture
def send_signed(work, citizen, signers):
    def send_(**by: str) -> Package:
        return send(signers.sign(statement(work), **by), sender=by_mailbox(citizen))

    return send_


def test_a_signed_withdrawal_is_discontinued(work, send_signed):
    package = send_signed()

    assert (package.case_id, work.case.stage) == (work.case_id, "withdrawn")
    assert package.number in work.case.determinations[-1].text
    work.write("discontinue", reasons="Strona cofnęła wniosek.")
    assert work.case.stage == "discontinued"
    sound()


def test_a_withdrawal_without_a_signature_is_not_discontinued(work):
    work.withdraw(signed=False)

    assert work.case.stage == "withdrawn"
    with pytest.raises(Refused, match="withdrawal-signed"):
        work.write("discontinue", reasons="Strona cofnęła wniosek.")


def test_the_signature_is_summoned_for_and_when_it_does_not_come_the_case_goes_on(work):
    work.withdraw(signed=False)
    letter = work.open_letter(work.write("summon_remedy"))

    assert letter.kind == "withdrawal_summons"
    assert "podpis pod oświadczeniem o cofnięciu wniosku" in in_a_line(words_of(letter))
    with pytest.raises(Refused, match="withdrawal-void"):
        work.step("resume", "podpis nie wpłynął")
    work.later((letter.summons.due_on - work.act().today).days + 1)
    work.step("resume", "podpis nie wpłynął")

    assert work.case.stage == "verification"
    assert work.case.steps[-1].law == "KPA art. 64 § 2, 105 § 2"


def test_a_signature_that_comes_meets_the_summons(work, send_signed):
    work.withdraw(signed=False)
    letter = work.open_letter(work.write("summon_remedy"))

    send_signed()

    assert letter.summons.met_at is not None
    assert not work.facts().withdrawal_unsigned
    assert [step.step for step in work.case.steps].count("withdraw") == 1


def test_a_signature_on_paper_is_written_down_by_the_clerk(work):
    work.withdraw(signed=False)
    letter = work.open_letter(work.write("summon_remedy"))

    work.determine(DeterminationCode.WITHDRAWAL_SIGNED, "pismo z 3 grudnia, podpisane")

    assert letter.summons.met_at is not None
    work.write("discontinue", reasons="Strona cofnęła wniosek.")
    assert work.case.stage == "discontinued"


def test_a_clerk_who_writes_a_withdrawal_down_has_seen_its_signature(work):
    work.step("withdraw", "pismo z 2 grudnia, podpisane")

    assert not work.facts().withdrawal_unsigned


def test_what_somebody_else_signed_is_no_signature_of_the_party(work, send_signed):
    package = send_signed(name="Anna Obca", pesel=HERS)

    assert package.outcome is Outcome.VALID
    assert work.case.stage == "withdrawn"
    assert work.facts().withdrawal_unsigned


def test_a_signature_that_cannot_be_checked_is_left_to_the_clerk_and_casts_no_doubt_on_the_application(
    work, citizen, tmp_path
):
    unknown = Signers(TestAuthority("Nieznane CC"), tmp_path / "unknown")
    unknown.workdir.mkdir()

    package = send(unknown.sign(statement(work)), sender=by_mailbox(citizen))

    assert package.outcome is Outcome.UNDECIDED
    assert work.facts().withdrawal_unsigned
    assert work.case.signature_settled


def test_a_signature_does_not_count_for_a_later_withdrawal(work):
    work.withdraw()
    work.determine(DeterminationCode.PARTY_OBJECTS, "Anna Testowa, 4 grudnia")
    work.step("resume", "sprzeciw współwłaścicielki")
    work.later(1)

    work.withdraw(signed=False)

    assert work.facts().withdrawal_unsigned


def test_what_has_gone_too_far_is_not_moved_by_a_signed_withdrawal(work, send_signed):
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()
    work.receive_all()
    work.register_temporarily()

    package = send_signed()

    assert (package.case_id, work.case.stage) == (work.case_id, "agreeing_handover")
    assert work.case.determinations == []
