"""Registration by the law of 2022: no sticker, no way back for the permit, and a short path."""

from __future__ import annotations

import pytest

from tests.stories.both_doors import FILE, GONE, PARTY
from tests.stories.test_registration import registered


@pytest.fixture
def editions() -> str:
    return "law"


def test_who_keeps_the_number_is_registered_at_once(town):
    town.asks_for_originals()
    assert town.ask(lambda case: case.edition) == "2022"
    town.bring()
    town.compare()
    town.step("confirm_originals")
    for code in ("number_kept", "old_certificate_confirmed", "room_for_annotation"):
        town.determine(code)
    assert "Pozwolenie czasowe" not in town.case_page()
    town.prove_fees()
    town.write("register_directly")
    assert town.annotate() == ["copy_certified", "number_kept", "registered"]
    town.agree("in_person")
    town.give()
    assert town.stage() == "handed_over"
    assert town.places()["REG_CERT"] == PARTY
    town.certificate_comes()
    town.write("announce_certificate")
    assert "Najpierw do przyjęcia" in town.counter_page("wydanie")
    assert "Dotychczasowy dowód jeszcze nie wrócił." in town.counter_page("wydanie")
    town.bring()
    town.submit(town.desk, "/kancelaria/{sign}/wydanie", "/kancelaria/rzeczy/{sign}/ruch")
    town.give()

    assert town.ends_with(
        {
            "OWNERSHIP": PARTY, "INSPECTION": FILE, "REG_CERT": FILE, "PLATE": PARTY, "DECISION": PARTY,
            "REGISTRATION_CERTIFICATE": PARTY,
        }
    )  # fmt: skip


def test_a_new_number_comes_with_a_permit_that_its_owner_keeps(town):
    town.asks_for_originals()
    town.bring()
    town.compare()
    town.step("confirm_originals")
    town.prepare()
    town.write("register_temporarily")
    town.agree("in_person")
    town.give()
    town.certificate_comes()
    town.write("announce_certificate")
    assert "Termin nie biegnie" not in town.case_page(), "the office has yet to decide"
    town.confirm()
    registered(town)
    assert "bo strona ma odebrać dowód stały" in town.case_page()
    town.give()

    assert town.ends_with(
        {
            "OWNERSHIP": PARTY, "INSPECTION": FILE, "REG_CERT": FILE, "PLATE": GONE, "TEMPORARY_PERMIT": PARTY,
            "NEW_PLATE": PARTY, "DECISION": PARTY, "REGISTRATION_CERTIFICATE": PARTY,
        }
    )  # fmt: skip
