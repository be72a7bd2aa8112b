"""What a listed OCSP responder says of a signer counts at intake and for the command, and nothing waits for it."""

from __future__ import annotations

import dataclasses
import json
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.intake import recheck
from app.models import Outcome
from app.pki.trust_store import Anchor
from app.transaction import one_transaction
from app.usecases.trust import add_anchor
from tests import proofs
from tests.factories import an_office, application_files, now, send
from tests.loopback import http_server, say
from tests.pki.own_pki import DAY, NOW, citizen, hierarchy
from tests.signing import asice_xades

PKI = hierarchy()
REVOKED = f"R,keyCompromise@{NOW - DAY:%y%m%d%H%M%SZ}"


@pytest.fixture
def office(house):
    """An office that trusts an authority which publishes no list."""
    with house.app_context():
        an_office()
        with one_transaction() as session:
            anchor = Anchor.of(PKI.issuing.certificate, "trusted")
            add_anchor(session, anchor, "test", act=Act(SYSTEM, now()))
        yield house


@contextmanager
def a_responder(house, folder, status: str):
    """A package, and a responder on the loopback, listed, that answers of its signer by `status`.

    Gives the package, what was asked, and whether a transaction of the session was open meanwhile.
    """
    open_meanwhile = []
    session, answers = db.session(), []

    def answer(handler) -> None:
        open_meanwhile.append(session.in_transaction())
        say(handler, answers[0])

    with http_server(answer) as (port, asked):
        url = x509.UniformResourceIdentifier(f"http://127.0.0.1:{port}/ocsp")
        access = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, url)])
        signer = citizen(PKI.issuing, extensions=[(access, False)])
        index = proofs.ocsp_index((signer.certificate.serial_number, status))
        _, issuer = PKI.issuing.files(folder)
        key, certificate = signer.files(folder)
        answers.append(proofs.ocsp_response(certificate, issuer, index, PKI.issuing.files(folder), folder))
        tools = equipment()
        settings = dataclasses.replace(tools.settings, ocsp_hosts=(f"127.0.0.1:{port}",))
        house.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
        yield asice_xades(application_files(), key, certificate, folder), asked, open_meanwhile


@pytest.mark.parametrize(
    ("status", "outcome", "reasons"),
    [("V", Outcome.VALID, []), (REVOKED, Outcome.INVALID, ["revoked"])],
    ids=["good", "revoked"],
)
def test_a_listed_responder_is_asked_at_intake_while_no_transaction_waits(office, tmp_path, status, outcome, reasons):
    with a_responder(office, tmp_path, status) as (data, asked, open_meanwhile):
        package = send(data)

    assert (package.outcome, package.reasons) == (outcome, reasons)
    assert (asked, open_meanwhile) == (["/ocsp"], [False])
    told = package.verifications[0].revocation
    assert [(said["source"], said["revoked"]) for said in told] == [("OCSP", outcome is Outcome.INVALID)]


def test_judging_again_asks_while_no_transaction_waits(office, tmp_path):
    with a_responder(office, tmp_path, "V") as (data, asked, open_meanwhile):
        listed = equipment()
        office.extensions["equipment"] = dataclasses.replace(
            listed, settings=dataclasses.replace(listed.settings, ocsp_hosts=())
        )
        package = send(data)
        assert (package.reasons, asked) == (["revocation-unknown"], [])

        assert recheck(db.session(), package.id, equipment=listed, act=Act(SYSTEM, now())) is Outcome.VALID

    assert open_meanwhile == [False]


@pytest.mark.one_database
def test_the_command_asks_whom_intake_asks_and_offline_nobody(office, tmp_path):
    runner = office.test_cli_runner()
    with a_responder(office, tmp_path, "V") as (data, asked, _open):
        file = tmp_path / "a.asice"
        file.write_bytes(data)

        offline = runner.invoke(args=["package", "verify", "--json", "--offline", str(file)])
        assert json.loads(offline.output)["reasons"] == ["revocation-unknown"]
        assert asked == []

        online = runner.invoke(args=["package", "verify", "--json", str(file)])
        assert (online.exit_code, json.loads(online.output)["outcome"]) == (0, "valid")
        assert asked == ["/ocsp"]
