"""The first road through the house, by HTTP, on both databases: a citizen sends, the office confirms, a clerk takes."""

from __future__ import annotations

import subprocess

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.models import Case
from app.usecases.verify_audit import verify_audit
from app.usecases.verify_store import verify_store
from tests.factories import Signers, a_photo, application_files, now
from tests.web.conftest import add_people, log_in_staff
from tests.web.mailbox_people import Visitor, open_mailbox, open_office, text_of


@pytest.fixture
def house_of_both(mailbox_app, office_app, authority):
    open_office(mailbox_app, authority)
    open_mailbox(mailbox_app, "jan.testowy", "Jan Testowy")
    add_people(office_app)
    return mailbox_app, office_app


def receipt_verifies(xml: bytes, root_pem: bytes, folder) -> bool:
    (folder / "upo.xml").write_bytes(xml)
    (folder / "root.pem").write_bytes(root_pem)
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem"]
    command += ["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", "upo.xml"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_a_package_signed_elsewhere_ends_as_a_receipt_and_a_case_that_a_clerk_takes(house_of_both, authority, tmp_path):
    mailbox, office = house_of_both
    package = Signers(authority, tmp_path).sign(application_files())
    citizen = Visitor(mailbox)
    citizen.log_in("jan.testowy")

    sent = citizen.get(citizen.send(package))
    received = text_of(citizen.get("/odebrane"))

    sign = f"KM.5410.1.{now().year}"
    assert sign in text_of(sent)
    assert "Official Receipt" in received
    with mailbox.app_context():
        from cryptography.hazmat.primitives.serialization import Encoding

        from app.usecases.centre import ROOT, authority_certificate

        case = db.session.scalars(sa.select(Case)).one()
        receipt = case.packages[0].receipt
        root = authority_certificate(db.session(), ROOT).public_bytes(Encoding.PEM)
        download = citizen.get(f"/poswiadczenia/{receipt.public_id}/upo.xml")
        document = case.documents[0].public_id
    assert receipt_verifies(download.data, root, tmp_path)

    clerk = log_in_staff(office, "clerk")
    queue = clerk.get("/praca/?tab=new").text
    page = clerk.get(f"/sprawa/{sign}").text
    picture = clerk.get(f"/sprawa/{sign}/dokument/{document}/1?w=320")
    taken = clerk.post(f"/sprawa/{sign}/wez", see=f"/sprawa/{sign}", follow_redirects=True)

    assert sign in queue
    assert "Jan Testowy" in page
    assert "84051203872" not in page
    assert (picture.status_code, picture.mimetype, picture.data[:4]) == (200, "image/webp", b"RIFF")
    assert taken.status_code == 200
    with mailbox.app_context():
        case = db.session.scalars(sa.select(Case)).one()
        assert [(step.step, step.to_stage) for step in case.steps] == [("open", "received"), ("take", "verification")]
        assert list(verify_store(db.session(), equipment().store, now())) == []
        assert verify_audit(db.session()) == []


def test_a_supplement_from_the_mailbox_joins_the_case(house_of_both, authority, tmp_path):
    from app.epackages.application import Answer, AnswerKind
    from tests.factories import a_form

    mailbox, _office = house_of_both
    signers = Signers(authority, tmp_path)
    citizen = Visitor(mailbox)
    citizen.log_in("jan.testowy")
    citizen.send(signers.sign(application_files()))
    sign = f"KM.5410.1.{now().year}"
    letter = a_form(answers=Answer(sign, AnswerKind.SUPPLEMENT))

    citizen.send(signers.sign({"wniosek.xml": letter, "02-polisa.jpg": a_photo("green")}), "uzupelnienie.asice")

    with mailbox.app_context():
        case = db.session.scalars(sa.select(Case)).one()
        assert [document.title for document in case.documents] == ["01-umowa.jpg", "02-polisa.jpg"]
        assert len(case.packages) == 2
