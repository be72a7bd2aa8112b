"""A vehicle from outside the Union is registered conditionally by HTTP alone; its customs paper comes later, or not."""

from __future__ import annotations

from tests.stories.both_doors import PARTY, Town
from tests.stories.test_registration import ENDS, registered
from tests.web.mailbox_people import text_of


def driving_on_a_condition(town: Town) -> None:
    """Jan has permit and plates, and has yet to bring his customs document."""
    town.apply(origin="third-country")
    town.take()
    town.verify(CUSTOMS="missing")
    assert "pismo/summon_originals" not in town.clerk.get(f"/sprawa/{town.sign}").text
    town.determine("registered_conditionally", text="oświadczenie z 26.11.2026 o braku zmiany własności")
    town.write("summon_originals")
    town.confirm()
    town.bring()
    town.compare()
    town.step("confirm_originals")
    town.prepare()
    assert "Właściciel ma jeszcze złożyć: " in town.case_page()
    town.write("register_temporarily")
    assert town.annotate() == ["conditional", "copy_certified", "registered"]
    town.agree("in_person")
    assert "Najpierw do przyjęcia" not in town.counter_page("wydanie")
    town.give()
    assert town.stage() == "handed_over"
    assert town.places()["CUSTOMS"] == {"expected"}


def mine(town: Town) -> str:
    return text_of(town.jan.get(town.my_case()))


def test_the_document_comes_after_the_permit_and_the_vehicle_is_registered(town):
    driving_on_a_condition(town)
    assert "Bring what is missing for the registration: " in mine(town)
    said = text_of(town.jan.get(f"{town.my_case()}/oryginaly"))
    assert "Proof of customs clearance" in said
    assert "The office waits until" not in said, "no summons asks for it"
    town.announce_parcel("RR473124829PL")
    town.arrive("RR473124829PL")
    assert "Bring what is missing" not in mine(town)
    town.compare()
    assert town.annotate() == ["conditional", "copy_certified", "copy_certified", "registered", "registered"]
    town.certificate_comes()
    town.write("announce_certificate")
    town.confirm()
    town.bring()
    registered(town)
    town.give()

    assert town.ends_with({**ENDS, "CUSTOMS": PARTY})


def test_nothing_comes_and_the_tax_authority_is_told(town):
    driving_on_a_condition(town)
    town.days_pass(31)
    assert "as soon as you can" in mine(town)
    assert "leave the application unexamined" not in mine(town), "it is registered"
    town.write("summon_plates")
    town.confirm()
    assert "Hand over what the summons asks for by" in mine(town)
    town.days_pass(18)
    assert "Najpierw wskaż organ podatkowy lub celny" in town.case_page()
    town.determine(
        "tax_authority", text="Naczelnik Śląskiego Urzędu Celno-Skarbowego\nul. Słoneczna 34\n40-136 Katowice"
    )
    town.write("notify_tax_office")

    assert "pismo/notify_tax_office" not in town.clerk.get(f"/sprawa/{town.sign}").text
    assert town.ask(lambda case: case.letters[-1].kind) == "tax_office_notice"
    assert "Naczelnik Śląskiego Urzędu" in text_of(town.desk.get("/kancelaria/poczta/"))
    assert "Naczelnik" not in text_of(town.jan.get("/odebrane"))
    assert town.is_sound()
