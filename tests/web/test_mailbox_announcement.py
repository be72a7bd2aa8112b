"""The certificate of whoever keeps the number is announced: the mailbox says where it waits, and proposes nothing."""

from __future__ import annotations

import dataclasses
import re

import pytest

from app.domain.delivery import Method
from tests.web.letters_at_work import newest_letter, propose
from tests.web.mailbox_people import text_of
from tests.web.test_mailbox_line import registered_at_once

pytestmark = pytest.mark.one_database


@pytest.fixture
def announced(mailbox_app, jan, request):
    """By the law of 2022, registered at once: the owner is told that the certificate is here."""
    tools = mailbox_app.extensions["equipment"]
    settings = dataclasses.replace(tools.settings, editions="law")
    mailbox_app.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
    work = request.getfixturevalue("work")
    registered_at_once(work)
    work.certificate_comes()
    work.write("announce_certificate")
    return work


def read(jan) -> tuple[str, str]:
    """The letter as it was, and where its button leads."""
    page = jan.get(newest_letter())
    button = re.search(r'<a class="govuk-button" href="([^"]+)"', page.text)
    return text_of(page), button[1]


def test_it_is_called_information_and_says_where_the_certificate_waits(announced, jan):
    words, link = read(jan)

    assert "Informacja o odbiorze stałego dowodu rejestracyjnego" in words.replace("\u00a0", " ")
    assert "The permanent certificate waits for you in the office" in words
    assert "proposal" not in words
    assert "ropozycj" not in words
    assert link.endswith("#things")
    assert 'id="things"' in jan.get(link).text


def test_where_the_post_was_agreed_it_leads_to_that_and_afterwards_to_the_case(announced, jan):
    announced.receive()
    announced.invalidate()
    announced.agree(Method.POST)
    agreed = read(jan)
    announced.post()
    posted = read(jan)

    assert "comes to you by post" in agreed[0]
    assert agreed[1].endswith("/odbior")
    assert "The permanent certificate has left the office" in posted[0]
    assert jan.get(posted[1]).status_code == 200


def test_only_a_proposal_that_waits_for_an_answer_is_offered_to_be_seen(announced, jan):
    assert "See the proposal" not in read(jan)[0]

    propose(announced)

    assert "See the proposal" in read(jan)[0]
