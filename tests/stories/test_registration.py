"""A vehicle is registered by HTTP alone, from the signed package to the archived case, on both databases."""

from __future__ import annotations

import re

import pytest

from app.domain.custody import SETTLED
from tests.stories.both_doors import Town
from tests.web.mailbox_people import signed, text_of


@pytest.fixture
def town(mailbox_app, office_app, authority) -> Town:
    return Town(mailbox_app, office_app, authority)


def up_to_agreement(town: Town, authority) -> None:
    """The case as far as the temporary registration, with everything in order."""
    town.apply(signed(authority))
    town.verify()
    town.write("summon_originals")
    town.confirm()
    town.bring()
    town.compare()
    town.act("/sprawa/{sign}/krok", step="confirm_originals")
    town.prepare()
    town.write("register_temporarily")


def announce(town: Town) -> None:
    """The permanent certificate came; its owner is told, brings back the permit and shows the policy."""
    town.act("/sprawa/{sign}/dowod", number="DR/BAB 1234567")
    town.write("announce_certificate")
    town.confirm()
    town.bring()
    town.write("register")


def archive(town: Town) -> None:
    """The closed case goes to the archive, and everything is in its lawful place."""
    town.put_away()
    town.act("/sprawa/{sign}/krok", step="archive")
    assert town.stage() == "archived"
    assert town.items(lambda item: item.state not in SETTLED) == []
    assert town.is_sound()


def test_registration_in_person_throughout(town, authority):
    up_to_agreement(town, authority)
    town.propose("in_person")
    word = re.search(r'href="(/odebrane/[\w-]+)"', town.jan.get("/odebrane").get_data(as_text=True))
    assert "See the proposal" in text_of(town.jan.get(word[1]))
    town.accept()
    town.give()
    assert town.stage() == "handed_over"
    announce(town)
    town.give()
    assert town.stage() == "closed"

    archive(town)

    assert "SC 7A123" in text_of(town.clerk.get(f"/sprawa/{town.sign}"))
    public_id = town.ask(lambda case: case.public_id)
    assert "The case is closed" in text_of(town.jan.get(f"/sprawy/{public_id}"))


def test_registration_by_post_throughout(town, authority):
    up_to_agreement(town, authority)
    town.propose("post")
    town.accept()
    town.post("00759007731512000621")
    assert town.stage() == "handed_over"
    town.card()
    announce(town)
    town.propose("post")
    town.accept()
    town.post("RR473124829PL")
    assert town.stage() == "closed"
    town.card()

    archive(town)


def test_a_parcel_that_comes_back_is_collected(town, authority):
    up_to_agreement(town, authority)
    town.propose("post")
    town.accept()
    town.post("00759007731512000621")
    town.card("unclaimed")
    assert town.stage() == "agreeing_handover"

    town.propose("in_person")
    town.accept()
    town.give()

    assert town.stage() == "handed_over"
    assert town.is_sound()


def test_one_plate_missing_is_asked_for_again(town, authority):
    town.apply(signed(authority))
    town.verify()
    town.write("summon_originals")
    town.confirm()
    plate = town.items(lambda item: item.kind == "PLATE")[0]
    town.bring("post", (plate,))
    town.compare()
    town.write("summon_further")
    town.confirm()
    town.bring("post")
    town.compare()

    town.act("/sprawa/{sign}/krok", step="confirm_originals")

    assert town.stage() == "originals_complete"
    assert town.is_sound()
