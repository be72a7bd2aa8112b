"""A vehicle is deregistered by HTTP alone, from the package to the archived case: scrapped, stolen, sold abroad."""

from __future__ import annotations

import re

from app.epackages.application import RequestKind
from tests.stories.both_doors import FILE, GONE, PARTY, Town
from tests.web.mailbox_people import text_of


def deregistered(town: Town, ground: str, **verdicts: str) -> None:
    town.asks_for_originals(kind=RequestKind.DEREGISTRATION, ground=ground, verdicts=verdicts)
    town.bring()
    town.compare()
    town.step("confirm_originals")
    town.prove_fees()
    town.move("invalidated", lambda item: item.kind == "REG_CERT")
    town.write("deregister")
    goes_back = ["certificate_returned"] if ground == "WYWOZ_ZBYCIE" else []
    assert town.annotate() == [*goes_back, "deregistered"]


def test_a_scrapped_car_loses_its_plates_and_its_certificate(town):
    deregistered(town, "DEMONTAZ")
    town.agree("in_person")
    town.give()

    assert town.ends_with({"DISMANTLING_CERTIFICATE": FILE, "REG_CERT": FILE, "PLATE": GONE, "DECISION": PARTY})

    theirs, mine = town.case_page(), text_of(town.jan.get(town.my_case()))
    assert "W archiwum" in theirs
    assert "razem 5: w urzędzie 0, oczekiwane 0" in theirs
    assert "zniszczone, protokół w aktach" in theirs
    assert "Nothing. The case is closed." in mine
    assert re.search(r"Registration plate SC 12345, 2 pieces [\d.]{10} destroyed", mine)


def test_of_a_stolen_car_nobody_asks_for_plates(town):
    deregistered(town, "KRADZIEZ")
    town.agree("post")
    town.post("00759007731512000621")
    town.card()

    assert town.ends_with({"REG_CERT": FILE, "DECISION": PARTY})


def test_for_a_car_sold_abroad_the_invalidated_certificate_goes_back(town):
    deregistered(town, "WYWOZ_ZBYCIE", REG_CERT="accepted")
    town.agree("in_person")
    town.give()

    assert town.ends_with({"FOREIGN_SALE_PROOF": FILE, "REG_CERT": PARTY, "DECISION": PARTY})
    assert town.ask(lambda case: [item.invalidated for item in case.items if item.kind == "REG_CERT"]) == [True]
