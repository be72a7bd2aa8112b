"""How our own e-package is written: ASiC-E with XAdES-B-B (EN 319 162-1) over every member.

The same members, signer and moment give the same bytes: times in the ZIP are fixed, the order is the caller's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from lxml import etree

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.media import BY_EXTENSION, UNKNOWN_MEDIA
from app.epackages.names import check_distinct, check_name
from app.epackages.signatures import ASIC_E
from app.pki.signing import Signed, Signer, signature_element

ASIC: Final = "http://uri.etsi.org/02918/v1.2.1#"
MANIFEST: Final = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can write
_PACKED_ALREADY = frozenset({"pdf", "jpg", "jpeg", "png", "heic", "heif", "docx", "xlsx", "odt", "ods"})


def pack(members: Mapping[str, bytes], signer: Signer, at: dt.datetime, *, signature_id: str = "S0") -> bytes:
    """Return a signed container with `members` by their names, in their order.

    Names are written in composed form (NFC). Raises Unreadable (`no-content`, `unsafe-name`, `duplicate-name`) for
    members that our own reader would refuse.
    """
    contents = {unicodedata.normalize("NFC", name): data for name, data in members.items()}
    _refuse_bad_names(contents, len(members))
    signed = [Signed(quote(name), hashlib.sha256(data).digest(), media_type(name)) for name, data in contents.items()]
    signature = etree.Element(f"{{{ASIC}}}XAdESSignatures", nsmap={"asic": ASIC})
    signature.append(signature_element(signed, signer, at, signature_id=signature_id))
    return write_zip(
        (
            ("mimetype", ASIC_E.encode()),
            *contents.items(),
            ("META-INF/manifest.xml", _manifest(contents)),
            ("META-INF/signatures0.xml", _xml(signature)),
        )
    )


def write_zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP of `members` in their order; `mimetype` and what is packed already are stored, the rest deflated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            stored = name == "mimetype" or _extension(name) in _PACKED_ALREADY
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def media_type(name: str) -> str:
    """Return the media type that the name of a member promises."""
    kind = BY_EXTENSION.get(_extension(name))
    return kind.media if kind else UNKNOWN_MEDIA


def _refuse_bad_names(contents: Mapping[str, bytes], given: int) -> None:
    if not contents:
        raise Unreadable(Reason.NO_CONTENT, "a package without members")
    if len(contents) != given:
        raise Unreadable(Reason.DUPLICATE_NAME, "two names with one composed form")
    for name in contents:
        check_name(name, DEFAULT_LIMITS)
        if len(name.encode()) > DEFAULT_LIMITS.name_bytes or name.endswith("/"):
            raise Unreadable(Reason.UNSAFE_NAME, "too long, or a folder")
        if name.casefold() == "mimetype" or name.casefold().startswith("meta-inf/"):
            raise Unreadable(Reason.UNSAFE_NAME, "a name that belongs to the container")
    check_distinct(contents)


def _manifest(names: Iterable[str]) -> bytes:
    """Return the list of members as OpenDocument writes it (part 3, 3.2)."""
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={"manifest": MANIFEST})
    root.set(f"{{{MANIFEST}}}version", "1.2")
    for path, media in (("/", ASIC_E), *((name, media_type(name)) for name in names)):
        entry = etree.SubElement(root, f"{{{MANIFEST}}}file-entry")
        entry.set(f"{{{MANIFEST}}}full-path", path)
        entry.set(f"{{{MANIFEST}}}media-type", media)
    return _xml(root)


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
