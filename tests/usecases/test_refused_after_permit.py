"""A registration is refused after the temporary one: nobody gets two sets of plates, no paper says what is not so."""

from __future__ import annotations

from collections.abc import Container

import pytest

from app.domain.annotations import AnnotationKind
from app.domain.determinations import DeterminationCode
from app.domain.errors import Refused
from app.domain.items import ItemKind
from app.models import Letter
from app.usecases.hand_out import things_to_hand_out
from app.usecases.may_leave import may_leave
from app.views.office.calling import called_for
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_ways_out import words_of

K = ItemKind


def driving(signers, *, kept: Container[str] = ()) -> Work:
    """Registered temporarily, permit and plates are with the owner; what is `kept` lies here, annotated."""
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.gather()
    work.register_temporarily()
    work.annotate()
    work.agree(but=kept)
    work.give()
    return work


@pytest.fixture
def work(office, signers) -> Work:
    """The contract of a vehicle that is registered temporarily lies here, and its certificate is announced."""
    work = driving(signers, kept={K.OWNERSHIP})
    assert (work.case.stage, work.things()["NEW_PLATE"]) == ("handed_over", {"with_party"})
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    return work


def refuse(work: Work) -> Letter:
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd jest poszukiwany.")
    return work.write("refuse", reasons="Pojazdu nie rejestruje się (art. 72 ust. 1).")


def on_offer(work: Work) -> set[ItemKind]:
    return {item.kind for item in things_to_hand_out(work.case)}


def test_what_belongs_to_the_old_registration_stays_until_the_new_plates_are_back(work):
    refuse(work)
    work.open_letter()

    assert K.OWNERSHIP in on_offer(work)
    assert not any(may_leave(work.case, one) for one in work.case.items if one.kind in {K.REG_CERT, K.PLATE})
    work.later(35)
    with pytest.raises(Refused, match="plates-asked-back"):
        work.step("close")
    assert called_for(work.case, None, work.act().today) == "summon_plates"
    work.write("summon_plates")
    work.open_letter()
    assert called_for(work.case, None, work.act().today) == ""
    work.receive(missing=[item.number for item in work.awaited() if item.kind is not K.NEW_PLATE])
    work.put_away()

    assert work.things()["NEW_PLATE"] == {"destroyed"}
    assert {K.REG_CERT, K.PLATE} <= on_offer(work)
    work.strike(K.OWNERSHIP, AnnotationKind.REGISTERED, "odmowa rejestracji")
    work.give()
    work.step("close")
    sound()


def test_no_paper_goes_back_with_the_word_that_the_vehicle_is_registered(work):
    refuse(work)

    with pytest.raises(Refused, match="annotation-stands"):
        work.give()
    work.send_back("OWNERSHIP")
    with pytest.raises(Refused, match="annotation-stands"):
        work.post()
    work.strike(K.OWNERSHIP, AnnotationKind.REGISTERED, "odmowa rejestracji")
    assert work.annotations() == []
    work.post()
    assert work.things()["OWNERSHIP"] == {"in_post"}


def test_a_paper_that_its_owner_shows_is_corrected_too(work):
    refuse(work)
    work.strike(K.OWNERSHIP, AnnotationKind.REGISTERED, "odmowa rejestracji")
    work.give()

    work.strike(K.OWNERSHIP, AnnotationKind.COPY_CERTIFIED, "okazano w urzędzie")

    assert work.things()["OWNERSHIP"] == {"with_party"}
    sound()


def test_the_refusal_says_what_becomes_of_permit_and_plates(work):
    until = work.case.permit.valid_until
    said = words_of(refuse(work))

    assert f"do dnia ważności pozwolenia czasowego, {until.day}" in said.replace("\xa0", " ")
    plates = "pozwolenie czasowe PC 1234567 i tablice rejestracyjne SC 7A123"
    assert plates in said.replace("\xa0", " ")


def test_a_refusal_before_any_permit_says_nothing_of_permit_and_plates(office, signers):
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    said = words_of(refuse(work))
    assert "czasow" not in said
    assert "tablic" not in said
