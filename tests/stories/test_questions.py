"""A question on the way through the procedure, by HTTP alone."""

from __future__ import annotations

from tests.web.mailbox_people import text_of


def test_a_question_reaches_the_desk_and_is_answered_by_a_letter(town):
    town.apply()
    town.take()
    path = f"{town.my_case()}/pytanie"
    town.submit(town.jan, path, path, text="Czy mogę przyjść w sobotę?")

    assert "Strona zadała pytanie." in text_of(town.clerk.get("/praca/?tab=mine"))
    assert "Czy mogę przyjść w sobotę?" in town.case_page()
    assert "czeka na odpowiedź" in town.case_page()

    town.write("odpowiedz", subject="Godziny pracy urzędu", reasons="W soboty urząd jest nieczynny.")

    assert "udzielono odpowiedzi" in town.case_page()
    assert "Strona zadała pytanie." not in text_of(town.clerk.get("/praca/?tab=mine"))
    assert "Godziny pracy urzędu" in text_of(town.jan.get("/odebrane"))
    assert town.is_sound()
