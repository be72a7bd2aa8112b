"""A package is valid only if every signature is good and covers all of it; whatever is wrong is told, all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from app.epackages.content import open_content
from app.epackages.signatures import ASIC_E
from app.epackages.writer import pack, write_zip
from app.pki.seal import seal_xml
from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.authority import shared_authority
from tests.epackages.judged import MEMBERS, SIGNED_AT, judge, tampered, zipped
from tests.epackages.signed import ASIC_S, asic_e_cades, cades, xades
from tests.epackages.zips import Part, build

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


@pytest.mark.parametrize("make", MAKES)
def test_after_judging_the_content_opens_the_same_without_unpacking(
    make: str, signer: Signer, trust: TrustStore, put: Any
) -> None:
    path = put(makes(signer)[make][2])
    verdict = judge(path, trust)

    with open_content(path) as content, open_content(path, verdict=verdict) as again:
        assert again.members == content.members
        for member in again.members:
            assert again.read(member.name, member.size) == content.read(member.name, member.size)


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
