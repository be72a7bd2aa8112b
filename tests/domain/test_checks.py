"""Machine checks of an application: they warn, they never refuse. Persons and numbers are invented."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checks import answers_of, check_application

TODAY = dt.date(2026, 11, 3)
SIGNER = {"name": "JAN KOWALCZYK", "identifier": "PNOPL-84051203872"}


def application(**changes):
    """A registration in order, with parts replaced: `vehicle={"vin": "x"}` changes that one field."""
    values = {
        "filed_on": dt.date(2026, 11, 2),
        "owner": {
            "kind": "person",
            "name": "Jan Kowalczyk",
            "pesel": "84051203872",
            "address": {"street": "Łódzka", "building": "12", "postal_code": "42-218", "locality": "Częstochowa"},
        },
        "request": {"kind": "registration"},
        "vehicle": {
            "vin": "WVWZZZ1KZAW123156",
            "plate": "KR 4MN81",
            "production_year": 2018,
            "acquired_on": dt.date(2026, 10, 20),
            "acquisition": "sale",
            "origin": "used-poland",
        },
        "declarations": {"accuracy": True, "statements": ()},
        "attachments": tuple({"kind": kind} for kind in ("OWNERSHIP", "INSPECTION", "REG_CERT", "PLATES", "FEE_PROOF")),
    }
    for name, change in changes.items():
        values[name] = {**values.get(name, {}), **change} if isinstance(change, dict) else change
    return values


def found(values, signers=(SIGNER,), **more):
    return {
        (warning.code, warning.field) for warning in check_application(values, today=TODAY, signers=signers, **more)
    }


def test_an_application_in_order_has_no_warnings():
    assert found(application()) == set()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"vehicle": {"vin": "WVWZZZ1KZAW12315"}}, "vin-length", "vehicle.vin"),
        ({"vehicle": {"vin": ""}}, "vin-empty", "vehicle.vin"),
        ({"vehicle": {"plate": "SC 00000"}}, "plate-layout", "vehicle.plate"),
        ({"vehicle": {"plate": ""}}, "plate-missing", "vehicle.plate"),
        ({"vehicle": {"origin": "new"}}, "plate-of-a-new-vehicle", "vehicle.plate"),
        ({"owner": {"pesel": "84051203873"}}, "pesel-check-digit", "owner.pesel"),
        ({"owner": {"pesel": ""}}, "person-unidentified", "owner.pesel"),
        ({"owner": {"birth_date": dt.date(1984, 5, 13)}}, "birth-date-differs", "owner.birth_date"),
        ({"owner": {"kind": "entity", "regon": "123456786"}}, "regon-check-digit", "owner.regon"),
        ({"owner": {"kind": "entity", "regon": ""}}, "regon-missing", "owner.regon"),
        ({"owner": {"address": None}}, "address-missing", "owner.address"),
        ({"owner": {"address": {"postal_code": "4221"}}}, "postal-code", "owner.address.postal_code"),
        ({"filed_on": dt.date(2026, 11, 4)}, "date-in-future", "filed_on"),
        ({"vehicle": {"acquired_on": dt.date(2026, 12, 1)}}, "date-in-future", "vehicle.acquired_on"),
        ({"vehicle": {"acquired_on": dt.date(2026, 10, 1)}}, "registration-overdue", "vehicle.acquired_on"),
        ({"vehicle": {"acquired_on": dt.date(2017, 10, 1)}}, "acquired-before-production", "vehicle.acquired_on"),
        ({"vehicle": {"production_year": 1899}}, "production-year", "vehicle.production_year"),
        ({"vehicle": {"production_year": 2027}}, "production-year", "vehicle.production_year"),
        ({"plates": {"reduced": True}}, "reduced-space-undeclared", "plates.reduced"),
        ({"plates": {"individual_text": "1ABC"}}, "individual-text", "plates.individual_text"),
        ({"plates": {"keep_number": True}, "vehicle": {"plate": ""}}, "no-number-to-keep", "plates.keep_number"),
        ({"declarations": {"accuracy": False}}, "accuracy-not-declared", "declarations.accuracy"),
        ({"attachments": ()}, "document-missing", "attachments"),
        ({"originals": {"tracking_number": "RR473124820PL"}}, "tracking-check-digit", "originals.tracking_number"),
        ({"contact": {"e_delivery": "AE:PL-1"}}, "delivery-address", "contact.e_delivery"),
        ({"request": {"kind": "temporary-registration"}}, "purpose-missing", "request.purpose"),
        ({"request": {"kind": "deregistration"}}, "ground-missing", "request.ground"),
        ({"request": {"kind": "deregistration", "ground": "X"}}, "ground-unknown", "request.ground"),
        ({"request": {"kind": "deregistration", "ground": "KRADZIEZ"}}, "registered-elsewhere", "vehicle.plate"),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_named_with_its_field(changes, code, field):
    assert (code, field) in found(application(**changes))


def test_thirty_days_are_in_time_and_inheritance_is_not_counted_from_a_contract():
    thirty_days = dt.date(2026, 10, 3)

    assert found(application(vehicle={"acquired_on": thirty_days})) == set()
    long_ago = {"acquired_on": dt.date(2025, 1, 1), "acquisition": "inheritance"}
    assert found(application(vehicle=long_ago)) == set()


def test_plates_of_other_countries_follow_no_rule_of_ours():
    codes = {code for code, _ in found(application(vehicle={"plate": "B-MW 1234", "origin": "used-eu"}))}

    assert "plate-prefix" not in codes


@pytest.mark.parametrize(
    "signer",
    [
        {"name": "Kowalczyk Jan Adam", "identifier": "IDCPL-ABC123456"},
        {"name": "Jan Kowalczyk", "identifier": ""},
        {"name": "ktoś inny", "identifier": "PNOPL-84051203872"},
    ],
)
def test_the_signer_is_recognised_by_number_or_by_name(signer):
    assert found(application(), signers=[signer]) == set()


@pytest.mark.parametrize(
    "signer",
    [
        {"name": "Jan Kowalczyk", "identifier": "PNOPL-44051401359"},  # the same name, another person
        {"name": "Anna Nowak", "identifier": ""},
        {"name": "Jan", "identifier": ""},
    ],
)
def test_a_signer_who_is_not_the_applicant_is_named(signer):
    assert found(application(), signers=[signer]) == {("signer-not-applicant", "signatures.0")}


def test_a_proxy_and_a_co_owner_may_sign():
    anna = {"kind": "person", "name": "Anna Nowak", "pesel": "44051401359"}
    signer = {"name": "ANNA NOWAK", "identifier": "PNOPL-44051401359"}

    assert ("signer-not-applicant", "signatures.0") not in found(application(proxy=anna), signers=[signer])
    assert ("signer-not-applicant", "signatures.0") not in found(application(co_owners=(anna,)), signers=[signer])


def test_whoever_signs_for_an_entity_must_be_looked_up():
    firm = {"kind": "entity", "name": "Trans-Bud sp. z o.o.", "pesel": "", "regon": "123456785"}

    assert found(application(owner=firm)) == {("signer-of-entity", "signatures.0")}


def test_statements_and_parts_of_the_form_answer_the_rules_about_documents():
    values = application(
        vehicle={"origin": "used-eu", "kind": "samochód ciężarowy", "vin": "SCX123260001"},
        proxy={"name": "Anna Nowak"},
        declarations={"statements": ({"code": "PLATES_LOST"}, {"code": "PROXY_IS_FAMILY"})},
    )

    answers = answers_of(values)

    assert answers.origin == "used-eu"
    assert not answers.passenger_car
    assert answers.plates_lost
    assert not answers.certificate_lost
    assert answers.by_proxy
    assert answers.proxy_is_family
    assert answers.number_given


@given(
    st.dictionaries(
        st.sampled_from(["owner", "vehicle", "request", "plates", "proxy", "co_owners", "attachments", "declarations"]),
        st.none() | st.text(max_size=5) | st.integers() | st.dictionaries(st.text(max_size=8), st.text(max_size=8)),
    )
)
def test_no_application_is_too_broken_to_be_checked(values):
    for warning in check_application(values, today=TODAY, signers=[SIGNER]):
        assert warning.code
        assert warning.field


def test_what_is_stated_of_an_extra_plate_and_of_an_owner_who_moved_reaches_the_rules():
    def said(*codes):
        return answers_of({"declarations": {"statements": [{"code": code} for code in codes]}})

    assert said().owner_changed
    assert not said("OWNER_UNCHANGED").owner_changed
    assert (said("EXTRA_PLATE_LOST").extra_plate, said("EXTRA_PLATE_LOST").extra_plate_lost) == (True, True)
    assert said("EXTRA_PLATE_WISHED").extra_plate_wished
    of_a_motorcycle = {
        "vehicle": {"kind": "motocykl"},
        "declarations": {"statements": [{"code": "EXTRA_PLATE_WISHED"}]},
    }
    assert not answers_of(of_a_motorcycle).extra_plate_wished


def test_no_application_names_a_ground_on_which_only_the_office_acts():
    request = {"kind": "deregistration", "ground": "Z_URZEDU_UE"}

    codes = {one.code for one in check_application({"request": request}, today=TODAY)}

    assert "ground-ex-officio" in codes
    assert "document-missing" not in codes
    assert answers_of({"request": request}).ground == ""


@pytest.mark.parametrize(
    ("handover", "wished"),
    [
        ({"way": "post", "cost_accepted": True}, True),
        ({"way": "post", "cost_accepted": None}, True),
        ({"way": "post", "cost_accepted": False}, False),
        ({"way": "in-person"}, False),
        (None, False),
    ],
)
def test_the_wish_for_post_counts_unless_its_cost_is_refused(handover, wished):
    assert answers_of({"handover": handover}).post_wished is wished


def test_the_address_of_the_wish_is_kept_in_lines():
    where = {"street": "ul. Inna", "building": "5", "flat": "", "postal_code": "42-200", "locality": "Częstochowa"}

    assert answers_of({"handover": {"way": "post", "address": where}}).post_address == "ul. Inna 5\n42-200 Częstochowa"
