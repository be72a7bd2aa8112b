"""What a timestamp made by `openssl ts` proves, and embedded revocation data with it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, core, ocsp, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ReasonFlags
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import outcome_of
from tests import proofs, signing
from tests.pki.judged import MEMBERS, judge, judge_cms, now
from tests.pki.own_pki import DAY, NOW, Party, citizen, crl, hierarchy, make, subject, usage

PKI = hierarchy()
STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True
TSA_CA = make(subject("Test TSA CA"), None, ca=True)
TSA = make(subject("Test TSA"), TSA_CA, kind="rsa2048", key_usage=usage(digital_signature=True), extensions=[STAMPING])
TSA_CRL = crl(TSA_CA, next_update=NOW + 90 * DAY)
SOON_OVER = citizen(PKI.issuing, "rsa2048", end=NOW + 10 * DAY)
LATER = NOW + 20 * DAY
"""After the signer's certificate ended, while the time-stamping authority's still holds."""


def trust(*crls: bytes) -> TrustStore:
    return TrustStore(
        (
            Anchor.of(PKI.issuing.certificate, "personal"),
            Anchor.of(TSA_CA.certificate, "qualified", purpose="timestamp"),
        ),
        MemoryRevocations((TSA_CRL, *crls)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stamped")


@pytest.fixture(scope="module")
def plain(folder: Path) -> bytes:
    return signing.xades_signature(MEMBERS, *SOON_OVER.files(folder), folder)


def stamped(plain: bytes, folder: Path, by: Party = TSA, **more) -> bytes:
    token = proofs.timestamp_token(proofs.signature_value(plain), *by.files(folder), folder)
    return proofs.with_unsigned(plain, timestamps=(token,), **more)


def test_without_a_timestamp_an_ended_certificate_leaves_the_question_open(plain: bytes) -> None:
    verdict = judge(plain, trust=trust(*PKI.crls), at=LATER)

    assert "certificate-expired" in verdict.reasons
    assert (verdict.level, verdict.signed_at_source) == ("B-B", "claimed")
    assert outcome_of([verdict]) == "undecided"


def test_a_timestamp_proves_that_the_signature_is_older_than_the_certificates_end(plain: bytes, folder: Path) -> None:
    verdict = judge(stamped(plain, folder), trust=trust(*PKI.crls), at=LATER)

    assert (verdict.reasons, verdict.warnings) == ((), ())
    assert (verdict.level, verdict.signed_at_source) == ("B-T", "timestamp")
    assert verdict.signed_at is not None
    assert abs(verdict.signed_at - now()) < timedelta(minutes=10)
    assert outcome_of([verdict]) == "valid"


def test_a_withdrawal_after_the_timestamp_does_no_harm(plain: bytes, folder: Path) -> None:
    withdrawn = crl(
        PKI.issuing,
        [(SOON_OVER.certificate, NOW + 2 * DAY, ReasonFlags.key_compromise)],
        this_update=NOW + 2 * DAY,
    )

    assert judge(plain, trust=trust(withdrawn), at=NOW + 3 * DAY).reasons == ("revoked",)
    verdict = judge(stamped(plain, folder), trust=trust(withdrawn), at=NOW + 3 * DAY)
    assert (verdict.reasons, verdict.warnings) == ((), ("revoked-later",))


def test_revocation_data_in_the_signature_are_used_where_the_office_has_none(plain: bytes, folder: Path) -> None:
    brought = stamped(plain, folder, crls=(crl(PKI.issuing, this_update=NOW - DAY, next_update=NOW + DAY),))

    verdict = judge(brought, trust=trust(), at=LATER)

    assert (verdict.reasons, verdict.level) == ((), "B-LT")
    assert judge(stamped(plain, folder), trust=trust(), at=LATER).reasons == ("revocation-unknown",)


def test_a_withdrawal_known_to_the_office_counts_against_what_the_signature_brings(plain: bytes, folder: Path) -> None:
    brought = stamped(plain, folder, crls=(crl(PKI.issuing),))
    withdrawn = crl(PKI.issuing, [(SOON_OVER.certificate, NOW - DAY, None)])

    assert judge(brought, trust=trust(withdrawn)).reasons == ("revoked",)


def test_forged_revocation_data_in_the_signature_are_not_used(plain: bytes, folder: Path) -> None:
    impostor = make(subject("Test Issuing", organization="Test Centre"), None, ca=True, owner="impostor")
    brought = stamped(plain, folder, crls=(crl(impostor),), ocsps=(b"x",))

    assert judge(brought, trust=trust()).reasons == ("revocation-unknown",)


def _token_of_another_signature(plain: bytes, folder: Path) -> bytes:
    token = proofs.timestamp_token(b"something else", *TSA.files(folder), folder)
    return proofs.with_unsigned(plain, timestamps=(token,))


def _by_an_unknown_authority(plain: bytes, folder: Path) -> bytes:
    stranger = make(
        subject("Obcy TSA"), None, kind="rsa2048", key_usage=usage(digital_signature=True), extensions=[STAMPING]
    )
    return stamped(plain, folder, stranger)


def _by_a_citizen(plain: bytes, folder: Path) -> bytes:
    """The citizen's certificate may sign documents; `openssl ts` wants the usage, so it is a twin with it."""
    twin = citizen(PKI.issuing, "rsa2048", key_usage=usage(digital_signature=True), extensions=[STAMPING])
    return stamped(plain, folder, twin)


