"""Applications with defects, by HTTP alone: remedied, never remedied, sent to the wrong office."""

from __future__ import annotations

from app.epackages.application import RequestKind
from tests.stories.both_doors import FILE, IDENTITY, PARTY, Town
from tests.web.mailbox_people import text_of

STOLEN = {"kind": RequestKind.DEREGISTRATION, "ground": "KRADZIEZ"}


def found_wanting(town: Town) -> None:
    """One document cannot be read, and Jan is asked for a better one."""
    town.apply(**STOLEN)
    town.take()
    town.verify(REG_CERT="illegible")
    town.write("summon_remedy")
    town.confirm()
    assert town.stage() == "awaiting_remedy"


def test_what_was_deficient_is_remedied_by_a_signed_supplement(town):
    found_wanting(town)
    town.supplement("REG_CERT")
    assert town.stage() == "verification"
    assert town.ask(lambda case: case.letters[0].summons.met_at) is not None
    town.verify()
    town.write("summon_originals")
    town.confirm()
    town.deregisters_in_person()

    assert town.ends_with({"REG_CERT": FILE, "DECISION": PARTY})


def test_what_is_never_remedied_is_left_unexamined_once_the_term_has_passed(town):
    found_wanting(town)
    due = town.ask(lambda case: case.letters[0].summons.due_on)
    left = f"/sprawa/{town.sign}/pismo/leave_unexamined"
    town.days_pass((due - town.today()).days)
    assert left not in town.clerk.get(f"/sprawa/{town.sign}").text

    town.days_pass(1)
    town.write("leave_unexamined", reasons="Nie uzupełniono dowodu rejestracyjnego.")
    assert town.stage() == "left_unexamined"
    town.confirm()
    town.step("close")

    assert town.ends_with({})


def test_what_came_goes_back_by_post_when_the_rest_never_comes(town):
    town.asks_for_originals()
    (never, *_rest) = town.items(lambda item: item.kind == "PLATE")
    town.bring(missing=[never])
    town.compare()
    until_the_term_is_over(town)
    town.write("remind")
    town.confirm()
    until_the_term_is_over(town)
    town.write("leave_unexamined", reasons="Nie przekazano wszystkich oryginałów.")
    town.confirm()
    assert 'value="close"' not in town.clerk.get(f"/sprawa/{town.sign}").text

    town.send_back()
    town.post("00759007731512000621")
    town.step("close")
    town.days_pass(3)
    town.card()

    places = {"OWNERSHIP": PARTY, "REG_CERT": PARTY, "PLATE": {*PARTY, "called_off"}, "INSPECTION": PARTY}
    assert town.ends_with(places)


def until_the_term_is_over(town: Town) -> None:
    due = town.ask(lambda case: next(one.summons for one in reversed(case.letters) if one.summons).due_on)
    town.days_pass((due - town.today()).days + 1)


def test_an_application_for_another_office_is_passed_on(town):
    town.apply(**STOLEN)
    town.take()
    town.submit(town.desk, "/kancelaria/{sign}", "/kancelaria/{sign}/przyjecie", extra_kind="REG_CERT", place="B3-017",
                person="Jan Testowy", carriage="in_person", **IDENTITY)  # fmt: skip
    town.determine("other_authority", text="Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")
    town.write("transfer", reasons="Właściwość według miejsca zamieszkania.")
    assert town.stage() == "transferred"
    town.confirm()
    room = "/kancelaria/poczta/"
    said = text_of(town.desk.get(room))
    assert "Starosta Kłobucki" in said
    assert "razem z nim: Dowód rejestracyjny" in said.replace("\u00a0", " ")
    cover = town.ask(lambda case: next(one.id for one in case.letters if one.kind == "transfer_letter"))
    town.submit(town.desk, room, f"{room}list/{cover}", tracking="RR473124829PL")
    assert town.places() == {"REG_CERT": {"forwarded"}}
    town.step("close")
    town.card()

    assert town.ends_with({"REG_CERT": {"forwarded"}})
