"""Do programs that we did not write verify the containers we make?"""

from __future__ import annotations

import subprocess
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from app.epackages.container import open_container
from app.epackages.errors import Unreadable
from app.epackages.package import judge_package
from app.epackages.signatures import ASIC_E
from app.epackages.writer import pack
from tests.authority import NOW, shared_authority

SIGNED_PROPERTIES = "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
MEMBERS = {
    "wniosek.xml": b"<wniosek/>",
    "01-dowód własności (kopia)!.pdf": b"%PDF-1.7 " + bytes(range(256)) * 50,
    "załączniki/a+b & 'c' 100%.txt": "Zażółć gęślą jaźń".encode(),
}
SIGNATURES = "META-INF/signatures0.xml"


def verified_by_xmlsec(folder: Path, container: bytes, changed: dict[str, bytes] | None = None) -> bool:
    """Unpack as anybody would (a container of ours is safe to unpack), and verify from the unpacked folder."""
    zipfile.ZipFile(BytesIO(container)).extractall(folder)
    (folder / "root.pem").write_bytes(shared_authority().root_pem())
    for name, data in (changed or {}).items():
        (folder / name).write_bytes(data)
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", "--id-attr:Id", SIGNED_PROPERTIES]
    command += ["--enabled-reference-uris", "empty,same-doc,local,remote", SIGNATURES]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("kind", ["rsa", "rsa3072", "ec", "p384", "p521"])
def test_xmlsec1_verifies_a_container_of_each_kind_of_key(tmp_path: Path, kind: str) -> None:
    container = pack(MEMBERS, shared_authority().citizen(key=kind), NOW)

    assert verified_by_xmlsec(tmp_path, container)


@pytest.mark.parametrize("name", list(MEMBERS))
def test_xmlsec1_refuses_a_container_with_any_changed_member(tmp_path: Path, name: str) -> None:
    container = pack(MEMBERS, shared_authority().citizen(), NOW)

    assert not verified_by_xmlsec(tmp_path, container, {name: MEMBERS[name] + b" "})


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_same_members_at_the_same_moment_give_the_same_bytes(kind: str) -> None:
    signer = shared_authority().citizen(key=kind)

    assert pack(MEMBERS, signer, NOW) == pack(MEMBERS, signer, NOW)


def test_mimetype_stands_first_stored_and_readable_at_its_fixed_place() -> None:
    container = pack(MEMBERS, shared_authority().citizen(), NOW)

    assert container[30:38] == b"mimetype"
    assert container[38 : 38 + len(ASIC_E)] == ASIC_E.encode()
    assert zipfile.ZipFile(BytesIO(container)).namelist() == [
        "mimetype",
        *MEMBERS,
        "META-INF/manifest.xml",
        SIGNATURES,
    ]


def test_manifest_and_signature_name_every_member_with_its_kind() -> None:
    archive = zipfile.ZipFile(BytesIO(pack(MEMBERS, shared_authority().citizen(), NOW)))

    manifest = etree.fromstring(archive.read("META-INF/manifest.xml"))
    signatures = etree.fromstring(archive.read(SIGNATURES))

    entries = {tuple(entry.attrib.values()) for entry in manifest}
    kinds = ["application/xml", "application/pdf", "text/plain"]
    assert entries == {("/", ASIC_E), *zip(MEMBERS, kinds, strict=True)}
    uris = [reference.get("URI") for reference in signatures.iter("{*}Reference")]
    assert uris[1] == "01-dow%C3%B3d%20w%C5%82asno%C5%9Bci%20%28kopia%29%21.pdf"
    assert uris[2] == "za%C5%82%C4%85czniki/a%2Bb%20%26%20%27c%27%20100%25.txt"
    assert [element.text for element in signatures.iter("{*}MimeType")] == kinds


def test_our_strict_reader_takes_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    path.write_bytes(pack(MEMBERS, shared_authority().citizen(), NOW))

    with open_container(path) as container:
        read = {member.name: container.read(member.name, 1 << 20) for member in container.members}

    assert {name: read[name] for name in MEMBERS} == MEMBERS


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_our_own_judgement_of_what_we_write_is_valid(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.asice"
    path.write_bytes(pack(MEMBERS, shared_authority().citizen(key=kind), NOW))

    verdict = judge_package(path, trust=shared_authority().trust_store(), at=NOW)

    assert (verdict.outcome, verdict.container) == ("valid", "asic-e")
    assert verdict.reasons == ()
    assert verdict.warnings == ()
    assert set(verdict.signatures[0].covers) == set(MEMBERS)
    assert verdict.signatures[0].signed_at == NOW


def test_names_are_written_in_composed_form() -> None:
    container = pack({unicodedata.normalize("NFD", "załącznik.txt"): b"x"}, shared_authority().citizen(), NOW)

    assert "załącznik.txt" in zipfile.ZipFile(BytesIO(container)).namelist()


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "no-content"),
        (["../wniosek.xml"], "unsafe-name"),
        (["mimetype"], "unsafe-name"),
        (["meta-inf/signatures1.xml"], "unsafe-name"),
        (["a/"], "unsafe-name"),
        (["ż" * 200 + ".pdf"], "unsafe-name"),
        (["a.pdf", "A.PDF"], "duplicate-name"),
        (["ż.pdf", "z\u0307.pdf"], "duplicate-name"),
    ],
)
def test_members_that_our_own_reader_would_refuse_are_not_written(names: list[str], code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        pack(dict.fromkeys(names, b"x"), shared_authority().citizen(), NOW)

    assert refusal.value.code == code
