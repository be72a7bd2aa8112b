"""What a clerk finds of documents: the page of verification, verdicts, determinations, and the ways on."""

from __future__ import annotations

import re

import pytest

from app.domain.documents import DocumentKind
from app.domain.procedures.facts import Verdict
from app.views.office.ready_reasons import PAID, ready_reasons
from tests.factories import an_office
from tests.web.clerk_cases import SIX, a_case_of_six, verdicts_of, version_of
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


def judge(office, clerk, sign, kind, verdict, **more):
    typed = {"kind": kind, "verdict": verdict, "version": version_of(office, sign), **more}
    return clerk.post(f"/sprawa/{sign}/weryfikacja", typed, see="/account/")


def judge_all(office, clerk, sign, **other):
    for kind in SIX:
        verdict, reason = other.get(kind, ("accepted", ""))
        assert judge(office, clerk, sign, kind, verdict, reason=reason).status_code == 303


def test_the_page_begins_with_the_first_document_that_waits_and_shows_what_the_form_says(clerk, sign):
    page = clerk.get(f"/sprawa/{sign}/weryfikacja")

    text = text_of(page)
    assert "oceniono 0 z 6" in text
    assert "1 z 6 dokumentów" in text
    assert "TMBJJ7NE8J0123456" in text
    assert "PRD art. 72 ust. 1 pkt 1" in text
    assert "•••••••3872" in text
    assert 'data-key="6"' in page.text


def test_a_verdict_leads_to_the_next_document_and_the_last_one_to_the_end(ready, clerk, sign):
    first = judge(ready, clerk, sign, "OWNERSHIP", "accepted")
    assert first.location.endswith(f"/sprawa/{sign}/weryfikacja?dokument=VEHICLE_CARD")
    for kind in list(SIX)[1:-1]:
        judge(ready, clerk, sign, kind, "accepted")
    last = judge(ready, clerk, sign, "FEE_PROOF", "accepted")

    assert last.location.endswith(f"/sprawa/{sign}/weryfikacja")
    text = text_of(clerk.get(last.location))
    assert "Wszystkie dokumenty są ocenione" in text
    assert "Wezwij do przekazania oryginałów i tablic" in text


def test_a_verdict_against_the_party_needs_a_reason_and_keeps_the_document(ready, clerk, sign):
    refused = judge(ready, clerk, sign, "INSPECTION", "outdated")

    assert refused.status_code == 422
    assert "Proszę wybrać lub wpisać powód" in text_of(refused)
    assert 'aria-describedby="reason-error"' in refused.text
    assert 'value="outdated" data-key="5" required checked' in refused.text
    assert verdicts_of(ready, sign) == []

    judge(ready, clerk, sign, "INSPECTION", "outdated", ready="upłynął termin badania technicznego", reason="10 maja")
    assert verdicts_of(ready, sign) == [("INSPECTION", "outdated", "upłynął termin badania technicznego; 10 maja")]


def test_what_the_rules_call_for_is_not_needed_only_for_a_reason(ready, clerk, sign):
    refused = judge(ready, clerk, sign, "INSPECTION", "not_applicable")

    assert refused.status_code == 422
    assert "Przepisy wymagają tego dokumentu" in text_of(refused)
    assert "dokument jest w aktach innej sprawy urzędu" in text_of(refused)
    assert verdicts_of(ready, sign) == []


def test_the_last_verdict_is_taken_back_by_a_new_one(ready, clerk, sign):
    judge(ready, clerk, sign, "OWNERSHIP", "accepted")
    page = clerk.get(f"/sprawa/{sign}/weryfikacja")
    assert "Cofnij ostatnią ocenę" in text_of(page)

    back = judge(ready, clerk, sign, "OWNERSHIP", "pending", undo="1")

    assert back.location.endswith("dokument=OWNERSHIP")
    assert [row[1] for row in verdicts_of(ready, sign)] == ["accepted", "pending"]
    assert "oceniono 0 z 6" in text_of(clerk.get(back.location))


