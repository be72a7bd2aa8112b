"""When a certificate counts as withdrawn, and which lists are believed."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags
from cryptography.x509.oid import NameOID

from app.pki.crl import CrlRefused, read_crl
from app.pki.revocation import MemoryRevocations, Sources
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.judged import MEMBERS, judge, store
from tests.pki.own_pki import DAY, NOW, Party, citizen, crl, hierarchy, make, subject, usage

PKI = hierarchy()
LEAF = PKI.citizen.certificate


def status(*crls: bytes, at: datetime = NOW, certificate: x509.Certificate = LEAF, issuer: Party = PKI.issuing):
    return MemoryRevocations(crls).status(certificate, issuer.certificate, at)


def revoked(when: datetime, reason: ReasonFlags | None = ReasonFlags.key_compromise, **more) -> bytes:
    return crl(PKI.issuing, [(LEAF, when, reason)], **more)


@pytest.fixture(scope="module")
def signature(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder: Path = tmp_path_factory.mktemp("signer")
    return signing.xades_signature(MEMBERS, *PKI.citizen.files(folder), folder)


def test_a_certificate_not_on_the_list_is_good() -> None:
    told = status(crl(PKI.issuing))

    assert (told.revoked, told.source) == (False, "CRL 1")


def test_without_a_list_nothing_is_known() -> None:
    assert (status().revoked, status().reason) == (None, "no-data")


def test_revoked_before_receipt_is_invalid(signature: bytes) -> None:
    verdict = judge(signature, trust=store(crls=(revoked(NOW - DAY),)))

    assert (verdict.reasons, verdict.revoked, verdict.trusted) == (("revoked",), True, True)
    assert (verdict.indication, verdict.sub_indication) == ("INDETERMINATE", "REVOKED_NO_POE")
    assert outcome_of([verdict]) == "invalid"


def test_revoked_at_the_very_moment_of_receipt_is_revoked() -> None:
    assert status(revoked(NOW)).revoked is True


def test_revoked_after_receipt_is_still_valid_and_said(signature: bytes) -> None:
    later = revoked(NOW + DAY, this_update=NOW + DAY, next_update=NOW + 8 * DAY)

    verdict = judge(signature, trust=store(crls=(later,)))

    assert (verdict.reasons, verdict.revoked, verdict.warnings) == ((), False, ("revoked-later",))
    assert outcome_of([verdict]) == "valid"


def test_no_list_at_all_leaves_the_question_open(signature: bytes) -> None:
    verdict = judge(signature, trust=store(crls=()))

    assert (verdict.reasons, verdict.revoked) == (("revocation-unknown",), None)
    assert verdict.sub_indication == "TRY_LATER"
    assert outcome_of([verdict]) == "undecided"


def test_where_the_office_does_not_require_revocation_data_their_absence_is_a_warning(signature: bytes) -> None:
    verdict = judge(signature, trust=store(crls=(), required=False))

    assert (verdict.reasons, verdict.revoked, verdict.warnings) == ((), None, ("revocation-unknown",))


def test_a_suspended_certificate_leaves_the_question_open(signature: bytes) -> None:
    verdict = judge(signature, trust=store(crls=(revoked(NOW - DAY, ReasonFlags.certificate_hold),)))

    assert (verdict.reasons, verdict.revoked) == (("suspended",), None)
    assert outcome_of([verdict]) == "undecided"


def test_a_newer_list_lifts_a_suspension() -> None:
    held = revoked(NOW - 2 * DAY, ReasonFlags.certificate_hold, this_update=NOW - 9 * DAY, next_update=NOW - 2 * DAY)

    assert status(held).reason == "too-old"
    assert status(held, crl(PKI.issuing)).revoked is False


def test_a_list_past_its_next_update_says_nothing_good() -> None:
    old = crl(PKI.issuing, this_update=NOW - 9 * DAY, next_update=NOW - 2 * DAY)

    assert (status(old).revoked, status(old).reason) == (None, "too-old")
    assert status(old, at=NOW - 3 * DAY).revoked is False


def test_a_withdrawal_on_an_old_list_still_counts() -> None:
    old = revoked(NOW - 10 * DAY, this_update=NOW - 9 * DAY, next_update=NOW - 2 * DAY)

    assert status(old).revoked is True


def test_a_list_newer_than_the_receipt_answers_for_it() -> None:
    assert status(crl(PKI.issuing, this_update=NOW + DAY)).revoked is False


def test_a_list_made_after_the_certificates_end_need_not_name_it() -> None:
    ended = citizen(PKI.issuing, end=NOW - 2 * DAY).certificate

    told = status(crl(PKI.issuing, this_update=NOW - DAY), certificate=ended, at=NOW - 3 * DAY)

    assert (told.revoked, told.reason) == (None, "expired")


def test_the_worst_of_several_lists_counts() -> None:
    assert status(crl(PKI.issuing), revoked(NOW - DAY)).revoked is True
    assert status(revoked(NOW - DAY), crl(PKI.issuing, number=2)).revoked is True
    both = Sources((MemoryRevocations([crl(PKI.issuing)]), MemoryRevocations([revoked(NOW - DAY)])))
    assert both.status(LEAF, PKI.issuing.certificate, NOW).revoked is True


def test_a_revoked_intermediate_is_told_apart(tmp_path: Path) -> None:
    trust = TrustStore(
        (Anchor.of(PKI.root.certificate, "personal"),),
        MemoryRevocations(
            [crl(PKI.root, [(PKI.issuing.certificate, NOW - DAY, ReasonFlags.ca_compromise)]), crl(PKI.issuing)]
        ),
        (PKI.issuing.certificate,),
    )

    verdict = judge(signing.xades_signature(MEMBERS, *PKI.citizen.files(tmp_path), tmp_path), trust=trust)

    assert (verdict.reasons, verdict.revoked) == (("issuer-revoked",), True)
    assert verdict.sub_indication == "REVOKED_CA_NO_POE"
    assert outcome_of([verdict]) == "invalid"


# which lists are believed


IMPOSTOR = make(subject("Test Issuing", organization="Test Centre"), None, ca=True, owner="impostor")
STRANGER = make(subject("Stranger"), None, ca=True)
MUTE = make(subject("Mute"), None, ca=True, key_usage=usage(key_cert_sign=True))
WEAK = make(subject("Weak"), None, ca=True, kind="rsa1024")


NO_ADDRESS = [x509.DirectoryName(subject("List of those with even numbers"))]
RELATIVE = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "Even numbers")])


def point(**scope) -> tuple[x509.ExtensionType, bool]:
    given = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False, "only_contains_ca_certs": False,
        "only_some_reasons": None, "indirect_crl": False, "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**(given | scope)), True


@pytest.mark.parametrize(
    ("data", "issuer", "code"),
    [
        (crl(PKI.issuing, signed_by=IMPOSTOR), PKI.issuing, "forged"),
        (crl(IMPOSTOR), PKI.issuing, "forged"),
        (crl(STRANGER), PKI.issuing, "other-issuer"),
        (crl(MUTE), MUTE, "not-its-task"),
        (crl(WEAK), WEAK, "weak"),
        (crl(PKI.issuing, extensions=[point(indirect_crl=True)]), PKI.issuing, "unsupported"),
        (crl(PKI.issuing, extensions=[point(full_name=NO_ADDRESS)]), PKI.issuing, "unsupported"),
        (crl(PKI.issuing, extensions=[point(relative_name=RELATIVE)]), PKI.issuing, "unsupported"),
        (
            crl(PKI.issuing, extensions=[point(only_some_reasons=frozenset({ReasonFlags.key_compromise}))]),
            PKI.issuing,
            "unsupported",
        ),
        (crl(PKI.issuing, extensions=[(x509.DeltaCRLIndicator(1), True)]), PKI.issuing, "unsupported"),
        (
            crl(
                PKI.issuing,
                extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)],
            ),
            PKI.issuing,
            "unsupported",
        ),
        (b"", PKI.issuing, "unreadable"),
        (b"-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n", PKI.issuing, "unreadable"),
        (crl(PKI.issuing)[:-20], PKI.issuing, "unreadable"),
    ],
)
def test_a_bad_list_is_refused(data: bytes, issuer: Party, code: str) -> None:
    with pytest.raises(CrlRefused) as refused:
        read_crl(data, issuer.certificate)

    assert refused.value.code == code
    assert status(data, issuer=issuer).revoked is None


def test_a_changed_list_is_forged() -> None:
    data = revoked(NOW - DAY)
    serial = LEAF.serial_number.to_bytes((LEAF.serial_number.bit_length() + 8) // 8, "big")
    changed = data.replace(serial, bytes(len(serial) - 1) + b"\x07") if serial in data else b""

    with pytest.raises(CrlRefused) as refused:
        read_crl(changed, PKI.issuing.certificate)

    assert refused.value.code in {"forged", "unreadable"}


def test_a_list_about_authorities_says_nothing_about_people() -> None:
    assert status(crl(PKI.issuing, extensions=[point(only_contains_ca_certs=True)])).revoked is None
    assert status(crl(PKI.issuing, extensions=[point(only_contains_user_certs=True)])).revoked is False


def test_a_list_of_one_distribution_point_speaks_of_certificates_that_name_it() -> None:
    def at(address: str) -> list[x509.GeneralName]:
        return [x509.UniformResourceIdentifier(address)]

    named = citizen(
        PKI.issuing,
        extensions=[
            (x509.CRLDistributionPoints([x509.DistributionPoint(at("http://a/1.crl"), None, None, None)]), False)
        ],
    ).certificate

    assert (
        status(crl(PKI.issuing, extensions=[point(full_name=at("http://a/1.crl"))]), certificate=named).revoked is False
    )
    assert (
        status(crl(PKI.issuing, extensions=[point(full_name=at("http://a/2.crl"))]), certificate=named).revoked is None
    )


def test_pem_is_read_like_der() -> None:
    pem = x509.load_der_x509_crl(crl(PKI.issuing)).public_bytes(Encoding.PEM)

    assert status(pem).revoked is False


def test_a_list_of_many_is_checked_once_and_asked_for_nothing() -> None:
    entry = x509.RevokedCertificateBuilder().revocation_date(NOW - DAY)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(PKI.issuing.certificate.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
    )
    for serial in range(1, 5001):
        builder = builder.add_revoked_certificate(entry.serial_number(serial).build())
    source = MemoryRevocations([builder.sign(PKI.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)])
    assert source.status(LEAF, PKI.issuing.certificate, NOW).revoked is False

    started = time.process_time()
    for _ in range(100):
        source.status(LEAF, PKI.issuing.certificate, NOW)

    assert time.process_time() - started < 0.5
