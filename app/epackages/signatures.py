"""Which members of a container are signatures, and of what?

Names in ASiC: EN 319 162-1, 4.3.3 (ASiC-S) and 4.4.3 (ASiC-E). Beside that, the habits of signing programs: a detached
signature lies next to its document and bears its name.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from app.epackages.container import Member
from app.pki.judging import KnownContent

META_INF = "META-INF/"
MIMETYPE = "mimetype"
ASIC_E, ASIC_S = "application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip"

_ASIC_XADES = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
_ASIC_CADES = re.compile(r"META-INF/[^/]*\.p7s", re.IGNORECASE)
_ASIC_MANIFEST = re.compile(r"META-INF/[^/]*ASiCManifest[^/]*\.xml", re.IGNORECASE)
_ASIC_OTHER = re.compile(
    r"META-INF/(manifest\.xml|container\.xml|[^/]*ASiCArchiveManifest[^/]*\.xml|[^/]*\.tst)", re.IGNORECASE
)
_DETACHED = (".xades", ".p7s", ".sig", ".xml")
_XML_SIGNATURE = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:Signature|XAdESSignatures)[\s>]")
_XML_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_NAMESPACES = (b"http://www.w3.org/2000/09/xmldsig#", b"http://uri.etsi.org/02918/", b"http://uri.etsi.org/2918/")


def is_asic_xades(name: str) -> bool:
    """Whether a member of this name holds XAdES signatures of an ASiC."""
    return _ASIC_XADES.fullmatch(name) is not None


def is_asic_cades(name: str) -> bool:
    """Whether a member of this name is a CAdES signature of an ASiC."""
    return _ASIC_CADES.fullmatch(name) is not None


def is_asic_manifest(name: str) -> bool:
    """Whether a member of this name says what a CAdES signature covers."""
    return _ASIC_MANIFEST.fullmatch(name) is not None


def is_known_in_meta_inf(name: str) -> bool:
    """Whether the standard, or a habit of its users, knows this member."""
    return any(pattern.fullmatch(name) for pattern in (_ASIC_XADES, _ASIC_CADES, _ASIC_MANIFEST, _ASIC_OTHER))


def looks_like_xml(head: bytes) -> bool:
    """Whether these first bytes begin an XML document in an encoding that we read."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"<")


def looks_like_xml_signature(head: bytes) -> bool:
    """Whether the root of this document is a signature (so that the signed thing is elsewhere)."""
    if not looks_like_xml(head):
        return False
    prologue = _XML_PROLOGUE.match(head)
    body = head[prologue.end() :] if prologue else head
    root = body.partition(b">")[0] + b">"
    return _XML_SIGNATURE.match(root) is not None and any(namespace in root for namespace in _NAMESPACES)


def looks_like_cms(head: bytes) -> bool:
    """Whether these first bytes begin a CMS structure: DER or BER of SignedData, or its PEM form."""
    if head.lstrip().startswith((b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")):
        return True
    return head[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" in head[:24]


def looks_like_signature(head: bytes) -> bool:
    """Whether these first bytes begin a detached signature of either family."""
    return looks_like_xml_signature(head) or looks_like_cms(head)


def detached_signatures(members: Iterable[Member], head_of: Callable[[str], bytes]) -> list[Member]:
    """The members of a plain ZIP that are detached signatures, by name and content."""
    return [
        member
        for member in members
        if member.name.lower().endswith(_DETACHED) and looks_like_signature(head_of(member.name))
    ]


def signed_neighbour(signature: str, content: Sequence[Member]) -> Member | None:
    """The document that a detached signature belongs to: `a.pdf` for `a.pdf.p7s` or `a.p7s`, or the only one."""
    stem = posixpath.splitext(signature)[0]
    same = [member for member in content if member.name == stem]
    same = same or [member for member in content if posixpath.splitext(member.name)[0] == stem]
    if len(same) == 1:
        return same[0]
    return content[0] if len(content) == 1 else None


class Resolver:
    """Finds the member that a signature speaks of, and remembers which one each spelling meant.

    A name is taken as it is, then beside the signature file, then compared in Unicode form C: file systems of Apple
    decompose letters, signing programs compose them.
    """

    def __init__(self, members: Iterable[Member], source: Callable[[str], KnownContent], folder: str = "") -> None:
        """Look among `members`, whose bytes `source` gives; `folder` is where the signature file lies."""
        self._names = {member.name for member in members}
        self._composed = {unicodedata.normalize("NFC", name): name for name in self._names}
        self._source = source
        self._folder = folder
        self.meant: dict[str, str] = {}

    def __call__(self, name: str) -> KnownContent | None:
        """The bytes of the member that `name` means, or None."""
        for spelling in (name, posixpath.join(self._folder, name)):
            found = spelling if spelling in self._names else self._composed.get(unicodedata.normalize("NFC", spelling))
            if found is not None:
                self.meant[name] = found
                return self._source(found)
        return None

    def names(self, covers: Iterable[str]) -> tuple[str, ...]:
        """The members behind the names that a verdict calls covered, each once."""
        return tuple(dict.fromkeys(self.meant.get(name, name) for name in covers))
