"""Whatever bytes come, there is a verdict, soon, and nothing passes that was not signed."""

from __future__ import annotations

import base64
import logging
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from tests import proofs, signing
from tests.pki.judged import MEMBERS, judge, judge_cms
from tests.pki.own_pki import (
    Party,
    citizen,
    crl,
    doubled,
    garbled,
    hierarchy,
    make,
    of_version_nine,
    subject,
)
from tests.signing import EXCLUSIVE

FRAGMENTS = (
    b"<x/>", b"<!-- -->", b"<ds:Signature/>", b"</ds:Signature>", b"<ds:Object>", b"\xff", b"&amp;", b"<?a b?>",
    b' Id="S0-SP"', b'xmlns:ds="urn:x"', b"AAAA", b"\0", b"=", b"#", b"\x30\x80", b"\x04\x00", b"\xa0\x03",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    folder: Path = tmp_path_factory.mktemp("signer")
    files = citizen(hierarchy().issuing, "rsa2048").files(folder)
    return signing.xades_signature(MEMBERS, *files, folder), signing.cades_signature(b"content", *files, folder)


def mangled(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + chance.randrange(1, 60)]
        elif kind == 2:
            changed[at:at] = chance.choice(FRAGMENTS)
        else:
            other = chance.randrange(len(changed))
            changed[at:at] = changed[other : other + chance.randrange(1, 200)]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(8))
def test_mangled_signatures_get_a_verdict_and_pass_only_where_nothing_signed_changed(
    made: tuple[bytes, bytes], seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(seed)
    caplog.set_level(logging.CRITICAL)

    for _ in range(60):
        xades, cades = mangled(made[0], chance), mangled(made[1], chance)
        for verdict in (judge(xades), judge_cms(cades, b"content")):
            if verdict.indication == "TOTAL-PASSED":
                assert (verdict.intact, verdict.signer) == (True, "JAN KOWALSKI")
                assert set(verdict.covers) in (set(MEMBERS), {"a"})
            else:
                assert verdict.reasons


def with_certificates(signature: bytes, *ders: bytes) -> bytes:
    """A XAdES signature that shows more certificates, which nobody signs."""
    shown = "".join(f"<ds:X509Certificate>{base64.b64encode(der).decode()}</ds:X509Certificate>" for der in ders)
    return signature.replace(b"<ds:X509Data>", b"<ds:X509Data>" + shown.encode(), 1)


def with_strange_names(party: Party) -> bytes:
    """A certificate of the same owner with an alternative name of a kind that nobody uses."""
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), bytes.fromhex("3004a302 0500"))
    return make(party.certificate.subject, hierarchy().issuing, extensions=[(strange, False)]).der


UNREADABLE = pytest.mark.parametrize("spoilt", [garbled, doubled, of_version_nine, with_strange_names])


@UNREADABLE
def test_a_certificate_beside_the_signers_that_cannot_be_read_is_a_warning(
    made: tuple[bytes, bytes], spoilt: Callable[[Party], bytes]
) -> None:
    beside = spoilt(hierarchy().citizen)
    info = cms.ContentInfo.load(made[1])
    known = list(info["content"]["certificates"])
    info["content"]["certificates"] = [
        *known,
        cms.CertificateChoices("certificate", asn1_x509.Certificate.load(beside)),
    ]

    for verdict in (judge(with_certificates(made[0], beside)), judge_cms(info.dump(), b"content")):
        assert (verdict.reasons, verdict.warnings) == ((), ("certificate-unreadable",))


@UNREADABLE
def test_a_signers_certificate_that_cannot_be_read_is_missing(
    made: tuple[bytes, bytes], spoilt: Callable[[Party], bytes]
) -> None:
    der = spoilt(hierarchy().citizen)
    alone = re.sub(rb"<ds:X509Data>.*</ds:X509Data>", signing.x509_data(der).encode(), made[0], flags=re.DOTALL)

    verdict = judge(alone)

    assert (verdict.reasons, verdict.warnings) == (("signer-certificate-missing",), ("certificate-unreadable",))


def test_an_issuer_that_only_the_path_validator_cannot_read_leads_nowhere(tmp_path: Path) -> None:
    """Whoever has a certificate can play the authority and put anything into what he issues."""
    garbage = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.9"), b"\x04\x01x")
    player = hierarchy().citizen
    played = make(subject("Played"), player, ca=True, extensions=[(garbage, False)])
    signed = signing.xades_signature(MEMBERS, *citizen(played).files(tmp_path), tmp_path)

    verdict = judge(with_certificates(signed, player.der, played.der))

    assert verdict.reasons[0] == "chain-constraints"


@pytest.mark.parametrize(
    ("found", "instead"),
    [(b"Test Issuing", b"Test \xff\xfesuing"), (b"\x02\x01\x01", b"\x02\x01\x08")],
)
def test_a_list_in_a_signature_that_cannot_be_read_counts_for_nothing(
    made: tuple[bytes, bytes], found: bytes, instead: bytes
) -> None:
    spoilt = crl(hierarchy().issuing).replace(found, instead, 1)

    assert judge(proofs.with_unsigned(made[0], crls=(spoilt,))).reasons == ()


def test_much_work_asked_for_by_a_valid_signature_is_refused(tmp_path: Path) -> None:
    """Whoever has any key can ask for the same large object again and again."""
    key_pem, cert_pem = citizen(hierarchy().issuing, "rsa2048").files(tmp_path)
    large = f'<ds:Object Id="L">{"x" * 4_000_000}</ds:Object>'
    again = "".join(signing.reference("#L", "sha256", transforms=(EXCLUSIVE,)) for _ in range(200))
    document = signing.in_signatures(
        signing.signature_template(again, cert_pem, signing.signature_method(key_pem, "sha256"), objects=large)
    )
    signed = signing.openssl_sign(document, {"#L": b"\0" * 32}, key_pem, tmp_path)
    started = time.process_time()

    verdict = judge(signed)

    assert "too-many-references" in verdict.reasons
    assert time.process_time() - started < 10


def test_a_tiny_signature_is_judged_in_milliseconds(made: tuple[bytes, bytes]) -> None:
    judge(made[0])
    best = 1.0
    for _ in range(20):
        started = time.process_time()
        judge(made[0])
        best = min(best, time.process_time() - started)

    assert best < 0.015
