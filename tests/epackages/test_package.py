"""A package is valid only if every signature is good and covers all of it; whatever is wrong is told, all of it."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.epackages import package as package_module
from app.epackages.content import open_content
from app.epackages.errors import Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.package import judge_package
from app.epackages.signatures import ASIC_E
from app.epackages.verdict import PackageVerdict
from app.epackages.writer import pack, write_zip
from app.pki.seal import seal_xml
from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.authority import NOW, TestAuthority, shared_authority
from tests.epackages.hostile import HOSTILE
from tests.epackages.signed import ASIC_S, asic_e_cades, cades, manifest, xades
from tests.epackages.zips import Part, build, deflate

MEMBERS = {
    "wniosek.xml": "<wniosek>Częstochowa</wniosek>".encode(),
    "01-dowód własności.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 300,
    "notatka.txt": b"tekst",
}
SIGNED_AT = NOW - dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return shared_authority().citizen()


@pytest.fixture(scope="module")
def other() -> Signer:
    return shared_authority().citizen("Anna Testowa", "02070803628")  # test data


@pytest.fixture(scope="module")
def trust() -> TrustStore:
    return shared_authority().trust_store()


@pytest.fixture
def put(tmp_path: Path) -> Iterator[Any]:
    def put(data: bytes, name: str = "paczka.asice") -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return put


def judge(path: Path, trust: TrustStore, **options: Any) -> PackageVerdict:
    return judge_package(path, trust=trust, at=NOW, **options)


def changed(members: dict[str, bytes], **changes: bytes | None) -> dict[str, bytes]:
    """Members with some replaced, added or (None) taken away; `__` in a name is a dot."""
    renamed = {name.replace("__", "."): data for name, data in changes.items()}
    return {name: data for name, data in (members | renamed).items() if data is not None}  # type: ignore[operator]


def zipped(members: dict[str, bytes], **more: bytes) -> bytes:
    return write_zip([*members.items(), *more.items()])


# ---- every accepted make


def makes(signer: Signer) -> dict[str, tuple[str, str, bytes]]:
    """By what it is: the kind of container, the format of the signature, the bytes."""
    one = {"pismo.pdf": MEMBERS["01-dowód własności.pdf"]}
    plain = write_zip(MEMBERS.items())
    return {
        "ASiC-E XAdES": ("asic-e", "xades", pack(MEMBERS, signer, SIGNED_AT)),
        "ASiC-E CAdES": ("asic-e", "cades", asic_e_cades(MEMBERS, signer)),
        "ASiC-S XAdES": (
            "asic-s",
            "xades",
            write_zip(
                [
                    ("mimetype", ASIC_S.encode()),
                    *one.items(),
                    ("META-INF/signatures.xml", xades(one, signer, SIGNED_AT)),
                ]
            ),
        ),
        "ASiC-S CAdES": (
            "asic-s",
            "cades",
            write_zip(
                [
                    ("mimetype", ASIC_S.encode()),
                    *one.items(),
                    ("META-INF/signature.p7s", cades(one["pismo.pdf"], signer)),
                ]
            ),
        ),
        "ASiC-S without mimetype": (
            "asic-s",
            "cades",
            write_zip([*one.items(), ("META-INF/signature.p7s", cades(one["pismo.pdf"], signer))]),
        ),
        "ZIP with .xades": ("zip", "xades", zipped(MEMBERS, **{"podpis.xades": xades(MEMBERS, signer, SIGNED_AT)})),
        "ZIP with .xml": ("zip", "xades", zipped(MEMBERS, **{"podpis.xml": xades(MEMBERS, signer, SIGNED_AT)})),
        "ZIP with .p7s": ("zip", "cades", zipped(one, **{"pismo.pdf.p7s": cades(one["pismo.pdf"], signer)})),
        "ZIP with .sig": ("zip", "cades", zipped(one, **{"pismo.sig": cades(one["pismo.pdf"], signer)})),
        "ZIP in a ZIP with .xades": (
            "zip",
            "xades",
            zipped({"paczka.zip": plain}, **{"paczka.zip.xades": xades({"paczka.zip": plain}, signer, SIGNED_AT)}),
        ),
        "ZIP in a ZIP with .p7s": (
            "zip",
            "cades",
            zipped({"paczka.zip": plain, "paczka.zip.p7s": cades(plain, signer)}),
        ),
    }


MAKES = (
    "ASiC-E XAdES",
    "ASiC-E CAdES",
    "ASiC-S XAdES",
    "ASiC-S CAdES",
    "ASiC-S without mimetype",
    "ZIP with .xades",
    "ZIP with .xml",
    "ZIP with .p7s",
    "ZIP with .sig",
    "ZIP in a ZIP with .xades",
    "ZIP in a ZIP with .p7s",
)


@pytest.mark.parametrize("make", MAKES)
def test_every_accepted_make_is_valid(make: str, signer: Signer, trust: TrustStore, put: Any) -> None:
    container, format_, data = makes(signer)[make]

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.reasons) == ("valid", ())
    assert verdict.container == container
    assert [signature.format for signature in verdict.signatures] == [format_]
    assert verdict.members
    assert all(member.signed for member in verdict.members)
    assert set(verdict.signatures[0].covers) >= {member.name for member in verdict.members}


@pytest.mark.parametrize("make", MAKES)
def test_the_content_is_what_was_judged(make: str, signer: Signer, trust: TrustStore, put: Any) -> None:
    path = put(makes(signer)[make][2])

    verdict = judge(path, trust)

    with open_content(path) as content:
        assert content.members == tuple(member.member for member in verdict.members)
        for member in content.members:
            assert len(content.read(member.name, member.size)) == member.size
        with pytest.raises(KeyError):
            content.chunks("mimetype")


@pytest.mark.parametrize(
    ("mimetype", "file", "kind"), [(ASIC_E, "signatures", "asic-e"), (ASIC_S, "signatures0", "asic-s")]
)
def test_the_mimetype_decides_about_the_kind(
    mimetype: str, file: str, kind: str, *, signer: Signer, trust: TrustStore, put: Any
) -> None:
    signature = xades({"a.txt": b"a"}, signer, SIGNED_AT)
    data = write_zip([("mimetype", mimetype.encode()), ("a.txt", b"a"), (f"META-INF/{file}.xml", signature)])

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.container) == ("valid", kind)


def test_a_signed_document_is_valid(trust: TrustStore, put: Any) -> None:
    xml = seal_xml(b"<pismo><tresc>a</tresc></pismo>", shared_authority().seal(), SIGNED_AT, signature_id="S0")
    path = put(xml, "pismo.xml")

    verdict = judge(path, trust)

    assert (verdict.outcome, verdict.reasons, verdict.container) == ("valid", (), "xml")
    assert [(member.name, member.signed) for member in verdict.members] == [("pismo.xml", True)]
    with open_content(path) as content:
        assert content.read("pismo.xml", 10_000_000) == xml


def test_a_signed_document_that_somebody_zipped_is_valid(trust: TrustStore, put: Any) -> None:
    xml = seal_xml(b"<pismo><tresc>a</tresc></pismo>", shared_authority().seal(), SIGNED_AT, signature_id="S0")

    verdict = judge(put(write_zip([("pismo.xml", xml)]), "pismo.zip"), trust)

    assert (verdict.outcome, verdict.container) == ("valid", "zip")


@pytest.mark.parametrize("order", ["package first", "signature first"])
@pytest.mark.parametrize("format_", ["xades", "cades"])
def test_two_files_are_valid_in_either_order(
    order: str, format_: str, signer: Signer, trust: TrustStore, put: Any
) -> None:
    plain = write_zip(MEMBERS.items())
    signature = cades(plain, signer) if format_ == "cades" else xades({"p.zip": plain}, signer, SIGNED_AT)
    package, beside = put(plain, "inna nazwa.zip"), put(signature, "podpis")
    first, second = (package, beside) if order == "package first" else (beside, package)

    verdict = judge(first, trust, companion=second)

    assert (verdict.outcome, verdict.reasons, verdict.container) == ("valid", (), "zip")
    assert [member.name for member in verdict.members] == list(MEMBERS)
    assert all(member.signed for member in verdict.members)
    with open_content(first, companion=second) as content:
        assert [member.name for member in content.members] == list(MEMBERS)
        assert content.read("notatka.txt", 5) == b"tekst"


def test_a_single_file_with_its_signature_is_valid(signer: Signer, trust: TrustStore, put: Any) -> None:
    path = put(b"%PDF-1.7 pismo", "0123abcd")

    verdict = judge(path, trust, companion=put(cades(b"%PDF-1.7 pismo", signer), "s"), name="pismo.pdf")

    assert verdict.outcome == "valid"
    assert [(member.name, member.media, member.signed) for member in verdict.members] == [
        ("pismo.pdf", "application/pdf", True)
    ]


def test_two_signers_are_two_verdicts(signer: Signer, other: Signer, trust: TrustStore, put: Any) -> None:
    data = write_zip(
        [
            ("mimetype", ASIC_E.encode()),
            *MEMBERS.items(),
            ("META-INF/signatures0.xml", xades(MEMBERS, signer, SIGNED_AT)),
            ("META-INF/signatures1.xml", xades(MEMBERS, other, SIGNED_AT, signature_id="S1")),
        ]
    )

    verdict = judge(put(data), trust)

    assert verdict.outcome == "valid"
    assert [signature.signer for signature in verdict.signatures] == ["Jan Przykładowy", "Anna Testowa"]


# ---- tampering


def tampered(signer: Signer, members: dict[str, bytes], make: str) -> bytes:
    """A package whose signature was made over `MEMBERS` and that holds `members`."""
    if make == "xades":
        return write_zip(
            [
                ("mimetype", ASIC_E.encode()),
                *members.items(),
                ("META-INF/signatures0.xml", xades(MEMBERS, signer, SIGNED_AT)),
            ]
        )
    return asic_e_cades(members, signer, listed=MEMBERS)


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


# ---- names as signing programs write them


def test_a_decomposed_name_is_the_composed_one(signer: Signer, trust: TrustStore, put: Any) -> None:
    composed, decomposed = "dowód.txt", "dowo\u0301d.txt"
    signature = xades({composed: b"x"}, signer, SIGNED_AT)
    data = write_zip([("mimetype", ASIC_E.encode()), (decomposed, b"x"), ("META-INF/signatures0.xml", signature)])

    verdict = judge(put(data), trust)

    assert verdict.outcome == "valid"
    assert verdict.signatures[0].covers == (decomposed,)


def test_a_signature_in_a_folder_speaks_of_its_neighbours(signer: Signer, trust: TrustStore, put: Any) -> None:
    data = write_zip([("paczka/a.txt", b"a"), ("paczka/a.txt.xades", xades({"a.txt": b"a"}, signer, SIGNED_AT))])

    verdict = judge(put(data), trust)

    assert verdict.outcome == "valid"
    assert verdict.signatures[0].covers == ("paczka/a.txt",)


# ---- mimetype: one mistake is common, two are none


def with_mimetype(signer: Signer, mistake: str) -> bytes:
    signature = ("META-INF/signatures0.xml", xades(MEMBERS, signer, SIGNED_AT))
    parts = [Part(name.encode(), data) for name, data in (*MEMBERS.items(), signature)]
    mimetype = Part(b"mimetype", ASIC_E.encode(), method=0)
    if "compressed" in mistake:
        mimetype = replace(mimetype, method=8)
    if "newline" in mistake:
        mimetype = replace(mimetype, data=mimetype.data + b"\n")
    if "extra" in mistake:
        mimetype = replace(mimetype, local={"extra": b"\x99\x99\0\0"})
    if "missing" in mistake:
        return build(parts)
    return build([*parts, mimetype] if "last" in mistake else [mimetype, *parts])


@pytest.mark.parametrize(
    ("mistake", "warning"),
    [
        ("missing", "mimetype-missing"),
        ("last", "mimetype-not-first"),
        ("compressed", "mimetype-compressed"),
        ("newline", "mimetype-value"),
        ("extra", "mimetype-extra"),
    ],
)
def test_one_mistake_about_the_mimetype_is_a_warning(
    mistake: str, warning: str, signer: Signer, trust: TrustStore, put: Any
) -> None:
    verdict = judge(put(with_mimetype(signer, mistake)), trust)

    assert verdict.outcome == "valid"
    assert verdict.warnings == (warning,)


def test_two_mistakes_about_the_mimetype_are_not_tolerated(signer: Signer, trust: TrustStore, put: Any) -> None:
    verdict = judge(put(with_mimetype(signer, "last and compressed")), trust)

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("bad-mimetype",))


# ---- warnings


def test_an_attachment_that_is_not_what_its_name_says_is_a_warning(signer: Signer, trust: TrustStore, put: Any) -> None:
    members = {"a.pdf": b"MZ\x90\0 not a PDF", "b.exe": b"MZ\x90\0", "c.txt": b"text"}

    verdict = judge(put(pack(members, signer, SIGNED_AT)), trust)

    assert verdict.outcome == "valid"
    assert verdict.warnings == ("attachment-extension", "attachment-kind")
    assert [member.flags for member in verdict.members] == [("attachment-extension",), ("attachment-kind",), ()]
    assert [member.media for member in verdict.members][:2] == ["application/octet-stream"] * 2


def test_something_unknown_in_meta_inf_is_a_warning(signer: Signer, trust: TrustStore, put: Any) -> None:
    data = tampered(signer, MEMBERS | {"META-INF/virus.exe": b"MZ"}, "xades")

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.warnings) == ("valid", ("meta-inf-unknown",))
    assert "META-INF/virus.exe" in {member.name for member in verdict.envelope}


# ---- what cannot be read


@pytest.mark.parametrize(
    "what", ["a wrong CRC", "two end records", "up and out", "encrypted", "an entry quoted in another"]
)
def test_a_hostile_archive_is_a_verdict(what: str, trust: TrustStore, put: Any) -> None:
    code, make = HOSTILE[what]

    verdict = judge(put(make()), trust)

    assert (verdict.outcome, verdict.reasons, verdict.members) == ("unreadable", (code,), ())
    assert len(verdict.sha256) == 64


def test_a_hostile_archive_inside_the_outer_one_is_a_verdict(signer: Signer, trust: TrustStore, put: Any) -> None:
    inner = build([Part(b"../evil.txt")])
    data = write_zip([("a.zip", inner), ("a.zip.p7s", cades(inner, signer))])

    verdict = judge(put(data), trust)

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("unsafe-name",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str, trust: TrustStore, put: Any) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'.encode(encoding)

    verdict = judge(put(bomb, "a.xml"), trust)

    assert verdict.outcome == "unreadable"
    assert verdict.reasons in {("doctype",), ("not-a-zip",)}


def test_a_signature_file_that_is_no_signature_is_invalid(trust: TrustStore, put: Any) -> None:
    data = write_zip(
        [("mimetype", ASIC_E.encode()), ("a.txt", b"a"), ("META-INF/signatures0.xml", b"<!DOCTYPE a><a/>")]
    )

    verdict = judge(put(data), trust)

    assert verdict.outcome == "invalid"
    assert "doctype" in verdict.reasons


def test_a_signature_larger_than_any_is_refused(trust: TrustStore, put: Any) -> None:
    huge = b"<a>" + bytes(range(65, 91)) * 400_000 + b"</a>"
    packed = deflate(huge)
    parts = [Part(b"a.txt"), Part(b"META-INF/signatures0.xml", huge, packed=packed)]

    verdict = judge(put(build(parts)), trust, limits=replace(DEFAULT_LIMITS, ratio=100_000))

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("too-large",))


def test_a_surprise_is_a_verdict_and_a_line_in_the_log(
    signer: Signer, trust: TrustStore, put: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(package_module, "read_asic", broken)

    with caplog.at_level(logging.ERROR):
        verdict = judge(put(pack(MEMBERS, signer, SIGNED_AT)), trust)

    assert (verdict.outcome, verdict.reasons) == ("unreadable", ("format-failure",))
    assert verdict.sha256 in caplog.text


def test_a_file_that_is_not_there_is_an_error_of_the_caller(trust: TrustStore, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        judge(tmp_path / "nothing", trust)


def test_content_of_what_is_no_package_cannot_be_opened(put: Any) -> None:
    with pytest.raises(Unreadable):
        open_content(put(b"Szanowni"))


# ---- the promised object


def test_the_json_object_has_exactly_the_promised_keys(signer: Signer, trust: TrustStore, put: Any) -> None:
    verdict = judge(put(pack(MEMBERS, signer, SIGNED_AT)), trust)

    told = json.loads(json.dumps(verdict.as_json("a.asice")))

    assert list(told) == ["file", "sha256", "container", "outcome", "reasons", "members", "signatures"]
    assert list(told["members"][0]) == ["name", "size", "sha256", "signed"]
    assert list(told["signatures"][0]) == [
        "format",
        "level",
        "signer",
        "identifier",
        "issuer",
        "serial",
        "signed_at",
        "intact",
        "trusted",
        "revoked",
        "covers",
    ]
    assert told["file"] == "a.asice"
    assert told["signatures"][0]["identifier"] == "PNOPL-44051401359"  # test data
    assert told["signatures"][0]["signed_at"] == SIGNED_AT.isoformat()
    assert [member["name"] for member in told["members"]] == list(MEMBERS)
