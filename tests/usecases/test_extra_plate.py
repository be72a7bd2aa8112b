"""A plate for a bicycle rack, by the verbs: what is paid for is made, and reaches its owner before the case ends."""

from __future__ import annotations

import pytest

from app.domain.determinations import DeterminationCode
from app.domain.errors import ConditionMissing, Refused
from app.domain.items import Fate, ItemKind
from app.models import Case, PlateNumber
from app.transaction import one_transaction
from app.usecases.extra_plate import receive_extra_plate
from tests.factories import application_files, now, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound
from tests.usecases.test_individual_plates import prepare
from tests.usecases.test_registration import announce

EXTRA_FEES = {"TABL_BAGAZNIK": 4_000, "NALEPKI_LEG_BAGAZNIK": 1_250}


@pytest.fixture
def stating(office, signers):
    """Makes a case whose applicant states these codes, worked until the originals are complete."""

    def begin(*codes: str) -> Work:
        files = application_files(stated=codes)
        work = Work(send(signers.sign(files), sender=by_mailbox(a_citizen())).case_id)
        work.gather()
        return work

    return begin


def come(work: Work) -> None:
    with one_transaction() as session:
        receive_extra_plate(session, session.get_one(Case, work.case_id), act=work.act())


def in_stock(*numbers: str) -> None:
    with one_transaction() as session:
        session.add_all(PlateNumber(number=one, kind="ordinary", plates=2, added_at=now()) for one in numbers)


def extra_fees(work: Work) -> dict[str, int]:
    return {fee.code: fee.grosze for fee in work.case.fees if "BAGAZNIK" in fee.code}


def extra_plates(work: Work) -> list[tuple[str, str, Fate]]:
    return [(one.label, one.state.value, one.fate) for one in work.case.items if one.kind is ItemKind.NEW_EXTRA_PLATE]


def test_an_extra_plate_that_was_paid_for_reaches_its_owner_before_the_case_ends(stating):
    work = stating("EXTRA_PLATE_WISHED")
    assert extra_fees(work) == EXTRA_FEES
    with pytest.raises(ConditionMissing, match="plates-not-awaited"):
        come(work)  # nobody knows yet which number it bears
    work.register_temporarily()
    work.agree()
    work.give()
    work.later(10)
    announce(work)
    work.receive()
    work.register()

    with pytest.raises(Refused, match="extra-plate-here"):
        work.give()
    come(work)
    work.give()

    assert extra_plates(work) == [("SC 7A123", "with_party", Fate.TO_PARTY)]
    assert work.case.stage == "closed"
    sound()


def test_the_plate_that_comes_for_a_number_given_back_is_to_be_destroyed_and_another_awaited(stating):
    work = stating("EXTRA_PLATE_WISHED")
    in_stock("SC 7A123", "SC 7A124")
    prepare(work, plate="SC 7A123")
    come(work)

    prepare(work, plate="SC 7A124")

    assert extra_plates(work) == [("SC 7A123", "in_office", Fate.DESTROYED)]
    assert work.facts().extra_plate_awaited
    come(work)
    assert extra_plates(work)[1] == ("SC 7A124", "in_office", Fate.TO_PARTY)


def test_a_clerk_notes_a_wish_and_its_end_and_the_fees_follow(stating):
    work = stating()
    assert extra_fees(work) == {}

    prepare(work, extra_plate=True)
    assert extra_fees(work) == EXTRA_FEES
    prepare(work, extra_plate=False)

    assert extra_fees(work) == {}
    assert not work.facts().extra_plate_awaited


def test_an_old_extra_plate_comes_back_and_no_new_one_is_charged(stating):
    back = stating("EXTRA_PLATE")

    assert extra_fees(back) == {}
    assert [item.kind for item in back.case.items].count(ItemKind.EXTRA_PLATE) == 1


def test_for_a_lost_extra_plate_a_statement_is_enough_and_it_is_not_awaited(stating):
    lost = stating("EXTRA_PLATE_LOST")

    assert ItemKind.EXTRA_PLATE not in {item.kind for item in lost.case.items}
    assert "LOSS_STATEMENT" in {verdict.kind for verdict in lost.case.verdicts}


def test_the_extra_plate_of_a_number_that_is_kept_bears_that_number(stating):
    work = stating("EXTRA_PLATE_WISHED")
    work.determine(DeterminationCode.NUMBER_KEPT)

    come(work)

    assert extra_plates(work) == [(work.case.plate, "in_office", Fate.TO_PARTY)]
