"""A package that was changed, signed in part or put together wrongly is invalid."""

from __future__ import annotations

from typing import Any

import pytest

from app.epackages.signatures import ASIC_E
from app.epackages.writer import pack, write_zip
from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.authority import TestAuthority
from tests.epackages.judged import MEMBERS, SIGNED_AT, changed, judge, tampered
from tests.epackages.signed import ASIC_S, cades, manifest, xades


@pytest.mark.parametrize("make", ["xades", "cades"])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"notatka__txt": b"Tekst"}, "hash-mismatch"),
        ({"notatka__txt": None}, "member-missing"),
        ({"dodatek__txt": b"dopisane"}, "member-unsigned"),
    ],
    ids=["changed", "removed", "added"],
)
def test_a_tampered_package_is_invalid(
    make: str, changes: dict[str, bytes | None], reason: str, *, signer: Signer, trust: TrustStore, put: Any
) -> None:
    verdict = judge(put(tampered(signer, changed(MEMBERS, **changes), make)), trust)

    assert (verdict.outcome, verdict.reasons) == ("invalid", (reason,))
    if reason == "hash-mismatch":
        assert verdict.signatures[0].intact is False
        assert verdict.signatures[0].indication == "TOTAL-FAILED"
    if reason == "member-unsigned":
        assert {member.name: member.signed for member in verdict.members}["dodatek.txt"] is False
        assert "not signed: dodatek.txt" in verdict.details


def test_a_member_that_one_of_two_signers_left_out_is_unsigned(
    signer: Signer, other: Signer, trust: TrustStore, put: Any
) -> None:
    part = {"wniosek.xml": MEMBERS["wniosek.xml"]}
    data = write_zip(
        [
            ("mimetype", ASIC_E.encode()),
            *MEMBERS.items(),
            ("META-INF/signatures0.xml", xades(MEMBERS, signer, SIGNED_AT)),
            ("META-INF/signatures1.xml", xades(part, other, SIGNED_AT, signature_id="S1")),
        ]
    )

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.reasons) == ("invalid", ("member-unsigned",))
    assert [member.signed for member in verdict.members] == [True, False, False]


def test_a_failure_wins_over_an_open_question_and_both_are_told(signer: Signer, put: Any) -> None:
    stranger = TestAuthority("CC obce").trust_store()

    verdict = judge(put(tampered(signer, changed(MEMBERS, dodatek__txt=b"x"), "xades")), stranger)

    assert verdict.outcome == "invalid"
    assert set(verdict.reasons) == {"chain-unknown", "member-unsigned"}


def test_an_unknown_chain_alone_is_undecided(signer: Signer, put: Any) -> None:
    verdict = judge(put(pack(MEMBERS, signer, SIGNED_AT)), TestAuthority("CC obce").trust_store())

    assert (verdict.outcome, verdict.reasons) == ("undecided", ("chain-unknown",))
    assert all(member.signed for member in verdict.members)


def test_a_revoked_signer_is_invalid(put: Any) -> None:
    centre = TestAuthority("CC odwołujące")
    signer = centre.citizen()
    centre.revoke(signer)

    verdict = judge(put(pack(MEMBERS, signer, SIGNED_AT)), centre.trust_store())

    assert (verdict.outcome, verdict.reasons) == ("invalid", ("revoked",))


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ([*MEMBERS.items()], ("no-signature",)),
        ([("mimetype", ASIC_E.encode()), *MEMBERS.items()], ("no-signature",)),
        ([("mimetype", ASIC_E.encode()), ("META-INF/manifest.xml", b"<m/>")], ("no-signature", "no-content")),
    ],
    ids=["a plain ZIP", "an ASiC", "an ASiC of nothing"],
)
def test_what_nobody_signed_is_invalid(
    members: list[tuple[str, bytes]], reasons: tuple[str, ...], trust: TrustStore, put: Any
) -> None:
    verdict = judge(put(write_zip(members)), trust)

    assert (verdict.outcome, verdict.reasons) == ("invalid", reasons)


def test_an_unsigned_document_is_invalid(trust: TrustStore, put: Any) -> None:
    verdict = judge(put(b"<wniosek/>", "wniosek.xml"), trust)

    assert (verdict.outcome, verdict.reasons, verdict.container) == ("invalid", ("no-signature",), "xml")


