"""Nobody collects a decision, and the clerk serves it by post: clerk and owner read where it is."""

from __future__ import annotations

import pytest

from app import clock
from app.domain.delivery import Method
from app.transaction import one_transaction
from app.usecases.serve_letter import post_letter
from app.views.mailbox.situation import situation_of
from tests.web.at_the_counter import TRACKING, Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_posting_room import held_by

pytestmark = pytest.mark.one_database


def test_a_decision_that_goes_by_post_is_said_to_and_names_its_party_once(office, authority):
    counter = Counter(office, authority)
    counter.decide(method=Method.IN_PERSON)
    counter.ask(lambda work: held_by(work, "clerk"))
    clerk = log_in_staff(office, "clerk")
    seq, version = counter.ask(lambda work: (work.case.decisions[-1].letter.seq, work.case.version))
    page = f"/sprawa/{counter.sign}/pismo/{seq}"

    clerk.post(f"{page}/ponownie", {"version": version, "address": "ul. Testowa 1\n42-200 Częstochowa"}, see=page)

    assert "nikt jej nie odebrał; doręczana pocztą" in text_of(clerk.get(f"/sprawa/{counter.sign}"))
    again = counter.ask(lambda work: work.case.letters[-1].seq)
    assert again != seq
    for one in (seq, again):
        assert "Otrzymują też" not in text_of(clerk.get(f"/sprawa/{counter.sign}/pismo/{one}"))

    assert counter.ask(lambda work: situation_of(work.case, clock.today(), None).to_be_served)

    def seen(work):
        with one_transaction() as session:
            post_letter(session, work.case.letters[-1], TRACKING, act=work.act(work.desk))
        now = situation_of(work.case, clock.today(), None)
        return now.in_post, now.to_be_served

    assert counter.ask(seen) == (True, False)
