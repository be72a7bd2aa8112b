"""Cases that end beside the line, by HTTP alone: what came goes back, what was made is destroyed."""

from __future__ import annotations

import re

from tests.letters.reading import in_a_line, text_of
from tests.stories.both_doors import GONE, PARTY, Town
from tests.stories.forms import filled, leads_to
from tests.web.mailbox_people import text_of as words_of

TRACKING, ANOTHER = "00759007731512000621", "RR473124829PL"


def with_originals(town: Town) -> None:
    town.asks_for_originals()
    town.bring()
    town.compare()
    town.step("confirm_originals")


def until_final(town: Town) -> None:
    """The term of the appeal passes; a day before, the case cannot be closed."""
    town.confirm()
    final = town.ask(lambda case: case.decisions[-1].final_on)
    town.days_pass((final - town.today()).days - 1)
    assert 'value="close"' not in town.clerk.get(f"/sprawa/{town.sign}").text
    town.days_pass(1)


def test_a_refusal_becomes_final_and_what_came_goes_back(town):
    with_originals(town)
    town.prepare()
    town.determine("refusal_reasons", text="Pojazd figuruje w ewidencji jako skradziony.")
    town.write("refuse", reasons="Odmowa wynika z przepisów o rejestracji pojazdów.")
    assert town.stage() == "refused"
    until_final(town)
    town.give()
    town.step("close")

    assert town.ends_with(
        {
            "OWNERSHIP": PARTY, "REG_CERT": PARTY, "PLATE": PARTY, "INSPECTION": PARTY, "NEW_PLATE": GONE,
            "TEMPORARY_PERMIT": GONE, "CONTROL_STICKER": GONE,
        }
    )  # fmt: skip


def letter_of_parcel(town: Town, tracking: str) -> bytes:
    """The letter in the parcel as the posting room prints it; Jan has the same bytes, by word of it in his mailbox."""
    (pk,) = town.ask(lambda case: [one.id for one in case.consignments if one.tracking == tracking])
    kept = town.desk.get(f"/kancelaria/poczta/przesylka/{pk}.pdf").data
    (page,) = {one for one in re.findall(r'href="(/odebrane/[\w-]+)"', town.jan.get("/odebrane").text)
               if leads_to(town.jan.get(one), f"{town.my_case()}/przesylka/{pk}.pdf")}  # fmt: skip
    assert words_of(town.jan.get(page)).count("A parcel is on its way to you") > 0
    assert town.jan.get(f"{town.my_case()}/przesylka/{pk}.pdf").data == kept
    return kept


def rewrite_text(town: Town, kind: str, before: str, after: str) -> None:
    """The supervisor changes a text of the office."""
    path, who = f"/teksty/{kind}", town.staff("supervisor")
    form = filled(who.get(path), path, source="")
    (source,) = re.findall(r"<textarea[^>]*>\n?(.*?)</textarea>", who.get(path).text, re.DOTALL)
    assert before in source
    form["source"] = source.replace(before, after)
    assert who.client.post(path, data=form).status_code == 303


def test_what_came_goes_back_by_post_after_a_refusal_also_at_the_second_try(town):
    with_originals(town)
    town.determine("refusal_reasons", text="Pojazd figuruje w ewidencji jako skradziony.")
    town.write("refuse", reasons="Odmowa wynika z przepisów o rejestracji pojazdów.")
    until_final(town)
    assert "ask the clerk to send it back to you by registered post" in words_of(town.jan.get(town.my_case()))
    town.send_back()
    assert "at the cost of the office" in words_of(town.jan.get(town.my_case()))
    assert "The office sends this back to you by post." in words_of(town.jan.get(f"{town.my_case()}/odbior"))
    labels = in_a_line(text_of(town.desk.get("/kancelaria/poczta/adresy.pdf").data))
    assert all(said in labels for said in ("Jan Testowy", "ul. Testowa 1", town.sign))

    town.post(TRACKING)
    town.step("close")
    first = letter_of_parcel(town, TRACKING)
    words = in_a_line(text_of(first))
    for said in ("w ramach zwrotu na koszt urzędu", "dowód rejestracyjny", TRACKING):
        assert said in words
    town.days_pass(20)
    town.card("unclaimed")
    assert town.stage() == "closed"
    assert town.sign in words_of(town.desk.get("/kancelaria/poczta/")).split("Wróciły")[1]
    rewrite_text(town, "shipment_letter", "przesyłamy:", "odsyłamy:")
    town.send_back()
    town.post(ANOTHER)
    town.days_pass(2)
    town.card()

    assert letter_of_parcel(town, TRACKING) == first
    assert "odsyłamy:" in in_a_line(text_of(letter_of_parcel(town, ANOTHER)))
    assert town.ends_with({"OWNERSHIP": PARTY, "REG_CERT": PARTY, "PLATE": PARTY, "INSPECTION": PARTY})


def test_a_withdrawn_application_is_discontinued(town):
    with_originals(town)
    town.withdraw()
    assert town.stage() == "withdrawn"
    town.determine("withdrawal_signed", text="pismo z podpisem")
    town.write("discontinue", reasons="Strona wycofała wniosek.")
    assert town.stage() == "discontinued"
    until_final(town)
    town.give()
    town.step("close")

    assert town.ends_with({"OWNERSHIP": PARTY, "REG_CERT": PARTY, "PLATE": PARTY, "INSPECTION": PARTY})
