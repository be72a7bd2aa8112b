"""Sending a package that was signed elsewhere: choose, check, confirm, and what comes back."""

import dataclasses
import io
import subprocess
import zipfile

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.epackages.receipt import check_receipt
from app.epackages.writer import write_zip
from app.extensions import db
from app.house import equipment
from app.models import Case, Folder, Job, Message, Package, PackageState, StoredFile
from app.transaction import one_transaction
from app.usecases.keep_upload import MOST
from app.usecases.receive_package import SETTLE
from app.usecases.seals import seal_certificates
from tests.factories import a_photo, application_files
from tests.web.mailbox_people import Visitor, changed, open_mailbox, signed, text_of

pytestmark = pytest.mark.one_database


def rows(app, query):
    with app.app_context():
        return db.session.scalars(query).all()


def test_the_limits_are_told_before_a_file_is_chosen(jan):
    page = text_of(jan.get("/wyslij"))

    assert "50 MB" in page
    assert ".asice" in page


def test_bringing_a_file_sends_nothing_and_shows_what_would_be_sent(mailbox_app, jan, authority):
    brought = jan.bring(signed(authority))
    page = text_of(jan.get(brought.location))

    assert "has not been sent yet" in page
    assert "application for registration of a vehicle, Škoda Octavia SC 12345" in page
    assert "valid: JAN TESTOWY" in page or "valid: Jan Testowy" in page
    assert "wniosek.xml" in page
    assert rows(mailbox_app, sa.select(Package)) == []


def test_looking_at_a_draft_again_changes_nothing(mailbox_app, jan, authority):
    brought = jan.bring(signed(authority))

    first, second = jan.get(brought.location), jan.get(brought.location)

    assert text_of(first) == text_of(second)
    assert rows(mailbox_app, sa.select(Package)) == []


def test_after_sending_the_citizen_sees_case_sign_receipt_and_what_happens_next(mailbox_app, jan, authority):
    page = text_of(jan.get(jan.send(signed(authority))))

    (package,) = rows(mailbox_app, sa.select(Package))
    (case,) = rows(mailbox_app, sa.select(Case))
    assert package.state is PackageState.ACCEPTED
    assert case.sign in page
    assert "UPO/1/" in page
    assert "The application has reached the office" in page
    assert "We ask you for the originals and plates" in page


def test_the_draft_is_gone_once_it_is_sent(mailbox_app, jan, authority):
    jan.send(signed(authority))

    assert rows(mailbox_app, sa.select(Message).where(Message.folder == Folder.DRAFTS)) == []


@pytest.mark.parametrize("act", ["", "/wyslij", "/usun"])
def test_whoever_goes_back_to_a_draft_that_was_sent_is_led_to_what_was_sent(mailbox_app, jan, authority, act):
    package = signed(authority)
    first, again = jan.bring(package).location, jan.bring(package).location
    copy = jan.post(f"{first}/wyslij").location
    jan.post(f"{again}/wyslij")

    for draft in (first, again):
        answer = jan.post(f"{draft}{act}") if act else jan.get(draft)

        assert (answer.status_code, answer.location) == (303, copy)
        assert "You have sent this package already." in text_of(jan.get(copy))
    assert len(rows(mailbox_app, sa.select(Package))) == 1


def test_a_draft_that_somebody_else_sent_is_not_there(mailbox_app, jan, authority):
    draft = jan.bring(signed(authority)).location
    jan.post(f"{draft}/wyslij")
    open_mailbox(mailbox_app, "anna", "Anna Testowa")
    anna = Visitor(mailbox_app)
    anna.log_in("anna")

    assert anna.get(draft).status_code == 404
    assert jan.get("/robocze/%25").status_code == 404


def test_the_receipt_comes_to_received_new_and_is_the_same_bytes_each_time(mailbox_app, jan, authority):
    jan.send(signed(authority))
    folder = jan.get("/odebrane").get_data(as_text=True)
    (message,) = rows(mailbox_app, sa.select(Message).where(Message.folder == Folder.RECEIVED))
    letter = jan.get(f"/odebrane/{message.public_id}").get_data(as_text=True)
    address = next(part for part in letter.split('"') if part.endswith("/upo.xml"))

    first, second = jan.get(address), jan.get(address)

    assert "mb-letter-row--new" in folder
    assert first.data == second.data
    assert first.headers["Content-Disposition"].startswith("attachment")
    with mailbox_app.app_context():
        check = check_receipt(first.data, seal_certificates(db.session()))
    assert check.ours
    assert check.unchanged


def test_the_printed_receipt_is_a_pdf_to_save(mailbox_app, jan, authority):
    page = jan.get(jan.send(signed(authority))).get_data(as_text=True)
    address = next(part for part in page.split('"') if part.endswith("/upo.pdf"))

    answer = jan.get(address)

    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_reading_a_letter_does_not_mark_it_but_the_button_does(mailbox_app, jan, authority):
    jan.send(signed(authority))
    (message,) = rows(mailbox_app, sa.select(Message).where(Message.folder == Folder.RECEIVED))
    address = f"/odebrane/{message.public_id}"

    jan.get(address)
    before = rows(mailbox_app, sa.select(Message.read_at).where(Message.id == message.id))
    jan.post(f"{address}/przeczytane", form=address)
    after = rows(mailbox_app, sa.select(Message.read_at).where(Message.id == message.id))

    assert before == [None]
    assert after[0] is not None
    assert "mb-letter-row--new" not in jan.get("/odebrane").get_data(as_text=True)


