"""What a case costs: the sums of the reference, in grosze."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ConditionMissing
from app.domain.fees import Fee, FeeAnswers, fee_in_force, fees, fees_due, fees_in_doubt, total
from app.domain.procedures import EDITIONS, ProcedureName
from app.domain.vehicles import PlateKind, VehicleClass

REGISTRATION, DEREGISTRATION = ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION
DAY = dt.date(2026, 9, 1)
V, P = VehicleClass, PlateKind


def due(procedure=REGISTRATION, edition="2022", day=DAY, **answers):
    return fees_due(procedure, edition, FeeAnswers(**answers), day)


@pytest.mark.parametrize(
    ("answers", "grosze"),
    [
        ({}, 160_00),
        ({"number_kept": True, "short_path": True}, 66_50),
        ({"number_kept": True}, 80_00),
        ({"plate_kind": P.INDIVIDUAL}, 1080_00),
        ({"plate_kind": P.INDIVIDUAL, "vehicle_class": V.MOTORCYCLE}, 580_00),
        ({"plate_kind": P.REDUCED}, 160_00),
        ({"plate_kind": P.ANTIQUE}, 180_00),
        ({"plates": 1}, 120_00),
        ({"vehicle_class": V.TRAILER}, 120_00),
        ({"vehicle_class": V.TRACTOR}, 120_00),
        ({"vehicle_class": V.MOTORCYCLE}, 120_00),
        ({"vehicle_class": V.MOTORCYCLE, "plate_kind": P.MOTORCYCLE}, 120_00),
        ({"vehicle_class": V.MOPED}, 110_00),
        ({"vehicle_class": V.MOPED, "plate_kind": P.ANTIQUE}, 120_00),
        ({"vehicle_class": V.MOTORCYCLE, "plates": 2}, 160_00),
        ({"vehicle_class": V.MOTORCYCLE, "plates": 2, "plate_kind": P.INDIVIDUAL}, 1080_00),
        ({"extra_plate": True}, 212_50),
        ({"extra_plate": True, "number_kept": True}, 132_50),
        ({"by_proxy": True}, 177_00),
        ({"by_proxy": True, "proxy_is_family": True}, 160_00),
    ],
)
def test_a_registration_costs_what_the_law_says(answers, grosze):
    assert total(due(**answers)) == grosze


def test_each_part_of_the_sum_is_named_with_its_law():
    assert [(one.fee.code, one.grosze, one.fee.law) for one in due()] == [
        ("TABL_SAM", 80_00, "Dz.U. 2022 poz. 1848 § 4 ust. 1 pkt 1"),
        ("DOWOD_REJ", 54_00, "Dz.U. 2022 poz. 1848 § 2"),
        ("POZW_CZAS_Z_URZEDU", 13_50, "Dz.U. 2022 poz. 1848 § 3 ust. 1 pkt 1"),
        ("NALEPKI_LEG", 12_50, "Dz.U. 2022 poz. 1848 § 4 ust. 1 pkt 9"),
    ]


def test_the_short_path_is_for_those_who_keep_the_number_and_exists_since_2022():
    with pytest.raises(ConditionMissing, match="number-kept"):
        due(short_path=True)
    assert total(due(edition="sekap", number_kept=True, short_path=True)) == 80_00


def test_a_deregistration_costs_nothing_but_the_proxys_stamp_duty():
    assert due(DEREGISTRATION) == ()
    assert total(due(DEREGISTRATION, by_proxy=True)) == 17_00
    assert total(due(DEREGISTRATION, by_proxy=True, proxy_is_family=True)) == 0


def test_a_doubtful_fee_is_due_once_somebody_verified_it():
    verified = [dataclasses.replace(fee, doubtful=False) for fee in fees()]

    assert {fee.code for fee in fees() if fee.doubtful} == {"WYREJESTROWANIE"}
    assert total(fees_due(DEREGISTRATION, "2022", FeeAnswers(), DAY, verified)) == 10_00


def test_a_fee_in_doubt_is_due_where_a_clerk_settled_it_so():
    in_doubt = fees_in_doubt(DEREGISTRATION, "2022", FeeAnswers(), DAY)

    assert [one.fee.code for one in in_doubt] == ["WYREJESTROWANIE"]
    assert total(due(DEREGISTRATION, doubtful_due=True)) == 10_00


def test_before_the_first_amount_that_is_known_a_fee_is_in_doubt_and_nothing_breaks():
    day = dt.date(2022, 9, 3)

    assert due(day=day) == ()
    assert total(fees_in_doubt(ProcedureName.REGISTRATION, "sekap", FeeAnswers(), day)) == 160_00
    assert total(due(plate_kind=P.ANTIQUE, vehicle_class=V.MOPED, day=dt.date(2023, 4, 30))) == 80_00


def test_a_registration_costs_the_same_in_both_editions_for_no_law_has_a_fee_for_sticker_or_card():
    assert total(due(edition="sekap")) == total(due(edition="2022")) == 160_00


def test_a_case_that_nobody_has_described_costs_nothing_yet():
    assert due(ProcedureName.UNDESCRIBED, by_proxy=True) == ()


def test_the_amount_is_that_of_the_day():
    old = Fee("X", "stara", 100, "§ 1", dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    new = Fee("X", "nowa", 200, "§ 1", dt.date(2023, 1, 1))
    corrected = Fee("X", "poprawiona", 250, "§ 1", dt.date(2024, 1, 1))
    dictionary = [old, new, corrected]

    assert fee_in_force("X", dt.date(2022, 12, 31), dictionary) is old
    assert fee_in_force("X", dt.date(2023, 1, 1), dictionary) is new
    assert fee_in_force("X", dt.date(2024, 1, 1), dictionary) is corrected
    with pytest.raises(LookupError):
        fee_in_force("X", dt.date(2021, 12, 31), dictionary)


def test_what_the_dictionary_does_not_know_is_not_guessed():
    with pytest.raises(LookupError):
        due(plate_kind=P.DIPLOMATIC)


def test_no_code_stands_twice_and_every_half_is_whole_grosze():
    assert len({fee.code for fee in fees()}) == len(fees())
    for fee in fees():
        assert fee.grosze > 0
        assert fee.grosze * fee.one_plate_percent % 100 == 0
        assert fee.label
        assert fee.law


any_answers = st.builds(
    FeeAnswers,
    vehicle_class=st.sampled_from(VehicleClass),
    plate_kind=st.sampled_from([P.ORDINARY, P.INDIVIDUAL, P.ANTIQUE]),
    number_kept=st.booleans(),
    plates=st.sampled_from([None, 1, 2]),
    extra_plate=st.booleans(),
    by_proxy=st.booleans(),
    proxy_is_family=st.booleans(),
)


@given(any_answers, st.sampled_from(EDITIONS))
def test_keeping_the_number_never_costs_more_and_a_proxy_never_less(answers, edition):
    def cost(**changed):
        return total(fees_due(REGISTRATION, edition, dataclasses.replace(answers, **changed), DAY))

    assert cost(number_kept=True) <= cost(number_kept=False)
    assert cost(by_proxy=False) <= cost(by_proxy=True)
    assert cost(plates=1) <= cost(plates=2)
