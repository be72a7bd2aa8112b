"""How the tests read a printed page: its words, its structure, its codes."""

from __future__ import annotations

import io
import unicodedata

import pikepdf
import pypdfium2
import zxingcpp


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\xa0", " ").replace("\u200b", ""))


def in_a_line(text: str) -> str:
    """`text` with line breaks undone, for phrases that may be parted by one."""
    return " ".join(text.replace("\xa0", " ").split())


def tags_of(pdf: bytes) -> list[str]:
    """The names of the structure elements, in reading order."""
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(str(node.S))
            walk(node.get("/K", pikepdf.Array()))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def alternatives_of(pdf: bytes) -> list[str]:
    """The descriptions of pictures."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(o.Alt) for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]


def codes_of(pdf: bytes, page: int, dpi: int = 200) -> set[tuple[str, str]]:
    """The codes that a reader sees on a page: kind and words."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=dpi / 72).to_pil()
    document.close()
    return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)}


def pages_of(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return pages


def assert_kept_and_read_aloud(pdf: bytes, title: str) -> None:
    """Both standards, the language, the title that a screen reader says first."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == title
        assert str(document.Root.Lang) == "pl-PL"
        assert document.Root.MarkInfo.Marked
