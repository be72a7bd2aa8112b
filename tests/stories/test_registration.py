"""A vehicle is registered by HTTP alone, from the signed package to the archived case, on both databases."""

from __future__ import annotations

import pytest

from app.domain.custody import SETTLED
from tests.stories.both_doors import Town
from tests.web.mailbox_people import signed, text_of


@pytest.fixture
def town(mailbox_app, office_app, authority) -> Town:
    return Town(mailbox_app, office_app, authority)


def test_registration_in_person_throughout(town, authority):
    town.apply(signed(authority))
    town.verify()
    town.write("summon_originals")
    town.confirm()
    assert town.stage() == "awaiting_originals"
    town.bring()
    town.compare()
    town.act("/sprawa/{sign}/krok", step="confirm_originals")
    town.prepare()
    town.write("register_temporarily")
    town.propose("in_person")
    town.accept()
    town.give()
    assert town.stage() == "handed_over"

    town.act("/sprawa/{sign}/dowod", number="DR/BAB 1234567")
    town.write("announce_certificate")
    town.confirm()
    town.bring()
    town.write("register")
    town.give()
    assert town.stage() == "closed"
    town.put_away()
    town.act("/sprawa/{sign}/krok", step="archive")

    assert town.stage() == "archived"
    assert town.items(lambda item: item.state not in SETTLED) == []
    page = text_of(town.clerk.get(f"/sprawa/{town.sign}"))
    assert "SC 7A123" in page
    public_id = town.ask(lambda case: case.public_id)
    assert "The case is closed" in text_of(town.jan.get(f"/sprawy/{public_id}"))
    assert town.is_sound()
