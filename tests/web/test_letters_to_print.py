"""Who posts a letter or hands out a decision prints it where it lies before them; other letters stay closed."""

from __future__ import annotations

import re

import pytest

from app.domain.delivery import Method
from app.models import LetterWay
from tests.letters.reading import in_a_line
from tests.letters.reading import text_of as text_of_pdf
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff

pytestmark = pytest.mark.one_database
LINK = re.compile(r'href="(/kancelaria/[^"]+/pismo/\d+\.pdf)"')


def decided(office, authority, method: Method = Method.IN_PERSON, *, mailbox: bool = True) -> Counter:
    made = Counter(office, authority, mailbox=mailbox)
    made.decide(method=method)
    return made


def test_a_letter_that_waits_for_the_post_is_printed_from_the_posting_room(office, authority):
    counter = Counter(office, authority, mailbox=False)
    counter.await_originals()
    desk = log_in_staff(office, "front_desk")

    (link,) = LINK.findall(desk.get("/kancelaria/poczta/").text)
    paper = desk.get(link)

    assert paper.mimetype == "application/pdf"
    assert f"{counter.sign}/1" in in_a_line(text_of_pdf(paper.data))


@pytest.mark.parametrize(("method", "page"), [(Method.POST, "poczta/"), (Method.IN_PERSON, "{sign}/wydanie")])
def test_the_decision_is_printed_where_it_goes_out(office, authority, method, page):
    counter = decided(office, authority, method)
    desk = log_in_staff(office, "front_desk")

    (link,) = LINK.findall(desk.get(f"/kancelaria/{page.format(sign=counter.sign)}").text)

    words = in_a_line(text_of_pdf(desk.get(link).data))
    assert "Decyzja o czasowej rejestracji pojazdu" in words


def test_what_lies_in_the_mailbox_is_no_matter_of_the_counter(office, authority):
    counter = decided(office, authority)
    seq = counter.ask(lambda work: next(one.seq for one in work.case.letters if one.way is LetterWay.MAILBOX))

    answer = log_in_staff(office, "front_desk").get(f"/kancelaria/{counter.sign}/pismo/{seq}.pdf")

    assert answer.status_code == 404
