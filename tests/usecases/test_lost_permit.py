"""Who has lost the temporary permit states it, and gets the permanent certificate without bringing the permit back."""

from __future__ import annotations

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.domain.summonses import Demand, DemandKind
from app.house import equipment
from app.usecases.demands import demands_of_step
from tests.letters.reading import in_a_line, text_of
from tests.usecases.at_work import Work, sound
from tests.usecases.test_registration import announce, up_to_decision
from tests.usecases.test_registration_otherwise import begin

STATEMENT = "oświadczenie właściciela, karta 12"


@pytest.fixture
def work(office, signers) -> Work:
    """A vehicle that is registered temporarily; its owner has the permit."""
    work = begin(signers)
    up_to_decision(work)
    work.agree()
    work.give()
    work.later(14)
    return work


def test_who_has_lost_the_permit_gets_the_certificate_on_a_statement(work):
    announce(work)
    work.register()
    work.determine(DeterminationCode.POLICY_SHOWN, "TUZ, nr 1, do 31.12.2027")
    assert [item.kind for item in work.awaited()] == [ItemKind.TEMPORARY_PERMIT]
    with pytest.raises(Refused, match="permit-returned"):
        work.give()
    with pytest.raises(Refused, match="words-missing"):
        work.determine(DeterminationCode.PERMIT_LOST)

    work.determine(DeterminationCode.PERMIT_LOST, STATEMENT)

    assert work.awaited() == []
    assert [letter.summons.met_at for letter in work.case.letters if letter.summons][-1] == work.act().at
    work.give()
    work.put_away()
    work.step("archive")
    assert work.things()["TEMPORARY_PERMIT"] == {"with_party"}
    sound()


def test_with_the_statement_the_days_until_the_registration_are_the_offices(work):
    announce(work)
    work.determine(DeterminationCode.POLICY_SHOWN, "TUZ, nr 1, do 31.12.2027")
    assert work.case.clock_stands

    work.later(1)
    work.determine(DeterminationCode.PERMIT_LOST, STATEMENT)

    assert not work.case.clock_stands
    sound()


def test_a_permit_that_is_found_after_all_is_waited_for_again(work):
    announce(work)
    work.determine(DeterminationCode.PERMIT_LOST, STATEMENT)
    assert work.facts().permit_returned

    work.determine(DeterminationCode.PERMIT_LOST, holds=False)

    assert not work.facts().permit_returned
    assert ItemKind.TEMPORARY_PERMIT in {item.kind for item in work.awaited()}


def test_whose_permit_is_known_to_be_lost_is_not_summoned_to_bring_it(work):
    work.determine(DeterminationCode.PERMIT_LOST, STATEMENT)
    work.certificate_comes()

    assert demands_of_step(work.case, "announce_certificate") == (Demand(DemandKind.THING, "OC_POLICY"),)
    letter = work.write("announce_certificate")
    said = in_a_line(text_of(equipment().store.read(letter.pdf_sha256)))
    assert "przedstawienie polisy" in said
    assert "zwrot pozwolenia czasowego" not in said
