"""A withdrawal without a signature at the clerk's page: it is said to be one, and leads to what makes it count."""

from __future__ import annotations

import datetime as dt

import pytest

from app.domain.determinations import DeterminationCode
from app.extensions import db
from app.letters.words import day_in_words
from app.models import Letter
from app.transaction import one_transaction
from tests.factories import now
from tests.usecases.at_work import Work
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_case_stages import primary

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(ready, authority) -> Work:
    """A case whose party has withdrawn in the mailbox."""
    with ready.app_context():
        work = at(work_of(authority), "verification")
        work.withdraw(signed=False)
        work.path = f"/sprawa/{work.case.sign}"
    return work


def test_the_clerk_is_led_to_the_summons_and_kept_from_discontinuing(ready, work):
    clerk = log_in_staff(ready, "clerk")

    page = clerk.get(work.path)

    assert primary(page.text) == ["Wezwij do podpisania cofnięcia"]
    assert "Cofnięcie wniosku nie ma potwierdzonego podpisu (art. 63 § 3a k.p.a.)." in text_of(page)
    assert "cofnięcie wniosku; podpis niepotwierdzony" in text_of(page)
    composer = clerk.get(f"{work.path}/pismo/summon_remedy")
    assert composer.status_code == 200
    assert "zegar sprawy stoi" not in text_of(composer)
    assert "z ocen weryfikacji" not in text_of(composer)


def test_nothing_is_to_be_got_ready_any_more_and_the_list_says_why(ready, work):
    clerk = log_in_staff(ready, "clerk")

    assert 'id="preparing"' not in clerk.get(work.path).text
    assert "Strona cofnęła wniosek." in text_of(clerk.get("/praca/"))


def test_a_signature_that_the_clerk_writes_down_opens_the_decision(ready, work):
    clerk = log_in_staff(ready, "clerk")
    with ready.app_context():
        version = work.case.version
    said = {"code": "withdrawal_signed", "text": "pismo z 3 grudnia, podpisane", "version": version}

    clerk.post(f"{work.path}/ustalenie", said, see="/account/")

    page = clerk.get(work.path)
    assert primary(page.text) == ["Umórz postępowanie"]
    assert "podpis niepotwierdzony" not in text_of(page)


def test_after_the_summons_the_clerk_waits_for_the_signature(ready, work):
    with ready.app_context():
        work.open_letter(work.write("summon_remedy"))

    page = log_in_staff(ready, "clerk").get(work.path)
    assert primary(page.text) == []
    assert "Wezwij do podpisania cofnięcia" not in page.text


def test_my_work_says_that_the_party_is_summoned_to_sign_and_by_when(ready, work):
    clerk = log_in_staff(ready, "clerk")
    with ready.app_context():
        letter_id = work.write("summon_remedy").id
    unserved = text_of(clerk.get("/praca/"))
    with ready.app_context():
        work.open_letter(db.session.get_one(Letter, letter_id))
        due = work.case.letters[-1].summons.due_on
    served = text_of(clerk.get("/praca/"))
    with ready.app_context(), one_transaction() as session:
        session.get_one(Letter, letter_id).summons.due_on = now().date() - dt.timedelta(days=1)
    over = text_of(clerk.get("/praca/"))

    assert "Wezwanie do podpisania czeka na doręczenie." in unserved
    assert "Podejmij postępowanie" not in unserved + served
    by = day_in_words(due).removesuffix(" r.".replace(" ", "\xa0"))
    assert f"Strona ma podpisać cofnięcie do {by}.".replace("\xa0", " ") in served.replace("\xa0", " ")
    assert "Termin na podpisanie upłynął" in over
    assert "Podejmij postępowanie" in over


def test_what_the_discontinuance_rests_on_is_not_taken_back_after_it(ready, work):
    clerk = log_in_staff(ready, "clerk")
    taken_back = 'Cofnij<span class="visually-hidden">: Cofnięcie wniosku jest podpisane'
    with ready.app_context():
        work.determine(DeterminationCode.WITHDRAWAL_SIGNED, "pismo z podpisem")
    assert taken_back in clerk.get(work.path).text
    with ready.app_context():
        work.write("discontinue", reasons="Strona cofnęła wniosek.")
        version = work.case.version

    assert taken_back not in clerk.get(work.path).text
    said = {"code": "withdrawal_signed", "holds": "0", "back": "case", "version": version}
    clerk.post(f"{work.path}/ustalenie", said, see="/account/")
    with ready.app_context():
        assert [one.holds for one in work.case.determinations] == [True]
