"""Which OCSP responses, made by `openssl ocsp`, are believed, and which responders are asked at all."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from app.pki.ocsp import OcspRefused, read_ocsp
from app.pki.ocsp_client import OcspOverHttp
from app.pki.revocation import MemoryRevocations
from app.pki.withdrawal import NO_DATA
from tests import proofs
from tests.loopback import http_server
from tests.pki.own_pki import DAY, NOW, Party, citizen, crl, hierarchy, make, subject, usage

PKI = hierarchy()
FOR_OCSP = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False
DIGITAL = usage(digital_signature=True)
DELEGATE = make(
    subject("OCSP"), PKI.issuing, kind="rsa2048", key_usage=DIGITAL, extensions=[FOR_OCSP, (x509.OCSPNoCheck(), False)]
)


def response(folder: Path, responder: Party, status: str = "V", *options: str, about: Party = PKI.citizen) -> bytes:
    _, certificate = about.files(folder)
    _, issuer = PKI.issuing.files(folder)
    index = proofs.ocsp_index((about.certificate.serial_number, status))
    return proofs.ocsp_response(certificate, issuer, index, responder.files(folder), folder, *options)


def told(data: bytes, *crls: bytes, about: Party = PKI.citizen, at=NOW):
    return MemoryRevocations(crls, [data]).status(about.certificate, PKI.issuing.certificate, at)


def revoked(when, reason: str = "keyCompromise") -> str:
    return f"R,{reason}@{when:%y%m%d%H%M%SZ}"


def test_the_issuers_own_response_counts(tmp_path: Path) -> None:
    assert told(response(tmp_path, PKI.issuing)).revoked is False


def test_an_appointed_responder_counts(tmp_path: Path) -> None:
    assert told(response(tmp_path, DELEGATE)).revoked is False
    assert told(response(tmp_path, DELEGATE, "V", "-resp_key_id")).revoked is False


def test_a_withdrawal_is_told_with_its_moment_and_reason(tmp_path: Path) -> None:
    data = response(tmp_path, DELEGATE, revoked(NOW - DAY))

    answer = told(data)

    assert (answer.revoked, answer.revoked_at, answer.reason) == (True, NOW - DAY, "keyCompromise")
    assert told(data, at=NOW - 2 * DAY).revoked is False


def test_a_certificate_the_responder_does_not_know_is_not_good(tmp_path: Path) -> None:
    _, certificate = PKI.citizen.files(tmp_path)
    _, issuer = PKI.issuing.files(tmp_path)
    data = proofs.ocsp_response(certificate, issuer, proofs.ocsp_index((7, "V")), DELEGATE.files(tmp_path), tmp_path)

    assert told(data).revoked is None


def test_a_response_about_another_certificate_says_nothing_and_does_no_harm(tmp_path: Path) -> None:
    other = response(tmp_path, DELEGATE, about=citizen(PKI.issuing))

    assert told(other).revoked is None
    assert told(other, crl(PKI.issuing)).revoked is False


BAD_RESPONDERS = {
    "a citizen": (lambda: citizen(PKI.issuing, "rsa2048", key_usage=DIGITAL), "not-its-task"),
    "one of another centre": (
        lambda: make(
            subject("OCSP"), make(subject("Obcy"), None, ca=True), kind="rsa2048", key_usage=DIGITAL,
            extensions=[FOR_OCSP],
        ),
        "forged",
    ),
    "one appointed by itself": (
        lambda: make(subject("OCSP"), None, kind="rsa2048", key_usage=DIGITAL, extensions=[FOR_OCSP]),
        "forged",
    ),
    "one whose time is over": (
        lambda: make(
            subject("OCSP"), PKI.issuing, kind="rsa2048", key_usage=DIGITAL, end=NOW - DAY,
            extensions=[FOR_OCSP, (x509.OCSPNoCheck(), False)],
        ),
        "not-its-task",
    ),
    "one nobody answers for": (
        lambda: make(subject("OCSP"), PKI.issuing, kind="rsa2048", key_usage=DIGITAL, extensions=[FOR_OCSP]),
        "not-its-task",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RESPONDERS)
def test_a_responder_that_was_not_appointed_is_not_believed(name: str, tmp_path: Path) -> None:
    build, code = BAD_RESPONDERS[name]
    data = response(tmp_path, build())

    with pytest.raises(OcspRefused) as refused:
        read_ocsp(data, PKI.citizen.certificate, PKI.issuing.certificate)

    assert refused.value.code == code
    assert told(data).revoked is None


def test_a_responder_without_nocheck_counts_when_a_list_answers_for_it(tmp_path: Path) -> None:
    responder = make(subject("OCSP"), PKI.issuing, kind="rsa2048", key_usage=DIGITAL, extensions=[FOR_OCSP])
    data = response(tmp_path, responder, revoked(NOW - DAY))

    assert told(data).revoked is None
    assert told(data, crl(PKI.issuing)).revoked is True
    assert told(data, crl(PKI.issuing, [(responder.certificate, NOW - DAY, None)])).revoked is not True


def test_a_changed_response_is_forged(tmp_path: Path) -> None:
    data = response(tmp_path, DELEGATE, revoked(NOW - DAY))
    when = f"{NOW - DAY:%Y%m%d%H%M%SZ}".encode()
    changed = data.replace(when, b"20990101000000Z")
    assert changed != data

    with pytest.raises(OcspRefused) as refused:
        read_ocsp(changed, PKI.citizen.certificate, PKI.issuing.certificate)

    assert refused.value.code == "forged"


@pytest.mark.parametrize("data", [b"", b"0\x00", b"0\x03\n\x01\x06", b"\x30\x80"])
def test_what_is_no_response_says_nothing(data: bytes) -> None:
    assert told(data).revoked is None


# over HTTP


@contextmanager
def openssl_responder(folder: Path, port: int, index: str) -> Iterator[None]:
    """A real `openssl ocsp` server on the loopback."""
    (folder / "live.txt").write_text(index)
    _, issuer = PKI.issuing.files(folder)
    key_pem, cert_pem = DELEGATE.files(folder)
    server = subprocess.Popen(
        [
            "openssl", "ocsp", "-index", "live.txt", "-port", str(port), "-CA", str(issuer), "-rsigner", str(cert_pem),
            "-rkey", str(key_pem), "-ndays", "1", "-ignore_err",
        ],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert server.stderr is not None
    try:
        while b"waiting for OCSP client" not in server.stderr.readline():
            assert server.poll() is None
        yield
    finally:
        server.terminate()
        server.wait(10)
        server.stderr.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def naming(url: str) -> Party:
    access = x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url))]
    )
    return citizen(PKI.issuing, extensions=[(access, False)])


def test_a_listed_responder_is_asked_over_http(tmp_path: Path) -> None:
    port = free_port()
    good, bad = naming(f"http://127.0.0.1:{port}/ocsp"), naming(f"http://127.0.0.1:{port}/")
    index = proofs.ocsp_index(
        (good.certificate.serial_number, "V"), (bad.certificate.serial_number, revoked(NOW - DAY))
    )
    client = OcspOverHttp([f"127.0.0.1:{port}"])

    with openssl_responder(tmp_path, port, index):
        answers = [client.status(party.certificate, PKI.issuing.certificate, NOW).revoked for party in (good, bad)]

    assert answers == [False, True]


def _redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.end_headers()


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b"x" * 1024)
    except OSError:
        pass


def _error(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(500)


def _nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"nonsense\r\n\r\n")


def _slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


@pytest.mark.parametrize("answer", [_redirect, _endless, _error, _nonsense, _slow])
def test_a_responder_that_misbehaves_leaves_the_question_open(answer) -> None:
    with http_server(answer) as (port, asked):
        client = OcspOverHttp([f"127.0.0.1:{port}"], timeout=0.3)
        party = naming(f"http://127.0.0.1:{port}/")

        assert client.status(party.certificate, PKI.issuing.certificate, NOW).revoked is None
        assert asked == ["/"]


def test_an_address_that_is_not_listed_is_never_asked() -> None:
    with http_server(_error) as (port, asked):
        party = naming(f"http://127.0.0.1:{port}/")

        for hosts in ([], ["127.0.0.1"], ["example.test"], [f"localhost:{port}"]):
            assert OcspOverHttp(hosts).status(party.certificate, PKI.issuing.certificate, NOW).revoked is None
        assert asked == []


def test_a_listed_name_that_leads_into_the_offices_own_network_is_told_nothing() -> None:
    with http_server(_error) as (port, asked):
        party = naming(f"http://localhost:{port}/")

        assert OcspOverHttp([f"localhost:{port}"]).status(party.certificate, PKI.issuing.certificate, NOW) == NO_DATA
        assert asked == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://ocsp.test/a", True),
        ("http://ocsp.test:80/", True),
        ("https://ocsp.test/", True),
        ("http://OCSP.TEST/", True),
        ("http://ocsp.test:8080/", False),
        ("http://ocsp.test@evil.test/", False),
        ("http://user@ocsp.test/", False),
        ("http://ocsp.test.evil.test/", False),
        ("file:///etc/passwd", False),
        ("ldap://ocsp.test/", False),
        ("http://ocsp.test:x/", False),
        ("ocsp.test", False),
        ("", False),
    ],
)
def test_only_listed_hosts_over_http_are_allowed(url: str, allowed) -> None:
    assert OcspOverHttp(["ocsp.test"]).allows(url) is allowed
