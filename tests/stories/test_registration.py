"""A vehicle is registered by HTTP alone, from the signed package to the archived case, on both databases."""

from __future__ import annotations

import datetime as dt
import re

from tests.stories.both_doors import FILE, GONE, PARTY, Town
from tests.web.mailbox_people import text_of

ENDS = {
    "OWNERSHIP": PARTY, "INSPECTION": FILE, "REG_CERT": FILE, "PLATE": GONE, "TEMPORARY_PERMIT": FILE,
    "NEW_PLATE": PARTY, "CONTROL_STICKER": PARTY, "DECISION": PARTY, "REGISTRATION_CERTIFICATE": PARTY,
    "OC_POLICY": PARTY,
}  # fmt: skip
"""The lawful places of all that a registration moves; what was only shown goes back to its owner."""


def registered_temporarily(town: Town) -> None:
    """What came is in order; number, permit and sticker are ready, and the decision is made."""
    town.compare()
    town.step("confirm_originals")
    town.prepare()
    town.write("register_temporarily")
    assert town.annotate() == ["copy_certified", "registered"]


def registered(town: Town) -> None:
    """The clerk follows what keeps the registration closed, invalidates the old certificate and decides."""
    assert "Najpierw unieważnij dotychczasowy dowód." in town.case_page()
    town.move("invalidated", lambda item: item.kind == "REG_CERT")
    town.write("register")


def up_to_agreement(town: Town) -> None:
    town.asks_for_originals()
    town.bring()
    registered_temporarily(town)


def announced(town: Town) -> None:
    """The permanent certificate came from its maker; Jan is told, and asked for permit and policy."""
    town.certificate_comes()
    town.write("announce_certificate")
    town.confirm()


def finished_in_person(town: Town) -> None:
    announced(town)
    town.bring()
    registered(town)
    town.give()


def test_in_person_throughout(town):
    up_to_agreement(town)
    town.propose("in_person")
    word = re.search(r'href="(/odebrane/[\w-]+)"', town.jan.get("/odebrane").get_data(as_text=True))
    assert "See the proposal" in text_of(town.jan.get(word[1]))
    town.accept()
    town.give()
    assert town.stage() == "handed_over"
    finished_in_person(town)

    assert town.ends_with(ENDS)

    theirs, mine = town.case_page(), text_of(town.jan.get(town.my_case()))
    assert "W archiwum" in theirs
    assert "razem 13: w urzędzie 0, oczekiwane 0" in theirs
    assert "Dowód rejestracyjny w aktach" in theirs
    assert "Nothing. The case is closed." in mine
    assert "new number; the one before is SC 12345" in mine
    for thing, place in (
        ("Registration certificate", "invalidated, in the file of the case"),
        ("Registration plate SC 12345, 2 pieces", "destroyed"),
        ("New registration plate SC 7A123, 2 pieces", "handed over to you"),
        ("Permanent registration certificate DR/BAB 1234567", "handed over to you"),
    ):
        assert re.search(rf"{thing} \d\d\.\d\d\.\d{{4}} {place}", mine), thing


def test_by_post_throughout(town):
    """Originals, plates, permit and policy come by post; both parcels go by post, and both return cards come back."""
    town.asks_for_originals()
    town.announce_parcel("00759007731512000621")
    town.arrive("00759007731512000621")
    registered_temporarily(town)
    town.agree("post")
    town.post("00759007731512000638")
    assert town.stage() == "handed_over"
    town.card()
    announced(town)
    town.arrive("RR473124829PL")
    registered(town)
    town.agree("post")
    town.post("RR473124832PL")
    assert town.stage() == "closed"
    assert 'value="archive"' not in town.clerk.get(f"/sprawa/{town.sign}").text
    town.card()
    town.put_away()

    town.days_pass(15)

    assert town.stage() == "archived"
    assert town.is_over(ENDS)