def test_a_package_changed_after_signing_is_told_before_sending_and_refused_after(mailbox_app, jan, authority):
    brought = jan.bring(changed(signed(authority)))
    warning = text_of(jan.get(brought.location))
    copy = jan.post(f"{brought.location}/wyslij").location
    refusal = text_of(jan.get(copy))

    (package,) = rows(mailbox_app, sa.select(Package))
    assert "The office will refuse this package" in warning
    assert package.state is PackageState.REFUSED
    assert rows(mailbox_app, sa.select(Case)) == []
    for page in (warning, refusal):
        assert "A file was changed after the package had been signed." in page
        assert "Sign the package again" in page
    assert package.number in refusal
    assert "no time limit is running" in refusal


def test_a_refusal_comes_as_a_letter_too(mailbox_app, jan, authority):
    jan.send(changed(signed(authority)))
    (message,) = rows(mailbox_app, sa.select(Message).where(Message.folder == Folder.RECEIVED))

    assert "The package was not accepted" in text_of(jan.get("/odebrane"))
    assert "hash-mismatch" in text_of(jan.get(f"/odebrane/{message.public_id}"))


def test_the_same_package_twice_is_one_package_one_case_and_says_so(mailbox_app, jan, authority):
    package = signed(authority)
    first = jan.send(package)

    second = jan.send(package)

    assert first == second
    assert "not sent twice" in text_of(jan.get(second))
    assert len(rows(mailbox_app, sa.select(Case))) == 1


def test_the_same_file_brought_twice_is_one_draft(mailbox_app, jan, authority):
    package = signed(authority)

    assert jan.bring(package).location == jan.bring(package).location
    assert len(rows(mailbox_app, sa.select(Message).where(Message.folder == Folder.DRAFTS))) == 1


def test_confirming_twice_sends_once(mailbox_app, jan, authority):
    draft = jan.bring(signed(authority)).location
    copy = jan.post(f"{draft}/wyslij").location

    assert jan.post(f"{draft}/wyslij").location == copy
    assert len(rows(mailbox_app, sa.select(Package))) == 1


def test_a_signature_in_a_second_file_is_taken_with_the_package(mailbox_app, jan, authority):
    with zipfile.ZipFile(io.BytesIO(signed(authority))) as archive:
        signature = archive.read("META-INF/signatures0.xml")

    brought = jan.bring(a_photo(), "zdjecie.jpg", (signature, "zdjecie.xades"))

    page = text_of(jan.get(brought.location))
    assert "zdjecie.xades" in page
    assert "has not been sent yet" in page


def test_no_file_an_empty_file_and_a_file_too_large_are_said_at_the_field(mailbox_app, jan):
    nothing = jan.post("/wyslij", {}, content_type="multipart/form-data")
    empty = jan.bring(b"")
    tools = mailbox_app.extensions["equipment"]
    small = dataclasses.replace(tools.settings, max_package=1000)
    mailbox_app.extensions["equipment"] = dataclasses.replace(tools, settings=small)
    large = jan.bring(b"x" * 1001)

    assert (nothing.status_code, empty.status_code, large.status_code) == (422, 422, 413)
    for answer in (nothing, empty, large):
        html = answer.get_data(as_text=True)
        assert 'aria-describedby="package-hint package-error"' in html
        assert 'href="#package"' in html
        assert "<title>Error:" in html


def test_a_body_over_the_limit_of_the_door_gets_a_page_that_says_what_to_do(mailbox_app, jan):
    mailbox_app.config["MAX_CONTENT_LENGTH"] = 100_000

    answer = jan.bring(b"x" * 200_000)

    assert answer.status_code == 413
    assert "Choose a smaller file" in text_of(answer)


@pytest.mark.parametrize(
    "content",
    [b"to nie jest paczka", b"PK\x03\x04" + b"\x00" * 40, b"<?xml version='1.0'?><a/>", b"%PDF-1.7\n", b"\xff" * 5000],
)
def test_whatever_is_brought_ends_in_a_clear_sentence(jan, content):
    brought = jan.bring(content, "cos.zip")
    page = text_of(jan.get(brought.location))

    assert "The office will refuse this package" in page
    assert "What you can do" in page


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\paczki\\wniosek.asice", "a\u202egpj.exe", "ż" * 300, "<b>x.zip"]
)
def test_a_strange_file_name_becomes_a_plain_one(mailbox_app, jan, authority, name):
    jan.get(jan.send(signed(authority), name))

    (package,) = rows(mailbox_app, sa.select(Package))
    page = jan.get("/wyslane").get_data(as_text=True)
    assert "/" not in package.filename
    assert "\\" not in package.filename
    assert "\u202e" not in package.filename
    assert "<b>x" not in page


