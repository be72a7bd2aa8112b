"""The kind of an attachment is what its content and its name agree on."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.epackages.media import KINDS, is_archive, kind_of
from tests.epackages.zips import Part, build


def archive(*names: str, mimetype: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, b"x")
    return out.getvalue()


ODF = b"application/vnd.oasis.opendocument."
SAMPLES = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "tif": b"II*\0\x08\0\0\0",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "odt": archive("content.xml", mimetype=ODF + b"text"),
    "ods": archive("content.xml", mimetype=ODF + b"spreadsheet"),
    "rtf": b"{\\rtf1\\ansi Wniosek}",
    "xml": '<?xml version="1.0"?><wniosek>ą</wniosek>'.encode(),
    "txt": "Proszę o rejestrację.\r\n".encode("cp1250"),
}


def test_there_is_a_sample_of_every_kind() -> None:
    assert set(SAMPLES) == {kind.code for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_kind_is_known_by_content_and_name(kind: object) -> None:
    for extension in kind.extensions:
        verdict = kind_of(f"Umowa.v2.{extension.upper()}", SAMPLES[kind.code])

        assert verdict.kind is kind
        assert verdict.flags == ()
        assert verdict.media == kind.media


ALIKE = {"docx", "xlsx"}
"""Their first bytes can be the same, and neither is ever drawn."""

STRANGERS = [(one, other) for one in SAMPLES for other in SAMPLES if one != other and {one, other} != ALIKE]


@pytest.mark.parametrize(("content", "extension"), STRANGERS)
def test_no_content_passes_under_the_name_of_another_kind(content: str, extension: str) -> None:
    verdict = kind_of(f"a.{extension}", SAMPLES[content])

    assert verdict.kind is None
    assert verdict.flags == ("attachment-extension",)
    assert verdict.media == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "head", "flag"),
    [
        ("virus.exe", b"MZ\x90\0\x03", "attachment-kind"),
        ("skrypt.sh", b"#!/bin/sh\nrm -rf /", "attachment-kind"),
        ("strona.html", b"<!DOCTYPE html><script>", "attachment-kind"),
        ("obraz.svg", b"<svg onload='x'/>", "attachment-kind"),
        ("archiwum.zip", archive("a.txt"), "attachment-kind"),
        ("bez rozszerzenia", b"tekst", "attachment-kind"),
        ("pusty.pdf", b"", "attachment-extension"),
        ("virus.pdf", b"MZ\x90\0\x03", "attachment-extension"),
        ("skan.jpg.exe", SAMPLES["jpg"], "attachment-extension"),
        ("strona.xml", b"<!DOCTYPE HTML><script>", "attachment-extension"),
        ("strona.txt", b"<html><script>", "attachment-extension"),
        ("skrypt.txt", b"#!/bin/sh", "attachment-extension"),
        ("udaje.docx", archive("virus.exe"), "attachment-extension"),
        ("pdf nie na początku.pdf", b"x%PDF-1.7", "attachment-extension"),
    ],
)
def test_what_the_office_does_not_take_is_flagged(name: str, head: bytes, flag: str) -> None:
    verdict = kind_of(name, head)

    assert verdict.kind is None
    assert verdict.flags == (flag,)


def test_office_documents_are_no_archives_to_open() -> None:
    assert is_archive(build([Part(b"wniosek.xml")]))
    assert not any(is_archive(SAMPLES[code]) for code in SAMPLES)