def test_somebody_elses_case_is_read_and_not_judged(ready, clerk, sign):
    supervisor = log_in_staff(ready, "supervisor")

    text = text_of(supervisor.get(f"/sprawa/{sign}/weryfikacja"))

    assert "Dokumenty ocenia tylko osoba, która prowadzi sprawę." in text
    assert "Ocena dokumentu" not in text
    assert supervisor.post(f"/sprawa/{sign}/weryfikacja", see="/account/").status_code == 403


def test_a_stale_verdict_is_refused(ready, clerk, sign):
    judge(ready, clerk, sign, "OWNERSHIP", "accepted")
    clerk.get(f"/sprawa/{sign}")

    answer = clerk.post(
        f"/sprawa/{sign}/weryfikacja", {"kind": "PLATES", "verdict": "accepted", "version": 1}, see="/account/"
    )

    assert answer.status_code == 409
    assert "ocena dokumentu" in text_of(answer)
    assert len(verdicts_of(ready, sign)) == 1


def test_rejected_documents_lead_to_the_summons_to_remedy(ready, clerk, sign):
    judge_all(ready, clerk, sign, REG_CERT=("illegible", "obraz jest nieostry"))

    text = text_of(clerk.get(f"/sprawa/{sign}/weryfikacja"))

    assert "Wezwij do usunięcia braków" in text
    assert "Najpierw przyjmij wszystkie wymagane dokumenty." in text


def test_another_authority_is_named_and_the_case_can_be_transferred(ready, clerk, sign):
    page = f"/sprawa/{sign}/weryfikacja"
    said = {"code": "other_authority", "version": version_of(ready, sign)}
    assert "Najpierw proszę to opisać słowami." in text_of(
        clerk.post(f"/sprawa/{sign}/ustalenie", said, see="/account/", follow_redirects=True)
    )

    clerk.post(f"/sprawa/{sign}/ustalenie", said | {"text": "Starosta Kłobucki\nul. Rynek 13"}, see="/account/")

    assert "Starosta Kłobucki" in text_of(clerk.get(page))
    assert f'href="/sprawa/{sign}/pismo/transfer"' in clerk.get(page).text
    taken_back = said | {"holds": "0", "version": version_of(ready, sign)}
    clerk.post(f"/sprawa/{sign}/ustalenie", taken_back, see="/account/")
    assert f'href="/sprawa/{sign}/pismo/transfer"' not in clerk.get(page).text


def test_a_file_of_another_kind_can_be_looked_at_instead(ready, clerk, sign, authority):
    page = f"/sprawa/{sign}/weryfikacja"
    other = clerk.get(f"{page}?dokument=PLATES").text.split('name="document" value="')[1].split('"')[0]

    text = text_of(clerk.get(f"{page}?dokument=OWNERSHIP&plik={other}&strona=99&zoom=x"))

    assert "tablice.pdf strona 1 z 1" in text


def test_a_document_of_which_no_file_came_is_accepted_only_with_a_word_on_what_that_rests(ready, authority):
    sign = a_case_of_six(ready, authority, missing="PLATES")
    clerk = log_in_staff(ready, "clerk")
    clerk.post(f"/sprawa/{sign}/wez", see="/account/")
    page = clerk.get(f"/sprawa/{sign}/weryfikacja?dokument=PLATES").text
    assert "accepted" in re.search(r'data-reasoned="([^"]+)"', page)[1].split()

    refused = judge(ready, clerk, sign, "PLATES", "accepted")
    taken = judge(ready, clerk, sign, "PLATES", "accepted", ready="oryginał okazano w urzędzie")

    assert refused.status_code == 422
    assert "Tego dokumentu nie przesłano." in text_of(refused)
    assert taken.status_code == 303
    assert len(verdicts_of(ready, sign)) == 1


@pytest.mark.parametrize("kind", [DocumentKind.FEE_PROOF, DocumentKind.STAMP_DUTY, DocumentKind.MUNICIPAL_FEE_PROOF])
def test_a_fee_of_which_no_proof_came_may_rest_on_the_account_of_the_office(kind):
    assert ready_reasons(kind, came=False, if_issued=False)[Verdict.ACCEPTED][0] == PAID
    assert PAID not in ready_reasons(DocumentKind.OWNERSHIP, came=False, if_issued=False)[Verdict.ACCEPTED]
