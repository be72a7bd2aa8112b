"""An appeal is written down from the case file, by the clerk of the case: it came, it was forwarded, it ended."""

from __future__ import annotations

import datetime as dt

import pytest

from app import clock
from app.domain.determinations import DeterminationCode
from tests.letters.reading import in_a_line, text_of
from tests.web.case_office import at, work_of
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
    desk = page.person.get("/praca/").text
    assert "Przekaż odwołanie" in desk
    assert "Odwołanie: 7" in desk.replace("\N{NO-BREAK SPACE}", " ") or "Odwołanie: 8" in desk or "Odwołanie: 9" in desk

    page.post(f"odwolanie/{letter}/przekazanie", on=today)
    assert f"w SKO od {today}" in page.text()
    page.post(f"odwolanie/{letter}/koniec", outcome="upheld", on=today, remark="SKO.4100.7.2026")

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
    page.post(f"odwolanie/{letter}/przekazanie", on=today)
    page.post(f"odwolanie/{letter}/koniec", outcome="repealed", on=today)
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