def _by_one_that_is_over(plain: bytes, folder: Path) -> bytes:
    over = make(
        subject("Old TSA"), TSA_CA, kind="rsa2048", key_usage=usage(digital_signature=True), extensions=[STAMPING],
        end=NOW + 5 * DAY,
    )  # fmt: skip
    return stamped(plain, folder, over)


def _sha1_imprint(plain: bytes, folder: Path) -> bytes:
    token = proofs.timestamp_token(proofs.signature_value(plain), *TSA.files(folder), folder, "sha1")
    return proofs.with_unsigned(plain, timestamps=(token,))


def _no_token(plain: bytes, folder: Path) -> bytes:
    return proofs.with_unsigned(plain, timestamps=(b"0\x00",))


def _stamped_anew(plain: bytes, folder: Path, kind: str, value: core.Asn1Value | None, at: bytes = b"") -> bytes:
    """A token signed again by its authority, with another value of a signed attribute or another time."""
    info = cms.ContentInfo.load(proofs.timestamp_token(proofs.signature_value(plain), *TSA.files(folder), folder))
    encapsulated, signer = info["content"]["encap_content_info"], info["content"]["signer_infos"][0]
    told = tsp.TSTInfo.load(bytes(encapsulated["content"]))
    if at:
        told["gen_time"] = core.GeneralizedTime(contents=at)
    content = told.dump()
    encapsulated["content"] = core.ParsableOctetString(content)
    values = {"message_digest": core.OctetString(hashlib.sha256(content).digest()), kind: value}
    signer["signed_attrs"] = cms.CMSAttributes(
        [
            cms.CMSAttribute(
                {"type": one["type"].native, "values": [values.get(one["type"].native) or one["values"][0]]}
            )
            for one in signer["signed_attrs"]
        ]
    )
    assert isinstance(TSA.key, rsa.RSAPrivateKey)
    signed = signer["signed_attrs"].untag().dump()
    signer["signature"] = TSA.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return proofs.with_unsigned(plain, timestamps=(bytes(info.dump()),))


def test_a_token_signed_anew_holds_so_that_what_follows_fails_for_its_own_reason(plain: bytes, folder: Path) -> None:
    at = NOW.strftime("%Y%m%d%H%M%SZ").encode()

    verdict = judge(_stamped_anew(plain, folder, "", None, at), trust=trust(*PKI.crls), at=LATER)

    assert (verdict.reasons, verdict.warnings, verdict.signed_at) == ((), (), NOW)


def _names_no_certificate(plain: bytes, folder: Path) -> bytes:
    return _stamped_anew(plain, folder, "signing_certificate_v2", tsp.SigningCertificateV2({"certs": []}))


def _time_without_zone(plain: bytes, folder: Path) -> bytes:
    return _stamped_anew(plain, folder, "", None, NOW.strftime("%Y%m%d%H%M%S").encode())


def _time_before_all_calendars(plain: bytes, folder: Path) -> bytes:
    return _stamped_anew(plain, folder, "", None, b"00010101000000+1400")


