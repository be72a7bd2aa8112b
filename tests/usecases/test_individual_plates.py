"""Plates other than ordinary ones, by the verbs: from the wish of the application to the hand-over."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.delivery import Method
from app.domain.errors import BadInput, ConditionMissing, Refused
from app.domain.items import Fate, ItemKind
from app.epackages.application import PlateWishes
from app.extensions import db
from app.models import Case, PlateNumber, PlateState
from app.transaction import one_transaction
from app.usecases.individual_plates import numbers_to_order, receive_plates
from app.usecases.prepare_decision import NotPrepared, Preparation, prepare_decision
from app.usecases.prepare_documents import assign_plates, release_plates
from tests.factories import application_files, now, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox, sound

JANEK = PlateWishes(individual_text="Janek")
REDUCED = PlateWishes(reduced=True, reduced_space_declared=True)


@pytest.fixture
def wishing(office, signers):
    """Makes a case of somebody who wishes for such plates, worked until the originals are complete."""

    def begin(plates: PlateWishes | None, login: str = "jan.testowy", **said: object) -> Work:
        files = application_files(plates=plates, **said)
        work = Work(send(signers.sign(files), sender=by_mailbox(a_citizen(login))).case_id)
        work.gather()
        return work

    return begin


def assign(work: Work, number: str) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        assign_plates(session, case, case.version, number, letter="S", act=work.act())


def release(work: Work) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        release_plates(session, case, case.version, act=work.act())


def prepare(work: Work, **wanted: object) -> None:
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        prepare_decision(session, case, case.version, Preparation(**wanted), letter="S", act=work.act())


def come(work: Work) -> None:
    with one_transaction() as session:
        receive_plates(session, session.get_one(Case, work.case_id), act=work.act())


def plates_due(work: Work) -> dict[str, int]:
    """Which plates are to be paid for, in grosze."""
    return {fee.code: fee.grosze for fee in work.case.fees if fee.code.startswith("TABL_")}


def number_known(number: str) -> PlateNumber:
    return db.session.scalars(
        sa.select(PlateNumber).where(PlateNumber.number == number).execution_options(populate_existing=True)
    ).one()


def new_plates(work: Work) -> list[tuple[str, str, Fate]]:
    return [(one.label, one.state.value, one.fate) for one in work.case.items if one.kind is ItemKind.NEW_PLATE]


def in_stock(number: str, kind: str = "ordinary", plates: int = 2) -> None:
    with one_transaction() as session:
        session.add(PlateNumber(number=number, kind=kind, plates=plates, added_at=now()))


def test_individual_plates_are_ordered_come_and_are_given_out(wishing):
    work = wishing(JANEK)
    assert plates_due(work) == {"TABL_INDYW": 100_000}
    assert numbers_to_order(db.session(), work.case, "S")[:2] == ["S0 JANEK", "S1 JANEK"]

    prepare(work, plate="s0 janek", permit="PC 1234567", labels={ItemKind.CONTROL_STICKER: "NK 1"})
    work.pay()

    assert (number_known("S0 JANEK").state, new_plates(work)) == (PlateState.ASSIGNED, [])
    sound()
    with pytest.raises(Refused, match="plates-here"):
        work.write("register_temporarily")

    work.later(14)
    come(work)
    with pytest.raises(ConditionMissing, match="plates-not-awaited"):
        come(work)
    work.write("register_temporarily")
    work.agree(Method.IN_PERSON)
    work.give()

    assert [(label, state) for label, state, _ in new_plates(work)] == [("S0 JANEK", "with_party")] * 2
    sound()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("K0 JANEK", "individual-start"),  # of another voivodeship
        ("SJ JANEK", "individual-start"),
        ("S0 QUIZ", "individual-characters"),
        ("S0 AB", "individual-length"),
        ("S0 A123", "individual-digits"),
    ],
)
def test_an_individual_number_against_the_rule_is_refused_and_enters_no_register(wishing, number, code):
    work = wishing(JANEK)

    with pytest.raises(BadInput, match=code):
        assign(work, number)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlateNumber)) == 0


def test_an_individual_number_is_given_once_and_never_one_that_is_on_a_vehicle(wishing, signers):
    first, second = wishing(JANEK), wishing(JANEK, "anna.testowa")
    files = application_files(plate="S1 JANEK", vin="WVWZZZ1JZXW000001")
    send(signers.sign(files), sender=by_mailbox(a_citizen("ewa.testowa")))
    assign(first, "S0 JANEK")

    for number in ("S0JANEK", "S1 JANEK"):
        with pytest.raises(ConditionMissing, match="plate-known"):
            assign(second, number)

    assert numbers_to_order(db.session(), second.case, "S")[0] == "S2 JANEK"


def test_an_individual_number_that_is_given_up_is_withdrawn_and_the_fee_is_that_of_other_plates(wishing):
    work = wishing(JANEK)
    in_stock("SC 7A123")
    prepare(work, plate="S0 JANEK")

    prepare(work, plate_kind="ordinary", plate="SC 7A123")

    withdrawn = number_known("S0 JANEK")
    assert (withdrawn.state, withdrawn.case_id, withdrawn.retired_because) == (
        PlateState.RETIRED, None, "order-withdrawn",
    )  # fmt: skip
    assert plates_due(work) == {"TABL_SAM": 8_000}
    assert [plate.number for plate in work.case.plate_numbers] == ["SC 7A123"]
    with pytest.raises(NotPrepared) as refused:
        prepare(work, plate_kind="individual", plate="S0 JANEK")
    assert refused.value.fields["new_plate"].code == "plate-known"
    assert number_known("SC 7A123").state is PlateState.ASSIGNED
    sound()


def test_individual_plates_that_came_and_are_given_up_are_to_be_destroyed(wishing):
    work = wishing(JANEK)
    prepare(work, plate="S0 JANEK")
    come(work)

    prepare(work, plate="S3 JANEK")

    assert new_plates(work) == [("S0 JANEK", "in_office", Fate.DESTROYED)] * 2
    assert work.facts().plates_awaited
    sound()


def test_a_fee_that_was_proved_for_plates_given_up_goes_with_its_proof(wishing):
    work = wishing(JANEK)
    prepare(work, proofs={"TABL_INDYW": "przelew 1"})
    prepare(work, plate_kind="ordinary")
    assert plates_due(work) == {"TABL_INDYW": 100_000, "TABL_SAM": 8_000}

    prepare(work, proofs={"TABL_INDYW": ""})

    assert plates_due(work) == {"TABL_SAM": 8_000}


def test_once_the_decision_leaves_the_number_stays(wishing):
    work = wishing(JANEK)
    prepare(work, plate="S0 JANEK", permit="PC 1234567", labels={ItemKind.CONTROL_STICKER: "NK 1"})
    work.pay()
    come(work)
    work.prepare("register_temporarily")

    with pytest.raises(ConditionMissing, match="letter-leaving"):
        release(work)

    assert number_known("S0 JANEK").state is PlateState.ASSIGNED


def test_reduced_plates_cost_as_ordinary_ones_and_come_from_their_own_stock(wishing):
    work = wishing(REDUCED)
    in_stock("SC 7A123")
    in_stock("S1 23", "reduced")
    assert plates_due(work) == {"TABL_SAM": 8_000}

    with pytest.raises(ConditionMissing, match="plate-other-kind"):
        assign(work, "SC 7A123")
    assign(work, "S123")

    assert [label for label, *_ in new_plates(work)] == ["S1 23"] * 2


def test_without_a_wish_no_individual_number_is_ordered_by_a_slip(wishing):
    work = wishing(None)

    with pytest.raises(BadInput, match="plate-unknown"):
        assign(work, "S7 AC23")


@pytest.mark.parametrize(
    ("number", "kind", "plates", "code"),
    [
        ("S0 1234", "temporary", 2, "plate-other-kind"),
        ("SC 12A", "antique", 2, "plate-other-kind"),
        ("SC 1234", "motorcycle", 1, "plate-other-kind"),
        ("SC 7A124", "ordinary", 1, "plate-other-count"),
    ],
)
def test_a_car_gets_no_number_whose_plates_are_not_for_it(wishing, number, kind, plates, code):
    work = wishing(None)
    in_stock(number, kind, plates)

    with pytest.raises(ConditionMissing, match=code):
        assign(work, number)

    assert number_known(number).state is PlateState.IN_STOCK


def test_a_historic_vehicle_pays_for_antique_plates_and_gets_them_from_their_stock(wishing):
    work = wishing(None, origin="historic")
    in_stock("SC 7A123")
    in_stock("SC 12A", "antique")
    assert plates_due(work) == {"TABL_ZAB_SAM": 10_000}

    with pytest.raises(ConditionMissing, match="plate-other-kind"):
        assign(work, "SC 7A123")
    assign(work, "SC12A")

    assert [label for label, *_ in new_plates(work)] == ["SC 12A"] * 2


def test_an_individual_number_begins_with_the_letter_of_the_offices_own_voivodeship(wishing):
    work = wishing(JANEK)

    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        assign_plates(session, case, case.version, "K0 JANEK", act=work.act(), letter="K")

    assert numbers_to_order(db.session(), work.case, "K")[0] == "K1 JANEK"
