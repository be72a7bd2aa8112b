"""What leaves a case file leaves as a download; the technical report says what judging found, in its own words."""

from __future__ import annotations

import hashlib
import io
import re
from urllib.parse import quote

import pikepdf
import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import AuditEvent, Case, Receipt
from tests.authority import TestAuthority
from tests.factories import a_photo, an_office, send
from tests.letters.reading import assert_kept_and_read_aloud, in_a_line, pages_of
from tests.letters.reading import text_of as words_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import signed, text_of

pytestmark = pytest.mark.one_database

NAME = "01 umowa „kupna” ą.jpg"


@pytest.fixture
def ready(office, authority):
    with office.app_context():
        an_office(authority)
    return office


def came(office, package: bytes) -> tuple[str, str, str]:
    """Send `package`; returns the sign of its case, and the public ids of the package and its first document."""
    with office.app_context():
        case = send(package).case
        return case.sign, case.packages[0].public_id, case.documents[0].public_id


def test_a_document_is_a_download_under_its_own_name_that_no_browser_opens_by_itself(ready, authority):
    photo = a_photo()
    sign, _package, document = came(ready, signed(authority, {NAME: photo}))
    clerk = log_in_staff(ready, "clerk")

    answer = clerk.get(f"/sprawa/{sign}/plik/{document}")

    said = answer.headers["Content-Disposition"]
    assert answer.data == photo
    assert said.startswith("attachment;")
    assert said.encode("latin-1"), "what a server cannot send is no header"
    assert f"filename*=UTF-8''{quote(NAME)}" in said
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with ready.app_context():
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "document-downloaded")).one()
        assert event.chain == f"case:{db.session.scalar(sa.select(Case.id))}"


def test_a_document_is_printed_for_the_file_with_the_sheet_that_certifies_it(ready, authority):
    photo = a_photo()
    sign, _package, document = came(ready, signed(authority, {NAME: photo}))
    clerk = log_in_staff(ready, "clerk")

    answer = clerk.get(f"/sprawa/{sign}/wydruk/{document}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    words = in_a_line(words_of(answer.data))
    with ready.app_context():
        receipt = db.session.scalars(sa.select(Receipt)).one().number
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "document-certified")).one()
        assert event.chain == f"case:{db.session.scalar(sa.select(Case.id))}"
    for phrase in ("Stwierdzam zgodność z oryginałem", sign, receipt, "Liczba stron dokumentu 1"):
        assert phrase in words
    assert hashlib.sha256(photo).hexdigest() in words.replace(" ", "")
    assert pages_of(answer.data) == 2
    assert_kept_and_read_aloud(answer.data, "Uwierzytelniony wydruk dokumentu elektronicznego")
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert [len(page.get_images()) for page in pdf.pages] == [0, 1]


def test_a_document_that_cannot_be_drawn_is_no_printout_and_the_case_says_what_to_do(ready, authority):
    sign, _package, document = came(ready, signed(authority, {"01-umowa.xml": b"<umowa/>"}))
    clerk = log_in_staff(ready, "clerk")

    answer = clerk.get(f"/sprawa/{sign}/wydruk/{document}.pdf", follow_redirects=True)

    assert "Proszę pobrać plik" in text_of(answer)
    assert "Uwierzytelniony wydruk" not in text_of(answer)


@pytest.mark.parametrize("kind", ["xml", "pdf"])
def test_a_receipt_is_a_download_named_by_its_number(ready, authority, kind):
    sign, package, _document = came(ready, signed(authority))
    clerk = log_in_staff(ready, "clerk")

    first, again = (clerk.get(f"/sprawa/{sign}/upo/{package}/{kind}") for _ in range(2))

    assert first.headers["Content-Disposition"].startswith("attachment; filename=UPO-1-")
    assert first.headers["Content-Disposition"].endswith(f".{kind}")
    assert first.mimetype == f"application/{kind}"
    assert first.data == again.data


def test_a_form_is_a_download_of_the_number_of_its_package(ready, authority):
    sign, package, _document = came(ready, signed(authority))

    answer = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}/formularz/{package}.pdf")

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=P-")
    assert answer.headers["Content-Disposition"].endswith("-formularz.pdf")
    assert answer.data.startswith(b"%PDF-")


def reads(ready, data: bytes) -> tuple[str, str]:
    """What a clerk reads of a package that came: its technical report, and the case file."""
    sign, package, _document = came(ready, data)
    clerk = log_in_staff(ready, "clerk")
    return text_of(clerk.get(f"/sprawa/{sign}/paczka/{package}")), text_of(clerk.get(f"/sprawa/{sign}"))


def test_the_report_of_a_good_signature_names_the_signer_the_verdict_and_every_file(ready, authority):
    photo = a_photo()
    report, case = reads(ready, signed(authority, {"umowa.jpg": photo}))

    assert "Wynik valid" in report
    assert "Powody –" in report
    assert "Ocena TOTAL-PASSED" in report
    assert "xades B-B" in report
    assert "Jan Testowy" in report
    assert re.search(r"PNOPL-•{7}\d{4} ", report), "the signer's number is masked"
    assert "umowa.jpg" in report
    assert hashlib.sha256(photo).hexdigest() in report
    assert "nie udało się potwierdzić" not in case


def test_the_report_of_an_unknown_issuer_gives_the_code_whose_words_the_case_file_shows(ready):
    report, case = reads(ready, signed(TestAuthority("CC nieznane"), {"umowa.jpg": a_photo()}))

    assert "Wynik undecided" in report
    assert "Powody chain-unknown" in report
    assert "Ocena INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND" in report
    assert "nie udało się potwierdzić" in case
    assert "wystawca nieznany urzędowi" in case
