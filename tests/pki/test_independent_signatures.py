"""Signatures made by xmlsec1 and openssl are what we say they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.epackages.package import judge_package
from app.pki.judging import judge_cades, judge_manifest, judge_xades
from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.judged import now
from tests.pki.own_pki import citizen, hierarchy

MEMBERS = {"wniosek.xml": b"<wniosek>\xc5\xbc\xc3\xb3\xc5\x82w</wniosek>", "zał 01 (żółty)+1.pdf": b"%PDF-1.7 ..."}
KEYS = ("rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521")
DIGESTS = ("sha256", "sha384", "sha512")


def trust() -> TrustStore:
    pki = hierarchy()
    return TrustStore((Anchor.of(pki.issuing.certificate, "personal"),), MemoryRevocations(pki.crls))


def find(members):
    return lambda name: (lambda: iter([members[name]])) if name in members else None


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("kind", KEYS)
def test_a_xades_signature_of_xmlsec1_is_valid(kind: str, digest: str, tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, kind)
    signature = signing.xades_signature(MEMBERS, *signer.files(tmp_path), tmp_path, digest)

    (verdict,) = judge_xades(signature, "META-INF/signatures0.xml", find(MEMBERS), trust(), now())

    assert (verdict.reasons, verdict.warnings) == ((), ())
    assert (verdict.intact, verdict.trusted, verdict.revoked) == (True, True, False)
    assert set(verdict.covers) == set(MEMBERS)
    assert (verdict.signer, verdict.identifier) == ("JAN KOWALSKI", "PNOPL-80010112349")
    assert verdict.indication == "TOTAL-PASSED"
    assert verdict.identity == "personal"
    assert outcome_of([verdict]) == "valid"


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("kind", ["rsa2048", "rsa3072", "rsa4096"])
def test_a_xades_signature_with_pss_by_openssl_is_valid(kind: str, digest: str, tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, kind)
    signature = signing.xades_signature(MEMBERS, *signer.files(tmp_path), tmp_path, digest, pss=True)

    (verdict,) = judge_xades(signature, "s", find(MEMBERS), trust(), now())

    assert verdict.reasons == ()
    assert b"MGF1" in signature


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize(
    ("kind", "pss"), [*((kind, "") for kind in KEYS), *((f"rsa{bits}", "pss") for bits in (2048, 3072, 4096))]
)
def test_a_cades_signature_of_openssl_is_valid(kind: str, pss: str, digest: str, tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, kind)
    manifest = signing.asic_manifest(MEMBERS, digest)
    signature = signing.cades_signature(manifest, *signer.files(tmp_path), tmp_path, digest, pss=bool(pss))

    listed = judge_manifest(manifest, find(MEMBERS))
    (verdict,) = judge_cades(
        signature, "META-INF/signature.p7s", lambda: iter([manifest]), listed.covers, trust(), now()
    )

    assert (listed.signature_name, listed.reasons) == ("META-INF/signature.p7s", ())
    assert set(verdict.covers) == set(MEMBERS)
    assert (verdict.reasons, verdict.warnings) == ((), ())
    assert (verdict.intact, verdict.trusted, verdict.revoked) == (True, True, False)
    assert verdict.indication == "TOTAL-PASSED"


def test_whole_containers_of_other_programs_are_valid(tmp_path: Path) -> None:
    key_pem, cert_pem = hierarchy().citizen.files(tmp_path)
    made = {
        "asic-e xades": signing.asice_xades(MEMBERS, key_pem, cert_pem, tmp_path),
        "asic-e cades": signing.asice_cades(MEMBERS, key_pem, cert_pem, tmp_path),
        "asic-s xades": signing.asics_xades("a.pdf", b"%PDF", key_pem, cert_pem, tmp_path),
        "asic-s cades": signing.asics_cades("a.pdf", b"%PDF", key_pem, cert_pem, tmp_path),
    }

    for make, data in made.items():
        path = tmp_path / "package"
        path.write_bytes(data)
        verdict = judge_package(path, trust=trust(), at=now())

        assert (verdict.outcome, verdict.reasons) == ("valid", ()), make
        assert f"{verdict.container} {verdict.signatures[0].format}" == make