def test_partly_in_person_and_partly_by_post(town):
    up_to_agreement(town)
    town.agree("in_person", DECISION="post", OWNERSHIP="post")
    town.give()
    assert town.stage() == "agreeing_handover"
    town.post("00759007731512000621")
    assert town.stage() == "handed_over"
    town.card()
    announced(town)
    town.bring()
    registered(town)
    town.agree("post", OC_POLICY="in_person")
    town.give()
    assert town.stage() == "permanent_ready"
    town.post("RR473124829PL")
    town.card()

    assert town.ends_with(ENDS)


def test_a_parcel_that_comes_back_is_collected(town):
    up_to_agreement(town)
    town.agree("post")
    town.post("00759007731512000621")
    town.card("unclaimed")
    assert town.stage() == "agreeing_handover"
    town.agree("in_person")
    town.give()
    finished_in_person(town)

    assert town.ends_with(ENDS)


def test_one_plate_missing_is_asked_for_again(town):
    town.asks_for_originals()
    plate = town.items(lambda item: item.kind == "PLATE")[0]
    town.arrive("00759007731512000621", missing=[plate])
    town.compare()
    town.write("summon_further")
    town.confirm()
    town.arrive("RR473124829PL")
    registered_temporarily(town)
    town.agree("in_person")
    town.give()
    finished_in_person(town)

    assert town.ends_with(ENDS)
    assert town.ask(lambda case: all(letter.summons.met_at for letter in case.letters if letter.summons))


def test_the_owner_wants_it_otherwise_and_the_office_agrees(town):
    up_to_agreement(town)
    town.propose("in_person")
    town.counter("post")
    town.accept_theirs()
    town.post("00759007731512000621")
    town.card()
    finished_in_person(town)

    assert town.ends_with(ENDS)
    versions = town.ask(lambda case: [(one.version, one.state.value) for one in case.proposals])
    assert versions == [(1, "countered"), (2, "accepted")]
    assert town.ask(lambda case: case.proposals[-1].address) == ["ul. Inna 2", "42-200 Częstochowa"]


def test_a_permit_that_runs_out_is_extended_once(town):
    up_to_agreement(town)
    town.agree("in_person")
    town.give()
    last_day = town.ask(lambda case: case.permit.valid_until)

    town.days_pass(24)

    assert "Pozwolenie czasowe PC 7654321 jest ważne tylko do" in town.case_page()
    town.write("extend_permit", reasons="Producent nie dostarczył dowodu.")
    town.confirm()
    assert town.ask(lambda case: case.permit.valid_until) == last_day + dt.timedelta(days=14)
    assert "pismo/extend_permit" not in town.clerk.get(f"/sprawa/{town.sign}").text
    town.days_pass(14)
    finished_in_person(town)

    assert town.ends_with(ENDS)


def test_the_office_that_registered_the_vehicle_last_is_told_and_answers(town):
    town.asks_for_originals()
    town.bring()
    town.compare()
    town.step("confirm_originals")
    town.determine("last_office", text="Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")
    assert "Zawiadom urząd, który ostatnio zarejestrował pojazd" in text_of(town.clerk.get("/praca/"))
    assert "Zawiadomić do" in town.case_page()
    town.write("notify_office")
    notice = town.ask(lambda case: case.letters[-1].id)
    assert "Starosta Kłobucki" in text_of(town.desk.get("/kancelaria/poczta/"))
    town.submit(town.desk, "/kancelaria/poczta/", f"/kancelaria/poczta/list/{notice}", tracking="RR473124829PL")
    town.prepare()
    town.write("register_temporarily")
    town.annotate()
    town.agree("in_person")
    town.give()
    town.days_pass(2)
    found = town.desk.get("/kancelaria/poczta/zwrotka", query_string={"q": "RR473124829PL"}).location
    town.submit(town.desk, found, found, outcome="delivered")
    assert "odpowiedź powinna nadejść do" in town.case_page().replace("\u00a0", " ")
    town.determine("last_office_answered", text="Pismo z 30.11.2026: dane są zgodne.")
    assert "odpowiedź powinna nadejść do" not in town.case_page().replace("\u00a0", " ")
    finished_in_person(town)

    assert town.ends_with(ENDS)
