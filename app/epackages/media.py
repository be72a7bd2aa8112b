"""What kind of document is a member, by its content and by its name?

Both must agree: a browser, a virus scanner and a clerk's computer each believe another one of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.epackages.errors import Reason

HEAD = 4096
"""How many first bytes decide about the kind."""

UNKNOWN_MEDIA = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document that the office takes (rozporządzenie o doręczaniu dokumentów elektronicznych, załącznik)."""

    code: str
    media: str
    extensions: tuple[str, ...]
    fits: Callable[[bytes], bool]
    has_pages: bool = False


@dataclass(frozen=True, slots=True)
class KindVerdict:
    """The kind, if content and name agree on an allowed one; else `kind` is None and `flags` say why."""

    kind: Kind | None
    flags: tuple[Reason, ...]

    @property
    def media(self) -> str:
        """The media type to store; never the one to serve in our own origin."""
        return self.kind.media if self.kind else UNKNOWN_MEDIA


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in {
        b"heic",
        b"heix",
        b"heim",
        b"heis",
        b"hevc",
        b"hevx",
        b"mif1",
        b"msf1",
    }


def _is_open_document(media: bytes) -> Callable[[bytes], bool]:
    # OpenDocument 1.2 part 3, 3.3: the first entry is the stored `mimetype`, so its value stands at a fixed place.
    def fits(head: bytes) -> bool:
        return head.startswith(b"PK\x03\x04") and head[30:38] == b"mimetype" and head[38 : 38 + len(media)] == media

    return fits


def _is_office_open_xml(folder: bytes) -> Callable[[bytes], bool]:
    # ISO/IEC 29500-2: the parts may come in any order; nested archives stay closed, so the first names decide.
    def fits(head: bytes) -> bool:
        first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
        known = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"customXml/", folder)
        return head.startswith(b"PK\x03\x04") and first.startswith(known)

    return fits


def _is_text(head: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\n\f\r" for byte in head):
        return False
    return not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"%PDF", b"{\\rtf", b"#!"))


def _is_xml(head: bytes) -> bool:
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    lowered = body[:64].lower()
    return body.startswith(b"<") and not lowered.startswith((b"<!doctype html", b"<html", b"<script"))


# fmt: off
KINDS: tuple[Kind, ...] = (
    Kind("pdf",  "application/pdf",   ("pdf",),         _begins(b"%PDF-"), has_pages=True),
    Kind("jpg",  "image/jpeg",        ("jpg", "jpeg"),  _begins(b"\xff\xd8\xff"), has_pages=True),
    Kind("png",  "image/png",         ("png",),         _begins(b"\x89PNG\r\n\x1a\n"), has_pages=True),
    Kind("tif",  "image/tiff",        ("tif", "tiff"),  _begins(b"II*\0", b"MM\0*"), has_pages=True),
    Kind("heic", "image/heic",        ("heic", "heif"), _is_heic, has_pages=True),
    Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         ("docx",), _is_office_open_xml(b"word/")),
    Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         ("xlsx",), _is_office_open_xml(b"xl/")),
    Kind("odt",  "application/vnd.oasis.opendocument.text", ("odt",),
         _is_open_document(b"application/vnd.oasis.opendocument.text")),
    Kind("ods",  "application/vnd.oasis.opendocument.spreadsheet", ("ods",),
         _is_open_document(b"application/vnd.oasis.opendocument.spreadsheet")),
    Kind("rtf",  "application/rtf",   ("rtf",),         _begins(b"{\\rtf")),
    Kind("xml",  "application/xml",   ("xml",),         _is_xml),
    Kind("txt",  "text/plain",        ("txt",),         _is_text),
)
# fmt: on

OFFICE_ARCHIVES = ("docx", "xlsx", "odt", "ods")

BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
BY_CODE = {kind.code: kind for kind in KINDS}


def is_archive(head: bytes) -> bool:
    """Whether these first bytes are of a ZIP that is not an office document."""
    return head.startswith(b"PK\x03\x04") and not any(BY_CODE[code].fits(head) for code in OFFICE_ARCHIVES)


def kind_of(name: str, head: bytes) -> KindVerdict:
    """Judge the kind of a member by its name and its first bytes (up to `HEAD` of them).

    Returns:
        The kind; or `attachment-kind` where neither name nor content is of an allowed kind, `attachment-extension`
        where the content contradicts the name.
    """
    by_name = BY_EXTENSION.get(name.rpartition(".")[2].lower()) if "." in name else None
    if by_name is not None and head and by_name.fits(head):
        return KindVerdict(by_name, ())
    by_content = next((kind for kind in KINDS if head and kind.fits(head)), None)
    wrong = Reason.ATTACHMENT_KIND if by_name is None and by_content is None else Reason.ATTACHMENT_EXTENSION
    if by_name is None and by_content is not None and by_content.code in {"txt", "xml"}:
        wrong = Reason.ATTACHMENT_KIND  # a script or a page is text as well
    return KindVerdict(None, (wrong,))
