"""What CEP and SIS say of a vehicle: while something stands against it nothing is registered, and a refusal says it."""

from __future__ import annotations

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.house import equipment
from app.models import ProposalState
from app.usecases.hand_out import things_to_hand_out
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, sound
from tests.usecases.test_registration import announce, up_to_decision
from tests.usecases.test_registration_otherwise import begin

CLEAR, REPORT = DeterminationCode.REGISTERS_CLEAR, DeterminationCode.REGISTERS_REPORT
STOLEN = "Z Systemu Informacyjnego Schengen wynika, że pojazdu poszukuje się jako skradzionego w Niemczech."


@pytest.fixture
def work(office, signers) -> Work:
    return begin(signers)


def test_a_vehicle_of_which_a_register_says_something_is_not_registered_temporarily_until_the_report_is_gone(work):
    work.gather()
    work.pay()
    work.make_ready()
    work.determine(REPORT, STOLEN)
    with pytest.raises(Refused, match="nothing-reported"):
        work.write("register_temporarily")

    work.determine(CLEAR)

    work.write("register_temporarily")
    assert work.case.stage == "agreeing_handover"
    sound()


def test_nor_is_it_registered_at_once(law, signers):
    work = begin(signers)
    work.keep_the_number()
    work.determine(REPORT, STOLEN)
    with pytest.raises(Refused, match="nothing-reported"):
        work.write("register_directly")

    work.determine(REPORT, holds=False)

    work.write("register_directly")
    assert work.case.stage == "agreeing_handover"


def test_nor_is_the_registration_decided_while_a_later_report_stands(work):
    up_to_decision(work)
    work.determine(CLEAR, "zapytanie z godz. 9.15")
    work.agree()
    work.give()
    announce(work)
    work.receive()
    work.invalidate()
    work.determine(REPORT, STOLEN)
    with pytest.raises(Refused, match="nothing-reported"):
        work.write("register")

    work.determine(CLEAR)

    work.write("register")
    sound()


def test_a_check_is_not_forced(work):
    up_to_decision(work)

    assert work.case.stage == "agreeing_handover"


def test_a_refusal_says_the_words_of_the_report_and_then_what_else_was_determined(work):
    work.take()
    with pytest.raises(Refused, match="words-missing"):
        work.determine(REPORT)
    work.determine(REPORT, STOLEN)
    work.determine(DeterminationCode.REFUSAL_REASONS, "Właściciel nie wyjaśnił rozbieżności.")

    letter = work.write("refuse", reasons="Zgodnie z powołanym przepisem organ odmawia rejestracji.")

    said = in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))
    assert said.index(STOLEN) < said.index("Właściciel nie wyjaśnił rozbieżności.")
    assert work.case.stage == "refused"


def test_the_report_alone_is_reason_enough_to_refuse(work):
    work.gather()
    with pytest.raises(Refused, match="refusal-reasoned"):
        work.write("refuse", reasons="art. 73 ust. 1e")
    work.determine(REPORT, STOLEN)

    letter = work.write("refuse", reasons="art. 73 ust. 1e")

    assert STOLEN in in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))
    with pytest.raises(Refused, match="decided-already"):
        work.determine(CLEAR)


def test_of_two_answers_the_newest_counts_and_what_is_taken_back_gives_the_one_before(work):
    work.take()
    work.determine(CLEAR)
    work.determine(REPORT, STOLEN)
    assert work.facts().vehicle_reported
    work.determine(CLEAR)
    assert not work.facts().vehicle_reported

    work.determine(CLEAR, holds=False)

    assert work.facts().vehicle_reported


@pytest.mark.parametrize("handed_over", [False, True])
def test_after_the_temporary_registration_a_report_stops_the_handing_over_and_is_reason_to_refuse_at_once(
    work, handed_over
):
    work.gather()
    work.register_temporarily()
    work.agree()
    if handed_over:
        work.give()
    work.determine(REPORT, STOLEN)
    if not handed_over:
        with pytest.raises(Refused, match="nothing-reported-before-registration"):
            work.give()

    work.write("refuse", reasons="Pojazdu nie rejestruje się (art. 72 ust. 1).")

    assert work.case.stage == "refused"
    state = "with_party" if handed_over else "in_office"
    assert work.things()["NEW_PLATE"] == {state}
    kinds = {item.kind.value for item in things_to_hand_out(work.case)}
    assert "NEW_PLATE" not in kinds
    assert ("REG_CERT" in kinds) is not handed_over
    agreed = ProposalState.ACCEPTED if handed_over else ProposalState.REPLACED
    assert work.case.proposals[-1].state is agreed, "nobody is expected for what is not given any more"
    sound()