def test_a_draft_that_is_removed_leaves_neither_row_nor_bytes(mailbox_app, jan, authority):
    draft = jan.bring(signed(authority)).location
    (stored,) = rows(mailbox_app, sa.select(StoredFile.sha256).where(StoredFile.sha256.in_(_drafted(mailbox_app))))

    answer = jan.post(f"{draft}/usun", form=draft)

    assert answer.location == "/robocze"
    assert rows(mailbox_app, sa.select(StoredFile).where(StoredFile.sha256 == stored)) == []
    with mailbox_app.app_context():
        assert not equipment().store.exists(stored)


def test_removing_a_draft_keeps_the_bytes_of_the_same_package_already_sent(mailbox_app, jan, authority):
    package = signed(authority)
    jan.send(package)
    draft = jan.bring(package).location

    jan.post(f"{draft}/usun", form=draft)

    (sent,) = rows(mailbox_app, sa.select(Package))
    with mailbox_app.app_context():
        assert equipment().store.verify(sent.sha256)


def test_a_mailbox_holds_only_so_many_drafts(mailbox_app, jan):
    answers = [jan.bring(b"PK" + bytes([count])).status_code for count in range(MOST + 1)]

    assert answers[-2:] == [303, 409]


def test_what_fails_after_the_acknowledgement_is_shown_as_received(mailbox_app, jan, authority):
    draft = jan.bring(signed(authority)).location
    with mailbox_app.app_context(), one_transaction() as session:
        session.execute(sa.text("UPDATE seal SET in_use = false"))

    answer = jan.post(f"{draft}/wyslij")

    assert answer.status_code == 303
    assert "has arrived and is being checked" in text_of(jan.get(answer.location))
    assert len(rows(mailbox_app, sa.select(Job).where(Job.kind == SETTLE))) == 1


def test_the_package_can_be_fetched_back_as_it_was_sent(jan, authority):
    package = signed(authority)
    copy = jan.send(package, "mój wniosek.asice")

    answer = jan.get(f"{copy}/paczka")

    assert answer.data == package
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_folders_are_searched_by_sign_number_and_subject(mailbox_app, jan, authority):
    jan.send(signed(authority))
    (case,) = rows(mailbox_app, sa.select(Case))

    for words in (case.sign, "octavia", "UPO", "receipt"):
        assert "mb-letter-row" in jan.get("/odebrane", query_string={"words": words}).get_data(as_text=True), words
    assert "Nothing here matches" in text_of(jan.get("/odebrane?words=nie+ma"))
    for words in ("%25", "a", ".-"):
        page = text_of(jan.get(f"/odebrane?words={words}"))
        assert "Write at least two letters, or a number." in page
        assert case.sign not in page


def test_a_long_folder_comes_in_pages(mailbox_app, jan, authority):
    from app.views.mailbox import letters

    for _ in range(letters.PAGE + 2):
        jan.bring(signed(authority, {"wniosek.xml": b"<a/>", "n.txt": bytes(str(_), "ascii")}))
        if _ >= MOST - 1:
            break
    letters_per_page, letters.PAGE = letters.PAGE, 8
    try:
        first = jan.get("/robocze").get_data(as_text=True)
        older = next(part for part in first.split('"') if part.startswith("/robocze?od="))
        second = jan.get(older).get_data(as_text=True)
    finally:
        letters.PAGE = letters_per_page

    assert first.count("mb-letter-row__subject") == 8
    assert second.count("mb-letter-row__subject") == 8
    assert "Newest" in second


def _drafted(app):
    return [message.data["sha256"] for message in rows(app, sa.select(Message).where(Message.folder == Folder.DRAFTS))]


def test_a_package_and_its_signature_by_openssl_as_two_files_become_a_case(mailbox_app, jan, authority, tmp_path):
    signer = authority.citizen("Jan Testowy", key="rsa")
    archive, key, certificate, chain = (tmp_path / name for name in ("wniosek.zip", "key.pem", "cert.pem", "chain.pem"))
    archive.write_bytes(write_zip(application_files().items()))
    key.write_bytes(signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    chain.write_bytes(b"".join(part.public_bytes(Encoding.PEM) for part in signer.chain))
    command = "openssl cms -sign -binary -cades -md sha256 -outform DER -in wniosek.zip -signer cert.pem -inkey key.pem"
    made = subprocess.run([*command.split(), "-certfile", "chain.pem"], cwd=tmp_path, capture_output=True, check=True)

    brought = jan.bring(archive.read_bytes(), "wniosek.zip", (made.stdout, "wniosek.zip.p7s"))
    check = text_of(jan.get(brought.location))
    sent = jan.post(f"{brought.location}/wyslij").location

    assert "wniosek.zip.p7s" in check
    assert "The office will refuse" not in check
    assert "The application has reached the office" in text_of(jan.get(sent))
    (package,) = rows(mailbox_app, sa.select(Package))
    assert package.companion_sha256
    assert package.outcome == "valid"