@pytest.mark.parametrize(
    "make_stamped",
    [
        _token_of_another_signature,
        _by_an_unknown_authority,
        _by_a_citizen,
        _by_one_that_is_over,
        _sha1_imprint,
        _names_no_certificate,
        _time_without_zone,
        _time_before_all_calendars,
        _no_token,
    ],
)
def test_a_timestamp_that_does_not_hold_is_a_warning_and_proves_nothing(
    plain: bytes, folder: Path, make_stamped
) -> None:
    verdict = judge(make_stamped(plain, folder), trust=trust(*PKI.crls), at=LATER)

    assert verdict.warnings == ("timestamp-unusable",)
    assert "certificate-expired" in verdict.reasons
    assert (verdict.level, verdict.signed_at_source) == ("B-B", "claimed")


def test_a_timestamp_of_a_withdrawn_authority_proves_nothing(plain: bytes, folder: Path) -> None:
    withdrawn = crl(TSA_CA, [(TSA.certificate, NOW - DAY, ReasonFlags.key_compromise)], number=2)

    assert judge(stamped(plain, folder), trust=trust(withdrawn, *PKI.crls)).warnings == ("timestamp-unusable",)


def test_a_timestamp_from_after_the_receipt_proves_nothing(plain: bytes, folder: Path) -> None:
    verdict = judge(stamped(plain, folder), trust=trust(*PKI.crls), at=NOW - timedelta(hours=2))

    assert "timestamp-unusable" in verdict.warnings


def test_a_timestamp_of_a_cades_signature_counts_too(folder: Path) -> None:
    signature = signing.cades_signature(b"x", *SOON_OVER.files(folder), folder)
    info = cms.ContentInfo.load(signature)
    signer = info["content"]["signer_infos"][0]
    token = proofs.timestamp_token(signer["signature"].native, *TSA.files(folder), folder)
    signer["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]})]
    )
    with_lists = cms.ContentInfo.load(info.dump())
    with_lists["content"]["crls"] = [cms.RevocationInfoChoice.load(crl(PKI.issuing))]

    verdict = judge_cms(info.dump(), b"x", trust=trust(*PKI.crls), at=LATER)
    long_term = judge_cms(with_lists.dump(), b"x", trust=trust(), at=LATER)

    assert (verdict.reasons, verdict.warnings, verdict.level) == ((), (), "B-T")
    assert (long_term.reasons, long_term.level) == ((), "B-LT")


def test_an_ocsp_response_in_a_cades_signature_is_used(folder: Path) -> None:
    key_pem, cert_pem = SOON_OVER.files(folder)
    issuer = PKI.issuing.files(folder)
    answer = proofs.ocsp_response(
        cert_pem, issuer[1], proofs.ocsp_index((SOON_OVER.certificate.serial_number, "V")), issuer, folder
    )
    info = cms.ContentInfo.load(signing.cades_signature(b"x", key_pem, cert_pem, folder))
    other = cms.OtherRevocationInfoFormat(
        {"other_rev_info_format": "ocsp_response", "other_rev_info": ocsp.OCSPResponse.load(answer)}
    )
    info["content"]["crls"] = [cms.RevocationInfoChoice("other", other)]

    assert judge_cms(info.dump(), b"x", trust=trust()).reasons == ()
    assert judge_cms(signing.cades_signature(b"x", key_pem, cert_pem, folder), b"x", trust=trust()).reasons == (
        "revocation-unknown",
    )


def test_a_claimed_time_at_the_end_of_the_calendar_is_not_believed(folder: Path) -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)
    signed = signing.xades_signature(MEMBERS, *SOON_OVER.files(folder), folder, signed_at=last)

    verdict = judge(signed, trust=trust(*PKI.crls))

    assert (verdict.reasons, verdict.warnings, verdict.signed_at) == ((), ("signing-time-unreadable",), None)


def test_a_claimed_time_in_the_future_is_a_warning(folder: Path) -> None:
    signed = signing.xades_signature(MEMBERS, *SOON_OVER.files(folder), folder, signed_at=NOW + DAY)

    verdict = judge(signed, trust=trust(*PKI.crls))

    assert (verdict.reasons, verdict.warnings) == ((), ("signing-time-in-future",))
    assert verdict.signed_at == NOW + DAY
