"""From signed bytes to a receipt and a case, on both databases; the signatures are made by programs not ours."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.domain.acts import SYSTEM, Act
from app.domain.deadlines import ORDINARY_CASE, due_date, office_day
from app.domain.holidays import DayKind, next_working_day
from app.epackages.application import Answer, AnswerKind, RequestKind
from app.epackages.receipt import check_receipt
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, settle
from app.models import Case, Channel, Job, Outcome, Package, PackageState, Receipt
from app.storage import TooLarge
from app.transaction import one_transaction
from app.usecases.change_days_off import DayChange, change_days_off
from app.usecases.judge_received import judge_received, record_verdict
from app.usecases.read_form import read_form
from app.usecases.receive_package import Arrival, Sender
from app.usecases.seals import seal_certificates
from app.usecases.trust import trust_store
from app.usecases.verify_custody import verify_custody
from app.usecases.verify_store import verify_store
from tests.authority import TestAuthority
from tests.factories import Signers, a_form, a_photo, application_files, now, send
from tests.signing import cades_signature


@pytest.mark.parametrize("cades", [False, True], ids=["xades-by-xmlsec1", "cades-by-openssl"])
def test_a_valid_package_gets_a_receipt_and_a_case(office, signers, cades):
    package = send(signers.sign(application_files(), cades=cades))

    assert package.reasons == []
    assert package.outcome is Outcome.VALID
    assert package.state is PackageState.ACCEPTED
    case = package.case
    assert case.sign == f"KM.5410.1.{now().year}"
    assert (case.procedure, case.edition, case.stage) == ("registration", "sekap", "received")
    assert [(step.step, step.to_stage) for step in case.steps] == [("open", "received")]
    assert (case.plate, case.vin, case.applicant_name) == ("SC 12345", "TMBJJ7NE8J0123456", "Jan Testowy")
    assert [document.title for document in case.documents] == ["01-umowa.jpg"]
    assert case.due_on == case.deadlines[0].due_on
    assert case.parties[0].pesel_sealed not in (None, "84051203872")


def test_a_case_is_due_by_the_calendar_of_the_office(office, signers):
    due = due_date(office_day(now()), ORDINARY_CASE)
    with one_transaction() as session:
        change_days_off(session, DayChange(due, kind=DayKind.BY_LAW, name="Dzień żałoby"), act=Act(SYSTEM, now()))

    case = send(signers.sign(application_files())).case

    assert case.due_on == case.deadlines[0].due_on == next_working_day(due + dt.timedelta(days=1))
    assert list(verify_custody(db.session(), now())) == []


def test_the_receipt_verifies_with_xmlsec1_and_speaks_of_the_package(office, signers, tmp_path):
    data = signers.sign(application_files())
    package = send(data)
    xml = equipment().store.read(package.receipt.xml_sha256)
    upo, root, sent = tmp_path / "upo.xml", tmp_path / "root.pem", tmp_path / "sent.asice"
    upo.write_bytes(xml)
    sent.write_bytes(data)
    from app.usecases.centre import ROOT, authority_certificate

    root.write_bytes(authority_certificate(db.session(), ROOT).public_bytes(Encoding.PEM))

    verified = subprocess.run(
        ["xmlsec1", "--verify", "--trusted-pem", root,
         "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", upo],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    check = check_receipt(xml, seal_certificates(db.session()), sent)

    assert verified.returncode == 0, verified.stderr
    assert (check.ours, check.unchanged, check.speaks_of_package) == (True, True, True)


def test_the_same_package_twice_is_one_package_one_case_one_receipt(office, signers):
    data = signers.sign(application_files())

    first, second = send(data), send(data)

    assert first.id == second.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def test_a_package_that_was_judged_and_not_settled_is_settled_with_its_members_once(office, signers):
    tools = equipment()
    kept = keep([signers.sign(application_files())], equipment=tools)
    sender = Sender(Channel.IMPORT, "import:test", "Jan Testowy")
    package_id, _ = acknowledge(Arrival(kept, "paczka.asice"), sender, act=Act(SYSTEM, now()))
    package = db.session.get_one(Package, package_id)
    trust = trust_store(db.session(), equipment=tools)
    verdict, _form = judge_received(package, trust, equipment=tools)
    with one_transaction() as session:
        package = session.get_one(Package, package_id)
        record_verdict(session, package, verdict, trust, equipment=tools, act=Act(SYSTEM, now()))

    settle(db.session(), package_id, equipment=tools)

    package = db.session.get_one(Package, package_id)
    assert package.state is PackageState.ACCEPTED
    assert [member.name for member in package.members] == [member.name for member in verdict.members]
    assert len(package.case.documents) == 1
    assert verify_store(db.session(), tools.store, now()) == []


def test_the_same_bytes_from_another_sender_are_another_package(office, signers):
    data = signers.sign(application_files())

    first = send(data)
    second = send(data, sender=Sender(Channel.IMPORT, "import:other", "Kto inny"))

    assert first.id != second.id
    assert first.case_id != second.case_id


def test_an_unknown_chain_is_undecided_and_becomes_a_case_with_a_warning(office, tmp_path):
    stranger = Signers(TestAuthority("CC nieznane"), tmp_path)

    package = send(stranger.sign(application_files()))

    assert (package.outcome, package.state) == (Outcome.UNDECIDED, PackageState.ACCEPTED)
    assert package.receipt is not None
    assert not package.case.signature_settled
    assert "signature-undecided" in {finding.code for finding in package.case.findings}


def test_a_tampered_package_is_refused_and_kept_in_quarantine(office, signers):
    import io
    import zipfile

    from tests.signing import zipped

    with zipfile.ZipFile(io.BytesIO(signers.sign(application_files()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != "mimetype"}
    files["01-umowa.jpg"] = a_photo("red")

    package = send(zipped(files))

    assert (package.outcome, package.state) == (Outcome.INVALID, PackageState.REFUSED)
    assert "hash-mismatch" in package.reasons
    assert (package.receipt, package.case) == (None, None)
    assert equipment().store.exists(package.sha256)


def test_what_is_no_package_is_refused_as_unreadable(office):
    package = send(b"to nie jest paczka" * 100)

    assert (package.outcome, package.state) == (Outcome.UNREADABLE, PackageState.REFUSED)
    assert package.reasons


def test_a_package_without_a_form_becomes_a_case_to_be_described(office, signers):
    package = send(signers.sign({"pismo.txt": "Dzień dobry".encode()}))

    assert package.state is PackageState.ACCEPTED
    assert package.case.procedure == "undescribed"
    assert package.form_problem == "form-missing"


def test_an_answer_from_the_same_sender_joins_its_case(office, signers):
    case = send(signers.sign(application_files())).case
    answer = a_form(answers=Answer(case.sign, AnswerKind.SUPPLEMENT))

    package = send(signers.sign({"wniosek.xml": answer, "02-polisa.jpg": a_photo("green")}))

    assert package.case_id == case.id
    assert [document.title for document in package.case.documents] == ["01-umowa.jpg", "02-polisa.jpg"]


def test_an_answer_from_a_stranger_opens_a_case_of_its_own(office, signers):
    case = send(signers.sign(application_files())).case
    answer = a_form(answers=Answer(case.sign, AnswerKind.SUPPLEMENT))

    package = send(signers.sign({"wniosek.xml": answer}), sender=Sender(Channel.IMPORT, "import:obcy", "Obcy"))

    assert package.case_id != case.id
    assert "answers-unknown-case" in {finding.code for finding in package.case.findings}


def test_the_newest_open_cases_of_the_same_vehicle_are_named_and_no_others(office, signers):
    cases = [send(signers.sign(application_files(plate=f"SC 1234{n}"))).case for n in range(5)]
    with one_transaction() as session:
        session.get_one(Case, cases[3].id).closed_at = now()

    case = send(signers.sign(application_files(plate="SC 12340"))).case

    named = [(one.code, one.details["sign"]) for one in case.findings if one.code.startswith("same-")]
    by_vin = [("same-vin-open", cases[n].sign) for n in (4, 2, 1)]
    assert named == [*by_vin, ("same-plate-open", cases[0].sign)]


def test_signs_are_gap_free_and_jobs_are_done(office, signers):
    for number in range(3):
        send(signers.sign(application_files(kind=RequestKind.DEREGISTRATION, vin=f"TMBJJ7NE8J012345{number}")))

    numbers = db.session.scalars(sa.select(Case.number).order_by(Case.number)).all()
    assert numbers == [1, 2, 3]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.kind == "settle_package")) == 0
    assert {package.procedure for package in db.session.scalars(sa.select(Package))} == {"deregistration"}


def test_a_file_refused_for_want_of_a_signature_is_taken_when_it_comes_with_one(office, signers, tmp_path):
    signer = signers.authority.citizen("Jan Testowy", "84051203872", key="rsa")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    key.write_bytes(signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    letter = "Proszę o rejestrację.".encode()

    refused, again = send(letter, filename="pismo.txt"), send(letter, filename="pismo.txt")
    signature = cades_signature(letter, key, certificate, tmp_path)
    accepted = send(letter, filename="pismo.txt", companion=signature)

    assert (refused.state, again.id) == (PackageState.REFUSED, refused.id)
    assert (accepted.state, accepted.reasons) == (PackageState.ACCEPTED, [])
    assert accepted.id != refused.id
    assert list(verify_store(db.session(), equipment().store, now())) == []


@pytest.mark.parametrize(
    ("limit", "reason"),
    [({"max_files": 3}, "too-many-entries"), ({"max_unpacked": 1000}, "too-large"), ({"max_xml": 500}, "too-large")],
    ids=str,
)
def test_a_limit_of_the_office_is_kept_when_a_package_is_judged(office, signers, limit, reason):
    data = signers.sign(application_files())
    tools = equipment()
    office.extensions["equipment"] = dataclasses.replace(tools, settings=dataclasses.replace(tools.settings, **limit))

    package = send(data)

    assert (package.state, package.reasons) == (PackageState.REFUSED, [reason])


def test_what_was_taken_in_stays_readable_when_the_limits_are_lowered(office, signers):
    package = send(signers.sign(application_files()))
    tools = equipment()
    small = dataclasses.replace(tools.settings, max_package=100, max_unpacked=100, max_files=1, max_xml=100)
    office.extensions["equipment"] = dataclasses.replace(tools, settings=small)

    assert read_form(package, equipment=equipment()).application is not None
    with pytest.raises(TooLarge):
        send(b"x" * 101)
