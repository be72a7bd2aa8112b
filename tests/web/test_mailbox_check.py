"""`/sprawdz`: anybody learns whether a receipt is ours and unchanged, and nothing is kept."""

import io
import re

import pytest

from app.extensions import db
from app.house import equipment
from app.models import Receipt
from app.outbox.worker import Worker
from tests.web.mailbox_people import Visitor, changed, open_mailbox, open_office, signed, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def package(authority):
    return signed(authority)


@pytest.fixture
def receipt(mailbox_app, authority, package):
    """The XML and the PDF of a receipt that the office issued for `package`."""
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "jan", "Jan Testowy")
    jan = Visitor(mailbox_app)
    jan.log_in("jan")
    jan.send(package)
    with mailbox_app.app_context():
        address = f"/poswiadczenia/{db.session.query(Receipt).one().public_id}/upo"
    at_once = jan.get(f"{address}.pdf").data
    worker = Worker(mailbox_app)
    while worker.run_once():
        pass
    assert jan.get(f"{address}.pdf").data == at_once  # made while it was awaited, and kept since
    return jan.get(f"{address}.xml").data, at_once


@pytest.fixture
def check(mailbox_app):
    """Somebody without an account brings a receipt, and perhaps a package."""
    visitor = Visitor(mailbox_app)

    def bring(content, package=None, name="upo.xml"):
        data = {"receipt": (io.BytesIO(content), name)}
        if package is not None:
            data["package"] = (io.BytesIO(package), "paczka.asice")
        return visitor.post("/sprawdz", data, form="/sprawdz", content_type="multipart/form-data")

    return bring


def test_a_receipt_as_issued_is_ours_and_unchanged(receipt, check):
    page = text_of(check(receipt[0]))

    assert "Ours and unchanged" in page
    assert "UPO/1/" in page
    assert "Jan Testowy" in page


def test_with_its_package_the_receipt_is_about_exactly_this_package(receipt, package, check):
    assert "the package that you gave is the one" in text_of(check(receipt[0], package))


def test_with_another_package_the_answer_is_no(receipt, package, check):
    page = text_of(check(receipt[0], changed(package)))

    assert "Ours, but about another package" in page
    assert "Number to quote" in page


def test_a_receipt_with_one_changed_letter_is_not_confirmed_and_its_text_is_not_shown(receipt, check):
    forged = receipt[0].replace(b"Jan Testowy", b"Jan Podstawiony")

    page = text_of(check(forged))

    assert "We do not confirm this file" in page
    assert "changed after it had been sealed" in page
    assert "Podstawiony" not in page


def test_a_receipt_that_nobody_sealed_is_not_ours(receipt, check):
    bare = re.sub(rb"<ds:Signature.*</ds:Signature>", b"", receipt[0], flags=re.DOTALL)

    assert bare != receipt[0]
    assert "The seal is not ours, or there is none" in text_of(check(bare))


def test_the_printed_receipt_is_known_byte_for_byte(receipt, package, check):
    page = text_of(check(receipt[1], package, "UPO-1-2026.pdf"))

    assert "Ours and unchanged" in page
    assert "the package that you gave is the one" in page


def test_a_pdf_that_we_did_not_make_is_not_confirmed(receipt, check):
    assert "We did not issue this PDF file" in text_of(check(receipt[1] + b"\n", name="UPO.pdf"))


@pytest.mark.parametrize(
    "content",
    [b"zwykly tekst", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\x00" * 100, b"PK\x03\x04", b"%PDF-"],
)
def test_anything_else_gets_a_clear_no(mailbox_app, authority, check, content):
    open_office(mailbox_app, authority)

    answer = check(content)

    assert answer.status_code == 200
    assert "We do not confirm this file" in text_of(answer)


def test_a_missing_an_empty_and_a_huge_file_are_said_at_the_field(mailbox_app, check, monkeypatch):
    from app.views.mailbox import check as view

    monkeypatch.setattr(view, "RECEIPT_LIMIT", 100)
    missing = Visitor(mailbox_app).post("/sprawdz", {}, form="/sprawdz", content_type="multipart/form-data")

    for answer, status in ((missing, 422), (check(b""), 422), (check(b"x" * 101), 413)):
        assert answer.status_code == status
        assert 'href="#receipt"' in answer.get_data(as_text=True)


def test_nothing_that_is_brought_is_kept(mailbox_app, receipt, check, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "short-lived"))
    (tmp_path / "short-lived").mkdir()
    with mailbox_app.app_context():
        before = sorted(equipment().store.names())

    check(receipt[0].replace(b"Testowy", b"Testowa"), b"PK" * 200_000)

    with mailbox_app.app_context():
        assert sorted(equipment().store.names()) == before
    assert list((tmp_path / "short-lived").iterdir()) == []


def test_a_strange_file_name_is_shown_as_text(mailbox_app, authority, check):
    open_office(mailbox_app, authority)

    page = check(b"<a/>", name="<img src=x>.xml").get_data(as_text=True)

    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;.xml" in page
