"""The office edits what its letters say: versions, errors at their line, and the way back."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.procedures.editions import EDITIONS
from app.extensions import db
from app.letters.kinds import LETTER_KINDS
from app.letters.texts import default_text, parse_text
from app.models import LetterText
from app.usecases.edit_text import edition_of_text
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database

PAGE = "/teksty/answer"
OWN = "Tytuł: {subject}\n\n{salutation}\n\n{answer}\n\nZ poważaniem\n"


@pytest.fixture
def supervisor(office):
    return log_in_staff(office, "supervisor")


def versions(office) -> list[tuple[int, str]]:
    with office.app_context():
        rows = db.session.execute(sa.select(LetterText.version, LetterText.source).order_by(LetterText.id))
        return [(version, source) for version, source in rows]


def keep(person, source, version, **more):
    return person.post(PAGE, {"source": source, "version": version, **more}, see="/account/")


def test_every_kind_is_listed_and_has_a_text_that_can_be_read(supervisor):
    text = text_of(supervisor.get("/teksty/"))

    assert "Przedłużenie terminu wezwania" in text
    texts = {(kind, edition_of_text(kind, edition)) for kind in LETTER_KINDS for edition in EDITIONS}
    assert re.search(rf"\b{len(texts)} tekst", text)
    for kind in LETTER_KINDS:
        for edition in EDITIONS:
            parse_text(kind, default_text(kind, edition))


def test_a_new_text_is_in_use_and_the_old_version_stays(office, supervisor):
    keep(supervisor, OWN.replace("\n", "\r\n"), 0)
    keep(supervisor, OWN + "\nPozdrawiamy\n", 1)

    assert versions(office) == [(1, OWN), (2, OWN + "\nPozdrawiamy\n")]
    page = text_of(supervisor.get(PAGE))
    assert "urzędu, wersja 2" in page
    assert "Pozdrawiamy" in page


def test_a_text_that_makes_no_letter_is_kept_in_the_form_and_its_line_is_shown(office, supervisor):
    refused = keep(supervisor, "Tytuł: Odpowiedź\n\n{answer}\n\nNumer {nie_ma} tu\n", 0)

    assert refused.status_code == 422
    assert "Wiersz 5: Pisma tego rodzaju nie mają pola {nie_ma}." in text_of(refused)
    assert '<span class="bad-line" lang="pl">Numer {nie_ma} tu</span>' in refused.text
    assert versions(office) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Bez tytułu", "mogą stać tylko „Tytuł: ” i „Podstawa: ”"),
        ("\n\n{answer}", "Tekst nie ma tytułu."),
        ("Tytuł: Odpowiedź\n\nNic", "Pole {answer} musi wystąpić"),
        ("Tytuł: Odpowiedź\n\nOto {answer}", "Pole {answer} musi stać samo w swoim wierszu."),
        ("Tytuł: Odpowiedź\n\n{answer}\n\n{", "Nawias klamrowy nie jest zamknięty"),
    ],
)
def test_each_fault_of_a_text_is_said_in_words(supervisor, source, said):
    assert said in text_of(keep(supervisor, source, 0))


def test_two_people_do_not_overwrite_each_other(office, supervisor):
    keep(supervisor, OWN, 0)

    late = keep(log_in_staff(office, "administrator"), OWN + "\nInaczej\n", 0)

    assert late.status_code == 409
    assert "Inaczej" in late.text
    assert 'name="version" value="1"' in late.text
    assert len(versions(office)) == 1


def test_the_programs_text_comes_back(office, supervisor):
    keep(supervisor, OWN, 0)

    keep(supervisor, OWN, 1, default="1")

    assert versions(office)[-1] == (2, "")
    page = text_of(supervisor.get(PAGE))
    assert "programu" in page
    assert "Dalsze pytania w tej sprawie" in page


def test_a_text_is_printed_with_invented_values_before_it_is_kept(office, supervisor):
    pdf = supervisor.post("/teksty/answer/podglad", {"source": OWN, "version": 0}, see="/account/")
    refused = supervisor.post("/teksty/answer/podglad", {"source": "{", "version": 0}, see="/account/")

    assert pdf.data.startswith(b"%PDF")
    assert refused.status_code == 422
    assert versions(office) == []


def test_a_text_of_one_edition_is_edited_by_itself(office, supervisor):
    source = default_text("originals_summons", "2022")

    page = supervisor.get("/teksty/originals_summons?wydanie=2022")
    supervisor.post("/teksty/originals_summons", {"source": source, "version": 0, "wydanie": "2022"}, see="/account/")

    assert "przepisy obowiązujące od 4 września 2022" in text_of(page)
    with office.app_context():
        assert db.session.scalar(sa.select(LetterText.edition)) == "2022"
    assert supervisor.get("/teksty/answer?wydanie=2022").status_code == 404
    assert supervisor.get("/teksty/nic").status_code == 404


def test_examples_of_fields_read_as_letters_write_them(supervisor):
    page = text_of(supervisor.get("/teksty/originals_summons"))

    assert "2 marca 2026 r." in page.replace("\xa0", " ")
    assert "2026-03-02" not in page
    assert "{field}" not in page
