"""Letters as clerks write them: what is said before, the minute to take one back, and what can be read afterwards."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Case, Letter, LetterState, Question
from app.transaction import one_transaction
from tests.factories import an_office, now
from tests.letters.reading import in_a_line
from tests.letters.reading import text_of as text_of_pdf
from tests.web.case_office import work_of
from tests.web.clerk_cases import SIX, a_case_of_six, let_leave, version_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def ready(office, authority):
    with office.app_context():
        an_office(authority)
    return office


@pytest.fixture
def sign(ready, authority) -> str:
    return a_case_of_six(ready, authority)


@pytest.fixture
def clerk(ready, sign):
    clerk = log_in_staff(ready, "clerk")
    assert clerk.post(f"/sprawa/{sign}/wez", see="/account/").status_code == 302
    return clerk


@pytest.fixture
def rejected(ready, clerk, sign):
    """The case with every document judged: the registration certificate cannot be read, the rest is accepted."""
    for kind in SIX:
        verdict, reason = ("illegible", "obraz jest nieostry") if kind == "REG_CERT" else ("accepted", "")
        typed = {"kind": kind, "verdict": verdict, "reason": reason, "version": version_of(ready, sign)}
        assert clerk.post(f"/sprawa/{sign}/weryfikacja", typed, see="/account/").status_code == 303
    return clerk


REG_CERT = {"demand-0": "document:REG_CERT", "keep-0": "1", "words-0": "obraz jest nieostry", "days": "7"}


def write(office, clerk, sign, step, do, **typed):
    return clerk.post(
        f"/sprawa/{sign}/pismo/{step}", {"do": do, "version": version_of(office, sign), **typed}, see="/account/"
    )


def determine(office, clerk, sign, code, text):
    said = {"code": code, "text": text, "version": version_of(office, sign)}
    assert clerk.post(f"/sprawa/{sign}/ustalenie", said, see="/account/").status_code == 303


def letters_of(office, sign) -> list[tuple[str, LetterState]]:
    with office.app_context():
        rows = db.session.execute(
            sa.select(Letter.kind, Letter.state).join(Case).where(Case.sign == sign).order_by(Letter.seq)
        )
        return [(kind, state) for kind, state in rows]


def stage_of(office, sign) -> str:
    with office.app_context():
        return db.session.scalar(sa.select(Case.stage).where(Case.sign == sign))


def test_the_summons_composes_itself_of_rejected_verdicts(ready, rejected, sign):
    text = text_of(rejected.get(f"/sprawa/{sign}/pismo/summon_remedy"))

    assert "1. Dowód rejestracyjny nieczytelny" in text
    assert "dowód rejestracyjny – przesłany dokument jest nieczytelny; obraz jest nieostry" in text
    assert "w terminie 7 dni od dnia doręczenia pisma" in text
    assert "Jeśli doręczone dziś: do" in text
    assert "Jan Testowy, do skrzynki, za potwierdzeniem odbioru" in text


def test_demands_are_left_out_reworded_and_added_before_anything_is_sent(ready, rejected, sign):
    added = {"new-demand": "defect:APPLICATION", "new-words": "podpis pod oświadczeniem"}
    with_defect = text_of(write(ready, rejected, sign, "summon_remedy", "add", **REG_CERT, **added))
    assert "podpis pod oświadczeniem" in with_defect
    assert "2. Inny brak" in with_defect

    left_out = write(
        ready, rejected, sign, "summon_remedy", "show",
        **{"demand-0": "document:REG_CERT", "words-0": "obie strony", "demand-1": "document:PROXY", "keep-1": "1"},
        days="10",
    )  # fmt: skip
    letter = text_of(left_out).split("Tak zobaczy to strona")[1]
    assert "pełnomocnictwo – dokumentu nie przesłano" in letter
    assert "obie strony" not in letter
    assert "w terminie 10 dni" in letter
    assert letters_of(ready, sign) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (REG_CERT | {"days": "6"}, ("days", "Termin (w dniach: 6) jest za krótki; najkrótszy możliwy: 7.")),
        (REG_CERT | {"days": "tydzień"}, ("days", "Proszę wpisać liczbę dni.")),
        ({"days": "7"}, ("demands", "Wezwanie musi zawierać co najmniej jedno żądanie.")),
    ],
)
def test_what_keeps_a_letter_from_leaving_is_said_at_its_field(ready, rejected, sign, typed, said):
    refused = write(ready, rejected, sign, "summon_remedy", "send", **typed)

    field, words = said
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert f'href="#{field}"' in refused.text
    assert f'id="{field}"' in refused.text
    assert letters_of(ready, sign) == []


def test_a_letter_leaves_after_a_minute_and_until_then_it_is_taken_back_with_every_word(ready, rejected, sign):
    sent = write(ready, rejected, sign, "summon_remedy", "send", **REG_CERT | {"words-0": "obie strony, wyraźnie"})
    assert sent.location.endswith(f"/sprawa/{sign}/pismo/1")
    page = text_of(rejected.get(sent.location))
    assert re.search(r"wyjdzie za (60|5\d) s\. Do tego czasu nikt nie widzi tego pisma\. Cofnij u", page)
    blocked = text_of(rejected.get(f"/sprawa/{sign}/pismo/odpowiedz"))
    assert "Właśnie wychodzi pismo „Wezwanie do usunięcia braków wniosku”." in blocked

    back = rejected.post(f"/sprawa/{sign}/pismo/1/cofnij", see="/account/")

    assert letters_of(ready, sign) == [("remedy_summons", LetterState.TAKEN_BACK)]
    assert stage_of(ready, sign) == "verification"
    again = rejected.get(back.location)
    assert "obie strony, wyraźnie" in again.text
    assert "Pismo nie wyszło. Nikt go nie widział." in text_of(again)
    assert "Jego numeru nie dostanie żadne inne pismo." in text_of(rejected.get(f"/sprawa/{sign}/pismo/1"))
    assert f"numer {sign}/1 pozostaje niewykorzystany" in text_of(rejected.get(f"/sprawa/{sign}"))


def test_a_letter_that_left_is_read_with_its_sealed_pdf_and_its_service(ready, rejected, sign):
    write(ready, rejected, sign, "summon_remedy", "send", **REG_CERT)
    let_leave(ready, sign)

    page = text_of(rejected.get(f"/sprawa/{sign}/pismo/1"))
    pdf = rejected.get(f"/sprawa/{sign}/pismo/1.pdf")

    assert stage_of(ready, sign) == "awaiting_remedy"
    assert "wysłane" in page
    assert "włożone do skrzynki" in page
    assert "Doręczone jeszcze nie" in page
    assert "Cofnij" not in page.replace("cofnij", "")
    assert pdf.data == rejected.get(f"/sprawa/{sign}/pismo/1.pdf").data
    with pikepdf.open(io.BytesIO(pdf.data)) as opened:
        assert "/AcroForm" in opened.Root
    late = rejected.post(f"/sprawa/{sign}/pismo/1/cofnij", see="/account/")
    assert late.status_code == 409
    assert "Pismo już wyszło." in text_of(late)


def test_somebody_elses_change_is_told_and_nothing_typed_is_lost(ready, rejected, sign):
    stale = rejected.post(
        f"/sprawa/{sign}/pismo/summon_remedy",
        {"do": "send", "version": 1, **REG_CERT, "words-0": "bardzo długi opis"},
        see="/account/",
    )

    assert stale.status_code == 409
    assert "W międzyczasie ktoś inny zmienił sprawę." in text_of(stale)
    assert "bardzo długi opis" in stale.text
    assert f'name="version" value="{version_of(ready, sign)}"' in stale.text


def test_an_answer_shows_the_question_and_everything_it_lacks_is_said_at_once(ready, clerk, sign):
    with ready.app_context(), one_transaction() as session:
        case = session.scalars(sa.select(Case).where(Case.sign == sign)).one()
        case.questions.append(Question(asked_at=now(), asked_by="Jan", text="Kiedy tablice?"))

    page = clerk.get(f"/sprawa/{sign}/pismo/odpowiedz")
    empty = write(ready, clerk, sign, "odpowiedz", "send", subject="", reasons="")

    assert "Kiedy tablice?" in page.text
    assert re.search(r'name="subject"[^>]* value="Odpowiedź na pytanie z \d\d\.\d\d\.\d{4}"', page.text)
    assert empty.status_code == 422
    summary = re.search(r'<div class="errors".*?</div>', empty.text, re.DOTALL).group()
    assert 'href="#subject"' in summary
    assert 'href="#reasons"' in summary


def test_a_letter_that_was_sent_leads_to_the_next_case_of_the_clerk(ready, clerk, sign, authority):
    with ready.app_context():
        other = work_of(authority).case.sign
    write(ready, clerk, sign, "odpowiedz", "send", subject="Termin", reasons="Za tydzień.")
    assert 'data-key="n"' not in clerk.get(f"/sprawa/{sign}/pismo/1").text
    taken = clerk.post("/sprawa/nastepna", see="/account/")

    page = clerk.get(f"/sprawa/{sign}/pismo/1").text

    assert taken.location == f"/sprawa/{other}/weryfikacja"
    assert re.search(rf'href="/sprawa/{re.escape(other)}" data-key="n"', page)
    assert 'href="/praca/"' in page


def test_a_step_that_is_not_open_says_why_and_cannot_be_sent(ready, clerk, sign):
    page = clerk.get(f"/sprawa/{sign}/pismo/refuse")
    assert "Najpierw napisz uzasadnienie odmowy." in text_of(page)
    assert 'name="do" value="send"' not in page.text

    determine(ready, clerk, sign, "refusal_reasons", "Pojazd figuruje jako skradziony.")
    lacking = write(ready, clerk, sign, "refuse", "send", reasons=" ")
    assert lacking.status_code == 422
    sent = write(ready, clerk, sign, "refuse", "send", reasons="Art. 73 nie pozwala na rejestrację.")

    assert sent.status_code == 303
    letter = text_of(clerk.get(sent.location))
    assert "Pojazd figuruje jako skradziony." in letter
    assert "Art. 73 nie pozwala na rejestrację." in letter


def test_a_datum_that_the_letter_lacks_is_named_with_the_place_to_enter_it(ready, clerk, sign):
    page = text_of(write(ready, clerk, sign, "transfer", "show", reasons="Właściciel mieszka w Kłobucku."))

    assert "W piśmie brakuje danej: inny organ, z adresem" in page
    assert "Zapisuje się to w ustaleniach, na stronie weryfikacji." in page


def test_the_covering_letter_to_the_competent_authority_is_shown_before_the_transfer(ready, clerk, sign):
    determine(ready, clerk, sign, "other_authority", "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")
    page = text_of(write(ready, clerk, sign, "transfer", "show", reasons="Właściciel mieszka w Kłobucku."))
    assert "Adresat: Starosta Kłobucki, Rynek 13, 42-100 Kłobuck." in page

    form = {"version": version_of(ready, sign), "reasons": "Właściciel mieszka w Kłobucku."}
    draft = clerk.post(f"/sprawa/{sign}/pismo/transfer/przewodnie", form, see="/account/")

    said = in_a_line(text_of_pdf(draft.data))
    for words in ("Starosta Kłobucki", "Rynek 13", "Przekazuję według właściwości", "Właściciel mieszka w Kłobucku."):
        assert words in said
    empty = clerk.post(f"/sprawa/{sign}/pismo/transfer/przewodnie", {**form, "reasons": ""}, see="/account/")
    assert empty.status_code == 422


def test_an_answer_goes_out_in_the_clerks_own_words(ready, clerk, sign):
    sent = write(
        ready, clerk, sign, "odpowiedz", "send", subject="Opłaty", reasons="Opłata wynosi 66,50 zł.\n\nDziękujemy."
    )
    let_leave(ready, sign)

    text = text_of(clerk.get(sent.location))

    assert "Opłata wynosi 66,50 zł. Dziękujemy." in text
    assert letters_of(ready, sign) == [("answer", LetterState.SENT)]


def test_the_draft_is_printed_with_a_mark_that_it_was_not_sent(ready, rejected, sign):
    pdf = rejected.post(
        f"/sprawa/{sign}/pismo/summon_remedy/podglad", {"version": version_of(ready, sign), **REG_CERT}, see="/account/"
    )

    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert letters_of(ready, sign) == []


def test_a_supervisor_tells_of_a_delay_in_anybodys_case_and_cannot_summon_in_it(ready, rejected, sign):
    supervisor = log_in_staff(ready, "supervisor")
    delay = write(ready, supervisor, sign, "notify_delay", "send", reasons="Czekamy na inny urząd.", until="31.12.2999")
    assert delay.status_code == 303

    supervisor.post(f"/sprawa/{sign}/pismo/1/cofnij", see="/account/")
    summons = write(ready, supervisor, sign, "summon_remedy", "send", **REG_CERT)

    assert summons.status_code == 403
    assert letters_of(ready, sign) == [("delay_notice", LetterState.TAKEN_BACK)]


def test_a_step_without_a_letter_has_no_composer(clerk, sign):
    assert clerk.get(f"/sprawa/{sign}/pismo/give_back").status_code == 404
    assert clerk.get(f"/sprawa/{sign}/pismo/9").status_code == 404


def test_the_ways_of_a_demand_are_narrowed_in_the_composer_and_nothing_is_asked_for_without_a_way(
    ready, rejected, sign
):
    page = rejected.get(f"/sprawa/{sign}/pismo/summon_remedy").text
    assert re.findall(r'name="way-0" value="(\w+)" checked', page) == [
        "electronic", "in_person", "designated_operator", "courier",
    ]  # fmt: skip
    nothing = write(ready, rejected, sign, "summon_remedy", "send", **REG_CERT, **{"ways-0": "1"})
    assert nothing.status_code == 422
    assert 'href="#ways-0"' in nothing.text
    assert "Proszę podać, w jaki sposób można to przekazać." in text_of(nothing)

    sent = write(ready, rejected, sign, "summon_remedy", "send", **REG_CERT, **{"ways-0": "1", "way-0": "in_person"})

    assert "obraz jest nieostry; tylko osobiście" in text_of(rejected.get(sent.location))
    back = rejected.post(f"/sprawa/{sign}/pismo/1/cofnij", see="/account/")
    again = rejected.get(back.location).text
    assert re.findall(r'name="way-0" value="(\w+)" checked', again) == ["in_person"]
