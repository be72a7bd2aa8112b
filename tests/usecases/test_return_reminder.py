"""Plates or a permit that were asked back in vain: the clerk reminds of the summons, whatever the case came to."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import ConditionMissing, Refused
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.models import Item, Letter
from app.usecases.may_leave import may_leave
from app.usecases.summons_in_force import newest_summons
from app.views.office.first_act import first_act
from tests.usecases.at_work import Work, sound
from tests.usecases.test_refused_after_permit import driving
from tests.usecases.test_ways_out import words_of


@pytest.fixture
def work(office, signers) -> Work:
    """Registered temporarily; permit and plates are with the owner."""
    return driving(signers)


def term(work: Work) -> dt.date:
    return newest_summons(work.case).due_on


def in_vain(work: Work, letter: Letter) -> None:
    """The summons is served, and its term passes."""
    work.open_letter(letter)
    with pytest.raises(ConditionMissing):
        work.prepare("remind")
    work.days = (term(work) - work.start.date()).days + 2


def reminded(work: Work) -> str:
    before = term(work)
    letter = work.write("remind")
    assert letter.kind == "return_reminder"
    assert term(work) > before
    with pytest.raises(ConditionMissing):
        work.prepare("remind")
    sound()
    asked = [words for block in letter.blocks for row in block["rows"] for words in row]
    return " ".join((words_of(letter), *asked)).lower()


def test_of_the_plates_after_the_permit_and_of_nothing_like_an_application_left_unexamined(work):
    work.later(35)
    in_vain(work, work.write("summon_plates"))

    said = reminded(work)

    assert "tablic" in said
    assert "bez rozpoznania" not in said


def test_of_the_permit_when_the_certificate_waits(work):
    work.certificate_comes()
    in_vain(work, work.write("announce_certificate"))

    assert "pozwolenie czasowe" in reminded(work)


def test_of_the_plates_after_a_refusal(work):
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd jest poszukiwany.")
    work.open_letter(work.write("refuse", reasons="Pojazdu nie rejestruje się (art. 72 ust. 1)."))
    work.later(35)
    in_vain(work, work.write("summon_plates"))

    assert "tablic" in reminded(work)


def test_what_has_come_is_not_reminded_of(work):
    work.later(35)
    in_vain(work, work.write("summon_plates"))
    work.receive(missing=[item.number for item in work.awaited() if item.kind is not ItemKind.NEW_PLATE])

    with pytest.raises(Refused, match="summons-expired"):
        work.prepare("remind")


def test_plates_that_were_brought_back_wait_for_the_certificate_and_go_out_with_it(work):
    work.later(35)
    work.write("summon_plates")
    work.receive(missing=[item.number for item in work.awaited() if item.kind is not ItemKind.NEW_PLATE])

    assert work.things()["NEW_PLATE"] == {"in_office"}
    assert not plates_that_may_leave(work)
    assert first_act(work.case, work.facts(), frozenset({Doer.CLERK})) not in {"send_back", "propose_handover"}
    work.certificate_comes()
    work.write("announce_certificate")
    assert plates_that_may_leave(work)


def plates_that_may_leave(work: Work) -> list[Item]:
    return [item for item in work.case.items if item.kind is ItemKind.NEW_PLATE and may_leave(work.case, item)]
