"""Whose a thing is in the end, and which things a party brings."""

import pytest

from app.domain.custody import ItemState
from app.domain.documents import COPIES_SUFFICE, Answers, DocumentKind, grounds, required_documents
from app.domain.items import ITEM_KINDS, Fate, ItemKind, expected_items, fate_of, is_back, is_cut_before_filing, is_owed
from app.domain.procedures import EDITIONS, ProcedureName
from app.domain.vehicles import VehicleClass

K, F = ItemKind, Fate
REGISTRATION, DEREGISTRATION = ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION
MADE_BY_THE_OFFICE = {
    K.NEW_PLATE,
    K.NEW_EXTRA_PLATE,
    K.CONTROL_STICKER,
    K.LEGALISATION_STICKERS,
    K.REGISTRATION_CERTIFICATE,
    K.NEW_VEHICLE_CARD,
    K.DECISION,
}


def brought(procedure=REGISTRATION, edition="sekap", **answers):
    given = Answers(**answers)
    return [item.kind for item in expected_items(required_documents(procedure, edition, given), given)]


def test_every_original_is_a_kind_of_thing_under_the_code_of_its_document():
    originals = {kind.value for kind in DocumentKind if kind not in COPIES_SUFFICE} - {DocumentKind.PLATES.value}

    assert {kind.value for kind in ItemKind} == originals | {K.PLATE.value} | {one.value for one in MADE_BY_THE_OFFICE}
    assert set(ITEM_KINDS) == set(ItemKind)


@pytest.mark.parametrize(
    ("kind", "procedure", "edition", "circumstances", "fate"),
    [
        (K.OWNERSHIP, REGISTRATION, "sekap", {}, F.TO_PARTY),
        (K.REG_CERT, REGISTRATION, "sekap", {}, F.INVALIDATED_AND_KEPT),
        (K.REG_CERT, REGISTRATION, "2022", {"ground": "WYWOZ_ZBYCIE"}, F.INVALIDATED_AND_KEPT),
        (K.REG_CERT, DEREGISTRATION, "2022", {"ground": "DEMONTAZ"}, F.INVALIDATED_AND_KEPT),
        (K.REG_CERT, DEREGISTRATION, "2022", {"ground": "?"}, F.INVALIDATED_AND_KEPT),
        (K.REG_CERT, DEREGISTRATION, "sekap", {"ground": "WYWOZ_ZBYCIE"}, F.RETURNED_ABROAD),
        (K.REG_CERT, DEREGISTRATION, "2022", {"ground": "registered-abroad"}, F.RETURNED_ABROAD),
        (K.VEHICLE_CARD, REGISTRATION, "sekap", {}, F.TO_PARTY),
        (K.VEHICLE_CARD, REGISTRATION, "2022", {}, F.IN_FILE),
        (K.VEHICLE_CARD, DEREGISTRATION, "sekap", {}, F.INVALIDATED_AND_KEPT),
        (K.PLATE, REGISTRATION, "2022", {}, F.DESTROYED),
        (K.PLATE, REGISTRATION, "2022", {"number_kept": True}, F.TO_PARTY),
        (K.PLATE, DEREGISTRATION, "sekap", {}, F.DESTROYED),
        (K.INSPECTION, REGISTRATION, "sekap", {}, F.IN_FILE),
        (K.PROXY, DEREGISTRATION, "2022", {}, F.IN_FILE),
        (K.TEMPORARY_PERMIT, REGISTRATION, "sekap", {}, F.LENT),
        (K.TEMPORARY_PERMIT, REGISTRATION, "2022", {}, F.TO_PARTY),
        (K.PLATE, ProcedureName.UNDESCRIBED, "sekap", {}, F.TO_PARTY),
    ],
)
def test_the_fate_of_a_thing_follows_from_procedure_edition_and_ground(kind, procedure, edition, circumstances, fate):
    assert fate_of(kind, procedure, edition, **circumstances) is fate


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_the_office_makes_is_for_the_party(edition):
    for kind in MADE_BY_THE_OFFICE:
        for procedure in ProcedureName:
            assert fate_of(kind, procedure, edition) is F.TO_PARTY


def test_a_certificate_goes_back_exactly_for_the_grounds_that_say_so():
    for ground in grounds().values():
        goes_back = fate_of(K.REG_CERT, DEREGISTRATION, "2022", ground=ground.code) is F.RETURNED_ABROAD
        assert goes_back == ground.certificate_returns


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("fate", Fate)
def test_only_what_is_here_and_the_partys_is_owed(state, fate):
    goes_out = fate in {F.TO_PARTY, F.LENT, F.RETURNED_ABROAD}

    assert is_owed(state, fate) == (state is ItemState.IN_OFFICE and goes_out)


def test_a_permit_that_was_brought_back_is_owed_no_more():
    assert is_owed(ItemState.IN_OFFICE, F.LENT)
    assert not is_owed(ItemState.IN_OFFICE, F.LENT, back=True)
    assert is_owed(ItemState.IN_OFFICE, F.TO_PARTY, back=True)
    assert is_back(F.LENT, returned=False, invalidated=True)
    assert not is_back(F.TO_PARTY, returned=False, invalidated=True)


def test_of_what_was_lent_only_the_old_certificate_is_cut_before_it_is_filed():
    assert is_cut_before_filing(K.REG_CERT, F.INVALIDATED_AND_KEPT)
    assert is_cut_before_filing(K.REG_CERT, F.LENT)
    assert not is_cut_before_filing(K.TEMPORARY_PERMIT, F.LENT)
    assert not is_cut_before_filing(K.INSPECTION, F.IN_FILE)


def test_of_a_used_car_the_party_brings_papers_and_two_plates():
    assert brought() == [K.OWNERSHIP, K.VEHICLE_CARD, K.INSPECTION, K.REG_CERT, K.PLATE, K.PLATE]
    assert brought(edition="2022") == [K.OWNERSHIP, K.INSPECTION, K.REG_CERT, K.PLATE, K.PLATE]


@pytest.mark.parametrize("vehicle", [VehicleClass.MOTORCYCLE, VehicleClass.MOPED, VehicleClass.TRAILER])
def test_of_all_others_one_plate(vehicle):
    assert brought(vehicle_class=vehicle).count(K.PLATE) == 1


def test_an_extra_plate_is_a_thing_of_its_own_and_lost_plates_are_none():
    assert brought(extra_plate=True).count(K.EXTRA_PLATE) == 1
    assert K.EXTRA_PLATE in brought(extra_plate=True, plates_lost=True)
    assert K.EXTRA_PLATE not in brought(extra_plate=True, extra_plate_lost=True)
    assert K.EXTRA_PLATE not in brought(extra_plate_wished=True)
    assert K.PLATE not in brought(plates_lost=True)


def test_where_copies_suffice_nothing_is_brought():
    assert brought(DEREGISTRATION, "2022", ground="KRADZIEZ") == [K.REG_CERT]
    assert brought(DEREGISTRATION, "2022", ground="Z_URZEDU_UE") == []


def test_what_may_never_have_been_issued_is_expected_only_if_it_was():
    given = Answers(ground="WYWOZ_ZBYCIE")
    items = expected_items(required_documents(DEREGISTRATION, "sekap", given), given)

    assert {item.kind for item in items if item.if_issued} == {K.REG_CERT, K.VEHICLE_CARD}
