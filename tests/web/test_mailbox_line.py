"""The line of steps in the mailbox: only what was done is ticked off, and only what may come lies ahead."""

from __future__ import annotations

import dataclasses

import pytest
from lxml import html

from app.domain.determinations import DeterminationCode
from tests.usecases.at_work import Work
from tests.web.letters_at_work import case_page
from tests.web.mailbox_people import Visitor, text_of

pytestmark = pytest.mark.one_database

BEFORE = ["The application has arrived", "Checking the application"]
ORIGINALS = "Handing over originals and plates"
ENDED = "The case is closed"


@pytest.fixture
def by_law(mailbox_app):
    """The editions of the law."""
    tools = mailbox_app.extensions["equipment"]
    settings = dataclasses.replace(tools.settings, editions="law")
    mailbox_app.extensions["equipment"] = dataclasses.replace(tools, settings=settings)


def line(work: Work, jan: Visitor) -> dict[str, list[str]]:
    """The names of the steps by their state."""
    found: dict[str, list[str]] = {"done": [], "now": [], "later": []}
    for step in html.fromstring(jan.get(case_page(work)).text).xpath("//li[contains(@class, 'mb-step--')]"):
        state = step.get("class").rsplit("--", 1)[1]
        (name,) = step.xpath(".//p[contains(@class, 'mb-step__name')]/text()")
        found[state].append(name.replace("\u00a0", " ").strip())
    return found


def registered_at_once(work: Work) -> None:
    """The number is kept, and the owner drives with the old certificate until the new one is there."""
    summoned(work)
    work.receive_all()
    for code in ("number_kept", "room_for_annotation", "old_certificate_confirmed"):
        work.determine(DeterminationCode(code))
    work.pay()
    work.write("register_directly")
    work.agree()
    work.give()


def summoned(work: Work) -> None:
    work.accept_all()
    work.write("summon_originals")
    work.open_letter()


def transferred(work: Work) -> None:
    work.determine(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")
    work.write("transfer", reasons="właściwość według miejsca zamieszkania")


def test_a_case_passed_on_before_the_originals_came_does_not_say_that_they_were_handed_over(work, jan):
    summoned(work)
    transferred(work)

    assert line(work, jan) == {"done": BEFORE, "now": ["Passed to another office"], "later": []}


def test_a_case_passed_on_with_its_originals_was_not_registered_temporarily(work, jan):
    summoned(work)
    work.receive_all()
    assert line(work, jan)["now"] == ["Temporary registration"]
    transferred(work)

    assert line(work, jan) == {"done": [*BEFORE, ORIGINALS], "now": ["Passed to another office"], "later": []}


def test_where_the_second_decision_is_refused_there_was_no_permanent_certificate(work, jan):
    summoned(work)
    work.receive_all()
    work.register_temporarily()
    work.agree()
    work.give()
    work.certificate_comes()
    work.write("announce_certificate")
    assert line(work, jan)["now"] == ["Permanent registration certificate"]
    work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
    work.write("refuse", reasons="Tak stanowi przepis.")

    assert line(work, jan) == {
        "done": [*BEFORE, ORIGINALS, "Temporary registration", "Agreeing how you collect",
                 "Collecting the plates and the temporary permit"],
        "now": ["Refused"],
        "later": [],
    }  # fmt: skip


def test_a_registration_at_once_was_no_temporary_one_and_hands_out_no_permit(by_law, work, jan):
    assert line(work, jan)["later"] == [
        ORIGINALS, "Registration", "Agreeing how you collect", "Collecting the documents",
        "Permanent registration certificate", ENDED,
    ]  # fmt: skip
    registered_at_once(work)

    assert line(work, jan) == {
        "done": [*BEFORE, ORIGINALS, "Registration", "Agreeing how you collect"],
        "now": ["Collecting the documents"],
        "later": ["Permanent registration certificate", ENDED],
    }
    assert "Collecting the documents" in text_of(jan.get("/sprawy"))


def test_the_edition_of_2022_registers_temporarily_where_the_number_changes(by_law, work, jan):
    summoned(work)
    work.receive_all()
    work.register_temporarily()
    work.agree()
    work.give()

    assert line(work, jan)["done"][3] == "Temporary registration"
    assert line(work, jan)["now"] == ["Collecting the plates and the temporary permit"]
    assert "Collecting the plates and the temporary permit" in text_of(jan.get("/sprawy"))
