"""Other ways through the procedures by HTTP alone: deregistration, refusal, withdrawal, remedy."""

from __future__ import annotations

import pytest

from app.domain.custody import SETTLED
from app.epackages.application import RequestKind
from tests.factories import application_files
from tests.stories.both_doors import Town
from tests.web.mailbox_people import signed, text_of


@pytest.fixture
def town(mailbox_app, office_app, authority) -> Town:
    return Town(mailbox_app, office_app, authority)


def scrapping(authority) -> bytes:
    return signed(authority, application_files(kind=RequestKind.DEREGISTRATION))


def test_a_scrapped_vehicle_is_deregistered_and_its_plates_destroyed(town, authority):
    town.apply(scrapping(authority))
    town.verify()
    town.write("summon_originals")
    town.confirm()
    town.bring()
    town.compare()
    town.act("/sprawa/{sign}/krok", step="confirm_originals")
    town.move("invalidated", lambda item: item.kind == "REG_CERT")
    town.write("deregister")
    town.propose("in_person")
    town.accept()
    town.give()
    assert town.stage() == "closed"
    town.put_away()

    town.act("/sprawa/{sign}/krok", step="archive")

    states = town.ask(lambda case: {item.kind.value: item.state.value for item in case.items})
    assert states["PLATE"] == "destroyed"
    assert states["DECISION"] == "with_party"
    assert town.items(lambda item: item.state not in SETTLED) == []
    assert town.is_sound()


def test_an_application_that_cannot_be_granted_is_refused(town, authority):
    town.apply(signed(authority))
    town.verify()
    town.determine("refusal_reasons", "Pojazd figuruje w ewidencji jako skradziony.")

    town.write("refuse", reasons="Odmowa wynika z przepisów o rejestracji pojazdów.")
    town.confirm()

    assert town.stage() == "refused"
    final = town.ask(lambda case: case.decisions[-1].final_on)
    assert final is not None
    assert town.is_sound()


def test_a_withdrawn_application_is_discontinued(town, authority):
    town.apply(signed(authority))
    town.verify()
    public_id = town.ask(lambda case: case.public_id)

    answer = town.jan.post(f"/sprawy/{public_id}/wycofanie", {"sure": "yes", "reason": "auto sprzedane"})
    town.write("discontinue", reasons="Strona wycofała wniosek.")
    town.confirm()

    assert answer.status_code == 303
    assert town.stage() == "discontinued"
    assert town.is_sound()


def test_a_rejected_document_leads_to_a_summons_to_remedy(town, authority):
    town.apply(signed(authority))
    town.verify(OWNERSHIP="illegible")

    town.write("summon_remedy")
    town.confirm()

    assert town.stage() == "awaiting_remedy"
    due = town.ask(lambda case: case.letters[-1].summons.due_on)
    assert due is not None
    assert town.is_sound()


def test_a_question_reaches_the_desk_and_is_answered_by_a_letter(town, authority):
    town.apply(signed(authority))
    town.act("/sprawa/{sign}/wez")
    public_id = town.ask(lambda case: case.public_id)
    asked = town.jan.post(f"/sprawy/{public_id}/pytanie", {"text": "Czy mogę przyjść w sobotę?"})
    assert asked.status_code == 303

    desk = town.clerk.get("/praca/?tab=mine")
    page = text_of(town.clerk.get(f"/sprawa/{town.sign}"))
    assert "Strona zadała pytanie." in text_of(desk)
    assert f'href="/sprawa/{town.sign}/pismo/odpowiedz"' in desk.text
    assert "Czy mogę przyjść w sobotę?" in page
    assert "czeka na odpowiedź" in page

    town.write("odpowiedz", subject="Godziny pracy urzędu", reasons="W soboty urząd jest nieczynny.")

    answered = text_of(town.clerk.get(f"/sprawa/{town.sign}"))
    assert "udzielono odpowiedzi" in answered
    assert "Strona zadała pytanie." not in text_of(town.clerk.get("/praca/?tab=mine"))
    assert "Godziny pracy urzędu" in text_of(town.jan.get("/odebrane"))
    assert town.is_sound()
