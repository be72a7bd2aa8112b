"""The commands that others rely on: what they print, and how they exit."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.authority import TestAuthority
from tests.factories import Signers, an_office, application_files
from tests.signing import asice_xades
from tests.web.mailbox_people import changed

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(house, authority):
    with house.app_context():
        an_office(authority)
    runner = house.test_cli_runner()
    return lambda *args: runner.invoke(args=[str(arg) for arg in args])


@pytest.fixture
def good(authority, tmp_path):
    file = tmp_path / "a.asice"
    file.write_bytes(Signers(authority, tmp_path).sign(application_files()))
    return file


@pytest.fixture
def foreign(tmp_path):
    authority = TestAuthority("CC nieznane")
    file = tmp_path / "b.asice"
    file.write_bytes(Signers(authority, tmp_path).sign(application_files()))
    return authority, file


def test_verify_prints_the_promised_object_and_exits_0(run, good):
    result = run("package", "verify", "--json", good)

    assert result.exit_code == 0, result.output
    verdict = json.loads(result.output)
    assert set(verdict) == {"file", "sha256", "container", "outcome", "reasons", "members", "signatures"}
    assert (verdict["file"], verdict["container"], verdict["outcome"]) == (str(good), "asic-e", "valid")
    assert set(verdict["members"][0]) == {"name", "size", "sha256", "signed"}
    assert set(verdict["signatures"][0]) == {
        "format", "level", "signer", "identifier", "issuer", "serial", "signed_at", "intact", "trusted", "revoked",
        "covers",
    }  # fmt: skip


def test_verify_stores_nothing(run, house, good):
    run("package", "verify", good)

    with house.app_context():
        from app.extensions import db
        from app.house import equipment
        from app.models import Package

        assert db.session.query(Package).count() == 0
        assert list(equipment().store.names()) == []


def test_verify_exits_1_for_what_is_not_valid_and_2_for_bad_usage(run, foreign, tmp_path):
    junk = tmp_path / "c.txt"
    junk.write_text("nie paczka")

    undecided, unreadable = run("package", "verify", "--json", foreign[1]), run("package", "verify", "--json", junk)

    assert (undecided.exit_code, json.loads(undecided.output)["outcome"]) == (1, "undecided")
    assert "chain-unknown" in json.loads(undecided.output)["reasons"]
    assert (unreadable.exit_code, json.loads(unreadable.output)["outcome"]) == (1, "unreadable")
    assert run("package", "verify", tmp_path / "missing").exit_code == 2
    assert run("package", "verify").exit_code == 2


def test_trust_and_crl_given_on_the_command_line_are_added_to_what_the_office_has(run, foreign, tmp_path):
    authority, file = foreign
    root, crl, root_crl = tmp_path / "root.pem", tmp_path / "a.crl", tmp_path / "r.crl"
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.factories import now

    issuing = authority.issuing.certificate.public_bytes(Encoding.PEM)
    root.write_bytes(authority.root_pem() + issuing)
    crl.write_bytes(authority.crl(now()).public_bytes(Encoding.PEM))
    root_crl.write_bytes(authority.root_crl(now()).public_bytes(Encoding.DER))

    result = run("package", "verify", "--json", "--trust", root, "--crl", crl, "--crl", root_crl, file)

    assert json.loads(result.output)["outcome"] == "valid", result.output
    assert result.exit_code == 0


def test_a_list_on_the_command_line_that_knows_of_a_withdrawal_counts_against_what_the_office_has(
    run, authority, tmp_path
):
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.factories import now

    signers = Signers(authority, tmp_path)
    file, crl = tmp_path / "a.asice", tmp_path / "newer.crl"
    file.write_bytes(signers.sign(application_files()))
    (certificate,) = x509.load_pem_x509_certificates(next(tmp_path.rglob("cert.pem")).read_bytes())
    before = list(authority.revoked)
    authority.revoke(certificate)
    crl.write_bytes(authority.crl(now()).public_bytes(Encoding.DER))
    authority.revoked[:] = before

    office_alone = run("package", "verify", "--json", file)
    with_the_list = run("package", "verify", "--json", "--crl", crl, file)

    assert json.loads(office_alone.output)["outcome"] == "valid"
    assert json.loads(with_the_list.output)["reasons"] == ["revoked"]
    assert with_the_list.exit_code == 1


def test_verify_lends_the_offices_own_issuing_certificate_as_intake_does(run, house, tmp_path):
    from app.demo.invented import dice, parties
    from app.demo.samples import make_signer
    from app.domain.acts import SYSTEM, Act
    from app.house import equipment
    from app.pki.signing import Signer
    from app.transaction import one_transaction
    from tests.factories import now
    from tests.pki.own_pki import Party

    with house.app_context():
        party = next(one for one in parties(8, dice("own")) if one.pesel)
        with one_transaction() as session:
            own: Signer = make_signer(session, party, equipment=equipment(), act=Act(SYSTEM, now()))
    key, certificate = Party(own.certificate, own.private_key).files(tmp_path)
    file = tmp_path / "own.asice"
    file.write_bytes(asice_xades(application_files(), key, certificate, tmp_path))

    result = run("package", "verify", "--json", file)

    assert (json.loads(result.output)["outcome"], json.loads(result.output)["reasons"]) == ("valid", [])


def test_verify_judges_as_of_any_moment_in_iso_8601(run, good):
    from tests.factories import now

    day = (now() + dt.timedelta(days=900)).date().isoformat()
    for late in (day, f"{day}T12:00", f"{day}T12:00:00.5Z", f"{day}T12:00:00+01:00"):
        judged = json.loads(run("package", "verify", "--json", "--offline", "--at", late, good).output)
        assert judged["outcome"] == "undecided"
        assert "certificate-expired" in judged["reasons"]
    assert run("package", "verify", "--at", "yesterday", good).exit_code == 2


def test_what_is_no_certificate_or_list_is_bad_usage_and_not_left_out_silently(run, good, tmp_path):
    junk = tmp_path / "junk"
    junk.write_text("nic")

    for option in ("--trust", "--crl"):
        refused = run("package", "verify", option, junk, good)
        assert (refused.exit_code, option in refused.output) == (2, True)


def test_import_prints_receipt_and_case_and_is_the_same_twice(run, good):
    first, second = (json.loads(run("package", "import", "--json", good).output) for _ in range(2))

    assert first == second
    assert first["state"] == "accepted"
    assert first["receipt"].startswith("UPO/1/")
    assert first["case"].startswith("KM.5410.1.")


def test_import_says_in_codes_and_in_words_why_a_package_is_refused(run, good, tmp_path):
    bad = tmp_path / "bad.asice"
    bad.write_bytes(changed(good.read_bytes()))

    shown, told = run("package", "import", "--json", bad), run("package", "import", bad)

    assert (shown.exit_code, told.exit_code) == (1, 1)
    assert json.loads(shown.output)["reasons"] == ["hash-mismatch"]
    assert json.loads(shown.output)["refusal"].startswith("Plik zmienił się po podpisaniu paczki.")
    assert "hash-mismatch" in told.output
    assert "Podpisz paczkę jeszcze raz" in told.output.replace("\N{NO-BREAK SPACE}", " ")
    assert json.loads(run("package", "import", "--json", good).output)["refusal"] is None


def test_a_receipt_is_ours_unchanged_and_speaks_of_its_package(run, house, good, tmp_path):
    run("package", "import", good)
    with house.app_context():
        from app.extensions import db
        from app.house import equipment
        from app.models import Receipt

        xml = equipment().store.read(db.session.query(Receipt).one().xml_sha256)
    receipt, forged = tmp_path / "upo.xml", tmp_path / "forged.xml"
    receipt.write_bytes(xml)
    forged.write_bytes(xml.replace(b"UPO/1/", b"UPO/2/"))
    other = tmp_path / "other"
    other.write_bytes(b"another file")

    assert run("receipt", "verify", receipt, "--package", good).exit_code == 0
    assert run("receipt", "verify", receipt).exit_code == 0
    assert run("receipt", "verify", receipt, "--package", other).exit_code == 1
    assert run("receipt", "verify", forged).exit_code == 1


def test_no_process_loads_the_demonstration_before_somebody_asks_for_it():
    code = "import sys, run, app.cli.demo; print([name for name in sys.modules if name.startswith('app.demo')])"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout.strip() == "[]"
