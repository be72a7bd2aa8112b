"""A CAdES signature that was made or changed against the rules never passes."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from asn1crypto import cms, core, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.pki.judging import judge_cades, judge_manifest
from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.judged import MEMBERS, judge_cms, now, resolving, store
from tests.pki.own_pki import NOW, Party, citizen, hierarchy, make, subject

CONTENT = b"<manifest/>"


@pytest.fixture(scope="module")
def signature(files: tuple[Path, Path, Path]) -> bytes:
    return signing.cades_signature(CONTENT, *files)


def parsed(signature: bytes) -> tuple[cms.ContentInfo, cms.SignedData, cms.SignerInfo]:
    info = cms.ContentInfo.load(signature)
    return info, info["content"], info["content"]["signer_infos"][0]


def without(signature: bytes, kind: str) -> bytes:
    """The signature without one of its signed attributes; its value is then wrong."""
    info, _, signer_info = parsed(signature)
    left = [attribute for attribute in signer_info["signed_attrs"] if attribute["type"].native != kind]
    signer_info["signed_attrs"] = cms.CMSAttributes(left)
    return bytes(info.dump())


def test_it_is_valid_as_it_was_made(signature: bytes) -> None:
    verdict = judge_cms(signature, CONTENT)

    assert (verdict.reasons, verdict.covers, verdict.format, verdict.level) == ((), ("a",), "cades", "B-B")


def test_pem_is_read_like_der(signature: bytes) -> None:
    armored = b"-----BEGIN CMS-----\n" + base64.encodebytes(signature) + b"-----END CMS-----\n"

    assert judge_cms(armored, CONTENT).reasons == ()


def test_streamed_ber_is_read_like_der(files: tuple[Path, Path, Path]) -> None:
    streamed = signing.cades_signature(CONTENT, *files, options=("-cades", "-stream"))

    assert b"\x30\x80" in streamed[:2]
    assert judge_cms(streamed, CONTENT).reasons == ()


def test_a_changed_content_is_a_hash_mismatch(signature: bytes) -> None:
    verdict = judge_cms(signature, CONTENT + b" ")

    assert (verdict.reasons, verdict.intact, verdict.covers) == (("hash-mismatch",), False, ())
    assert verdict.sub_indication == "HASH_FAILURE"
    assert outcome_of([verdict]) == "invalid"


def test_a_changed_message_digest_breaks_the_signature_value(signature: bytes) -> None:
    changed = signature.replace(hashlib.sha256(CONTENT).digest(), hashlib.sha256(b"other").digest())

    assert changed != signature
    assert judge_cms(changed, b"other").reasons == ("signature-mismatch",)


def test_a_changed_signature_value_is_a_mismatch(signature: bytes) -> None:
    info, _, signer_info = parsed(signature)
    value = bytearray(signer_info["signature"].native)
    value[10] ^= 1
    signer_info["signature"] = bytes(value)

    assert judge_cms(info.dump(force=True), CONTENT).reasons == ("signature-mismatch",)


def test_without_signed_attributes_it_is_not_cades(files: tuple[Path, Path, Path]) -> None:
    plain = signing.cades_signature(CONTENT, *files, options=("-noattr",))

    assert judge_cms(plain, CONTENT).reasons == ("format-failure",)


def test_without_signing_certificate_it_is_not_cades(files: tuple[Path, Path, Path]) -> None:
    plain = signing.cades_signature(CONTENT, *files, options=())

    assert judge_cms(plain, CONTENT).reasons == ("format-failure",)


def test_another_certificate_is_not_the_signers(signature: bytes) -> None:
    other = citizen(hierarchy().issuing, "rsa3072")
    info, signed_data, _ = parsed(signature)
    signed_data["certificates"] = [cms.CertificateChoices.load(other.der)]

    assert judge_cms(info.dump(force=True), CONTENT).reasons == ("signer-certificate-missing",)


def test_a_sid_that_names_another_certificate_is_refused(signature: bytes) -> None:
    info, _, signer_info = parsed(signature)
    signer_info["sid"].chosen["serial_number"] = 1

    assert judge_cms(info.dump(force=True), CONTENT).reasons == ("signer-certificate-missing",)


def test_a_signer_without_certificates_cannot_be_checked(files: tuple[Path, Path, Path]) -> None:
    bare = signing.cades_signature(CONTENT, *files, options=("-cades", "-nocerts"))

    verdict = judge_cms(bare, CONTENT)

    assert (verdict.reasons, verdict.intact) == (("signer-certificate-missing",), None)
    assert verdict.sub_indication == "NO_SIGNING_CERTIFICATE_FOUND"


def test_the_key_identifier_may_name_the_signer(files: tuple[Path, Path, Path]) -> None:
    signed = signing.cades_signature(CONTENT, *files, options=("-cades", "-keyid"))

    assert judge_cms(signed, CONTENT).reasons == ()


def test_a_content_type_that_is_not_the_signed_one_is_refused(signature: bytes) -> None:
    info, signed_data, _ = parsed(signature)
    signed_data["encap_content_info"]["content_type"] = "tst_info"

    assert judge_cms(info.dump(force=True), CONTENT).reasons[0] == "format-failure"


def test_sha1_is_weak(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    key_pem, cert_pem, _ = files

    verdict = judge_cms(signing.cades_signature(CONTENT, key_pem, cert_pem, tmp_path, "sha1"), CONTENT)

    assert "weak-algorithm" in verdict.reasons
    assert outcome_of([verdict]) == "invalid"


def test_a_short_rsa_key_is_weak(tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, "rsa1024")

    verdict = judge_cms(signing.cades_signature(CONTENT, *signer.files(tmp_path), tmp_path), CONTENT)

    assert "weak-algorithm" in verdict.reasons
    assert outcome_of([verdict]) == "invalid"


def test_content_put_into_the_signature_must_be_the_same(files: tuple[Path, Path, Path]) -> None:
    inside = signing.cades_signature(CONTENT, *files, options=("-cades", "-nodetach"))

    assert judge_cms(inside, CONTENT).reasons == ()
    assert judge_cms(inside, b"<other/>").reasons == ("hash-mismatch",)


def test_streamed_content_inside_the_signature_is_compared_too(files: tuple[Path, Path, Path]) -> None:
    inside = signing.cades_signature(CONTENT, *files, options=("-cades", "-nodetach", "-stream"))

    assert judge_cms(inside, CONTENT).reasons == ()
    assert judge_cms(inside, b"<other/>").reasons == ("hash-mismatch",)


def test_two_signers_give_two_verdicts(signature: bytes, tmp_path: Path) -> None:
    stranger = make(subject("OBCY"), make(subject("Obce CA"), None, ca=True), kind="rsa2048")
    key_pem, cert_pem = stranger.files(tmp_path)
    (tmp_path / "one.der").write_bytes(signature)
    (tmp_path / "content.bin").write_bytes(CONTENT)
    both = signing.run(
        "openssl", "cms", "-resign", "-binary", "-cades", "-inform", "DER", "-in", "one.der", "-outform", "DER",
        "-signer", cert_pem, "-inkey", key_pem, "-md", "sha256",
        cwd=tmp_path,
    )  # fmt: skip

    verdicts = judge_cades(both, "a.p7s", lambda: iter([CONTENT]), ("a",), store(), now())

    assert sorted(verdict.reasons for verdict in verdicts) == [(), ("chain-unknown",)]
    assert outcome_of(verdicts) == "undecided"


def test_an_attribute_twice_is_refused(signature: bytes) -> None:
    info, _, signer_info = parsed(signature)
    attributes = list(signer_info["signed_attrs"])
    signer_info["signed_attrs"] = cms.CMSAttributes([*attributes, attributes[0]])

    assert judge_cms(info.dump(force=True), CONTENT).reasons == ("format-failure",)


def resigned(signature: bytes, signer: Party, kind: str, value: core.Asn1Value) -> bytes:
    """The signature with another value of a signed attribute, signed again (RSA, SHA-256)."""
    info, _, signer_info = parsed(signature)
    attributes = [attribute for attribute in signer_info["signed_attrs"] if attribute["type"].native != kind]
    changed = cms.CMSAttributes([*attributes, cms.CMSAttribute({"type": kind, "values": [value]})])
    assert isinstance(signer.key, rsa.RSAPrivateKey)
    signer_info["signed_attrs"] = changed
    signed = signer_info["signed_attrs"].untag().dump()
    signer_info["signature"] = signer.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return bytes(info.dump())


def test_a_signature_signed_again_is_valid_so_that_what_follows_fails_for_its_own_reason(
    signature: bytes, signer: Party
) -> None:
    at = cms.Time({"utc_time": core.UTCTime(NOW)})

    verdict = judge_cms(resigned(signature, signer, "signing_time", at), CONTENT)

    assert (verdict.reasons, verdict.warnings, verdict.signed_at) == ((), (), NOW)


@pytest.mark.parametrize("kind", ["signing_certificate_v2", "signing_certificate"])
def test_a_signature_that_names_no_certificate_is_a_format_failure(
    signature: bytes, signer: Party, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    shape = tsp.SigningCertificateV2 if kind == "signing_certificate_v2" else tsp.SigningCertificate
    changed = resigned(without(signature, "signing_certificate_v2"), signer, kind, shape({"certs": []}))

    verdict = judge_cms(changed, CONTENT)

    assert "format-failure" in verdict.reasons
    assert "format-failure: no certificate named" in verdict.details
    assert not caplog.records


def test_a_claimed_time_without_zone_is_not_believed(signature: bytes, signer: Party) -> None:
    naive = cms.Time("generalized_time", core.GeneralizedTime(contents=b"20260102030405"))

    verdict = judge_cms(resigned(signature, signer, "signing_time", naive), CONTENT)

    assert (verdict.reasons, verdict.warnings, verdict.signed_at) == ((), ("signing-time-unreadable",), None)


def test_an_unknown_unsigned_attribute_does_no_harm(signature: bytes) -> None:
    info, _, signer_info = parsed(signature)
    signer_info["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.OctetString(b"x")]})]
    )

    assert judge_cms(info.dump(force=True), CONTENT).reasons == ()


@pytest.mark.parametrize(
    "data", [b"", b"x", b"0\x00", b"0\x80", b"-----BEGIN CMS-----\n!!!\n-----END CMS-----", b"0\x84\xff\xff\xff\xff"]
)
def test_what_is_no_signature_gives_one_verdict_that_says_so(data: bytes) -> None:
    verdict = judge_cms(data, CONTENT)

    assert verdict.reasons == ("format-failure",)
    assert (verdict.intact, verdict.trusted, verdict.revoked) == (None, None, None)


@pytest.mark.parametrize("keep", [40, 200, 700, -1])
def test_a_cut_signature_is_a_format_failure(signature: bytes, keep: int) -> None:
    assert judge_cms(signature[:keep], CONTENT).reasons == ("format-failure",)


# the manifest of ASiC-E


def test_a_manifest_covers_the_members_it_lists() -> None:
    verdict = judge_manifest(signing.asic_manifest(MEMBERS), resolving(MEMBERS))

    assert (verdict.signature_name, set(verdict.covers), verdict.reasons) == (
        "META-INF/signature.p7s",
        set(MEMBERS),
        (),
    )


def test_a_manifest_tells_changed_and_missing_members() -> None:
    verdict = judge_manifest(signing.asic_manifest(MEMBERS), resolving({"wniosek.xml": b"changed"}))

    assert (set(verdict.reasons), verdict.covers) == ({"hash-mismatch", "member-missing"}, ())


def test_a_manifest_with_sha1_is_weak() -> None:
    assert judge_manifest(signing.asic_manifest(MEMBERS, "sha1"), resolving(MEMBERS)).reasons == ("weak-algorithm",)


@pytest.mark.parametrize(
    "data",
    [b"<a/>", b"", b"<!DOCTYPE a><a/>", signing.asic_manifest({}), signing.asic_manifest(MEMBERS, signature="../x")],
)
def test_what_is_no_manifest_says_so(data: bytes) -> None:
    verdict = judge_manifest(data, resolving(MEMBERS))

    assert verdict.reasons in {("format-failure",), ("doctype",)}
    assert verdict.covers == ()
