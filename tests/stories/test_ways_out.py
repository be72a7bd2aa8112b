"""Cases that end beside the line, by HTTP alone: what came goes back, what was made is destroyed."""

from __future__ import annotations

from tests.stories.both_doors import GONE, PARTY, Town


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