def test_a_file_in_a_folder_that_only_looks_like_meta_inf_is_content(
    signer: Signer, trust: TrustStore, put: Any
) -> None:
    data = tampered(signer, MEMBERS | {"meta-inf/dodatek.txt": b"x"}, "xades")

    # beside the real META-INF the two would be one folder on Windows, still no file is lost
    assert judge(put(data), trust).reasons == ("member-unsigned",)


def test_a_second_document_in_a_simple_container_is_unsigned(signer: Signer, trust: TrustStore, put: Any) -> None:
    one = {"a.txt": b"a"}
    data = write_zip(
        [
            ("mimetype", ASIC_S.encode()),
            ("a.txt", b"a"),
            ("b.txt", b"b"),
            ("META-INF/signatures.xml", xades(one, signer, SIGNED_AT)),
        ]
    )

    assert judge(put(data), trust).reasons == ("member-unsigned",)


@pytest.mark.parametrize(
    ("meta", "reasons"),
    [
        (("META-INF/signature.p7s",), ("no-signature", "bad-manifest")),
        (("META-INF/ASiCManifest.xml",), ("no-signature",)),
        (("META-INF/ASiCManifest.xml", "META-INF/ASiCManifest1.xml", "META-INF/signature.p7s"), ("bad-manifest",)),
        (("META-INF/ASiCManifest.xml", "META-INF/other.p7s"), ("no-signature", "bad-manifest")),
    ],
    ids=["no manifest", "no signature", "two manifests for one signature", "a manifest for another signature"],
)
def test_manifests_and_signatures_belong_together(
    meta: tuple[str, ...], reasons: tuple[str, ...], signer: Signer, trust: TrustStore, put: Any
) -> None:
    listing = manifest(MEMBERS)
    parts = {name: listing if name.endswith(".xml") else cades(listing, signer) for name in meta}
    data = write_zip([("mimetype", ASIC_E.encode()), *MEMBERS.items(), *parts.items()])

    verdict = judge(put(data), trust)

    assert verdict.outcome == "invalid"
    assert set(verdict.reasons) == set(reasons)


@pytest.mark.parametrize("documents", [{}, {"a.txt": b"a", "b.txt": b"b"}], ids=["none", "two"])
def test_a_simple_container_signs_exactly_one_document(
    documents: dict[str, bytes], signer: Signer, trust: TrustStore, put: Any
) -> None:
    data = write_zip(
        [("mimetype", ASIC_S.encode()), *documents.items(), ("META-INF/signature.p7s", cades(b"a", signer))]
    )

    verdict = judge(put(data), trust)

    assert verdict.outcome == "invalid"
    assert {"bad-manifest", "no-signature"} <= set(verdict.reasons)


def test_a_manifest_of_a_timestamp_is_not_one_of_a_signature(signer: Signer, trust: TrustStore, put: Any) -> None:
    listing, stamped = manifest(MEMBERS), manifest(MEMBERS, "META-INF/timestamp.tst")
    data = write_zip(
        [
            ("mimetype", ASIC_E.encode()),
            *MEMBERS.items(),
            ("META-INF/ASiCManifest.xml", listing),
            ("META-INF/signature.p7s", cades(listing, signer)),
            ("META-INF/ASiCManifest2.xml", stamped),
            ("META-INF/timestamp.tst", b"a token"),
        ]
    )

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.reasons) == ("valid", ())


def test_a_detached_signature_without_its_document_is_invalid(signer: Signer, trust: TrustStore, put: Any) -> None:
    data = write_zip([("a.txt", b"a"), ("b.txt", b"b"), ("c.txt.p7s", cades(b"c", signer))])

    assert "member-missing" in judge(put(data), trust).reasons


def test_the_signature_of_another_file_is_invalid(signer: Signer, trust: TrustStore, put: Any) -> None:
    verdict = judge(put(b"%PDF-1.7 a", "a.pdf"), trust, companion=put(cades(b"%PDF-1.7 b", signer), "b.p7s"))

    assert (verdict.outcome, verdict.reasons) == ("invalid", ("hash-mismatch",))


def test_a_companion_that_is_no_signature_is_no_signature(trust: TrustStore, put: Any) -> None:
    verdict = judge(put(b"%PDF-1.7 a", "a.pdf"), trust, companion=put(b"%PDF-1.7 b", "b.pdf"))

    assert (verdict.outcome, verdict.reasons) == ("invalid", ("no-signature",))
