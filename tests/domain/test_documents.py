"""Which documents a case needs: the rules as the law has them."""

import pytest

from app.domain.documents import Answers, DocumentKind, ground_of, grounds, required_documents
from app.domain.procedures.editions import EDITIONS
from app.domain.procedures.stages import ProcedureName

K = DocumentKind
REGISTRATION, DEREGISTRATION = ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION


def kinds(procedure, edition="sekap", **answers):
    return [requirement.kind for requirement in required_documents(procedure, edition, Answers(**answers))]


def test_a_used_car_from_poland_needs_what_article_72_lists():
    assert kinds(REGISTRATION) == [K.OWNERSHIP, K.VEHICLE_CARD, K.INSPECTION, K.REG_CERT, K.PLATES, K.FEE_PROOF]


def test_since_2022_there_is_no_vehicle_card():
    assert K.VEHICLE_CARD not in kinds(REGISTRATION, "2022")
    assert K.VEHICLE_CARD not in kinds(DEREGISTRATION, "2022", ground="DEMONTAZ")
    assert K.VEHICLE_CARD in kinds(DEREGISTRATION, "sekap", ground="DEMONTAZ")


def test_a_new_car_needs_its_conformity_and_no_inspection():
    assert kinds(REGISTRATION, origin="new", was_registered=False) == [K.OWNERSHIP, K.CONFORMITY, K.FEE_PROOF]


def test_a_car_from_the_union_needs_excise_and_translation():
    found = kinds(REGISTRATION, origin="used-eu", import_date_known=False)

    assert {K.EXCISE, K.EU_DATE, K.TRANSLATION, K.REG_CERT, K.INSPECTION} <= set(found)
    assert K.CUSTOMS not in found
    assert K.EXCISE not in kinds(REGISTRATION, origin="used-eu", passenger_car=False)


def test_a_car_from_outside_the_union_needs_customs_clearance():
    found = kinds(REGISTRATION, origin="third-country")

    assert K.CUSTOMS in found
    assert K.EXCISE not in found


def test_what_was_lost_is_replaced_by_a_statement():
    found = kinds(REGISTRATION, certificate_lost=True, plates_lost=True)

    assert K.LOSS_STATEMENT in found
    assert K.REG_CERT not in found
    assert K.PLATES not in found


def test_plates_that_stayed_abroad_are_replaced_by_a_statement():
    found = kinds(REGISTRATION, origin="used-eu", without_plates=True)

    assert K.PLATES_STATEMENT in found
    assert K.PLATES not in found


def test_a_proxy_brings_the_power_of_attorney_and_the_stamp_duty_unless_family():
    assert {K.PROXY, K.STAMP_DUTY} <= set(kinds(REGISTRATION, by_proxy=True))
    assert K.STAMP_DUTY not in kinds(REGISTRATION, by_proxy=True, proxy_is_family=True)


@pytest.mark.parametrize(
    ("ground", "proofs", "plates", "certificate"),
    [
        ("DEMONTAZ", {K.DISMANTLING_CERTIFICATE}, True, True),
        ("KRADZIEZ", {K.THEFT_STATEMENT}, False, True),
        ("WYWOZ_ZBYCIE", {K.FOREIGN_SALE_PROOF, K.FOREIGN_SALE_STATEMENT}, False, True),
        ("WYWOZ_REJESTRACJA", {K.FOREIGN_REGISTRATION_COPY}, False, True),
        ("KASACJA_ZAGRANICA", {K.FOREIGN_SCRAPPING_PROOF}, True, True),
        ("UTRATA", {K.LOSS_PROOF, K.MUNICIPAL_FEE_PROOF}, True, True),
        ("NIEKOMPLETNY", {K.INCOMPLETE_VEHICLE_CERTIFICATE}, True, True),
        ("WYCOFANIE_Z_OBROTU", {K.MARKET_WITHDRAWAL_PROOF}, False, False),
    ],
)
def test_each_ground_has_its_proofs_and_what_is_surrendered(ground, proofs, plates, certificate):
    found = set(kinds(DEREGISTRATION, ground=ground))

    assert proofs <= found
    assert (K.PLATES in found) == plates
    assert (K.REG_CERT in found) == certificate


def test_only_for_export_the_certificate_goes_back_to_the_owner():
    returning = {ground.code for ground in grounds().values() if ground.certificate_returns}

    assert returning == {"WYWOZ_ZBYCIE", "WYWOZ_REJESTRACJA"}
    optional = required_documents(DEREGISTRATION, "2022", Answers(ground="WYWOZ_ZBYCIE"))
    assert next(one for one in optional if one.kind is K.REG_CERT).if_issued


@pytest.mark.parametrize("origin", ["confiscated", "services"])
def test_a_vehicle_bought_after_a_forfeiture_or_from_the_services_comes_without_its_certificate(origin):
    assert K.REG_CERT not in kinds(ProcedureName.REGISTRATION, origin=origin)
    assert K.OWNERSHIP in kinds(ProcedureName.REGISTRATION, origin=origin)


def test_an_owner_who_only_moved_proves_no_ownership():
    assert K.OWNERSHIP not in kinds(ProcedureName.REGISTRATION, owner_changed=False)


def test_when_the_office_acts_by_itself_it_asks_for_nothing_but_what_it_acts_upon():
    for ground in grounds().values():
        if ground.ex_officio:
            (needed,) = required_documents(DEREGISTRATION, "2022", Answers(ground=ground.code, by_proxy=True))
            assert (needed.kind, needed.law, needed.original) == (K.OFFICE_INFORMATION, ground.law, False)


def test_an_unknown_ground_asks_for_certificate_and_plates_until_a_clerk_says_more():
    assert {K.REG_CERT, K.PLATES} <= set(kinds(DEREGISTRATION, ground="?"))


def test_a_ground_is_named_by_code_or_by_name():
    assert ground_of(" kradziez ") is ground_of("stolen")
    assert ground_of("stolen").law == "PRD art. 79 ust. 1 pkt 2"
    assert ground_of("") is None


def test_a_case_that_nobody_has_described_needs_nothing_yet():
    assert kinds(ProcedureName.UNDESCRIBED) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_document_is_asked_for_twice(edition):
    every = {"by_proxy": True, "certificate_lost": True, "extra_plate": True, "number_given": True}
    for origin in ("new", "used-poland", "used-eu", "third-country", "self-built", "historic"):
        found = kinds(REGISTRATION, edition, origin=origin, **every)
        assert len(found) == len(set(found))
    for ground in grounds():
        found = kinds(DEREGISTRATION, edition, ground=ground, **every)
        assert len(found) == len(set(found))


def test_payments_and_statements_need_no_original_but_papers_and_plates_do():
    originals = {one.kind: one.original for one in required_documents(REGISTRATION, "sekap", Answers(by_proxy=True))}

    assert originals[K.OWNERSHIP]
    assert originals[K.PLATES]
    assert originals[K.PROXY]
    assert not originals[K.FEE_PROOF]
