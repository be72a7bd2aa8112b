"""Which paths lead to an anchor, which do not, and what the office says about those."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.pki.path import find_path
from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import REASONS
from tests import signing
from tests.pki.judged import MEMBERS, judge, judge_cms, store
from tests.pki.own_pki import DAY, NOW, Party, citizen, crl, hierarchy, make, subject, usage

ROOT = hierarchy().root
ISSUING = hierarchy().issuing
QC_COMPLIANCE = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), bytes.fromhex("300a3008060604008e460101")
)


def ca(name: str, by: Party | None, **more: object) -> Party:
    return make(subject(name), by, ca=True, **more)


def found(leaf: Party, *others: Party, anchors: tuple[Party, ...] = (ROOT,), at=NOW):
    return find_path(leaf.certificate, tuple(o.certificate for o in others), store(*anchors), "sign", at)


def permitted(*names: x509.Name) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints([x509.DirectoryName(name) for name in names], None), True


def test_an_issuing_authority_may_be_the_anchor_without_its_root() -> None:
    finding = found(hierarchy().citizen, anchors=(ISSUING,))

    assert (finding.trusted, finding.reason) == (True, "")


def test_a_path_over_an_intermediate_that_came_with_the_signature_holds() -> None:
    finding = found(hierarchy().citizen, ISSUING)

    assert finding.trusted
    assert finding.chain is not None
    assert finding.chain.certificates == (hierarchy().citizen.certificate, ISSUING.certificate)


def test_a_path_over_an_intermediate_of_the_office_holds() -> None:
    trust = TrustStore((Anchor.of(ROOT.certificate, "personal"),), MemoryRevocations(), (ISSUING.certificate,))

    assert find_path(hierarchy().citizen.certificate, (), trust, "sign", NOW).trusted


BAD = {
    "no path": (lambda: (hierarchy().citizen,), "chain-unknown"),
    "unknown issuer": (lambda: (citizen(ca("Obcy", None)), ca("Obcy", None)), "chain-unknown"),
    "self-signed": (lambda: (make(subject("JAN KOWALSKI"), None),), "chain-unknown"),
    "an issuer's name without its key": (
        lambda: (citizen(ca("Test Root", None, owner="impostor")),),
        "chain-unknown",
    ),
    "path too long": (
        lambda: (citizen(deep := ca("Deep", ISSUING)), deep, ISSUING),
        "chain-constraints",
    ),
    "issuer is no authority": (
        lambda: (citizen(hierarchy().citizen), hierarchy().citizen, ISSUING),
        "chain-constraints",
    ),
    "issuer without basic constraints": (
        lambda: (
            citizen(bare := make(subject("Bare"), ROOT, constraints=False, key_usage=usage(key_cert_sign=True))),
            bare,
        ),
        "chain-constraints",
    ),
    "issuer may not sign certificates": (
        lambda: (citizen(mute := ca("Mute", ROOT, key_usage=usage(crl_sign=True))), mute),
        "chain-constraints",
    ),
    "name outside what the issuer may name": (
        lambda: (
            citizen(
                narrow := ca("Narrow", ROOT, extensions=[permitted(x509.Name(subject("x", country="DE").rdns[:1]))])
            ),
            narrow,
        ),
        "chain-constraints",
    ),
    "unknown critical extension": (
        lambda: (
            citizen(
                ISSUING,
                extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)],
            ),
            ISSUING,
        ),
        "chain-constraints",
    ),
    "issuer expired": (
        lambda: (citizen(old := ca("Old", ROOT, end=NOW - DAY)), old),
        "certificate-expired",
    ),
    "expired": (lambda: (citizen(ISSUING, end=NOW - DAY), ISSUING), "certificate-expired"),
    "not yet valid": (lambda: (citizen(ISSUING, start=NOW + DAY), ISSUING), "certificate-not-yet-valid"),
    "short key of the issuer": (lambda: (citizen(weak := ca("Weak", ROOT, kind="rsa1024")), weak), "weak-algorithm"),
    "curve on no list": (lambda: (citizen(weak := ca("Curve", ROOT, kind="p192")), weak), "weak-algorithm"),
    "only key agreement": (
        lambda: (citizen(ISSUING, key_usage=usage(key_encipherment=True)), ISSUING),
        "wrong-key-usage",
    ),
    "an authority signs a document": (lambda: (ISSUING,), "wrong-key-usage"),
    "a web server signs a document": (
        lambda: (
            citizen(
                ISSUING,
                key_usage=usage(digital_signature=True),
                extensions=[(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)],
            ),
            ISSUING,
        ),
        "wrong-key-usage",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_path_is_not_trusted(name: str) -> None:
    build, reason = BAD[name]
    leaf, *others = build()

    finding = found(leaf, *others)

    assert finding.reason == reason
    assert not finding.trusted
    assert (finding.trusted is None) == (reason in {"chain-unknown", "certificate-expired"})


def test_name_constraints_that_fit_do_no_harm() -> None:
    fitting = ca("Fitting", ROOT, extensions=[permitted(x509.Name(subject("x").rdns[:1]))])

    assert found(citizen(fitting), fitting).trusted


def test_the_anchors_own_constraints_hold() -> None:
    narrow = ca("Narrow Root", None, path_length=0)
    below = ca("Below", narrow)
    foreign = ca("Foreign Root", None, extensions=[permitted(x509.Name(subject("x", country="DE").rdns[:1]))])

    assert found(citizen(below), below, anchors=(narrow,)).reason == "chain-constraints"
    assert found(citizen(foreign), anchors=(foreign,)).reason == "chain-constraints"


def test_certificates_signed_with_sha1_are_weak(tmp_path: Path) -> None:
    key_pem, _ = hierarchy().citizen.files(tmp_path)
    ca_key, ca_pem = ISSUING.files(tmp_path)
    (tmp_path / "x.ext").write_text("keyUsage = critical, nonRepudiation\n")
    signing.run("openssl", "req", "-new", "-key", key_pem, "-subj", "/CN=JAN", "-out", "x.csr", cwd=tmp_path)
    signing.run(
        "openssl", "x509", "-req", "-in", "x.csr", "-CA", ca_pem, "-CAkey", ca_key, "-sha1", "-extfile", "x.ext",
        "-out", "x.pem",
        cwd=tmp_path,
    )  # fmt: skip
    old = Party(x509.load_pem_x509_certificate((tmp_path / "x.pem").read_bytes()), hierarchy().citizen.key)

    assert found(old, ISSUING, at=NOW + timedelta(minutes=5)).reason == "weak-algorithm"


def test_a_key_of_a_kind_on_no_list_is_weak(tmp_path: Path) -> None:
    ca_key, ca_pem = ISSUING.files(tmp_path)
    (tmp_path / "x.ext").write_text("keyUsage = critical, nonRepudiation\n")
    signing.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "x.key", cwd=tmp_path)
    signing.run("openssl", "req", "-new", "-key", "x.key", "-subj", "/CN=JAN", "-out", "x.csr", cwd=tmp_path)
    signing.run(
        "openssl", "x509", "-req", "-in", "x.csr", "-CA", ca_pem, "-CAkey", ca_key, "-extfile", "x.ext",
        "-out", "x.pem",
        cwd=tmp_path,
    )  # fmt: skip
    unusual = x509.load_pem_x509_certificate((tmp_path / "x.pem").read_bytes())

    finding = find_path(unusual, (), store(), "sign", NOW + timedelta(minutes=5))

    assert finding.reason == "weak-algorithm"


def test_polish_qualified_certificates_with_non_repudiation_only_are_good_for_signing() -> None:
    policies = x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier("1.2.616.1.113527.2.4.1.9.1"), None)]
    )
    qualified = citizen(
        ISSUING,
        key_usage=usage(content_commitment=True),
        extensions=[(QC_COMPLIANCE, True), (policies, True)],
    )
    trust = TrustStore((Anchor.of(ISSUING.certificate, "qualified"),), MemoryRevocations(hierarchy().crls))

    assert find_path(qualified.certificate, (), trust, "sign", NOW).trusted


def test_certificates_that_point_at_each_other_cost_no_more_than_a_moment() -> None:
    tangle = [ca("Tangle", None, owner=f"t{i}") for i in range(3)]
    crossed = [make(subject("Tangle"), by, ca=True, owner=f"t{i}") for i in range(3) for by in tangle for _ in range(3)]

    finding = found(citizen(tangle[0]), *crossed, *tangle)

    assert finding.reason == "chain-unknown"


def test_of_two_paths_the_one_that_holds_counts() -> None:
    expired = make(subject("Twin"), ROOT, ca=True, owner="twin", end=NOW - DAY)
    current = make(subject("Twin"), ROOT, ca=True, owner="twin")

    assert found(citizen(current), expired, current).trusted


def test_an_anchor_counts_only_within_its_period_and_for_its_purpose() -> None:
    period = Anchor(ISSUING.certificate, "sign", "personal", NOW - 30 * DAY, NOW - 10 * DAY, "withdrawn")
    stamping = Anchor.of(ISSUING.certificate, "personal", purpose="timestamp")
    leaf = hierarchy().citizen.certificate

    def reason(anchor: Anchor, at) -> str:
        return find_path(leaf, (), TrustStore((anchor,), MemoryRevocations()), "sign", at).reason

    assert reason(period, NOW - 20 * DAY) == ""
    assert reason(period, NOW) == "chain-unknown"
    assert reason(period, NOW - 40 * DAY) == "chain-unknown"
    assert reason(stamping, NOW) == "chain-unknown"


def test_a_pinned_signer_needs_no_path_but_ends_like_any_other() -> None:
    pinned = make(subject("PLATFORMA"), None)

    assert found(pinned, anchors=(pinned,)).trusted
    later = NOW + 400 * DAY
    anchor = Anchor(pinned.certificate, "sign", "personal", NOW, later + DAY, "pinned")
    trust = TrustStore((anchor,), MemoryRevocations())
    assert find_path(pinned.certificate, (), trust, "sign", later).reason == "certificate-expired"


def test_a_leaf_that_was_made_an_anchor_by_mistake_issues_nothing() -> None:
    leaf = hierarchy().citizen

    assert found(citizen(leaf), anchors=(leaf,)).reason == "chain-constraints"


def test_paths_are_judged_inside_an_event_loop_and_in_many_threads() -> None:
    async def inside() -> bool | None:
        return found(hierarchy().citizen, ISSUING).trusted

    answers: list[bool | None] = [asyncio.run(inside())]
    threads = [
        threading.Thread(target=lambda: answers.append(found(hierarchy().citizen, ISSUING).trusted)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [True] * 9


# what the office says


def test_the_office_words_for_the_certificates_reasons() -> None:
    words = {code: REASONS[code].outcome for code in REASONS}

    assert [words[code] for code in ("chain-unknown", "certificate-expired", "revocation-unknown", "suspended")] == [
        "undecided"
    ] * 4
    assert [words[code] for code in ("revoked", "weak-algorithm", "certificate-not-yet-valid", "wrong-key-usage")] == [
        "invalid"
    ] * 4


def test_identity_is_what_the_anchor_vouches_for(tmp_path: Path) -> None:
    plain = hierarchy().citizen
    qualified = citizen(ISSUING, extensions=[(QC_COMPLIANCE, False)])
    trust = TrustStore((Anchor.of(ISSUING.certificate, "qualified"),), MemoryRevocations(hierarchy().crls))

    says_so = judge(signing.xades_signature(MEMBERS, *qualified.files(tmp_path), tmp_path), trust=trust)
    does_not = judge(signing.xades_signature(MEMBERS, *plain.files(tmp_path), tmp_path), trust=trust)

    assert (says_so.identity, says_so.warnings) == ("qualified", ())
    assert (does_not.identity, does_not.warnings) == ("unknown", ("not-a-qualified-certificate",))


def test_a_signature_with_an_unknown_chain_is_intact_and_open(tmp_path: Path) -> None:
    stranger = citizen(ca("Obcy", None))

    verdict = judge(signing.xades_signature(MEMBERS, *stranger.files(tmp_path), tmp_path))

    assert (verdict.intact, verdict.trusted, verdict.revoked) == (True, None, None)
    assert (verdict.indication, verdict.sub_indication) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert verdict.identity == "unknown"


def test_cades_signers_are_judged_like_xades_signers(tmp_path: Path) -> None:
    expired = citizen(ISSUING, end=NOW - DAY)

    verdict = judge_cms(signing.cades_signature(b"x", *expired.files(tmp_path), tmp_path), b"x")

    assert verdict.reasons == ("certificate-expired",)
    assert verdict.sub_indication == "OUT_OF_BOUNDS_NO_POE"


def test_at_the_moment_of_receipt_the_certificate_counts_not_today(tmp_path: Path) -> None:
    lasted = citizen(ISSUING, end=NOW - DAY)
    trust = store(crls=(crl(ISSUING, this_update=NOW - 12 * DAY, next_update=NOW - 5 * DAY),))
    signature = signing.xades_signature(MEMBERS, *lasted.files(tmp_path), tmp_path, signed_at=NOW - 11 * DAY)

    assert judge(signature, trust=trust, at=NOW - timedelta(days=10)).reasons == ()
