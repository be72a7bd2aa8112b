"""An appeal is written down from the case file, by the clerk of the case: it came, it was forwarded, it ended."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import html

from app import clock
from app.domain.determinations import DeterminationCode
from app.extensions import db
from tests.factories import application_files
from tests.letters.reading import in_a_line, text_of
from tests.usecases.test_co_owners import ANNA
from tests.web.at_the_counter import TRACKING
from tests.web.case_office import at, work_of
from tests.web.clerk_cases import let_leave
from tests.web.conftest import log_in_staff
from tests.web.test_case_acts import Page

pytestmark = pytest.mark.one_database


@pytest.fixture
def refused(ready, authority) -> tuple[Page, int]:
    """The case file of a case whose refusal was served today, and the number of its letter."""
    with ready.app_context():
        work = at(work_of(authority), "verification")
        work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
        work.write("refuse", reasons="art. 73 ust. 1e ustawy")
        letter, sign = work.open_letter().seq, work.case.sign
    return Page(ready, sign), letter


def forwarded(page: Page) -> None:
    """The clerk sends the letter that the page proposes, and the posting room posts it."""
    opinion = html.fromstring(page.person.get(page.path).text).xpath("//textarea[@name='reasons']")[0].value
    draft = page.post("odwolania/1/podglad", reasons=opinion)
    assert "Samorządowe Kolegium Odwoławcze w Częstochowie" in in_a_line(text_of(draft.data))

    sent = page.post("odwolania/1/przekazanie", reasons=opinion)
    assert sent.status_code == 303
    assert "pismo do SKO właśnie wychodzi" in page.text()
    let_leave(page.office, page.path.rsplit("/", 1)[-1])
    assert "pismo do SKO czeka na nadanie" in page.text()
    assert "Przekaż odwołanie" not in page.person.get("/praca/").text

    seq = sent.location.rsplit("/", 1)[-1]
    with page.office.app_context():
        letter_id = next(one.id for one in page.case().letters if str(one.seq) == seq)
    desk = log_in_staff(page.office, "front_desk")
    room = "/kancelaria/poczta/"
    assert "Samorządowe Kolegium Odwoławcze w Częstochowie" in desk.get(room).text
    assert desk.post(f"{room}list/{letter_id}", {"tracking": TRACKING}, see="/kancelaria/").status_code == 302


def test_an_appeal_goes_from_its_arrival_to_its_end_on_the_page_of_the_case(refused):
    page, letter = refused
    today = f"{clock.today():%d.%m.%Y}"
    assert "Odnotuj odwołanie" in page.text()

    assert page.post(f"odwolanie/{letter}", way="designated_operator", on=today, posted=today).status_code == 302
    text = page.text()
    assert "w toku odwołania" in text
    assert "Wpłynęło w terminie." in text
    assert "przekazać do SKO do" in text
    assert "Odnotuj odwołanie" not in text
    assert "Przekaż odwołanie" in text
    assert "Odwołanie nie zostało jeszcze rozpatrzone." in text
    assert "Decyzja nie jest jeszcze ostateczna." in text
    assert "można się jeszcze odwołać" not in text
    desk = page.person.get("/praca/").text
    assert "Przekaż odwołanie" in desk
    assert "Odwołanie: 7" in desk.replace("\N{NO-BREAK SPACE}", " ") or "Odwołanie: 8" in desk or "Odwołanie: 9" in desk

    forwarded(page)
    assert f"w SKO od {today}" in page.text()
    page.post("odwolania/1/koniec", outcome="upheld", on=today, remark="SKO.4100.7.2026")

    text = page.text()
    assert f"ostateczna od {today}" in text
    assert "SKO utrzymało decyzję w mocy" in text
    assert f"SKO utrzymało decyzję w mocy ({today}): SKO.4100.7.2026" in text
    sign = page.path.rsplit("/", 1)[-1]
    card = in_a_line(text_of(page.person.get(f"/dokumenty/metryka/{sign}.pdf").data))
    assert all(act in card for act in ("wpłynęło odwołanie", "przekazano do SKO", "SKO utrzymało decyzję w mocy"))


def test_what_was_repealed_is_taken_up_again_from_the_page_and_nothing_else_is(refused):
    page, letter = refused
    today = f"{clock.today():%d.%m.%Y}"
    assert "Podejmij postępowanie" not in page.text()
    page.post(f"odwolanie/{letter}", way="electronic", on=today)
    forwarded(page)
    page.post("odwolania/1/koniec", outcome="repealed", on=today)
    assert "Podejmij postępowanie" in page.text()

    page.post("krok", step="resume", reason="decyzja SKO.4100.7.2026")

    text = page.text()
    assert "Weryfikacja" in text
    assert "nie obowiązuje" in text


def test_what_cannot_be_comes_back_as_it_was_typed_with_the_sentence_at_its_field(refused):
    page, letter = refused
    tomorrow = f"{clock.today() + dt.timedelta(days=1):%d.%m.%Y}"

    answer = page.post(f"odwolanie/{letter}", way="courier", on=tomorrow)

    assert answer.status_code == 422
    assert f'value="{tomorrow}"' in answer.text
    assert '<option value="courier" selected>' in answer.text
    assert 'id="again-error"' in answer.text
    assert page.post(f"odwolanie/{letter}", way="pigeon", on=tomorrow).status_code == 404
    assert page.post(f"odwolanie/{letter + 7}", way="courier", on=f"{clock.today():%d.%m.%Y}").status_code == 422


def test_only_the_clerk_of_the_case_writes_an_appeal_down(ready, refused):
    page, letter = refused
    sign = page.path.rsplit("/", 1)[-1]
    boss = Page(ready, sign, "supervisor")

    assert "Odnotuj odwołanie" not in boss.text()
    assert boss.post(f"odwolanie/{letter}", way="courier", on=f"{clock.today():%d.%m.%Y}").status_code == 403


def test_the_letter_to_the_sko_can_be_taken_back_and_says_what_the_office_says_of_the_appeal(refused):
    page, letter = refused
    page.post(f"odwolanie/{letter}", way="electronic", on=f"{clock.today():%d.%m.%Y}")
    empty = page.post("odwolania/1/przekazanie", reasons=" ")
    assert empty.status_code == 422
    assert 'id="again-error"' in empty.text

    sent = page.post("odwolania/1/przekazanie", reasons="Zarzuty są niezasadne.")
    assert "Zarzuty są niezasadne." in page.person.get(sent.location).text
    back = page.person.post(f"{sent.location}/cofnij", see="/account/")

    assert back.location.endswith("#decisions")
    assert "przekazać do SKO do" in page.text()


def test_an_appeal_written_down_by_mistake_is_struck_out_with_a_reason_and_stays_in_the_history(refused):
    page, letter = refused
    page.post(f"odwolanie/{letter}", way="electronic", on=f"{clock.today():%d.%m.%Y}")
    empty = page.post("odwolania/1/skreslenie", reason="")
    assert empty.status_code == 422
    assert 'id="again-error"' in empty.text

    page.post("odwolania/1/skreslenie", reason="to była skarga w innej sprawie")

    text = page.text()
    assert "skreślono, odnotowano omyłkowo" in text
    assert "to była skarga w innej sprawie" in text
    assert "w toku odwołania" not in text
    assert "Odnotuj odwołanie" in text


def test_of_several_parties_the_form_asks_whose_appeal_it_is_and_each_can_have_one(ready, authority):
    with ready.app_context():
        work = at(work_of(authority, documents=application_files(co_owners=(ANNA,))), "verification")
        work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
        work.write("refuse", reasons="art. 73 ust. 1e ustawy")
        letter, sign = work.open_letter().seq, work.case.sign
        ids = {one.name: one.id for one in work.case.parties}
    page, today = Page(ready, sign), f"{clock.today():%d.%m.%Y}"

    nobody = page.post(f"odwolanie/{letter}", way="in_person", on=today)
    assert nobody.status_code == 422
    assert "Proszę wskazać, kto wniósł odwołanie." in nobody.text
    for name in ("Jan Testowy", "Anna Testowa"):
        offered = html.fromstring(page.person.get(page.path).text).xpath("//select[@name='party']/option/text()")
        assert name in offered
        assert page.post(f"odwolanie/{letter}", way="in_person", on=today, party=ids[name]).status_code == 302

    text = page.text()
    assert "Odwołanie strony Jan Testowy wpłynęło" in text
    assert "Odwołanie strony Anna Testowa wpłynęło" in text
    assert "Odnotuj odwołanie" not in text


def test_a_decision_that_grants_all_is_not_called_final_before_it_is_served(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")
        sign = work.case.sign
        db.session.remove()
    page = Page(ready, sign)
    before = page.text()
    with ready.app_context():
        work.agree()
        work.give()
        db.session.remove()

    after = page.text()

    assert "ostateczna z chwilą doręczenia" in before
    assert "ostateczna od" not in before
    assert "ostateczna od" in after
