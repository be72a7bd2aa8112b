"""Pages that every citizen may need, words for every code, and errors that say what to do."""

import re

import pytest
from cryptography import x509

from app.domain.procedures import Stage
from app.domain.procedures.editions import EDITIONS
from app.epackages import errors
from app.models import Case
from app.pki import verdicts
from app.views.mailbox import words
from app.views.wording_packages import REASONS, reasons
from tests.authority import TestAuthority
from tests.web.mailbox_people import Visitor, open_office, text_of

pytestmark = pytest.mark.one_database

PUBLIC = (
    "/",
    "/logowanie",
    "/sprawdz",
    "/deklaracja-dostepnosci",
    "/regulamin",
    "/twoje-dane",
    "/pomoc",
    "/pomoc/podpis",
)
# Technical conditions of the accessibility declaration (act of 4 April 2019, art. 12 point 7).
STATUTORY = (
    "a11y-deklaracja",
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-data-przeglad",
    "a11y-audytor",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
)
# Remarks that never make a package invalid: nobody is refused because of them.
HARMLESS = re.compile(
    r"mimetype-(missing|not|compressed|extra|value)|meta-inf|attachment-|form-(?!at)|pdf-|preview-|image-|virus"
)


@pytest.fixture
def visitor(mailbox_app):
    return Visitor(mailbox_app)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_has_one_heading_a_title_and_its_language(visitor, path):
    answer = visitor.get(path)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert len(re.findall(r"<h1\b", page)) == 1
    assert '<html lang="en"' in page
    assert re.search(r"<title>\S.+ – Vehicle matters – Urząd Miasta Częstochowy</title>", page)


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_names_another_host_or_carries_inline_style_or_script(visitor, path):
    answer = visitor.get(path)
    page = answer.get_data(as_text=True)

    loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]*(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not re.match(r"/(?!/)", address)] == []
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_accessibility_declaration_has_every_statutory_id_once(visitor):
    page = visitor.get("/deklaracja-dostepnosci").get_data(as_text=True)

    assert {name: page.count(f'id="{name}"') for name in STATUTORY} == dict.fromkeys(STATUTORY, 1)
    assert re.search(r'id="a11y-data-publikacja" datetime="\d{4}-\d\d-\d\d"', page)


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_links_to_the_declaration_the_terms_and_the_privacy_notice(visitor, path):
    page = visitor.get(path).get_data(as_text=True)

    for promised in ("/deklaracja-dostepnosci", "/regulamin", "/twoje-dane"):
        assert f'href="{promised}"' in page


def test_help_and_the_check_of_receipts_promise_only_what_there_is(visitor):
    assert "The inspector opens the mailbox and gives you a password." in text_of(visitor.get("/pomoc"))
    check = text_of(visitor.get("/sprawdz"))
    assert "An UPO or UPD as an XML or PDF file, or an office letter as a PDF file, at most" in check


def test_every_code_that_refuses_a_package_has_words_for_a_citizen():
    codes = {code.value for code in errors.Reason} | set(verdicts.REASONS)

    assert {code for code in codes if not HARMLESS.match(code)} - set(REASONS) == set()


def test_a_code_without_words_still_says_something_and_keeps_the_code(mailbox_app):
    with mailbox_app.test_request_context():
        (reason,) = reasons(["a-code-of-next-year"])

    assert reason.code == "a-code-of-next-year"
    assert len(reason.what) > 20
    assert len(reason.todo) > 20


def test_the_same_sentence_is_said_once_with_all_its_codes(mailbox_app):
    with mailbox_app.test_request_context():
        told = reasons(["not-a-zip", "damaged", "hash-mismatch"])

    assert [reason.code for reason in told] == ["not-a-zip, damaged", "hash-mismatch"]


def test_every_stage_has_a_name_for_citizens(mailbox_app):
    assert set(words.STAGES) == set(Stage)
    with mailbox_app.test_request_context():
        names = {
            words.stage(Case(procedure=kind, edition=edition), stage, temporarily=False)
            for kind in ("registration", "deregistration", "undescribed")
            for edition in EDITIONS
            for stage in Stage
        }
    assert all(names)


@pytest.mark.parametrize(("path", "status"), [("/nie-ma", 404), ("/odebrane/../../x", 404), ("/language", 405)])
def test_an_error_page_says_what_to_do_and_shows_a_number(visitor, path, status):
    answer = visitor.get(path)

    assert answer.status_code == status
    assert f"{status}-{answer.headers['X-Request-Id']}" in text_of(answer)
    assert len(re.findall(r"<h1\b", answer.get_data(as_text=True))) == 1


def test_the_centre_publishes_its_certificate_and_its_revocation_list(mailbox_app, visitor):
    open_office(mailbox_app, TestAuthority())

    pem, crl = visitor.get("/cc/ca.pem"), visitor.get("/cc/ca.crl")

    issuing, root = x509.load_pem_x509_certificates(pem.data)
    listed = x509.load_der_x509_crl(crl.data)
    assert issuing.issuer == root.subject
    assert listed.is_signature_valid(issuing.public_key())
    assert listed.next_update_utc > listed.last_update_utc
    assert visitor.get("/cc/ca.crl").data == crl.data
    assert crl.headers["Content-Type"] == "application/pkix-crl"


def test_a_revocation_makes_a_new_list(mailbox_app, visitor):
    import datetime as dt

    from app.models import CentreCertificate
    from app.transaction import one_transaction
    from tests.web.mailbox_people import open_mailbox

    open_office(mailbox_app, TestAuthority())
    before = x509.load_der_x509_crl(visitor.get("/cc/ca.crl").data)
    citizen = open_mailbox(mailbox_app, "jan", "Jan Testowy")
    now = dt.datetime.now(dt.UTC)
    with mailbox_app.app_context(), one_transaction() as session:
        session.add(
            CentreCertificate(
                serial="4711",
                citizen_id=citizen,
                certificate=b"-",
                not_before=now,
                not_after=now,
                revoked_at=now,
                revocation_reason="keyCompromise",
            )
        )

    after = x509.load_der_x509_crl(visitor.get("/cc/ca.crl").data)

    assert [entry.serial_number for entry in before] == []
    assert [entry.serial_number for entry in after] == [4711]
    assert _number(after) > _number(before)


def _number(crl):
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
