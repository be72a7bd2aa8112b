"""A registration is refused after the temporary one: clerk, counter and owner see what stays and what is struck out."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from app import clock
from app.domain.determinations import DeterminationCode
from app.domain.items import ItemKind
from app.views.mailbox.situation import situation_of
from app.views.mailbox.things import in_the_office
from tests.web.at_the_counter import Counter
from tests.web.case_office import as_clerk
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_posting_room import held_by

pytestmark = pytest.mark.one_database


def refused(work, kept: Collection[ItemKind] = (ItemKind.OWNERSHIP,)) -> None:
    """Permit and plates are with the owner, the contract bears its annotations; it lies here, if it was `kept`."""
    work.annotate()
    work.agree(but=kept)
    work.give()
    work.certificate_comes()
    work.write("announce_certificate")
    work.open_letter()
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd jest poszukiwany.")
    work.write("refuse", reasons="Pojazdu nie rejestruje się (art. 72 ust. 1).")
    held_by(work, "clerk")


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.decide()
    made.ask(refused)
    return made


def test_what_stays_and_what_is_struck_out_first_is_said_at_the_case_file_and_at_the_counter(office, counter):
    clerk, desk = log_in_staff(office, "clerk"), log_in_staff(office, "front_desk")
    file, out = f"/sprawa/{counter.sign}", f"/kancelaria/{counter.sign}/wydanie"

    seen = text_of(clerk.get(file))
    assert "wraca po zwrocie nowych tablic" in seen
    assert "Do skreślenia przed zwrotem" in seen
    assert "Dotychczasowy dowód i tablice wrócą do strony, gdy nowe tablice będą w urzędzie." in seen
    closed = text_of(desk.get(out))
    assert "jest adnotacja o rejestracji pojazdu, której odmówiono" in closed
    assert "Dowód rejestracyjny" not in closed.split("Do wydania teraz")[-1].split("Kto odbiera")[0]
    number, version = counter.ask(
        lambda work: (next(i.number for i in work.case.items if i.kind is ItemKind.OWNERSHIP), work.case.version)
    )
    page, strike = f"/kancelaria/{counter.sign}/rzeczy", f"/kancelaria/rzeczy/{counter.sign}/skreslenie/{number}"
    clerk.post(strike, {"version": version, "kind": "registered", "reason": "odmowa rejestracji"}, see=page)
    assert "Do skreślenia przed zwrotem" not in text_of(clerk.get(file))
    assert "jest adnotacja" not in text_of(desk.get(out))


def test_a_paper_that_the_owner_has_is_to_be_shown_and_struck_out(office, authority):
    counter = Counter(office, authority)
    counter.decide()
    counter.ask(lambda work: refused(work, kept=()))
    clerk, desk = log_in_staff(office, "clerk"), log_in_staff(office, "front_desk")

    for seen in (clerk.get(f"/sprawa/{counter.sign}"), desk.get(f"/kancelaria/{counter.sign}/wydanie")):
        assert "Poproś stronę o okazanie i skreśl: " in text_of(seen)


def test_the_counter_gives_back_no_plates_that_were_asked_back(office, counter):
    desk = log_in_staff(office, "front_desk")

    def plates_come(work) -> None:
        as_clerk(work).later(35)
        work.write("summon_plates")
        work.receive(missing=[item.number for item in work.awaited() if item.kind is not ItemKind.NEW_PLATE])

    assert "Czekamy na tablice" in text_of(desk.get(f"/kancelaria/{counter.sign}"))
    counter.ask(plates_come)

    after = text_of(desk.get(f"/kancelaria/{counter.sign}"))
    assert "tu zostają" in after
    assert "niczego już" not in after


def test_the_owner_reads_that_the_old_papers_come_for_the_new_plates(counter):
    def seen(work):
        lots = {thing.name.split()[0]: thing.lot for thing in in_the_office(work.case)}
        return situation_of(work.case, clock.today(), None), lots

    now, lots = counter.ask(seen)

    assert now.plates_out
    assert now.to_collect, "the contract can be collected"
    assert any("plates of the temporary" in lot or "tablice z" in lot for lot in lots.values()), lots
